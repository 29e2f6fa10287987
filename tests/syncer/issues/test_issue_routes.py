"""Requests are counted under few names, and none of them tells whom or what a request was about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jira import JIRA

from syncer.errors import SideError
from syncer.issues import JiraClient, Login
from syncer.issues.routes import OTHER, ROUTES, route
from syncer.meter import NoMeter
from tests.syncer.issues.scripted import Answer, Request, Scripted

API = "/rest/api/2"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/rest/api/2/issue/10042", "/issue/{}"),
        ("/rest/api/2/issue/SHOP-7", "/issue/{}"),
        ("/jira/rest/api/2/issue/10042/comment/5", "/issue/{}/comment/{}"),
        ("/ex/jira/8a1b/rest/api/2/search/jql", "/search/jql"),
        ("/rest/api/2/project/SECRET", "/project/{}"),
        ("/rest/api/2/project/search", "/project/search"),
        ("/rest/api/2/issue/10042/properties/syncer.lab", "/issue/{}/properties/{}"),
        ("/rest/api/2/issue/createmeta/SECRET/issuetypes/3", "/issue/createmeta/{}/issuetypes/{}"),
    ],
)
def test_a_path_has_the_name_of_its_route(path: str, name: str) -> None:
    assert route(path) == API + name


@pytest.mark.parametrize(
    "path", ["", "/", "/rest/api/2", "/rest/api/3/issue/1", "/login", "/rest/api/2/issue/1/secret/2"]
)
def test_a_path_that_is_not_listed_is_one_of_the_others(path: str) -> None:
    assert route(path) == OTHER


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.sampled_from(["rest", "api", "2", "issue", "project", "comment", "search"]))
    )
)
def test_whatever_a_path_holds_only_a_listed_name_is_given(parts: list[str]) -> None:
    assert route("/" + "/".join(parts)) in {*ROUTES, OTHER}
    assert route("/rest/api/2/" + "/".join(parts)) in {*ROUTES, OTHER}


class Heard(NoMeter):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str, str]] = []
        self.seconds: list[float] = []
        self.waits: list[tuple[str, str, float]] = []

    def exchanged(self, side: str, method: str, route: str, status: str, seconds: float) -> None:
        self.requests.append((side, method, route, status))
        self.seconds.append(seconds)

    def waited(self, side: str, reason: str, seconds: float) -> None:
        self.waits.append((side, reason, seconds))


def asked(*answers: Answer, library: bool = False, writing: bool = False) -> Heard:
    """What is told of one call that gets these answers, the last one for ever."""
    heard, waiting = Heard(), list(answers)
    with Scripted(lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]) as server:
        client = JiraClient(server.url, Login("a", "b"), pauses=(0.01, 0.02), meter=heard)
        try:
            if writing:
                client.put({"fields": {}}, "issue", "10042")
            elif library:
                client.ask(JIRA.myself)
            else:
                client.get("issue", "10042")
        except SideError:
            return heard
        finally:
            client.close()
    return heard


def test_every_request_is_counted_with_its_status_and_its_time() -> None:
    heard = asked(Answer(body={"id": "10042"}))
    assert heard.requests == [("issue", "GET", f"{API}/issue/{{}}", "200")]
    assert 0 < heard.seconds[0] < 20


def test_the_librarys_own_requests_count_too() -> None:
    heard = asked(Answer(503, {}), Answer(body={"accountId": "7"}), library=True)
    assert heard.requests == [("issue", "GET", f"{API}/myself", "503"), ("issue", "GET", f"{API}/myself", "200")]


def test_repetitions_count_and_so_do_requests_without_an_answer() -> None:
    heard = asked(Answer(drop=True), Answer(502, {}), Answer(body={}))
    assert [status for *_, status in heard.requests] == ["none", "502", "200"]
    assert [status for *_, status in asked(Answer(drop=True), writing=True).requests] == ["none"]


def test_an_answer_that_breaks_off_is_none() -> None:
    cut = Answer(body="no chunk\r\n", headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"})
    assert {status for *_, status in asked(cut).requests} == {"none"}


def test_an_unwelcome_answer_counts_by_its_status() -> None:
    assert [status for *_, status in asked(Answer(404, {"errorMessages": ["No."]})).requests] == ["404"]


def test_only_a_pause_that_the_server_asked_for_counts_as_waited() -> None:
    heard = asked(Answer(drop=True), Answer(503, {}), Answer(body={}))
    assert heard.waits == [("issue", "503", 0.02)]


@pytest.mark.parametrize("secret", ["sesame-5f1e", "Pässword"])
def test_a_server_that_gives_the_secret_back_does_not_bring_it_into_a_message(secret: str) -> None:
    def echo(request: Request) -> Answer:
        return Answer(400, {"errorMessages": [f"{request.headers['Authorization']} for {secret}"]})

    with Scripted(echo) as server:
        client = server.client(Login("joe", secret))
        with pytest.raises(SideError) as refused:
            client.get("issue", "1")
    assert str(refused.value).endswith("Basic *** for ***")
