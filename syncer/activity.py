"""What the daemon is doing at this moment: told by the threads that do it, asked by probes, metrics and console.

    the main loop ──── beat ──────────────┐
    a project link's cycle ── begin ──────┤
      its steps ───────────── advance ────┼──► Activity ──► Doing, one a project link: for livez, metrics, pages
      each page, each record ── touch ────┤
    its end ──────────────── end ─────────┘

Nothing here outlasts the process: what happened is in the state DB. Ages are seconds of a monotonic clock.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Doing:
    """One project link at one moment.

    `running` while a cycle runs, which is a `census` or not; `step` is what it is at ("read incidents"), of which
    `done` of `total` are done; `total` is None where nobody knows. `began` and `touched` are times of the clock: when
    the cycle (or, between two, the pause) began, and when it last showed that it gets on. `failures` counts the cycles
    in a row that ended badly, `problem` is the last one's sentence, empty after a good cycle.

    `refused` once the cycle has met a server that refuses the account or shows no such project, `refusals` counts the
    cycles in a row that ended so. `since` is when the project link began, `good` when its last good cycle ended, None
    before the first.
    """

    running: bool = False
    census: bool = False
    step: str = ""
    done: int = 0
    total: int | None = None
    began: float = 0.0
    touched: float = 0.0
    failures: int = 0
    problem: str = ""
    refused: bool = False
    refusals: int = 0
    since: float = 0.0
    good: float | None = None


class Activity:
    """The whole daemon. Safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._beat = clock()
        self._links: dict[str, LinkActivity] = {}

    def beat(self) -> None:
        """The main loop came round."""
        self._beat = self.clock()

    def loop_age(self) -> float:
        """Seconds since the main loop came round last."""
        return self.clock() - self._beat

    def link(self, name: str) -> "LinkActivity":
        """That project link's part, made if it is new."""
        with self._lock:
            return self._links.setdefault(name, LinkActivity(self.clock))

    def forget(self, name: str) -> None:
        """The project link has ended."""
        with self._lock:
            self._links.pop(name, None)

    def doing(self) -> dict[str, Doing]:
        """Every project link, in the order in which they began."""
        with self._lock:
            return {name: link.doing for name, link in self._links.items()}


class LinkActivity:
    """One project link; a `Progress`, which its cycles are given."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        now = clock()
        self._doing = Doing(began=now, touched=now, since=now)

    @property
    def doing(self) -> Doing:
        return self._doing

    def begin_cycle(self, *, census: bool) -> None:
        now = self._clock()
        with self._lock:
            fresh = replace(self._doing, step="", done=0, total=None, refused=False)
            self._doing = replace(fresh, running=True, census=census, began=now, touched=now)

    def refuse(self) -> None:
        """A server refuses the account, or shows no such project, and the cycle ends with that."""
        with self._lock:
            self._doing = replace(self._doing, refused=True)

    def end_cycle(self, problem: str = "") -> None:
        """The cycle has ended; `problem` is the sentence of what went wrong, empty where nothing did."""
        now = self._clock()
        with self._lock:
            before = self._doing
            self._doing = Doing(
                began=now,
                touched=now,
                failures=before.failures + 1 if problem else 0,
                problem=problem,
                refusals=before.refusals + 1 if problem and before.refused else 0,
                since=before.since,
                good=before.good if problem else now,
            )

    def begin(self, step: str, total: int | None) -> None:
        with self._lock:
            self._doing = replace(self._doing, step=step, done=0, total=total, touched=self._clock())

    def advance(self, step: str, count: int = 1) -> None:
        """What was begun last is told of, of several steps that are under way."""
        with self._lock:
            done = self._doing.done + (count if step == self._doing.step else 0)
            self._doing = replace(self._doing, done=done, touched=self._clock())

    def touch(self) -> None:
        """A page or a record is begun, or a request was answered."""
        with self._lock:
            self._doing = replace(self._doing, touched=self._clock())
