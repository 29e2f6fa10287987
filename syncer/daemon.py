"""The scheduler of `syncer run`: every project link runs its cycles at its own interval, in its own thread.

    start ──► cycle at once (a census) ──► every interval ──► ... ──► stop asked for
                                                                         │ no new page, no new record
                                                                         ▼
                                                   what is under way settles, or the time is up

A cycle that fails is logged and tried again at the next interval; credentials that are refused are tried again
after growing pauses, so that no account is locked by us. A cycle that takes longer than the interval is not
started twice; missed starts become one.

Mapping files that were changed meanwhile are taken over between two cycles (see `syncer.reload`).
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
from syncer.reload import RELOAD, Watcher

STOP_SECONDS = 10.0
"""How long a stop waits for what is under way. What takes longer is left in doubt, which the next start settles."""

JITTER = 0.1
"""By which part of the interval a start may be shifted, so that many project links don't ask all at once."""

MOST_AT_ONCE = 100
"""So many project links run cycles at the same time, the others wait for a turn. Threads start when they are needed."""

log = structlog.get_logger("syncer")

StopRequests = SimpleQueue[str]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """From the start of one cycle to the start of the next, between two censuses, and between two looks at the
    mapping files."""

    every: timedelta
    census_every: timedelta
    look_every: timedelta = timedelta(seconds=2)


class LinkRunner:
    """The cycles of one project link; `idle` is set while none is running.

    `link` may be replaced at any time: a cycle keeps to the one that it began with. Once `dismissed`, no cycle begins.
    """

    def __init__(self, link: ProjectLink, census_every: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self.link = link
        self.dismissed = False
        self.idle = threading.Event()
        self.idle.set()
        self._census_every = census_every.total_seconds()
        self._clock = clock
        self._census_due = clock()
        self._refusals = 0
        self._rest_until = clock()

    def __call__(self) -> None:
        """One cycle, unless the link rests or ends, or the process stops. Raises nothing."""
        # Not idle before looking at `stopping`: whoever sets it and then waits for `idle` waits for this cycle too.
        self.idle.clear()
        link = self.link
        try:
            if not self.dismissed and not link.stopping.is_set() and self._clock() >= self._rest_until:
                self._cycle(link)
        finally:
            self.idle.set()

    def _cycle(self, link: ProjectLink) -> None:
        started = self._clock()
        census = started >= self._census_due
        try:
            report = run_cycle(link, NoProgress(), census=census)
        except Stopped as stopped:
            log.info(str(stopped), link=link.name)
            return
        except Denied as denial:
            self._denied(link, denial)
            return
        except (SyncerError, StateError) as error:
            log.error(str(error), link=link.name)
            return
        except Exception as error:  # whatever it is, the other project links go on, and this one tries again
            log.error(f"unexpected {type(error).__name__}; syncer --debug run shows where", link=link.name)
            log.debug("traceback", link=link.name, exc_info=True)
            return
        self._refusals = 0
        if census:
            self._census_due = started + self._census_every
        _tell(report, self._clock() - started)

    def _denied(self, link: ProjectLink, denial: Denied) -> None:
        if denial.status != 401:
            log.error(str(denial), link=link.name)
            return
        self._refusals += 1
        pause = link.pace.delay(self._refusals)
        self._rest_until = self._clock() + pause.total_seconds()
        log.error(str(denial), link=link.name, next_try_in_seconds=int(pause.total_seconds()))


class Daemon:
    """All project links of one process, run until somebody asks it to stop. A `watcher` brings others meanwhile."""

    def __init__(
        self,
        links: Sequence[ProjectLink],
        rhythm: Rhythm,
        watcher: Watcher | None = None,
        *,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._rhythm = rhythm
        self._runners = {link.name: LinkRunner(link, rhythm.census_every) for link in links}
        self._leaving: list[LinkRunner] = []
        self._watcher = watcher
        self._stop_seconds = stop_seconds
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(MOST_AT_ONCE)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def run(self, requests: StopRequests) -> bool:
        """Run until `requests` has an entry. True when all that was under way has settled; if not, the threads that
        are still at it keep the interpreter from ending by itself. `RELOAD` is no request to stop."""
        for runner in self._runners.values():
            self._begin(runner)
        self._scheduler.start()
        log.info("started", links=", ".join(self._runners), every_seconds=int(self._rhythm.every.total_seconds()))
        reason = self._until_stop(requests)
        log.info(f"stopping on {reason}")
        for runner in self._all():
            runner.link.stopping.set()
        self._scheduler.shutdown(wait=False)
        return self._settled()

    def _begin(self, runner: LinkRunner) -> None:
        every = self._rhythm.every.total_seconds()
        trigger = IntervalTrigger(seconds=every, jitter=every * JITTER, timezone=UTC)
        name = runner.link.name
        # The id counts the running instances: a link that comes back never runs beside its own last cycle.
        self._scheduler.add_job(runner, trigger, id=name, name=name, next_run_time=datetime.now(UTC))

    def _until_stop(self, requests: StopRequests) -> str:
        while True:
            request = request_within(requests, self._rhythm.look_every.total_seconds())
            if request is not None and request != RELOAD:
                return request
            if self._watcher is not None:
                self._take_over(self._watcher, asked=request == RELOAD)

    def _take_over(self, watcher: Watcher, *, asked: bool) -> None:
        """Go on with the mapping files as they are now."""
        running = [runner.link.mapping for runner in self._runners.values()]
        found = watcher.reload(running) if asked else watcher.look(running)
        for name in found.removed:
            runner = self._runners.pop(name)
            runner.dismissed = True
            self._scheduler.remove_job(name)
            self._leaving = [each for each in (*self._leaving, runner) if not each.idle.is_set()]
            log.info("the mapping is gone, and the project link ends", link=name)
        for mapping in found.changed:
            self._runners[mapping.name].link = watcher.link(mapping)
            log.info("the mapping file was changed, and the next cycle goes by it", link=mapping.name)
        for mapping in found.added:
            self._runners[mapping.name] = LinkRunner(watcher.link(mapping), self._rhythm.census_every)
            self._begin(self._runners[mapping.name])
            log.info("a new mapping was found, and the project link begins", link=mapping.name)

    def _all(self) -> list[LinkRunner]:
        return [*self._runners.values(), *self._leaving]

    def _settled(self) -> bool:
        deadline = time.monotonic() + self._stop_seconds
        late = [
            runner.link.name for runner in self._all() if not runner.idle.wait(max(0.0, deadline - time.monotonic()))
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
        # Not for ever: a signal that reaches another thread, or the moment before the wait, doesn't interrupt it.
        request = request_within(requests, 1.0)
        if request is not None:
            return request


def request_within(requests: StopRequests, seconds: float) -> str | None:
    """The next request, None where none comes in time."""
    try:
        return requests.get(timeout=seconds)
    except Empty:
        return None


def _tell(report: CycleReport, seconds: float) -> None:
    """One line for a cycle that did something; the others are told in detail only."""
    numbers = {"writes": report.writes, "waiting": report.waiting, "in_doubt": report.in_doubt}
    tell = log.info if report.settled else log.debug
    tell("cycle done", link=report.project_link, cycle=report.cycle, seconds=round(seconds, 1), **numbers)
