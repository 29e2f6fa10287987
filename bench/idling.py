"""Measures a daemon that has nothing to do: its requests, time and CPU in one cycle, averaged over some."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping

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
    out, err = product.folder / "out.txt", product.folder / "err.txt"
    earlier = product.finished_cycles()
    daemon = start(
        [sys.executable, "-m", "syncer", "run"], product.folder, {**product.environment, **SETTINGS}, out, err
    )
    try:
        # The first cycle of each project link is a census; what the process reads once, it reads until the third.
        settled = _wait(daemon, product, earlier, 3)
        stage.both("record")
        cpu, wall = cpu_of(daemon.pid), time.monotonic()
        finished = _wait(daemon, product, settled, ROUNDS)
        cpu, wall = cpu_of(daemon.pid) - cpu, time.monotonic() - wall
        requests, peak = stage.counts(), peak_of(daemon.pid)
    except RuntimeError as problem:
        raise RuntimeError(f"{problem}: {err.read_text(encoding='utf-8')[-2000:]}") from problem
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
    done = sum(finished.values()) - sum(settled.values())
    rounds = done / len(finished)
    each = {route: round(count / rounds, 2) for route, count in requests.items()}
    return Measured(
        *name, 1, lab.latency, lab.connections, wall / rounds, cpu / rounds, peak, each,
        cycle=sum(product.cycles(done)) / rounds, note=f"one of {rounds:.0f} rounds, 1 s apart",
    )  # fmt: skip


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
