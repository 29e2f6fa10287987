"""The sandbox starts both servers at once, stops them cleanly, and says so when it cannot."""

import logging
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from syncer.sandbox.faults import Fault
from syncer.sandbox.server import Sandbox

AUTH = ("syncer", "sandbox")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(incidents=5) as sandbox:
        yield sandbox


def test_it_is_ready_within_a_second_and_stops_with_its_thread() -> None:
    before = set(threading.enumerate())
    begun = time.monotonic()
    with Sandbox() as sandbox:
        ready = time.monotonic() - begun
        listing = httpx.get(f"{sandbox.tester_url}/api/incidents", auth=AUTH).json()
        assert listing["Total"] == 200
        url = sandbox.tester_url
    assert ready < 1
    assert not set(threading.enumerate()) - before
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_both_servers_answer_under_the_urls_they_tell(sandbox: Sandbox) -> None:
    incident = httpx.get(f"{sandbox.tester_url}/api/incidents", auth=AUTH).json()["Items"][0]
    assert httpx.get(incident["Self"], auth=AUTH).json() == incident
    jira = httpx.get(f"{sandbox.jira_url}/rest/api/2/serverInfo").json()
    assert jira["baseUrl"] == sandbox.jira_url


def test_each_server_has_counters_and_faults_of_its_own(sandbox: Sandbox) -> None:
    sandbox.tester_switchboard.reset_traffic()
    sandbox.jira_switchboard.reset_traffic()
    sandbox.jira_switchboard.add_fault(Fault(effect="status", status=503))
    assert httpx.get(f"{sandbox.tester_url}/api/incidents", auth=AUTH).status_code == 200
    assert httpx.get(f"{sandbox.jira_url}/rest/api/2/serverInfo").status_code == 503
    assert (sandbox.tester_switchboard.reads, sandbox.jira_switchboard.reads) == (1, 1)
    sandbox.jira_switchboard.clear()


def test_the_behaviour_of_both_servers_is_open_to_the_controls(sandbox: Sandbox) -> None:
    for switchboard, url in (
        (sandbox.tester_switchboard, sandbox.tester_url.removesuffix("/EnterpriseTester")),
        (sandbox.jira_switchboard, sandbox.jira_url),
    ):
        assert "credentials_expired" in httpx.get(f"{url}/_sandbox/behaviour").json()
        assert httpx.patch(f"{url}/_sandbox/behaviour", json={"credentials_expired": True}).status_code == 200
        assert switchboard.behaviour.credentials_expired is True
        httpx.patch(f"{url}/_sandbox/behaviour", json={"credentials_expired": False})


def test_a_call_runs_between_requests_and_hands_back_what_it_returns_or_raises(sandbox: Sandbox) -> None:
    assert sandbox.call(lambda: threading.current_thread().name) == "serving"
    assert sandbox.call(lambda: sandbox.call(lambda: len(sandbox.tester.incidents()))) == 5
    with pytest.raises(ZeroDivisionError):
        sandbox.call(lambda: 1 // 0)


def test_a_call_works_before_the_start_and_after_the_stop() -> None:
    sandbox = Sandbox(incidents=3)
    assert sandbox.call(lambda: len(sandbox.tester.incidents())) == 3
    sandbox.start()
    sandbox.stop()
    sandbox.stop()
    assert sandbox.call(lambda: len(sandbox.tester.incidents())) == 3


def test_servers_come_back_on_their_ports_with_their_data() -> None:
    sandbox = Sandbox(incidents=1)
    with sandbox:
        urls = (sandbox.tester_url, sandbox.jira_url)
        sandbox.call(lambda: sandbox.tester.create_incident(Summary="Kept"))
    with sandbox:
        assert (sandbox.tester_url, sandbox.jira_url) == urls
        listing = httpx.get(f"{sandbox.tester_url}/api/incidents", auth=AUTH).json()
        assert [item["Summary"] for item in listing["Items"]] == ["Kept", "Report pagination"]


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"The Jira server .* 127\.0\.0\.1 port {port} .* Choose another port"):
            Sandbox(incidents=0, jira_port=port).start()
        with pytest.raises(OSError, match=rf"The Enterprise Tester server .* port {port} "):
            Sandbox(incidents=0, tester_port=port).start()


def test_nothing_is_logged_while_all_is_well(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), Sandbox(incidents=1) as sandbox:
        sandbox.tester_switchboard.add_fault(Fault(effect="drop_after"))
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{sandbox.tester_url}/api/incidents", auth=AUTH)
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_a_request_that_will_not_end_does_not_hold_up_the_stop() -> None:
    with Sandbox(incidents=0) as sandbox:
        sandbox.jira_switchboard.add_fault(Fault(effect="delay", seconds=60))
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{sandbox.jira_url}/rest/api/2/serverInfo", timeout=0.1)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
