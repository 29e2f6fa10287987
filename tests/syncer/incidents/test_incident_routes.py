"""Requests are counted under few names, and none of them tells whom or what a request was about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.errors import SideError
from syncer.incidents import IncidentClient
from syncer.incidents.routes import OTHER, ROUTES, route
from syncer.meter import NoMeter
from tests.syncer.incidents.scripted import HANG_UP, Reply, Script, in_turn, scripted

GUID = "4f5c1c60-8d1c-4a5e-9f0e-2c9a4d1b7e33"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("incidents", "/api/incidents"),
        (f"incident/{GUID}", "/api/incident/{}"),
        (f"incident/{GUID}/comments", "/api/incident/{}/comments"),
        (f"project/{GUID}/assignees", "/api/project/{}/assignees"),
        (f"stepresult/{GUID}/incident/{GUID}", "/api/stepresult/{}/incident/{}"),
        (f"incident/{GUID}/secret", OTHER),
        ("project/Order%20Desk", "/api/project/{}"),
        ("incidents?tql=Project='Order Desk'", OTHER),
        ("incident/", OTHER),
        ("", OTHER),
    ],
)
def test_a_path_has_the_name_of_its_route(path: str, name: str) -> None:
    assert route(path) == name


@given(st.lists(st.one_of(st.text(max_size=8), st.sampled_from(["incident", "incidents", "project", "users"]))))
def test_whatever_a_path_holds_only_a_listed_name_is_given(parts: list[str]) -> None:
    assert route("/".join(parts)) in {*ROUTES, OTHER}


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


def asked(script: Script, *, method: str = "GET") -> Heard:
    heard = Heard()
    with (
        scripted(script) as server,
        IncidentClient(server.url, ("syncer", "word"), pauses=(0.01, 0.02), meter=heard) as client,
    ):
        try:
            client.get(f"incident/{GUID}") if method == "GET" else client.put(f"incident/{GUID}", {})
        except SideError:
            return heard
    return heard


def test_every_request_is_counted_with_its_status_and_its_time() -> None:
    heard = asked(in_turn(Reply(body={"Id": GUID})))
    assert heard.requests == [("incident", "GET", "/api/incident/{}", "200")]
    assert 0 < heard.seconds[0] < 20


def test_repetitions_count_and_so_do_requests_without_an_answer() -> None:
    heard = asked(in_turn(HANG_UP, Reply(503, "down"), Reply(body={})))
    assert [status for *_, status in heard.requests] == ["none", "503", "200"]
    assert [status for *_, status in asked(in_turn(HANG_UP), method="PUT").requests] == ["none"]


def test_only_a_pause_that_the_server_asked_for_counts_as_waited() -> None:
    heard = asked(in_turn(HANG_UP, Reply(503, "down"), Reply(body={})))
    assert heard.waits == [("incident", "503", 0.02)]
    heard = asked(in_turn(HANG_UP, Reply(429, {"Message": "Slow down."}), Reply(body={})))
    assert {(side, reason) for side, reason, _ in heard.waits} == {("incident", "account")}
