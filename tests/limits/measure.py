"""How well Jira's limits are used, measured: issues are created by many threads as fast as the limits allow.

    python -m tests.limits.measure [CREATES] [NAME ...]

runs the named measurements against a sandbox in a process of its own, and prints for each how many requests were
turned away, how many creates failed, and how much was used of what the limits allowed in that time.
"""

import math
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection

from syncer.errors import SideError
from syncer.issues import JiraClient, Login
from syncer.meter import NoMeter
from syncer.sandbox import cast
from syncer.sandbox.jira.limit_values import Limits
from tests.contract.issue_bench import SERVICE, Deployment, JiraServer

THREADS = 8


@dataclass(frozen=True)
class Measurement:
    deployment: Deployment
    limits: Limits


MEASUREMENTS = {
    "cloud": Measurement("cloud", Limits(burst=200, burst_rate=140, quota=1050, quota_seconds=9)),
    "cloud-silent": Measurement("cloud", Limits(burst=200, burst_rate=140, quota=1050, quota_seconds=9, told=False)),
    "cloud-unexplained": Measurement("cloud", Limits(burst=200, burst_rate=140, told=False, reason_told=False)),
    "datacenter": Measurement("datacenter", Limits(burst=400, burst_rate=140, burst_interval=2)),
}


class Count(NoMeter):
    """Counts answers by their status, and seconds by the limit that was waited for."""

    def __init__(self) -> None:
        self.answers: dict[str, int] = {}
        self.waits: dict[str, float] = {}
        self._lock = threading.Lock()

    def exchanged(self, side: str, method: str, route: str, status: str, seconds: float) -> None:
        with self._lock:
            self.answers[status] = self.answers.get(status, 0) + 1

    def waited(self, side: str, reason: str, seconds: float) -> None:
        with self._lock:
            self.waits[reason] = self.waits.get(reason, 0.0) + seconds


@dataclass(frozen=True)
class Figures:
    """What came of so many creates."""

    creates: int
    seconds: float
    allowed: float
    answers: dict[str, int]
    waits: dict[str, float]
    failed: list[str] = field(default_factory=list)

    @property
    def refused(self) -> float:
        """The share of all answers that turned a request away."""
        return self.answers.get("429", 0) / sum(self.answers.values())

    @property
    def used(self) -> float:
        """The share of the creates that the limits allowed in that time."""
        return self.creates / self.allowed

    def __str__(self) -> str:
        waits = ", ".join(f"{kind} {seconds:.0f} s" for kind, seconds in sorted(self.waits.items()))
        return (
            f"{self.creates} creates in {self.seconds:.1f} s; {self.answers.get('429', 0)} answers were 429 "
            f"({self.refused:.2%}); {len(self.failed)} failed; {self.used:.1%} of the {self.allowed:.0f} allowed ones; "
            f"waited, all threads together: {waits or 'never'}{'; ' + self.failed[0] if self.failed else ''}"
        )


def measured(url: str, of: Measurement, creates: int) -> Figures:
    """Create so many issues at that address, as one account with many threads."""
    count = Count()
    account = SERVICE.email if of.deployment == "cloud" else SERVICE.login
    client = JiraClient(url, Login(account, cast.PASSWORD), meter=count)
    failed: list[str] = []

    def create(number: int) -> None:
        named = {"project": {"key": cast.PROJECT_KEY}, "issuetype": {"name": "Bug"}, "summary": f"No. {number}"}
        try:
            client.post({"fields": named}, "issue")
        except SideError as error:
            failed.append(str(error))

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(create, range(creates)))
    seconds = time.monotonic() - began
    client.close()
    return Figures(creates, seconds, allowed(of, seconds), count.answers, count.waits, failed)


def allowed(of: Measurement, seconds: float) -> float:
    """How many creates the limits allow within so many seconds to one that always knows them; in steps of 1 ms."""
    limits, cloud = of.limits, of.deployment == "cloud"
    burst, quota = float(limits.burst or math.inf), float(limits.quota or math.inf)
    fills, renews = (1 if cloud else round(limits.burst_interval * 1000)), round(limits.quota_seconds * 1000)
    total = 0.0
    for tick in range(int(seconds * 1000)):
        if limits.burst is not None and tick and tick % fills == 0:
            burst = min(float(limits.burst), burst + limits.burst_rate * fills / 1000)
        if limits.quota is not None and tick and tick % renews == 0:
            quota = float(limits.quota)
        now = min(burst, quota)
        burst, quota, total = burst - now, quota - now, total + now
    return total


def served(of: Measurement, pipe: Connection) -> None:
    """A sandbox in this process, until the other end has had enough; sends its address."""
    server = JiraServer(of.deployment)
    server.model.behaviour.limits = of.limits
    pipe.send(server.url)
    pipe.recv()
    server.stop()


def apart(of: Measurement, creates: int) -> Figures:
    """Measured with the sandbox in a process of its own."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=served, args=(of, there))
    process.start()
    try:
        return measured(here.recv(), of, creates)
    finally:
        here.send(None)
        process.join()


if __name__ == "__main__":
    wanted = sys.argv[2:] or list(MEASUREMENTS)
    for name in wanted:
        print(f"{name}: {apart(MEASUREMENTS[name], int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)}", flush=True)
