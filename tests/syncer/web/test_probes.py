"""Each trouble shows in the probes, the metrics and the log as what it is, heals by itself when its cause goes, and
nothing is lost by it."""

import json
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syncer.core.records import Side
from syncer.reload import Changes, Watcher
from syncer.runner import Rhythm
from syncer.wiring import Linker
from tests.syncer.cli.terminal import LINK, Terminal
from tests.syncer.daemon_stage import Gate, titles, wait_for
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.web.served import Address, running, served

FROZEN = 421
"""Seconds without a sign of life: longer than a cycle may stand still before a slow server."""


class Log:
    """What was logged so far."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self._lines: list[dict[str, Any]] = []

    def said(self, fragment: str) -> list[dict[str, Any]]:
        self._lines += [json.loads(line) for line in self._capture.readouterr().err.splitlines()]
        return [line for line in self._lines if fragment in line["event"]]


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Log:
    return Log(capsys)


def ready(daemon: Address) -> Callable[[], bool]:
    return lambda: daemon.get("/readyz")[0] == 200


def unready(daemon: Address, fragment: str) -> Callable[[], bool]:
    def is_so() -> bool:
        status, text = daemon.get("/readyz")
        return status == 503 and fragment in text

    return is_so


def test_a_daemon_in_step_is_alive_and_ready_and_touches_its_heartbeat(stage: MirrorStage, tmp_path: Path) -> None:
    heartbeat = tmp_path / "alive"
    with served(stage, settings={"SYNCER_HTTP__HEARTBEAT": str(heartbeat)}) as (daemon, _):
        wait_for(ready(daemon))
        status, text = daemon.get("/livez")
        assert (status, text[: len(LINK)]) == (200, LINK)
        assert daemon.get("/readyz")[1].startswith(f"{LINK}: its last good cycle ended")
        before = heartbeat.stat().st_mtime_ns
        wait_for(lambda: heartbeat.stat().st_mtime_ns > before)
        assert [daemon.value(f"syncer_{name}") for name in ("alive", "ready", "writing")] == [1, 1, 1]


def console_says(daemon: Address, fragment: str) -> bool:
    return fragment in daemon.get("/")[1]


class Stuck(Watcher):
    """Stands still at its next look while `hold` is set, and the main loop with it."""

    def __init__(self, linker: Linker) -> None:
        super().__init__(Path(), None, linker.link)
        self.hold = threading.Event()
        self.held = threading.Event()
        self.go_on = threading.Event()

    def look(self, running: Any) -> Changes:
        if self.hold.is_set():
            self.held.set()
            assert self.go_on.wait(30)
        return Changes()


def test_a_frozen_main_loop_is_not_alive_until_it_comes_round_again(
    stage: MirrorStage, tmp_path: Path, log: Log
) -> None:
    stuck: list[Stuck] = []

    def watcher(linker: Linker) -> Watcher:
        stuck.append(Stuck(linker))
        return stuck[0]

    heartbeat = tmp_path / "alive"
    with served(stage, watcher=watcher, settings={"SYNCER_HTTP__HEARTBEAT": str(heartbeat)}) as (daemon, times):
        wait_for(ready(daemon))
        assert daemon.get("/livez")[0] == 200
        stuck[0].hold.set()
        assert stuck[0].held.wait(30)
        touched = heartbeat.stat().st_mtime_ns
        times.steady.seconds += FROZEN
        assert daemon.get("/livez") == (503, "the main loop has stood still for 7 min\n")
        assert daemon.value("syncer_alive") == 0
        assert daemon.value("syncer_loop_age_seconds") == FROZEN
        assert heartbeat.stat().st_mtime_ns == touched
        assert console_says(daemon, "the main loop has stood still for 7 min")
        assert log.said("not alive: the main loop has stood still")
        stuck[0].hold.clear()
        stuck[0].go_on.set()
        wait_for(lambda: daemon.get("/livez")[0] == 200)
        assert log.said(f"alive: {LINK}")


def test_a_cycle_that_hangs_is_not_alive_though_the_main_loop_comes_round(stage: MirrorStage, log: Log) -> None:
    gate = Gate()
    stage.log(Summary="Written while it hung")
    with served(stage, now=gate) as (daemon, times):
        assert gate.reached.wait(30)
        assert daemon.get("/livez")[0] == 200
        times.steady.seconds += FROZEN
        wait_for(lambda: daemon.get("/livez") == (503, f"{LINK}: its cycle has stood still for 7 min\n"))
        assert daemon.value("syncer_cycle_idle_seconds", project_link=LINK) == FROZEN
        assert log.said("not alive: ")
        assert console_says(daemon, "its cycle has stood still for 7 min")
        gate.opened.set()
        wait_for(lambda: daemon.get("/livez")[0] == 200)
        wait_for(lambda: "Written while it hung" in titles(stage))


def test_a_dead_server_leaves_it_alive_and_not_ready_until_the_server_is_back(stage: MirrorStage, log: Log) -> None:
    with served(stage) as (daemon, _):
        wait_for(ready(daemon))
        with stage.fault(Side.INCIDENT, effect="drop_before", times=None):
            stage.log(Summary="Written meanwhile")
            wait_for(unready(daemon, "No answer from Enterprise Tester"))
            assert daemon.get("/livez")[0] == 200
            assert daemon.value("syncer_requests_total", side="incident", status="none") > 0
            assert daemon.value("syncer_cycle_seconds_count", outcome="failed") > 0
            assert log.said("No answer from Enterprise Tester")[0]["link"] == LINK
            wait_for(lambda: console_says(daemon, "No answer from Enterprise Tester"))
        wait_for(ready(daemon))
        wait_for(lambda: "Written meanwhile" in titles(stage))


def test_refused_credentials_are_told_as_such_until_they_are_good_again(stage: MirrorStage, log: Log) -> None:
    with served(stage, settings={"SYNCER_SCHEDULE__RETRY_AFTER_SECONDS": "1"}) as (daemon, _):
        wait_for(ready(daemon))
        stage.sandbox.tester.behaviour.credentials_expired = True
        stage.log(Summary="Written meanwhile")
        wait_for(unready(daemon, "check the user name and the password"))
        assert daemon.get("/livez")[0] == 200
        assert daemon.value("syncer_requests_total", side="incident", status="401") > 0
        assert log.said("check the user name and the password")
        wait_for(lambda: console_says(daemon, "check the user name and the password"))
        stage.sandbox.tester.behaviour.credentials_expired = False
        wait_for(ready(daemon))
        wait_for(lambda: "Written meanwhile" in titles(stage))


@contextmanager
def read_only(stage: MirrorStage) -> Iterator[None]:
    """No connection to the state DB may write."""
    engine = stage.store._db.engine
    refusing = [True]

    def checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA query_only = {'ON' if refusing[0] else 'OFF'}")

    sa.event.listen(engine, "checkout", checkout)
    try:
        yield
    finally:
        refusing[0] = False


def test_a_state_db_that_became_read_only_is_told_as_such_until_it_is_writable(stage: MirrorStage, log: Log) -> None:
    with served(stage) as (daemon, _):
        wait_for(ready(daemon))
        with read_only(stage):
            stage.log(Summary="Written meanwhile")
            wait_for(unready(daemon, "attempt to write a readonly database"))
            assert daemon.get("/livez")[0] == 200
            assert daemon.value("syncer_state_db_readable") == 1
            assert daemon.value("syncer_cycle_seconds_count", outcome="failed") > 0
            assert log.said("attempt to write a readonly database")
            wait_for(lambda: console_says(daemon, "attempt to write a readonly database"))
            assert "Written meanwhile" not in titles(stage)
        wait_for(ready(daemon))
        wait_for(lambda: "Written meanwhile" in titles(stage))


@pytest.mark.parametrize("shift", [7200, -7200])
def test_a_clock_that_jumps_loses_nothing_and_leaves_it_ready(stage: MirrorStage, log: Log, shift: float) -> None:
    with served(stage) as (daemon, times):
        wait_for(ready(daemon))
        times.shift = shift
        stage.log(Summary="Written after the jump")
        wait_for(lambda: "Written after the jump" in titles(stage))
        wait_for(ready(daemon))
        assert daemon.get("/livez")[0] == 200
        wait_for(lambda: daemon.value("syncer_lag_seconds") < 3600)
        assert console_says(daemon, "Everything is in step")
        if shift < 0:
            wait_for(lambda: bool(log.said("the clock was set back")))


def test_after_a_clock_was_set_back_no_project_link_waits_for_the_time_that_it_had(stage: MirrorStage) -> None:
    hourly = Rhythm(timedelta(hours=1), timedelta(hours=1), timedelta(seconds=0.05))
    with served(stage, hourly) as (daemon, times):
        wait_for(lambda: daemon.value("syncer_cycle_seconds_count", outcome="done") == 1)
        times.shift = -7200
        wait_for(lambda: daemon.value("syncer_cycle_seconds_count", outcome="done") == 2)


def test_an_instance_that_waits_for_its_turn_is_alive_and_says_for_whom_it_waits(terminal: Terminal) -> None:
    terminal("sync")
    with running(terminal) as first:
        wait_for(lambda: bool(first.said("started")))
        with running(terminal) as second:
            wait_for(lambda: second.address() is not None)
            waiting = second.address()
            assert waiting is not None
            wait_for(unready(waiting, f"(pid {first.process.pid} on "))
            assert waiting.get("/livez") == (200, "it waits for its turn\n")
            assert waiting.value("syncer_writing") == 0
            assert first.stop() == 0
            wait_for(ready(waiting))
            assert waiting.value("syncer_writing") == 1


def test_a_full_disk_is_told_as_such_until_there_is_room_again(terminal: Terminal) -> None:
    terminal.settings["SYNCER_SCHEDULE__EVERY_SECONDS"] = "5"
    terminal.settings["SYNCER_STATE__LEASE_SECONDS"] = "2"
    with running(terminal) as process:
        wait_for(lambda: process.address() is not None)
        daemon = process.address()
        assert daemon is not None
        wait_for(ready(daemon))
        # No file may grow beyond its first byte: to the process the disk is full.
        before = resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
        terminal.log("Written meanwhile")
        wait_for(unready(daemon, "the state DB can't be written"))
        assert daemon.get("/livez")[0] == 200
        wait_for(lambda: daemon.value("syncer_cycle_seconds_count", outcome="failed") > 0)
        assert process.said("nothing of this step was recorded")
        wait_for(lambda: console_says(daemon, "the state DB can&#39;t be written"))
        assert "Written meanwhile" not in titles(terminal.stage)
        resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, before)
        wait_for(ready(daemon))
        wait_for(lambda: "Written meanwhile" in titles(terminal.stage))
        assert process.stop() == 0
    assert titles(terminal.stage).count("Written meanwhile") == 1
