"""Measures a daemon: one of its cycles that find nothing to do, averaged over some, and a census."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.measuring import Lab, Measured
from bench.process import cpu_of, peak_of, start
from bench.product import Product
from bench.stage import Stage

ROUNDS = 5
DEADLINE_SECONDS = 3600
LOOK_EVERY_SECONDS = 0.05
SETTINGS = {"SYNCER_SCHEDULE__EVERY_SECONDS": "1", "SYNCER_SCHEDULE__CENSUS_EVERY_SECONDS": "86400"}


def idle_cycles(lab: Lab, stage: Stage, product: Product, name: tuple[str, int]) -> Measured:
    """Run the daemon until its first census is over, then for some rounds more, of which an average one is told.

    Raises RuntimeError where the daemon ends by itself or doesn't get so far."""
    stage.latency(lab.reads, lab.writes)
    earlier = product.finished_cycles()
    with _daemon(product) as daemon:
        # The first cycle of each project link is a census; what the process reads once, it reads until the third.
        settled = _wait(daemon, product, earlier, 3)
        stage.both("record")
        cpu, wall = cpu_of(daemon.pid), time.monotonic()
        finished = _wait(daemon, product, settled, ROUNDS)
        cpu, wall = cpu_of(daemon.pid) - cpu, time.monotonic() - wall
        requests, peak = stage.counts(), peak_of(daemon.pid)
    done = sum(finished.values()) - sum(settled.values())
    rounds = done / len(finished)
    each = {route: round(count / rounds, 2) for route, count in requests.items()}
    return Measured(
        *name, 1, lab.latency, lab.connections, wall / rounds, cpu / rounds, peak, each,
        cycle=sum(product.cycles(done)) / rounds, note=f"one of {rounds:.0f} rounds, 1 s apart",
    )  # fmt: skip


def first_census(lab: Lab, stage: Stage, product: Product, name: tuple[str, int]) -> Measured:
    """Run the daemon until its first census is over, an hour after the one before. Raises as `idle_cycles` does."""
    stage.latency(lab.reads, lab.writes)
    product.let_an_hour_pass()
    earlier = product.finished_cycles()
    stage.both("record")
    began = time.monotonic()
    with _daemon(product) as daemon:
        _wait(daemon, product, earlier, 1)
        wall, cpu, peak = time.monotonic() - began, cpu_of(daemon.pid), peak_of(daemon.pid)
        requests = stage.counts()
    _, links = name
    return Measured(
        *name, links, lab.latency, lab.connections, wall, cpu, peak, requests,
        cycle=sum(product.cycles(1)), note="from the start of the daemon",
    )  # fmt: skip


@contextmanager
def _daemon(product: Product) -> Iterator["subprocess.Popen[bytes]"]:
    out, err = product.folder / "out.txt", product.folder / "err.txt"
    words = [sys.executable, "-m", "syncer", "run"]
    daemon = start(words, product.folder, {**product.environment, **SETTINGS}, out, err)
    try:
        yield daemon
    except RuntimeError as problem:
        raise RuntimeError(f"{problem}: {err.read_text(encoding='utf-8')[-2000:]}") from problem
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)


def _wait(
    daemon: "subprocess.Popen[bytes]", product: Product, before: Mapping[str, int], cycles: int
) -> dict[str, int]:
    """Wait until every project link has done so many cycles since it had done those `before`; gives how many it has."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        finished = product.finished_cycles()
        if all(finished[link] >= count + cycles for link, count in before.items()):
            return finished
        if daemon.poll() is not None:
            raise RuntimeError("the daemon has ended by itself")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the daemon had not done {cycles} cycles after {DEADLINE_SECONDS} seconds")
        time.sleep(LOOK_EVERY_SECONDS)
