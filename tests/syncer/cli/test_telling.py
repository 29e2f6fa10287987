"""The daemon tells by the webhook, once, also across a restart; `syncer tell` shows what there is, and tries it."""

import signal
from collections.abc import Iterator

import pytest

from syncer.sandbox.tester.records import Incident
from tests.syncer.cli.terminal import LINK, Terminal
from tests.syncer.cli.test_run import STOP_SECONDS, lines_until
from tests.syncer.cli.test_two_instances import LEASE, Two
from tests.syncer.forked import Forked
from tests.syncer.telling.receiver import KEY, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def told(terminal: Terminal, receiver: Receiver) -> Receiver:
    """A receiver that the settings name."""
    terminal.settings["SYNCER_WEBHOOK__URL"] = receiver.url
    return receiver


def retitle(terminal: Terminal, incident: Incident, by_tester: str, by_developer: str) -> None:
    (issue_id,) = (row.issue_id for row in terminal.known()["links"] if row.incident_id == incident.id)
    sandbox = terminal.stage.sandbox
    sandbox.call(lambda: sandbox.tester.edit(incident.id, Summary=by_tester))
    sandbox.call(lambda: sandbox.jira.edit(issue_id, by="annak", summary=by_developer))


def stop(daemon: Forked) -> str:
    daemon.send_signal(signal.SIGTERM)
    _, err = daemon.communicate(timeout=STOP_SECONDS + 5)
    assert daemon.returncode == 0, err
    return err


def start(terminal: Terminal) -> Forked:
    return terminal.start("--debug", "run", SYNCER_LOG__FORMAT="json", SYNCER_SCHEDULE__EVERY_SECONDS="1")


def test_a_conflict_is_told_once_whatever_restarts_and_once_when_it_is_settled_and_the_address_stays_secret(
    terminal: Terminal, told: Receiver
) -> None:
    incident = terminal.log("A title")
    terminal("sync")
    retitle(terminal, incident, "As the tester says", "As the developer says")
    told.manner = "refuses"
    daemon = start(terminal)
    lines_until(daemon, "the webhook's receiver answered 404; what is to be told waits")
    told.manner = "takes"
    told.wait("conflict", ["new"])
    said = stop(daemon)
    daemon = start(terminal)
    for _ in range(4):  # one every five seconds: it has looked twice by then
        lines_until(daemon, "cycle done")
    retitle(terminal, incident, "As both say", "As both say")
    told.wait("conflict", ["new", "over"])
    said += stop(daemon)
    assert [message["event"] for message in told.messages] == ["conflict", "conflict"]
    assert KEY not in said
    for file in terminal.folder.glob("cli.db*"):
        assert KEY.encode() not in file.read_bytes()


def test_a_receiver_that_hangs_holds_up_neither_a_cycle_nor_the_stop(terminal: Terminal, told: Receiver) -> None:
    incident = terminal.log("A title")
    terminal("sync")
    retitle(terminal, incident, "As the tester says", "As the developer says")
    told.manner = "hangs"
    daemon = start(terminal)
    lines_until(daemon, "it took too long; what is to be told waits")
    last = terminal.log("Written while the receiver hangs")
    lines_until(daemon, f"#{last.number}")
    stop(daemon)


def test_an_instance_that_was_replaced_leaves_word_and_its_successor_tells_it(
    terminal: Terminal, told: Receiver
) -> None:
    with Two(terminal, LEASE) as two:
        two.freeze_first()
        two.seconds_until_take_over()
        two.finish_mirror()
        two.first.send_signal(signal.SIGCONT)
        two.first.communicate(timeout=STOP_SECONDS + 5)
        told.wait("taken over", ["new"])
        assert f"pid {two.first.pid} on " in told.messages[0]["text"]
        assert f"replaced by pid {two.second.pid} on " in told.messages[0]["text"]
        two.stop_second()
    assert len(told.messages) == 1


def test_a_test_message_says_what_the_receiver_answered(terminal: Terminal, told: Receiver) -> None:
    said = terminal("tell", "--test")
    assert (said.code, said.out) == (0, "The webhook's receiver took the test message, and answered: 200 ok\n")
    assert "test message of the syncer installation 'lab'" in told.messages[0]["text"]


def test_a_test_message_that_is_not_taken_is_an_error_without_the_address(terminal: Terminal, told: Receiver) -> None:
    told.manner = "refuses"
    said = terminal("--debug", "tell", "--test")
    assert said.code == 1
    assert "the webhook's receiver answered 404 no such channel: ********" in said.err
    assert KEY not in said.err + said.out


def test_without_a_webhook_there_is_nothing_to_try(terminal: Terminal) -> None:
    said = terminal("tell", "--test")
    assert said.code == 1
    assert said.complaints == ["there is no webhook to try; set SYNCER_WEBHOOK__URL to its address"]


def test_what_would_be_told_can_be_looked_at_and_nothing_is_sent(terminal: Terminal, told: Receiver) -> None:
    assert terminal("tell").out == "Nothing in the state DB needs a person.\n"
    incident = terminal.log("A title")
    terminal("sync")
    retitle(terminal, incident, "As the tester says", "As the developer says")
    terminal("sync")
    assert terminal("tell").out.startswith(f"1 conflict in {LINK}: #{incident.number}, Summary: conflict: both sides")
    assert told.requests == 0
