"""The cycles of one project link, begun by the scheduler: when one is a census, what follows a failure.

A cycle that fails is logged and tried again at the next interval; credentials that are refused are tried again
after growing pauses, so that no account is locked by us.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, TypeAlias

import structlog

from state import StateError
from syncer.activity import Activity
from syncer.context import ProjectLink, Stopped
from syncer.cycle import CycleReport, run_cycle
from syncer.errors import Denied, Missing, SyncerError

log = structlog.get_logger("syncer")

Outcome: TypeAlias = Literal["done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """From the start of one cycle to the start of the next, between two censuses, and between two looks at the
    mapping files. A mapping may have intervals of its own."""

    every: timedelta
    census_every: timedelta
    look_every: timedelta = timedelta(seconds=2)

    def every_of(self, link: ProjectLink) -> float:
        """Seconds."""
        return link.mapping.schedule.every_seconds or self.every.total_seconds()

    def census_every_of(self, link: ProjectLink) -> float:
        """Seconds."""
        return link.mapping.schedule.census_every_seconds or self.census_every.total_seconds()


class LinkRunner:
    """The cycles of one project link; `idle` is set while none is running.

    `link` may be replaced at any time: a cycle keeps to the one that it began with. Once `dismissed`, no cycle begins.
    """

    def __init__(
        self,
        link: ProjectLink,
        rhythm: Rhythm,
        activity: Activity | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.link = link
        self.dismissed = False
        self.idle = threading.Event()
        self.idle.set()
        self._activity = (activity or Activity()).link(link.name)
        self._rhythm = rhythm
        self._clock = clock
        self._again = threading.Event()
        self._census_due = clock()
        self._refusals = 0
        self._rest_until = clock()

    def hurry(self) -> None:
        """Look at everything as soon as may be, as a person has decided something."""
        self._census_due = self._rest_until = self._clock()
        self._again.set()

    def __call__(self) -> None:
        """One cycle, unless the link rests or ends, or the process stops; another one if somebody is in a hurry since
        it began. Raises nothing."""
        # Not idle before looking at `stopping`: whoever sets it and then waits for `idle` waits for this cycle too.
        self.idle.clear()
        try:
            self._again.set()
            while self._again.is_set():
                self._again.clear()
                self._turn(self.link)
        finally:
            self.idle.set()

    def _turn(self, link: ProjectLink) -> None:
        self._activity.touch()
        if self.dismissed or link.stopping.is_set() or self._clock() < self._rest_until:
            return
        census = self._clock() >= self._census_due
        self._activity.begin_cycle(census=census)
        started, outcome, problem = self._clock(), "failed", ""
        try:
            outcome, problem = self._cycle(replace(link, touch=self._activity.touch), census, started)
        finally:
            # Counted before it is told: who sees how a cycle ended finds it in the metrics.
            link.meter.cycled(link.name, outcome, self._clock() - started)
            self._activity.end_cycle(problem)

    def _cycle(self, link: ProjectLink, census: bool, started: float) -> tuple[Outcome, str]:
        """Gives the outcome, and the sentence of what went wrong, empty where nothing did."""
        try:
            report = run_cycle(link, self._activity, census=census)
        except Stopped as stopped:
            log.info(str(stopped), link=link.name)
            return "stopped", ""
        except Denied as denial:
            self._activity.refuse()
            self._denied(link, denial)
            return "failed", str(denial)
        except (SyncerError, StateError) as error:
            if isinstance(error, Missing) or isinstance(error.__cause__, Missing):  # no such project, for this account
                self._activity.refuse()
            log.error(str(error), link=link.name)
            return "failed", str(error)
        except Exception as error:  # whatever it is, the other project links go on, and this one tries again
            said = f"unexpected {type(error).__name__}; syncer --debug run shows where"
            log.error(said, link=link.name)
            log.debug("traceback", link=link.name, exc_info=True)
            return "failed", said
        self._refusals = 0
        if census:
            self._census_due = started + self._rhythm.census_every_of(link)
        _tell(report, self._clock() - started)
        return "done", ""

    def _denied(self, link: ProjectLink, denial: Denied) -> None:
        if denial.status != 401:
            log.error(str(denial), link=link.name)
            return
        self._refusals += 1
        pause = link.pace.delay(self._refusals)
        self._rest_until = self._clock() + pause.total_seconds()
        log.error(str(denial), link=link.name, next_try_in_seconds=int(pause.total_seconds()))


def _tell(report: CycleReport, seconds: float) -> None:
    """One line for a cycle that did something; the others are told in detail only."""
    numbers = {"writes": report.writes, "waiting": report.waiting, "in_doubt": report.in_doubt}
    tell = log.info if report.settled else log.debug
    tell("cycle done", link=report.project_link, cycle=report.cycle, seconds=round(seconds, 1), **numbers)
