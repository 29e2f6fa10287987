"""A daemon in a thread, mapping files that change under it, and clocks and gates to steer both."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from queue import SimpleQueue

import pytest

from config.settings import load_settings
from mappings import Mapping, load_mappings
from state.rows import CycleRow
from syncer.context import ProjectLink
from syncer.daemon import Daemon
from syncer.reload import RELOAD, Watcher
from syncer.runner import Rhythm
from syncer.stopping import StopRequests
from syncer.wiring import Linker
from tests.syncer.mirror_stage import FULL, MirrorStage

OFTEN = Rhythm(timedelta(seconds=0.1), timedelta(hours=1), timedelta(seconds=0.05))
HOURLY = Rhythm(timedelta(hours=1), timedelta(hours=1))

MAPPED = FULL.read_text(encoding="utf-8")
LINK = "test-project"
CYCLE = "  - {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy}\n"
HIGH = "      - {incident: High, issue: High}\n"
GONE = MAPPED.replace("name: test-project", "name: gone").replace("project: TEST", "project: GONE")
"""A project link whose every cycle fails."""


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
        # A line's end is written after it, and may be read after it too.
        self._lines += [json.loads(line) for line in self._capture.readouterr().err.splitlines() if line]
        return [line.get("link") for line in self._lines if fragment in line["event"]]

    def close(self) -> None:
        self._linker.close()

    def _link(self, mapping: Mapping) -> ProjectLink:
        self.linked.append(mapping.name)
        return self._linker.link(mapping)


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
