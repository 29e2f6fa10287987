"""Promises about listings: complete, or not at all."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.errors import Unavailable
from syncer.issues.search import first, minutes_ago, pages, quoted
from tests.syncer.issues.scripted import SERVER_INFO, Answer, Request, Scripted

NOW = datetime(2025, 7, 24, 13, 5, 26, tzinfo=UTC)


def found(script: Callable[[Request], Answer], cloud: bool) -> list[str]:
    """The ids that a search gives, repeated ones once."""
    info = {**SERVER_INFO, "deploymentType": "Cloud" if cloud else "Data Center"}

    def answer(request: Request) -> Answer:
        return Answer(body=info) if request.path.endswith("serverInfo") else script(request)

    with Scripted(answer) as server:
        ids = [issue["id"] for page in pages(server.client(), "project = X", "updated") for issue in page]
        return list(dict.fromkeys(ids))


def issues(*ids: object) -> list[dict[str, str]]:
    return [{"id": str(each)} for each in ids]


@given(st.integers(min_value=0, max_value=10**8), st.floats(min_value=0, max_value=59.999))
def test_a_relative_time_reaches_back_at_least_to_the_time_asked_for(age: int, rest: float) -> None:
    text = minutes_ago(NOW - timedelta(seconds=age), NOW)
    minutes = int(text.removeprefix('"-').removesuffix('m"'))
    earliest = NOW + timedelta(seconds=rest) - timedelta(minutes=minutes)
    assert earliest <= NOW - timedelta(seconds=age)
    assert minutes * 60 <= age + 120


def test_a_time_in_the_server_s_future_still_makes_a_query() -> None:
    assert minutes_ago(NOW + timedelta(hours=1), NOW) == '"-1m"'


def test_a_text_stays_within_its_quotes() -> None:
    assert quoted('a" OR project = "B\\') == '"a\\" OR project = \\"B\\\\"'


def test_cloud_s_tokens_are_followed_to_the_end() -> None:
    def script(request: Request) -> Answer:
        assert (request.method, request.path) == ("POST", "/rest/api/2/search/jql")
        number = int(request.body.get("nextPageToken", 0))
        token = {"nextPageToken": str(number + 1)} if number < 3 else {"isLast": True}
        return Answer(body={"issues": issues(number) if number != 1 else [], **token})

    assert found(script, cloud=True) == ["0", "2", "3"], "an empty page in the middle ends nothing"


@pytest.mark.parametrize(
    "page",
    [
        {"issues": issues(1), "nextPageToken": "again"},
        {"issues": [], "nextPageToken": "again"},
        {"issues": issues(1), "isLast": False},
    ],
)
def test_tokens_that_lead_nowhere_fail_the_listing(page: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        found(lambda request: Answer(body=page), cloud=True)


def test_empty_pages_without_end_fail_the_listing() -> None:
    tokens: Iterator[int] = iter(range(10_000))
    with pytest.raises(Unavailable):
        found(lambda request: Answer(body={"issues": [], "nextPageToken": str(next(tokens))}), cloud=True)


class DataCenter:
    """A hundred issues, forty a page; `moves` of them are edited, and so move to the end, before each later page."""

    def __init__(self, moves: int, total: int = 100, cap: int = 40) -> None:
        self.ids = list(range(total))
        self.moves, self.cap = moves, cap

    def __call__(self, request: Request) -> Answer:
        assert (request.method, request.path) == ("POST", "/rest/api/2/search")
        start = request.body["startAt"]
        if start:
            self.ids = self.ids[self.moves :] + self.ids[: self.moves]
        return Answer(body={"issues": issues(*self.ids[start : start + self.cap]), "total": len(self.ids)})


@pytest.mark.parametrize("cap", [1, 2, 7, 40, 100, 1000])
@pytest.mark.parametrize("total", [0, 1, 2, 99, 100])
def test_data_center_s_pages_are_read_to_the_end(cap: int, total: int) -> None:
    assert found(DataCenter(0, total, cap), cloud=False) == [str(each) for each in range(total)]


@pytest.mark.parametrize("moves", [1, 9, 10, 12])
def test_issues_edited_while_pages_are_read_hide_no_other(moves: int) -> None:
    assert set(found(DataCenter(moves), cloud=False)) == {str(each) for each in range(100)}


def test_a_listing_that_moves_faster_than_it_is_read_fails() -> None:
    class Racing(DataCenter):
        def __call__(self, request: Request) -> Answer:
            self.ids = [each + 1000 for each in self.ids]
            return super().__call__(request)

    with pytest.raises(Unavailable):
        found(Racing(0, 10_000), cloud=False)


def test_an_empty_page_in_the_middle_fails_the_listing() -> None:
    with pytest.raises(Unavailable):
        found(lambda request: Answer(body={"issues": [], "total": 7}), cloud=False)


@pytest.mark.parametrize(("answer", "expected"), [([], None), (issues(7, 8), {"id": "7"})])
def test_the_first_issue_is_asked_for_alone(answer: list[dict[str, str]], expected: object) -> None:
    with Scripted(lambda r: Answer(body={"issues": answer}) if "search" in r.path else None) as server:
        assert first(server.client(), "project = X", "status") == expected
        assert server.requests[-1].body["maxResults"] == 1
