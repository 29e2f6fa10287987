"""What a lost, refused or nonsensical answer means to the rest of the program."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from syncer.errors import Denied, HeldBack, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.incidents import IncidentClient
from syncer.incidents.answers import SHOWN_CHARACTERS
from tests.syncer.incidents.scripted import HANG_UP, Asked, Reply, Script, Scripted, in_turn, scripted

PASSWORD = "s3cret-Pässword"
PAGE = "<html><head><style>h1 {color: red}</style></head><body><h1>Server&nbsp;Error</h1><p>Sorry.</p></body></html>"


@contextmanager
def client_before(script: Script) -> Iterator[tuple[IncidentClient, Scripted]]:
    with scripted(script) as server, connected(server.url) as client:
        yield client, server


def connected(url: str, patience: float = 20) -> IncidentClient:
    return IncidentClient(url, ("syncer", PASSWORD), timeouts=(5, patience), pauses=(0, 0))


def refused(reply: Reply, method: str = "GET") -> SideError:
    """The error that one answer becomes."""
    with client_before(in_turn(reply)) as (client, _), pytest.raises(SideError) as refusal:
        client.get("incidents") if method == "GET" else client.put("incident/1", {})
    return refusal.value


def test_requests_name_the_user_the_media_type_and_the_application_path() -> None:
    with client_before(in_turn(Reply(body={"Version": "6.4"}))) as (client, server):
        assert client.get("systeminfo", {"$expand": "A,B"}).body == {"Version": "6.4"}
        [asked] = server.asked
    assert (asked.path, asked.query) == ("systeminfo", {"$expand": "A,B"})
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "message", "reading", "writing"),
    [
        (401, "Who are you?", Denied, Denied),
        (403, "You do not have permission to view this incident.", Denied, Denied),
        (403, "You are not authorised to do this.", Denied, Denied),
        (403, "Summary must not be empty.", Rejected, Rejected),
        (404, "There is no incident with that id.", Missing, Missing),
        (400, "POST data incorrect", Rejected, Rejected),
        (409, "The name is taken.", Rejected, Rejected),
        (415, "Not multipart", Rejected, Rejected),
        (503, "Down for maintenance", Unavailable, Unavailable),
        (500, "Object reference not set", Unavailable, InDoubt),
        (502, "Bad gateway", Unavailable, InDoubt),
    ],
)
def test_each_status_becomes_the_error_that_names_the_reaction(
    status: int, message: str, reading: type[SideError], writing: type[SideError]
) -> None:
    for method, expected in (("GET", reading), ("PUT", writing)):
        refusal = refused(Reply(status, {"Message": message}), method)
        assert type(refusal) is expected
        assert refusal.status == status
        assert message in str(refusal), "the server's own words are always shown"


def test_an_error_page_is_shown_as_the_words_on_it() -> None:
    refusal = refused(Reply(403, PAGE))
    assert isinstance(refusal, Rejected)
    assert "Server Error Sorry." in str(refusal)
    assert "color" not in str(refusal)
    assert "<" not in str(refusal)


def test_a_page_of_a_proxy_in_place_of_json_is_unavailable_to_a_read_and_in_doubt_to_a_write() -> None:
    assert type(refused(Reply(200, PAGE))) is Unavailable
    assert type(refused(Reply(200, PAGE), "PUT")) is InDoubt
    assert type(refused(Reply(200, "[1, 2]"))) is Unavailable


def test_a_redirect_is_not_followed_and_its_goal_is_named_without_credentials() -> None:
    goal = "https://joe:word@tests.example/login?token=abc"
    with client_before(in_turn(Reply(302, "", {"Location": goal}))) as (client, server):
        with pytest.raises(Unavailable) as refusal:
            client.post("incidents", {})
        assert server.methods() == ["POST"]
    assert "https://tests.example/login;" in str(refusal.value)


def test_no_sentence_ever_holds_the_password() -> None:
    said = str(refused(Reply(500, {"Message": f"bad header {PASSWORD} here"})))
    assert PASSWORD not in said
    assert "bad header *** here" in said
    # Nor a part of it, where the sentence is cut.
    for before in range(SHOWN_CHARACTERS - len(PASSWORD), SHOWN_CHARACTERS):
        assert PASSWORD[:2] not in str(refused(Reply(500, {"Message": "." * before + PASSWORD})))


def test_an_address_with_credentials_in_it_is_shown_and_used_without_them() -> None:
    client = IncidentClient("http://joe:word@127.0.0.1:1/app/", ("syncer", PASSWORD), pauses=())
    with client, pytest.raises(Unavailable) as refusal:
        client.get("systeminfo")
    assert "http://127.0.0.1:1/app" in str(refusal.value)
    assert "word" not in str(refusal.value)


def test_a_read_is_asked_again_twice_and_then_unavailable() -> None:
    with client_before(in_turn(HANG_UP, Reply(500, PAGE), Reply(body={"A": 1}))) as (client, server):
        assert client.get("systeminfo").body == {"A": 1}
        assert server.methods() == ["GET"] * 3
    with client_before(in_turn(HANG_UP)) as (client, server):
        with pytest.raises(Unavailable):
            client.get("systeminfo")
        assert server.methods() == ["GET"] * 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_read_is_not_asked_again_so_that_no_account_is_locked(status: int) -> None:
    with client_before(in_turn(Reply(status))) as (client, server):
        with pytest.raises(SideError):
            client.get("systeminfo")
        assert server.methods() == ["GET"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("reply", [HANG_UP, Reply(500, PAGE), Reply(503, PAGE)])
def test_a_write_is_sent_once_whatever_comes_back(method: str, reply: Reply) -> None:
    with client_before(in_turn(reply)) as (client, server):
        with pytest.raises((InDoubt, Unavailable)):
            client.post("incidents", {}) if method == "POST" else client.put("incident/1", {})
        assert server.methods() == [method]


def test_a_write_without_an_answer_in_time_is_in_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with connected(url, patience=0.1) as client:
            with pytest.raises(InDoubt):
                client.post("incidents", {})
            with pytest.raises(InDoubt):
                client.put("incident/1", {})


def test_a_write_to_a_server_that_is_not_there_was_not_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with connected(url) as client, pytest.raises(Unavailable, match="can't be reached"):
        client.post("incidents", {})


def test_a_read_tells_the_servers_own_clock() -> None:
    def dated(asked: Asked) -> Reply:
        return Reply(headers={"Date": "Thu, 02 Feb 2012 15:05:06 GMT"} if asked.path == "a" else {"Date": "soon"})

    with client_before(dated) as (client, _):
        at = client.get("a").at
        assert at is not None
        assert at.isoformat() == "2012-02-02T15:05:06+00:00"
        assert client.get("b").at is None


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_was_turned_away_is_sent_again_and_succeeds(method: str) -> None:
    """Also a write: it was not carried out."""
    away = Reply(429, {"Message": "Slow down."}, {"Retry-After": "0"})
    with client_before(in_turn(away, away, Reply(body={}))) as (client, server):
        client.get("incident/1") if method == "GET" else client.put("incident/1", {})
        assert server.methods() == [method] * 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_read_waits_for_as_long_as_the_server_says(status: int) -> None:
    with client_before(in_turn(Reply(status, "", {"Retry-After": "1"}), Reply(body={}))) as (client, _):
        began = time.monotonic()
        client.get("incident/1")
        assert time.monotonic() - began > 0.9


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_is_too_long_is_told_with_its_end_and_nothing_more_is_sent(status: int) -> None:
    with client_before(in_turn(Reply(status, "", {"Retry-After": "1800"}))) as (client, server):
        for _ in range(3):
            with pytest.raises(HeldBack, match=r"until \d\d:\d\d:\d\d UTC"):
                client.get("incident/1")
        assert len(server.asked) == 1


def test_a_stop_ends_a_wait_at_once() -> None:
    stopping = threading.Event()
    with client_before(in_turn(Reply(429, "", {"Retry-After": "9"}), Reply(body={}))) as (client, server):
        client.heed(stopping)
        threading.Timer(0.3, stopping.set).start()
        began = time.monotonic()
        with pytest.raises(HeldBack, match="asked to stop"):
            client.put("incident/1", {})
        assert time.monotonic() - began < 5
        assert len(server.asked) == 1
