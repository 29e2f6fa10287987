"""The scheduler: every project link is looked after for ever, whatever happens, until somebody asks it to stop."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from config.settings import load_settings
from syncer import logs
from syncer.core.records import Side
from syncer.runner import LinkRunner
from syncer.stopping import next_request, stop_requests
from syncer.wiring import open_links
from tests.syncer.daemon_stage import (
    HOURLY,
    Clock,
    Running,
    assert_apart,
    incidents_read,
    titles,
    until_quiet,
    wait_for,
)
from tests.syncer.mirror_stage import MirrorStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    logs.configure("json", "error")
    with MirrorStage(tmp_path, issues=True) as made:
        yield made


def test_the_first_cycle_runs_at_once_and_later_changes_travel_by_themselves(stage: MirrorStage) -> None:
    stage.log(Summary="There before the start")
    daemon = Running(stage.link)
    wait_for(lambda: "There before the start" in titles(stage))
    stage.log(Summary="Written later")
    wait_for(lambda: "Written later" in titles(stage))
    assert daemon.stop() is True


def test_a_server_that_was_down_is_asked_again_until_it_answers(stage: MirrorStage) -> None:
    stage.log(Summary="Patience")
    stage.sandbox.stop()
    daemon = Running(stage.link)
    wait_for(lambda: bool(stage.store.last_cycles(stage.link.name, 1, "failed")))
    stage.sandbox.start()
    wait_for(lambda: "Patience" in titles(stage))
    assert daemon.stop() is True


def test_a_link_that_fails_does_not_keep_the_others_from_going_on(stage: MirrorStage) -> None:
    broken = stage.link.mapping.model_copy(
        update={"name": "broken", "issues": stage.link.mapping.issues.model_copy(update={"project": "GONE"})}
    )
    settings = load_settings(stage.environment(), env_file=None)
    links = open_links(settings, [broken, stage.link.mapping], stage.store)
    stage.log(Summary="In spite of it")
    daemon = Running(*links)
    wait_for(lambda: "In spite of it" in titles(stage))
    wait_for(lambda: len(stage.store.last_cycles("broken", 9, "failed")) >= 2)
    assert daemon.stop() is True
    for link in links:
        link.close()


def test_a_mistake_of_our_own_in_one_cycle_does_not_end_the_daemon(stage: MirrorStage) -> None:
    broken = iter([True])

    def now() -> datetime:
        if next(broken, False):
            raise RuntimeError("nobody thought of this")
        return datetime.now(UTC)

    stage.log(Summary="Nevertheless")
    daemon = Running(replace(stage.link, now=now))
    wait_for(lambda: "Nevertheless" in titles(stage))
    assert daemon.stop() is True


def test_refused_credentials_are_tried_again_after_growing_pauses(stage: MirrorStage) -> None:
    """So that an account with a changed password isn't locked by us."""
    clock, board = Clock(), stage.sandbox.tester_switchboard
    runner = LinkRunner(stage.link, HOURLY, clock=clock)
    stage.sandbox.tester.behaviour.credentials_expired = True
    asked = []
    for _ in range(400):
        board.reset_traffic()
        runner()
        if board.reads:
            asked.append(clock.seconds)
        clock.seconds += 1
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert pauses == [60, 120]
    stage.sandbox.tester.behaviour.credentials_expired = False
    clock.seconds += 3600
    runner()
    assert stage.store.last_cycles(stage.link.name)[0].outcome == "done"


def test_the_first_cycle_is_a_census_and_then_one_each_hour(stage: MirrorStage) -> None:
    """A process that was away trusts no watermark."""
    clock = Clock()
    for number in range(3):
        stage.log(Summary=f"Number {number}")
    until_quiet(stage)
    runner, read = LinkRunner(stage.link, HOURLY, clock=clock), []
    for clock.seconds in (0, 60, 3599, 3600, 3660):
        runner()
        read.append(incidents_read(stage))
    assert read == [9, 0, 0, 9, 0]


def test_a_census_that_failed_is_still_due(stage: MirrorStage) -> None:
    stage.log(Summary="Number 1")
    until_quiet(stage)
    runner = LinkRunner(stage.link, HOURLY, clock=Clock())
    stage.sandbox.tester.behaviour.hidden_project = True
    runner()
    stage.sandbox.tester.behaviour.hidden_project = False
    incidents_read(stage)
    runner()
    assert incidents_read(stage) == 7


def shown(stage: MirrorStage) -> int:
    """How many issues show people our mark."""
    return sum(bool(issue.remote_links) for issue in list(stage.sandbox.jira.issues.values()))


def test_a_stop_begins_nothing_new_settles_what_runs_and_forgets_nothing(stage: MirrorStage) -> None:
    for number in range(40):
        stage.log(Summary=f"Number {number}")
    with stage.fault(Side.ISSUE, effect="delay", method="POST", path="/remotelink$", seconds=0.2, times=None):
        daemon = Running(stage.link)
        wait_for(lambda: shown(stage) > 6)
        assert daemon.stop() is True
    assert not stage.store.open_intents(stage.link.name)
    assert stage.store.watermark(stage.link.name, "incident") is None
    assert shown(stage) < 40
    stage.link.stopping.clear()
    stage.sync()
    assert shown(stage) > 40
    assert [titles(stage).count(f"Number {number}") for number in range(40)] == [1] * 40


def test_a_stop_does_not_wait_for_a_server_that_hangs(stage: MirrorStage) -> None:
    stage.log(Summary="Never answered")
    with stage.fault(Side.ISSUE, effect="delay", method="POST", path="/issue$", seconds=2):
        daemon = Running(stage.link, stop_seconds=0.2)
        requests = stage.sandbox.jira_switchboard
        wait_for(lambda: any(each.method == "POST" and each.path.endswith("/issue") for each in requests.requests))
        assert daemon.stop() is False
        wait_for(lambda: not stage.store.open_intents(stage.link.name))


def test_one_link_never_runs_two_cycles_at_once(stage: MirrorStage) -> None:
    """A cycle that takes longer than the interval is waited for."""
    with stage.fault(Side.INCIDENT, effect="delay", path="/incidents$", seconds=0.5, times=None):
        daemon = Running(stage.link)
        wait_for(lambda: len(stage.store.last_cycles(stage.link.name, 9)) >= 3)
        assert daemon.stop() is True
    assert_apart(stage.store.last_cycles(stage.link.name, 99))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_are_requests_to_stop_while_somebody_listens(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_requests() as requests:
        os.kill(os.getpid(), number)
        assert next_request(requests) == number.name
        assert signal.getsignal(number) is signal.SIG_DFL
    assert signal.getsignal(number) is before
