"""A sandbox server counts what reaches it and breaks exactly as it is told to."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from syncer.sandbox.faults import Fault, Seen, Switchboard
from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def control(tester: Played, method: str, path: str, body: Any = None) -> httpx.Response:
    return httpx.request(method, f"{tester.root}/_sandbox/{path}", json=body)


def summary(tester: Played) -> str:
    return tester.model.incident(VENDOR).summary


def test_reads_and_writes_are_counted_with_their_status(tester: Played) -> None:
    tester.get("/api/incidents")
    tester.put(VENDOR, Summary="New")
    tester.put(VENDOR, Summary="")
    traffic = control(tester, "GET", "traffic").json()
    assert (traffic["reads"], traffic["writes"]) == (1, 2)
    assert traffic["requests"] == [
        {"method": "GET", "path": "/EnterpriseTester/api/incidents", "status": 200},
        {"method": "PUT", "path": f"/EnterpriseTester/api/incident/{VENDOR}", "status": 200},
        {"method": "PUT", "path": f"/EnterpriseTester/api/incident/{VENDOR}", "status": 403},
    ]
    assert tester.switchboard.requests[0] == Seen("GET", "/EnterpriseTester/api/incidents", 200)


def test_the_counters_can_be_set_to_zero(tester: Played) -> None:
    tester.get("/api/incidents")
    assert control(tester, "DELETE", "traffic").json() == {"reads": 0, "writes": 0, "requests": []}


def test_controls_need_no_credentials_and_are_not_counted(tester: Played) -> None:
    for path in ("traffic", "faults", "behaviour"):
        assert control(tester, "GET", path).status_code == 200
    assert tester.switchboard.reads == 0


def test_a_search_by_post_counts_as_a_read(stage: Stage) -> None:
    tester = stage.play()
    tester.switchboard = Switchboard(tester.switchboard, tester.behaviour, reads=(r"/api/incidents$",))
    tester.post(Summary="not really a search")
    assert (tester.switchboard.reads, tester.switchboard.writes) == (1, 0)


def test_a_status_fault_answers_in_the_servers_place(tester: Played) -> None:
    fault = {"method": "PUT", "path": r"/incident/", "effect": "status", "status": 429}
    made = control(tester, "POST", "faults", {**fault, "body": "slow down", "headers": {"Retry-After": "7"}})
    answer = tester.put(VENDOR, Summary="New")
    assert made.status_code == 201
    assert made.json()["id"] == "1"
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (429, "slow down", "7")
    assert summary(tester) == "Report pagination"
    assert tester.switchboard.requests[-1].status == 429


def test_a_status_fault_without_a_body_is_a_page_of_html(tester: Played) -> None:
    tester.switchboard.add_fault(Fault(effect="status"))
    answer = tester.get("/api/incidents")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "Service Unavailable" in answer.text


def test_drop_before_loses_the_connection_and_writes_nothing(tester: Played) -> None:
    tester.switchboard.add_fault(Fault(effect="drop_before", method="PUT"))
    with pytest.raises(httpx.TransportError):
        tester.put(VENDOR, Summary="New")
    assert summary(tester) == "Report pagination"
    assert tester.switchboard.requests[-1].status is None
    assert tester.put(VENDOR, Summary="Newer").status_code == 200


def test_drop_after_loses_the_answer_of_a_write_that_was_applied(tester: Played) -> None:
    tester.switchboard.add_fault(Fault(effect="drop_after", method="POST", path="/api/incidents$"))
    with pytest.raises(httpx.TransportError):
        tester.post(Summary="Sent once")
    assert [one.summary for one in tester.model.incidents()][-1] == "Sent once"
    assert tester.switchboard.writes == 1


def test_a_delay_answers_later(tester: Played) -> None:
    tester.switchboard.add_fault(Fault(effect="delay", seconds=0.2))
    begun = time.monotonic()
    assert tester.get("/api/incidents").status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_a_fault_skips_the_first_and_ends_after_its_times(tester: Played) -> None:
    control(tester, "POST", "faults", {"effect": "status", "status": 500, "skip": 1, "times": 2})
    assert [tester.get("/api/incidents").status_code for _ in range(4)] == [200, 500, 500, 200]
    fault = control(tester, "GET", "faults").json()[0]
    assert (fault["passed"], fault["hit"]) == (1, 2)


def test_a_fault_for_ever_ends_when_it_is_lifted(tester: Played) -> None:
    control(tester, "POST", "faults", {"effect": "status", "times": None})
    assert [tester.get("/api/incidents").status_code for _ in range(3)] == [503, 503, 503]
    assert control(tester, "DELETE", "faults").json() == []
    assert tester.get("/api/incidents").status_code == 200


def test_the_first_matching_fault_decides_and_others_wait(tester: Played) -> None:
    tester.switchboard.add_fault(Fault(effect="status", status=500, path="/api/users"))
    tester.switchboard.add_fault(Fault(effect="status", status=501))
    tester.switchboard.add_fault(Fault(effect="status", status=502))
    assert [tester.get("/api/incidents").status_code for _ in range(3)] == [501, 502, 200]
    assert tester.get("/api/users").status_code == 500


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({}, "fault.effect is missing."),
        ({"effect": "explode"}, "'status', 'drop_before', 'drop_after' or 'delay', not 'explode'"),
        ({"effect": "status", "method": "FETCH"}, "'PATCH' or 'DELETE', not 'FETCH'"),
        ({"effect": "status", "status": 99}, "fault.status: it must be greater than or equal to 200, not 99."),
        ({"effect": "status", "status": "503"}, "fault.status: it must be a valid integer, not '503'."),
        ({"effect": "delay", "seconds": -1}, "fault.seconds: it must be greater than or equal to 0, not -1."),
        ({"effect": "status", "path": "("}, "path must be a regular expression, '(' is none"),
        ({"effect": "status", "headers": {"Content-Length": "3"}}, "headers must not hold Content-Length"),
        ({"effect": "status", "colour": "red"}, "fault.colour is unknown; leave it out."),
        ([], "The body must be a JSON object."),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_what_is_allowed(tester: Played, fault: Any, sentence: str) -> None:
    answer = control(tester, "POST", "faults", fault)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert tester.switchboard.armed == []


def test_behaviour_can_be_read_and_changed_while_the_server_runs(tester: Played) -> None:
    before = control(tester, "GET", "behaviour").json()
    after = control(tester, "PATCH", "behaviour", {"post_status": 200, "hidden_incidents": [VENDOR]}).json()
    assert after == {**before, "post_status": 200, "hidden_incidents": [VENDOR]}
    assert tester.post(Summary="x").status_code == 200
    assert tester.get(f"/api/incident/{VENDOR}").status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"post_status": 204}, "post_status: it must be 200 or 201, not 204."),
        ({"page_cap": 0}, "page_cap: it must be greater than or equal to 1, not 0."),
        ({"null_clears": "yes"}, "null_clears: it must be a valid boolean, not 'yes'."),
        ({"normalise": "upper"}, "'none', 'trim', 'lower' or 'markup', not 'upper'"),
        ({"hidden_incidents": [1]}, "hidden_incidents.0: it must be a valid string, not 1."),
        ({"mood": "bad"}, "There is no behaviour 'mood'; there are: index_lag_seconds, "),
    ],
)
def test_a_behaviour_that_makes_no_sense_changes_nothing(tester: Played, change: Any, sentence: str) -> None:
    before = control(tester, "GET", "behaviour").json()
    answer = control(tester, "PATCH", "behaviour", {"error_pages": True, **change})
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert control(tester, "GET", "behaviour").json() == before


def test_a_control_that_does_not_exist_names_those_that_do(tester: Played) -> None:
    answer = control(tester, "PUT", "traffic", {})
    assert answer.status_code == 404
    assert "GET traffic" in answer.json()["error"]


def test_a_fault_in_process_refuses_a_broken_pattern() -> None:
    with pytest.raises(ValueError, match="regular expression"):
        Fault(effect="status", path="[")
