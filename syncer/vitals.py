"""Takes the pulse of a daemon or a worker: what `syncer.health` judges, from the process and from its state DB.

activity, intervals ──────────────► alive     no state DB is asked: one that hangs must not look like a frozen loop
state DB, lease, activity ────────► ready
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from config.model import Settings
from state import StateError, Store
from state.counting import Counting
from syncer.activity import Activity, Doing
from syncer.health import Pulse, Standing, Verdict, alive, ready, span
from syncer.turnstile import WRITE_WAITS

if TYPE_CHECKING:
    from syncer.web.front import Probed

log = structlog.get_logger("syncer")


class Runs(Protocol):
    """What runs cycles in this process: the daemon, or one worker among several. Safe to use from any thread."""

    @property
    def store(self) -> Store: ...

    def intervals(self) -> dict[str, float]:
        """Seconds from cycle to cycle, by the project links that this process has to tell of.

        Raises StateError where the state DB has to be asked which, and doesn't answer."""
        ...

    def pulse(self, activity: Activity, request: float) -> Pulse:
        """It at this moment, from the process alone; `request` is the longest that a request may take, in seconds."""
        ...

    def trouble(self) -> str:
        """What else is amiss, with neither the state DB nor a cycle; empty where nothing is."""
        ...


class Vitals:
    """One process. Safe to use from any thread. A change from one verdict to the other goes to the log."""

    def __init__(self, probed: "Probed", clock: Callable[[], float] = time.monotonic) -> None:
        self._probed = probed
        self._renewals = Renewals(clock)
        self._lock = threading.Lock()
        self._told = {"alive": True, "ready": False}

    def alive(self) -> Verdict:
        activity, runs = self._probed.activity, self._probed.runs
        request = longest_request(self._probed.settings)
        if runs is None:
            waiting = Pulse(activity.clock(), activity.loop_age(), {}, {}, request, places=0)
            return self._tell("alive", alive(waiting))
        return self._tell("alive", alive(runs.pulse(activity, request)))

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
        runs = self._probed.runs
        if runs is None:
            waits = f"it waits for its turn: {self._probed.waits_for}"
            return Verdict((waits,), (waits,))
        now = self._probed.now()
        try:
            runs.store.require_turn()
            counting = Counting.of(runs.store)
            trouble = self._unwritten(counting.renewals()) or runs.trouble()
            links = _standings(runs, counting, self._probed.activity.doing(), now)
        except StateError as error:
            return ready(now, {}, str(error))
        return ready(now, links, trouble)

    def _unwritten(self, renewals: int) -> str:
        still = self._renewals.still_for(renewals)
        if still <= self._probed.settings.state.lease_seconds:
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


def _standings(runs: Runs, counting: Counting, doing: dict[str, Doing], now: datetime) -> dict[str, Standing]:
    every = runs.intervals()
    numbers = counting.numbers(every, now)
    return {name: Standing(every[name], doing.get(name, Doing()), numbers[name].good_ended) for name in every}
