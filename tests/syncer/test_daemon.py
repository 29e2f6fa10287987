"""The scheduler: every project link is looked after for ever, whatever happens, until somebody asks it to stop."""

import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

import pytest

from config.settings import load_settings
from mappings import Mapping, load_mappings
from state.rows import CycleRow
from syncer import logs
from syncer.context import ProjectLink
from syncer.core.records import Side
from syncer.daemon import Daemon, LinkRunner, Rhythm, StopRequests, next_request, stop_requests
from syncer.holding import approvals_of
from syncer.reload import RELOAD, Watcher, reload_requests
from syncer.sandbox.jira.catalogue import NAME_BY_ID
from syncer.wiring import Linker, open_links
from tests.syncer.mirror_stage import FULL, MirrorStage

OFTEN = Rhythm(timedelta(seconds=0.1), timedelta(hours=1), timedelta(seconds=0.05))
HOUR = timedelta(hours=1)

MAPPED = FULL.read_text(encoding="utf-8")
LINK = "test-project"
CYCLE = "  - {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy}\n"
HIGH = "      - {incident: High, issue: High}\n"
GONE = MAPPED.replace("name: test-project", "name: gone").replace("project: TEST", "project: GONE")
"""A project link whose every cycle fails."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    logs.configure("json", "error")
    with MirrorStage(tmp_path) as made:
        yield made


class Running:
    """A daemon in a thread of its own; `stop` asks it to stop and tells whether all settled in time."""

    def __init__(self, *links: ProjectLink, watcher: Watcher | None = None, stop_seconds: float = 10) -> None:
        self.requests: StopRequests = SimpleQueue()
        self._daemon = Daemon(links, OFTEN, watcher, stop_seconds=stop_seconds)
        self._settled: list[bool] = []
        self._thread = threading.Thread(target=lambda: self._settled.append(self._daemon.run(self.requests)))
        self._thread.start()

    def reload(self) -> None:
        self.requests.put(RELOAD)

    def stop(self) -> bool:
        self.requests.put("a test")
        self._thread.join(30)
        return self._settled[0]


class Gate:
    """A clock at which every cycle waits until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> datetime:
        self.reached.set()
        assert self.opened.wait(30)
        return datetime.now(UTC)


class Files:
    """The mapping files of a daemon that watches them; `linked` are the mappings that it asked project links for."""

    def __init__(self, stage: MirrorStage, capture: pytest.CaptureFixture[str]) -> None:
        self.path = stage.folder / "mappings"
        self.path.mkdir()
        self.linked: list[str] = []
        self._linker = Linker(load_settings(stage.environment(), env_file=None), stage.store)
        self._capture = capture
        self._lines: list[dict[str, str]] = []

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.path / f"{name}.yaml").write_text(text, encoding="utf-8")

    def remove(self, name: str) -> None:
        (self.path / f"{name}.yaml").unlink()

    @contextmanager
    def running(self, now: Gate | None = None, *, stop_seconds: float = 10, settles: bool = True) -> Iterator[Running]:
        """A daemon that is stopped in the end; `now` is the clock of the first project link."""
        first, *others = [self._linker.link(mapping) for mapping in load_mappings(self.path)]
        links = [replace(first, now=now or first.now), *others]
        daemon = Running(*links, watcher=Watcher(self.path, None, self._link), stop_seconds=stop_seconds)
        try:
            yield daemon
        finally:
            settled = daemon.stop()
            if now is not None:
                now.opened.set()
        assert settled is settles

    def said(self, fragment: str) -> list[str | None]:
        """The project links of all lines of the log that have this fragment."""
        self._lines += [json.loads(line) for line in self._capture.readouterr().err.splitlines()]
        return [line.get("link") for line in self._lines if fragment in line["event"]]

    def close(self) -> None:
        self._linker.close()

    def _link(self, mapping: Mapping) -> ProjectLink:
        self.linked.append(mapping.name)
        return self._linker.link(mapping)


@pytest.fixture
def files(stage: MirrorStage, capsys: pytest.CaptureFixture[str]) -> Iterator[Files]:
    logs.configure("json", "info")
    made = Files(stage, capsys)
    yield made
    made.close()
    logs.configure("json", "error")


class Clock:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def assert_apart(cycles: list[CycleRow]) -> None:
    """Newest first, each began when the one before had ended."""
    for later, earlier in pairwise(cycles):
        assert earlier.finished_at is not None
        assert earlier.finished_at <= later.started_at


def titles(stage: MirrorStage) -> list[str]:
    return [issue.text("summary") for issue in list(stage.sandbox.jira.issues.values())]


def until_quiet(stage: MirrorStage) -> None:
    """Sync until all has been looked at, and each revision is old enough to be trusted."""
    stage.sync()
    while incidents_read(stage):
        stage.sync()


def incidents_read(stage: MirrorStage) -> int:
    """How many incidents have been read by id since the last call."""
    board = stage.sandbox.tester_switchboard
    seen = {request.path for request in board.requests if re.search("/incident/[^/]+$", request.path)}
    board.reset_traffic()
    return len(seen)


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
    runner = LinkRunner(stage.link, HOUR, clock)
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
    runner, read = LinkRunner(stage.link, HOUR, clock), []
    for clock.seconds in (0, 60, 3599, 3600, 3660):
        runner()
        read.append(incidents_read(stage))
    assert read == [9, 0, 0, 9, 0]


def test_a_census_that_failed_is_still_due(stage: MirrorStage) -> None:
    stage.log(Summary="Number 1")
    until_quiet(stage)
    runner = LinkRunner(stage.link, HOUR, Clock())
    stage.sandbox.tester.behaviour.hidden_project = True
    runner()
    stage.sandbox.tester.behaviour.hidden_project = False
    incidents_read(stage)
    runner()
    assert incidents_read(stage) == 7


def test_a_stop_begins_nothing_new_settles_what_runs_and_forgets_nothing(stage: MirrorStage) -> None:
    for number in range(40):
        stage.log(Summary=f"Number {number}")
    with stage.fault(Side.ISSUE, effect="delay", method="POST", path="/issue$", seconds=0.2, times=None):
        daemon = Running(stage.link)
        wait_for(lambda: len(titles(stage)) > 12)
        assert daemon.stop() is True
    assert not stage.store.open_intents(stage.link.name)
    assert stage.store.watermark(stage.link.name, "incident") is None
    assert len(titles(stage)) < 40
    stage.link.stopping.clear()
    stage.sync()
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


class TestChangedMappings:
    """Mapping files are edited while the daemon runs."""

    def test_a_new_file_starts_its_link_at_once_and_a_removed_one_ends_it(
        self, stage: MirrorStage, files: Files
    ) -> None:
        files.write(gone=GONE)
        stage.log(Summary="Waited for its mapping")
        with files.running():
            files.write(full=MAPPED)
            wait_for(lambda: "Waited for its mapping" in titles(stage))
            assert files.said("a new mapping was found, and the project link begins") == [LINK]
            files.remove("full")
            wait_for(lambda: files.said("the mapping is gone, and the project link ends") == [LINK])
            wait_for(lambda: not stage.store.last_cycles(LINK, 1, "running"))
            ended, others = stage.store.last_cycles(LINK), len(stage.store.last_cycles("gone", 999))
            wait_for(lambda: len(stage.store.last_cycles("gone", 999)) > others + 3)
            assert stage.store.last_cycles(LINK) == ended
        assert files.linked == [LINK]

    def test_another_name_ends_one_link_and_starts_another(self, stage: MirrorStage, files: Files) -> None:
        files.write(one=GONE)
        with files.running():
            files.write(one=GONE.replace("name: gone", "name: away"))
            wait_for(lambda: len(stage.store.last_cycles("away", 9, "failed")) >= 2)
        assert files.said("project link ends") == ["gone"]
        assert files.said("project link begins") == ["away"]

    def test_a_changed_mapping_disturbs_no_other_link(self, stage: MirrorStage, files: Files) -> None:
        files.write(full=MAPPED, gone=GONE)
        with files.running():
            files.write(gone=GONE.replace("project: GONE", "project: AWAY"))
            wait_for(lambda: any("AWAY" in row.detail for row in stage.store.last_cycles("gone")))
            stage.log(Summary="Undisturbed")
            wait_for(lambda: "Undisturbed" in titles(stage))
        assert files.linked == ["gone"]
        assert files.said("the mapping file was changed, and the next cycle goes by it") == ["gone"]
        assert stage.store.last_cycles(LINK, 99, "failed") == []

    def test_a_cycle_keeps_to_the_mapping_that_it_began_with(self, stage: MirrorStage, files: Files) -> None:
        gate = Gate()
        files.write(full=MAPPED)
        stage.log(Summary="By the old mapping", FieldValues={"Cycle": "V2"})
        with files.running(gate):
            assert gate.reached.wait(20)
            files.write(full=MAPPED.replace(CYCLE, ""))
            wait_for(lambda: files.linked == [LINK])
            gate.opened.set()
            wait_for(lambda: len(stage.store.last_cycles(LINK, 9, "done")) >= 2)
            stage.log(Summary="By the new mapping", FieldValues={"Cycle": "V2"})
            wait_for(lambda: "By the new mapping" in titles(stage))
        issues = stage.sandbox.jira.issues.values()
        carried = {issue.text("summary"): issue.text("customfield_10011") for issue in issues}
        assert carried["By the old mapping"] == "V2"
        assert not carried["By the new mapping"]

    def test_a_bad_file_leaves_the_good_mapping_running_until_it_is_repaired(
        self, stage: MirrorStage, files: Files
    ) -> None:
        files.write(full=MAPPED)
        with files.running() as daemon:
            files.write(full=MAPPED.replace("kind: table", "kind: tabel", 1))
            daemon.reload()
            wait_for(lambda: files.said("the mappings that were loaded before go on") == [None])
            stage.log(Summary="In spite of it", FieldValues={"Cycle": "V2"})
            wait_for(lambda: "In spite of it" in titles(stage))
            files.write(full=MAPPED.replace(CYCLE, ""))
            wait_for(lambda: files.linked == [LINK])
        assert len(files.said(f"{files.path / 'full.yaml'}:")) == 1
        assert len(files.said("the mappings that were loaded before go on")) == 1

    def test_a_reload_that_is_asked_for_ends_nothing(self, stage: MirrorStage, files: Files) -> None:
        files.write(full=MAPPED)
        with files.running() as daemon, reload_requests(daemon.requests):
            for number in (1, 2, 3):
                os.kill(os.getpid(), signal.SIGHUP)
                wait_for(partial(self._told, files, number))
            stage.log(Summary="Afterwards")
            wait_for(lambda: "Afterwards" in titles(stage))
        assert files.linked == []

    @staticmethod
    def _told(files: Files, times: int) -> bool:
        return len(files.said("nothing in them has changed")) == times

    def test_without_a_watcher_a_reload_is_passed_over(self, stage: MirrorStage) -> None:
        daemon = Running(stage.link)
        daemon.reload()
        stage.log(Summary="Afterwards")
        wait_for(lambda: "Afterwards" in titles(stage))
        assert daemon.stop() is True

    def test_a_link_that_comes_back_never_runs_beside_its_own_last_cycle(
        self, stage: MirrorStage, files: Files
    ) -> None:
        gate = Gate()
        files.write(full=MAPPED, gone=GONE)
        with files.running(gate):
            assert gate.reached.wait(20)
            files.remove("full")
            wait_for(lambda: files.said("project link ends") == [LINK])
            files.write(full=MAPPED)
            wait_for(lambda: files.said("project link begins") == [LINK])
            others = len(stage.store.last_cycles("gone", 999))
            wait_for(lambda: len(stage.store.last_cycles("gone", 999)) > others + 3)
            assert stage.store.last_cycles(LINK) == []
            gate.opened.set()
            wait_for(lambda: len(stage.store.last_cycles(LINK, 9, "done")) >= 3)
        assert_apart(stage.store.last_cycles(LINK, 99))

    def test_a_stop_waits_for_the_last_cycle_of_a_link_that_was_removed(self, stage: MirrorStage, files: Files) -> None:
        gate = Gate()
        files.write(full=MAPPED, gone=GONE)
        with files.running(gate, stop_seconds=0.5, settles=False):
            assert gate.reached.wait(20)
            files.remove("full")
            wait_for(lambda: files.said("project link ends") == [LINK])
        assert files.said("left in doubt") == [None]
        wait_for(lambda: bool(stage.store.last_cycles(LINK, 1, "failed")))

    def test_a_link_that_ended_begins_no_cycle_that_was_due_already(self, stage: MirrorStage) -> None:
        runner = LinkRunner(stage.link, HOUR)
        runner.dismissed = True
        runner()
        assert stage.store.last_cycles(LINK) == []

    def test_what_a_changed_table_does_to_linked_records_is_held_until_it_is_approved(
        self, stage: MirrorStage, files: Files
    ) -> None:
        table = MAPPED.replace("    issue: priority\n", "    issue: priority\n    conflict: incident\n")
        files.write(full=table.replace(HIGH, ""))
        incidents = [stage.log(Summary=f"Number {number}", Priority="High") for number in range(6)]

        def priorities() -> list[str]:
            twins = [stage.twin(incident.id) for incident in incidents]
            return [NAME_BY_ID[stage.sandbox.jira.issue(twin).text("priority")] for twin in twins]

        with files.running():
            wait_for(lambda: bool(stage.store.last_cycles(LINK, 1, "done")))
            before = priorities()
            assert "High" not in before
            files.write(full=table)
            wait_for(lambda: bool(stage.store.held(LINK)))
            (held,) = stage.store.held(LINK)
            assert held.kind == "mapping"
            keys = {line.partition(" ")[0] for line in held.lines}
            assert {f"#{incident.number}" for incident in incidents} <= keys, held.lines
            stage.log(Summary="New records flow", Priority="High")
            wait_for(lambda: "New records flow" in titles(stage))
            assert priorities() == before
            for digest in approvals_of(held):
                stage.store.approve(LINK, digest, "ops", stage.link.now())
            wait_for(lambda: priorities() == ["High"] * 6)
            wait_for(lambda: stage.store.held(LINK) == [])
