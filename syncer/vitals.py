"""Takes the daemon's pulse: what `syncer.health` judges, gathered from the process and from its state DB.

activity, intervals ──────────────► alive     no state DB is asked: one that hangs must not look like a frozen loop
state DB, lease, activity ────────► ready
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from config.model import Settings
from state import StateError
from state.counting import Counting
from syncer.activity import Doing
from syncer.daemon import MOST_AT_ONCE
from syncer.health import Pulse, Standing, Verdict, alive, ready, span
from syncer.turnstile import WRITE_WAITS

if TYPE_CHECKING:
    from syncer.web.front import Front, Running

log = structlog.get_logger("syncer")


class Vitals:
    """One process. Safe to use from any thread. A change from one verdict to the other goes to the log."""

    def __init__(self, front: "Front", clock: Callable[[], float] = time.monotonic) -> None:
        self._front = front
        self._renewals = Renewals(clock)
        self._lock = threading.Lock()
        self._told = {"alive": True, "ready": False}

    def alive(self) -> Verdict:
        activity, running = self._front.activity, self._front.running
        pulse = Pulse(
            now=activity.clock(),
            loop_age=activity.loop_age(),
            doing=activity.doing(),
            every={} if running is None else running.daemon.intervals(),
            request=longest_request(self._front.settings),
            places=MOST_AT_ONCE,
        )
        return self._tell("alive", alive(pulse))

    def ready(self) -> Verdict:
        """Reads the state DB; waits for no writer."""
        return self._tell("ready", self._ready())

    def _tell(self, question: str, verdict: Verdict) -> Verdict:
        with self._lock:
            before, self._told[question] = self._told[question], verdict.good
        if before and not verdict.good:
            log.warning(f"not {question}: {'; '.join(verdict.faults)}")
        elif verdict.good and not before:
            log.info(f"{question}: {'; '.join(verdict.lines)}")
        return verdict

    def _ready(self) -> Verdict:
        running = self._front.running
        if running is None:
            waits = f"it waits for its turn: {self._front.waits_for}"
            return Verdict((waits,), (waits,))
        now = self._front.now()
        try:
            running.store.require_turn()
            counting = Counting.of(running.store)
            trouble = self._unwritten(counting.renewals())
            links = _standings(running, counting, self._front.activity.doing(), now)
        except StateError as error:
            return ready(now, {}, str(error))
        return ready(now, links, trouble)

    def _unwritten(self, renewals: int) -> str:
        still = self._renewals.still_for(renewals)
        if still <= self._front.settings.state.lease_seconds:
            return ""
        return f"the state DB can't be written for {span(still)}: not even the lease is renewed; is its disk full?"


class Renewals:
    """How long the lease has not been renewed before our eyes. Its holder does so several times in its length."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: tuple[int, float] | None = None

    def still_for(self, renewals: int) -> float:
        """Seconds for which the number has been the same, after this look at it."""
        now = self._clock()
        if self._seen is None or self._seen[0] != renewals:
            self._seen = (renewals, now)
        return now - self._seen[1]


def longest_request(settings: Settings) -> float:
    """Seconds that a request to either server may take, with its wait for a limit on requests."""
    return WRITE_WAITS + max(settings.incidents.timeout_seconds, settings.jira.timeout_seconds)


def _standings(running: "Running", counting: Counting, doing: dict[str, Doing], now: datetime) -> dict[str, Standing]:
    every = running.daemon.intervals()
    numbers = counting.numbers(every, now)
    return {name: Standing(every[name], doing.get(name, Doing()), numbers[name].good_ended) for name in every}
