"""Promises about single requests: what is repeated, what an answer means, and what never reaches a message."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from jira import JIRA

from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.issues import AccessToken, JiraClient, Login
from tests.syncer.issues.scripted import Answer, Request, Scripted

PAGE = "<html><body>Sign in to continue</body></html>"
REFUSED = {"errorMessages": ["Something is wrong."], "errors": {"summary": "You must specify a summary."}}


def read(client: JiraClient) -> None:
    client.get("issue", "1")


def search(client: JiraClient) -> None:
    client.fetch({"jql": ""}, "issue", "1")


def ask(client: JiraClient) -> None:
    client.ask(lambda jira: jira._get_json("issue/1"))


def post(client: JiraClient) -> None:
    client.post({"fields": {}}, "issue", "1")


def put(client: JiraClient) -> None:
    client.put({"fields": {}}, "issue", "1")


def delete(client: JiraClient) -> None:
    client.delete("issue", "1")


READS, WRITES = (read, search, ask), (post, put, delete)
Act = Callable[[JiraClient], None]


def outcome(act: Act, answer: Answer) -> tuple[SideError, int]:
    """The error, and how often the request arrived."""
    with Scripted(lambda request: answer) as server:
        with pytest.raises(SideError) as caught:
            act(server.client())
        return caught.value, len(server.requests)


@pytest.mark.parametrize("act", [*READS, *WRITES])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(401, {"errorMessages": []}), Denied),
        (Answer(401, PAGE), Denied),
        (Answer(403, REFUSED), Denied),
        (Answer(403, PAGE, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}), Denied),
        (Answer(200, {}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}), Denied),
        (Answer(404, REFUSED, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}), Denied),
        (Answer(404, REFUSED), Missing),
        (Answer(400, REFUSED), Rejected),
        (Answer(409, REFUSED), Rejected),
        (Answer(413, REFUSED), Rejected),
        (Answer(422, REFUSED), Rejected),
        (Answer(404, PAGE), Unavailable),
        (Answer(302, None, {"Location": "https://login.example/"}), Unavailable),
    ],
)
def test_an_answer_that_decides_is_believed_at_once(act: Act, answer: Answer, kind: type[SideError]) -> None:
    error, arrived = outcome(act, answer)
    assert type(error).__mro__.index(kind) <= 1
    assert error.status == answer.status
    assert arrived == 1


@pytest.mark.parametrize("act", READS)
@pytest.mark.parametrize("answer", [Answer(500, REFUSED), Answer(503, PAGE), Answer(502, PAGE), Answer(drop=True)])
def test_a_read_is_repeated_twice_and_then_unavailable(act: Act, answer: Answer) -> None:
    error, arrived = outcome(act, answer)
    assert isinstance(error, Unavailable)
    assert arrived == 3


@pytest.mark.parametrize("act", READS)
def test_a_read_that_fails_once_is_answered_all_the_same(act: Act) -> None:
    answers = iter([Answer(drop=True), Answer(body={"id": "1"})])
    with Scripted(lambda request: next(answers)) as server:
        act(server.client())
        assert len(server.requests) == 2


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, REFUSED),
        Answer(503, PAGE, {"Retry-After": "1"}),
        Answer(drop=True),
        Answer(200, PAGE),
        pytest.param(Answer(201, {"id": "1"}, {"Content-Encoding": "gzip"}), id="a body that can't be unpacked"),
    ],
)
def test_a_write_without_a_clear_answer_is_in_doubt_and_never_repeated(act: Act, answer: Answer) -> None:
    error, arrived = outcome(act, answer)
    assert isinstance(error, InDoubt)
    assert arrived == 1


@pytest.mark.parametrize(("act", "kind"), [(read, Unavailable), (post, InDoubt), (put, InDoubt)])
def test_a_server_that_takes_too_long_is_not_asked_again(act: Act, kind: type[SideError]) -> None:
    with Scripted(lambda request: Answer(late=3.0)) as server:
        with pytest.raises(kind):
            act(server.client(timeout=0.1))
        assert len(server.requests) == 1


@pytest.mark.parametrize("act", [read, post, put, delete])
def test_where_no_connection_is_made_nothing_was_done(act: Act) -> None:
    with Scripted(lambda request: None) as server:
        client = server.client()
    with pytest.raises(Unavailable):
        act(client)


@pytest.mark.parametrize("address", ["no-scheme.example", "http://", "http://name.invalid"])
def test_an_address_that_is_none_is_unavailable(address: str) -> None:
    client = JiraClient(address, Login("a", "b"), pauses=())
    with pytest.raises(Unavailable):
        read(client)
    client.close()


def test_a_certificate_bundle_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    client = JiraClient("https://127.0.0.1:1", Login("a", "b"), pauses=())
    with pytest.raises(Unavailable, match=r"none\.pem"):
        post(client)
    client.close()


@pytest.mark.parametrize(("act", "kind"), [(read, Unavailable), (post, Rejected), (put, Rejected)])
def test_a_wall_in_front_of_jira_stops_reads_for_now_and_parks_a_write(act: Act, kind: type[SideError]) -> None:
    error, arrived = outcome(act, Answer(403, PAGE))
    assert type(error) is kind
    assert "firewall" in str(error)
    assert arrived == 1


def test_a_page_in_place_of_data_is_no_answer() -> None:
    error, _ = outcome(read, Answer(200, PAGE))
    assert isinstance(error, Unavailable)


def test_a_refusal_is_told_in_the_server_s_own_words() -> None:
    error, _ = outcome(post, Answer(400, REFUSED))
    assert "Something is wrong.; summary: You must specify a summary." in str(error)


def test_neither_cookies_nor_credentials_reach_a_message_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"Set-Cookie": "JSESSIONID=topsecret"}
    for act in (read, ask, post):
        for answer in (Answer(400, REFUSED, secrets), Answer(500, PAGE, secrets), Answer(403, REFUSED, secrets)):
            error, _ = outcome(act, answer)
            told = "".join(traceback.format_exception(error)) + caplog.text
            assert "topsecret" not in told
            assert "sesame" not in told
            assert "Sign in" not in told


def test_a_captcha_is_told_with_what_to_do() -> None:
    error, _ = outcome(read, Answer(401, PAGE, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}))
    assert "browser" in str(error)


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Login("anna@example.com", "pässwörd€"), "Basic YW5uYUBleGFtcGxlLmNvbTpww6Rzc3fDtnJk4oKs"),
        (AccessToken("pat"), "Bearer pat"),
    ],
)
def test_credentials_go_with_every_request(credentials: Login | AccessToken, header: str) -> None:
    with Scripted(lambda request: None) as server:
        client = server.client(credentials)
        client.now()
        client.ask(JIRA.server_info)
        assert [request.headers["Authorization"] for request in server.requests] == [header] * 2
        assert "pässwörd€" not in repr(credentials)
        assert "'pat'" not in repr(credentials)


def test_making_a_client_asks_for_nothing_and_the_kind_of_jira_is_asked_once() -> None:
    with Scripted(lambda request: None) as server:
        client = server.client()
        assert server.requests == []
        assert client.deployment.cloud
        assert client.deployment.site == "https://people.example"
        assert len(server.requests) == 1


@pytest.mark.parametrize("site", ["javascript:alert(1)", "", None])
def test_only_a_web_address_becomes_a_link_for_people(site: str | None) -> None:
    info = {
        "deploymentType": "Server",
        "version": "9.12.0",
        "baseUrl": site,
        "serverTime": "2025-07-24T13:05:26.000+0200",
    }
    with Scripted(lambda request: Answer(body=info)) as server:
        assert server.client().deployment.site == server.url


def test_what_is_part_of_an_address_stays_in_its_place() -> None:
    def script(request: Request) -> Answer:
        return Answer(body={})

    with Scripted(script) as server:
        server.client().get("issue", "../../evil?x=1", "comment", startAt=0)
        assert server.requests[0].path == "/rest/api/2/issue/..%2F..%2Fevil%3Fx%3D1/comment"


def test_an_answer_that_the_library_stumbles_over_is_unavailable() -> None:
    error, _ = outcome(lambda client: client.ask(lambda jira: jira.transitions("1")), Answer(body={"odd": 1}))
    assert isinstance(error, Unavailable)
