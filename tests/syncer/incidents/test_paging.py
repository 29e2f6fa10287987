"""A listing has everything, whatever happens to the set while its pages are read; or it raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.records import Side
from syncer.errors import Rejected, Unavailable
from syncer.incidents import IncidentClient
from syncer.incidents.answers import Answer, Json
from syncer.incidents.listing import ids as roll
from syncer.incidents.paging import pages


@dataclass
class Moving(IncidentClient):
    """A collection, newest first, that changes after each page. `cap` is the longest page the server gives."""

    ids: list[str]
    cap: int
    counted: bool = True
    changes: list[Callable[[list[str]], None]] = field(default_factory=list)
    asked: int = 0

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        skip = int((params or {})["$skip"])
        items = [{"Id": each} for each in self.ids[skip : skip + self.cap]]
        total = {"Total": len(self.ids)} if self.counted else {}
        self.asked += 1
        if self.changes:
            self.changes.pop(0)(self.ids)
        return Answer(200, {"Items": items, **total}, None)


class Stuck(Moving):
    """A server that takes no notice of `$skip`."""

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        return super().get(path, {**(params or {}), "$skip": 0})


def read(client: IncidentClient, *, may_repeat: bool = False) -> list[str]:
    return [item["Id"] for page in pages(client, "incidents", {}, may_repeat=may_repeat) for item in page]


def edited(position: int) -> Callable[[list[str]], None]:
    """Somebody edits one: it moves to the front."""
    return lambda ids: ids.insert(0, ids.pop(position % len(ids))) if ids else None


def deleted(position: int) -> Callable[[list[str]], None]:
    """Somebody deletes one: those behind it move up."""

    def delete(ids: list[str]) -> None:
        if ids:
            ids.pop(position % len(ids))

    return delete


def ids(count: int) -> list[str]:
    return [f"id {number:04}" for number in range(count)]


@given(count=st.integers(0, 60), cap=st.integers(1, 25), counted=st.booleans())
def test_a_quiet_collection_is_read_once_from_first_to_last(count: int, cap: int, counted: bool) -> None:
    assert read(Moving(ids(count), cap, counted)) == ids(count)


@given(
    count=st.integers(0, 40),
    cap=st.integers(2, 12),
    counted=st.booleans(),
    changes=st.lists(st.builds(edited, st.integers(0, 99)) | st.builds(deleted, st.integers(0, 99)), max_size=8),
)
def test_what_nobody_touched_is_never_passed_over(
    count: int, cap: int, counted: bool, changes: list[Callable[[list[str]], None]]
) -> None:
    touched: set[str] = set()

    def noting(change: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
        def noted(listed: list[str]) -> None:
            before = list(listed)
            change(listed)
            touched.update(set(before) - set(listed), listed[:1] if listed[:1] != before[:1] else [])

        return noted

    client = Moving(ids(count), cap, counted, [noting(change) for change in changes])
    seen = read(client)
    assert set(ids(count)) - touched <= set(seen)
    assert len(seen) == len(set(seen))


def test_deletions_over_the_edge_of_a_page_make_the_reader_step_back() -> None:
    first_three_go = [lambda listed: listed.__delitem__(slice(0, 3))]
    assert sorted(read(Moving(ids(10), 4, True, list(first_three_go)))) == ids(10)
    assert read(Moving(ids(5), 4, True, list(first_three_go))) == ids(5)


def test_who_stops_at_a_certain_item_has_seen_all_that_come_before_it() -> None:
    """A poll stops at the first item that is too old: those before must not come later, out of turn."""
    client = Moving(ids(12), 4, True, [lambda listed: listed.__delitem__(slice(0, 3))])
    seen = read(client)
    assert seen == sorted(seen)


def test_a_long_collection_costs_about_one_request_a_page() -> None:
    client = Moving(ids(1000), 100)
    read(client)
    assert client.asked <= 12


@pytest.mark.parametrize("counted", [True, False])
def test_a_server_that_takes_no_notice_of_the_page_is_found_out(counted: bool) -> None:
    client = Stuck(ids(30), 25, counted)
    with pytest.raises(Unavailable, match="does not come to an end"):
        read(client)
    assert client.asked < 10


def test_a_collection_without_pages_is_read_at_once_where_that_is_expected() -> None:
    client = Stuck(ids(30), 99, False)
    assert read(client, may_repeat=True) == ids(30)
    assert client.asked == 2


@pytest.mark.parametrize("body", [{}, {"Items": None}, {"Items": ["a"]}, {"Items": [{"Name": "no id"}]}])
def test_what_is_no_list_is_not_taken_for_an_empty_one(body: Json) -> None:
    class Nonsense(Moving):
        def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
            return Answer(200, body, None)

    with pytest.raises(Unavailable, match="no list"):
        read(Nonsense([], 1))


def test_a_collection_that_ends_before_its_own_total_is_not_taken_for_whole() -> None:
    class Cut(Moving):
        def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
            return Answer(200, {"Items": [], "Total": 7}, None)

    with pytest.raises(Unavailable, match="ended after 0 of 7"):
        read(Cut([], 1))


class Strict(Moving):
    """A server that refuses pages of more than 100."""

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        if int((params or {})["$top"]) > 100:
            raise Rejected(Side.INCIDENT, "$top must be 100 or less")
        return super().get(path, params)


class Refusing(Moving):
    """A server that refuses every page."""

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        raise Rejected(Side.INCIDENT, "no")


def test_a_server_that_refuses_long_pages_is_asked_for_short_ones() -> None:
    assert [each for page in roll(Strict(ids(250), 100), "Project = X") for each in page] == ids(250)


def test_a_server_that_refuses_short_pages_too_is_not_asked_for_ever() -> None:
    with pytest.raises(Rejected):
        list(roll(Refusing([], 1), "Project = X"))
