"""Measures how much faster several workers are than one: the first mirror of eight project links, shared out.

Each worker has two project links at once, and for each of them one connection a side, so that what is measured is the
waiting for servers far away, and whether workers hinder each other. All begin at one moment, when every worker is there
and has nothing else to do.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.measuring import Lab, Measured
from bench.process import cpu_of, peak_of, start
from bench.product import Product
from bench.stage import ROOT, Size, Stage

WORKERS = (1, 2, 4)
LINKS = tuple(f"link-{number}" for number in range(8))
AT_ONCE, CONNECTIONS = 2, 1
FAR = (150.0, 350.0)
"""Milliseconds of reads and writes. Without any, two cores would be what limits, and nothing about workers is seen."""

LULL_SECONDS = 5
"""While workers start, a project link may be handed out a second time: such a turn is over by then."""

DEADLINE_SECONDS = 3600
LOOK_EVERY_SECONDS = 0.2
SETTINGS = {"SYNCER_SCHEDULE__EVERY_SECONDS": "86400", "SYNCER_SCHEDULE__CENSUS_EVERY_SECONDS": "86400"}
MAPPING = """\
name: {link}
incidents: {{project: Test Project, only: "Name ~ 'of {link} only'", mark_field: Jira key}}
issues: {{project: TEST, only: "labels = {link}", type: Bug}}
fields:
  - {{incident: Summary, issue: summary, kind: copy}}
  - {{incident: Description, issue: description, kind: copy}}
  - {{incident: Priority, issue: priority, kind: table, values: [
      {{incident: Critical, issue: Highest}}, {{incident: High, issue: High}},
      {{incident: Medium, issue: Medium}}, {{incident: Low, issue: Low}}]}}
  - {{issue: labels, kind: set, value: {link}}}
"""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: "subprocess.Popen[bytes]"
    log: Path


class _SharedState:
    """The process with the state DB; see `bench.shared_state`."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "bench.shared_state"]
        self._process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = str(self._heard()["url"])

    def order(self, do: str) -> Mapping[str, Any]:
        """Give an order about all project links, and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "links": LINKS}) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the state DB of the bench has ended; what it said stands above")
        return dict(json.loads(line))


def workers(lab: Lab, incidents: int) -> Iterator[Measured]:
    """A row for each number of workers; with no latency given, at 150/350 ms."""
    if not lab.reads and not lab.writes:
        lab = replace(lab, reads=FAR[0], writes=FAR[1])
    alone: float | None = None
    for count in WORKERS:
        row = _first_mirror(lab, incidents, count)
        rate = incidents / row.wall
        alone = alone or rate
        times = "" if count == 1 else f", {rate / alone:.2f} times as many as 1 worker"
        yield row.noting(f"{rate:.2f} records a second{times}")


def _first_mirror(lab: Lab, incidents: int, count: int) -> Measured:
    """Raises RuntimeError where a worker ends by itself, or something is left to be done or there twice."""
    with lab.stage(Size(incidents, lab.comments)) as stage, _shared_state() as state:
        product = Product(stage, CONNECTIONS)
        _put_mappings(product.mappings)
        with _started(product, state.url, count) as fleet:
            _wait(fleet, lambda: all('"event": "started"' in each.log.read_text(encoding="utf-8") for each in fleet))
            # A first look at nothing, so that no program is still being loaded in what is measured.
            _wait(fleet, lambda: state.order("cycles")["count"] >= len(LINKS))
            state.order("rest")
            time.sleep(LULL_SECONDS)
            stage.servers["incident"].order("share out", links=LINKS)
            stage.latency(lab.reads, lab.writes)
            stage.both("record")
            before = [cpu_of(each.process.pid) for each in fleet]
            state.order("begin")
            _wait(fleet, lambda: state.order("cycles")["count"] >= len(LINKS))
            cycles = state.order("cycles")
            cpu = sum(cpu_of(each.process.pid) for each in fleet) - sum(before)
            peak = max(peak_of(each.process.pid) for each in fleet)
            requests = stage.counts()
        _check(stage, incidents, lab.comments)
    connections = count * AT_ONCE * CONNECTIONS
    return Measured(
        f"workers x{count}", incidents, incidents, lab.latency, connections, cycles["seconds"], cpu, peak, requests,
        cycle=cycles["each"],
    )  # fmt: skip


@contextmanager
def _shared_state() -> Iterator[_SharedState]:
    state = _SharedState()
    try:
        yield state
    finally:
        state.stop()


@contextmanager
def _started(product: Product, url: str, count: int) -> Iterator[list[_Worker]]:
    environment = {**product.environment, **SETTINGS, "SYNCER_STATE__URL": url}
    words = [sys.executable, "-m", "syncer", "worker", "--at-once", str(AT_ONCE)]
    fleet = []
    try:
        for number in range(count):
            out, err = (product.folder / f"worker-{number}.{kind}" for kind in ("out", "err"))
            fleet.append(_Worker(start(words, product.folder, environment, out, err), err))
        yield fleet
    finally:
        for each in fleet:
            each.process.send_signal(signal.SIGTERM)
        for each in fleet:
            each.process.wait(60)


def _wait(fleet: Sequence[_Worker], happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not happened():
        for each in fleet:
            if each.process.poll() is not None:
                raise RuntimeError(f"a worker has ended by itself: {each.log.read_text(encoding='utf-8')[-2000:]}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the workers were not done after {DEADLINE_SECONDS} seconds")
        time.sleep(LOOK_EVERY_SECONDS)


def _check(stage: Stage, incidents: int, comments: int) -> None:
    """What is measured is only worth something if each incident and each comment is there once."""
    found = stage.servers["issue"].order("size")
    if (found["records"], found["ours"]) != (incidents, comments * incidents):
        raise RuntimeError(
            f"{found['records']} issues with {found['ours']} comments were made of {incidents} incidents with "
            f"{comments * incidents}: more than one cycle was needed, or something is there twice"
        )


def _put_mappings(folder: Path) -> None:
    for mapping in folder.glob("*.yaml"):
        mapping.unlink()
    for link in LINKS:
        (folder / f"{link}.yaml").write_text(MAPPING.format(link=link), encoding="utf-8")
