"""The scheduler of `syncer run`: every project link runs its cycles at its own interval, in its own thread.

    start ──► cycle at once (a census) ──► every interval ──► ... ──► stop asked for
                                                                         │ no new page, no new record
                                                                         ▼
                                                   what is under way settles, or the time is up

A cycle that fails is logged and tried again at the next interval; credentials that are refused are tried again
after growing pauses, so that no account is locked by us. A cycle that takes longer than the interval is not
started twice; missed starts become one.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from state import StateError
from syncer.context import NoProgress, ProjectLink, Stopped
from syncer.cycle import CycleReport, run_cycle
from syncer.errors import Denied, SyncerError

STOP_SECONDS = 10.0
"""How long a stop waits for what is under way. What takes longer is left in doubt, which the next start settles."""

JITTER = 0.1
"""By which part of the interval a start may be shifted, so that many project links don't ask all at once."""

log = structlog.get_logger("syncer")

StopRequests = SimpleQueue[str]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """From the start of one cycle to the start of the next, and between two censuses."""

    every: timedelta
    census_every: timedelta


class LinkRunner:
    """The cycles of one project link; `idle` is set while none is running."""

    def __init__(self, link: ProjectLink, census_every: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self.link = link
        self.idle = threading.Event()
        self.idle.set()
        self._census_every = census_every.total_seconds()
        self._clock = clock
        self._census_due = clock()
        self._refusals = 0
        self._rest_until = clock()

    def __call__(self) -> None:
        """One cycle, unless the link rests or the process stops. Raises nothing."""
        # Not idle before looking at `stopping`: whoever sets it and then waits for `idle` waits for this cycle too.
        self.idle.clear()
        try:
            if not self.link.stopping.is_set() and self._clock() >= self._rest_until:
                self._cycle()
        finally:
            self.idle.set()

    def _cycle(self) -> None:
        started = self._clock()
        census = started >= self._census_due
        try:
            report = run_cycle(self.link, NoProgress(), census=census)
        except Stopped as stopped:
            log.info(str(stopped), link=self.link.name)
            return
        except Denied as denial:
            self._denied(denial)
            return
        except (SyncerError, StateError) as error:
            log.error(str(error), link=self.link.name)
            return
        except Exception as error:  # whatever it is, the other project links go on, and this one tries again
            log.error(f"unexpected {type(error).__name__}; syncer --debug run shows where", link=self.link.name)
            log.debug("traceback", link=self.link.name, exc_info=True)
            return
        self._refusals = 0
        if census:
            self._census_due = started + self._census_every
        _tell(report, self._clock() - started)

    def _denied(self, denial: Denied) -> None:
        if denial.status != 401:
            log.error(str(denial), link=self.link.name)
            return
        self._refusals += 1
        pause = self.link.pace.delay(self._refusals)
        self._rest_until = self._clock() + pause.total_seconds()
        log.error(str(denial), link=self.link.name, next_try_in_seconds=int(pause.total_seconds()))


class Daemon:
    """All project links of one process, run until somebody asks it to stop."""

    def __init__(self, links: Sequence[ProjectLink], rhythm: Rhythm, *, stop_seconds: float = STOP_SECONDS) -> None:
        self._runners = [LinkRunner(link, rhythm.census_every) for link in links]
        self._every = rhythm.every.total_seconds()
        self._stop_seconds = stop_seconds

    def run(self, requests: StopRequests) -> bool:
        """Run until `requests` has an entry. True when all that was under way has settled; if not, the threads that
        are still at it keep the interpreter from ending by itself."""
        scheduler = self._scheduler()
        scheduler.start()
        names = [runner.link.name for runner in self._runners]
        log.info("started", links=", ".join(names), every_seconds=int(self._every))
        reason = next_request(requests)
        log.info(f"stopping on {reason}")
        for runner in self._runners:
            runner.link.stopping.set()
        scheduler.shutdown(wait=False)
        return self._settled()

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(self._runners)))},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for runner in self._runners:
            trigger = IntervalTrigger(seconds=self._every, jitter=self._every * JITTER, timezone=UTC)
            scheduler.add_job(runner, trigger, name=runner.link.name, next_run_time=datetime.now(UTC))
        return scheduler

    def _settled(self) -> bool:
        deadline = time.monotonic() + self._stop_seconds
        late = [
            runner.link.name for runner in self._runners if not runner.idle.wait(max(0.0, deadline - time.monotonic()))
        ]
        if late:
            log.warning("stopped; what is still under way is left in doubt", links=", ".join(late))
        else:
            log.info("stopped")
        return not late


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """SIGTERM and SIGINT as entries of a queue, for the main thread. A second signal ends the process at once."""
    requests: StopRequests = SimpleQueue()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def ask(number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_DFL)
        # A SimpleQueue, as its `put` may interrupt anything, itself included.
        requests.put(signal.Signals(number).name)

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield requests
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def next_request(requests: StopRequests) -> str:
    """Wait for a request to stop; gives what asked for it."""
    while True:
        try:
            # Not for ever: a signal that reaches another thread, or the moment before the wait, doesn't interrupt it.
            return requests.get(timeout=1.0)
        except Empty:
            continue


def _tell(report: CycleReport, seconds: float) -> None:
    """One line for a cycle that did something; the others are told in detail only."""
    numbers = {"writes": report.writes, "waiting": report.waiting, "in_doubt": report.in_doubt}
    tell = log.info if report.settled else log.debug
    tell("cycle done", link=report.project_link, cycle=report.cycle, seconds=round(seconds, 1), **numbers)
