"""Plans for the plan page: made in a thread of their own, one at a time for each project link, kept until its next
cycle has ended."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from state import StateError
from syncer.activity import Doing, LinkActivity
from syncer.context import ProjectLink
from syncer.core.plan import Plan
from syncer.cycle import preview
from syncer.errors import SyncerError

SHORTEST_SECONDS = 10.0
"""A plan is kept for so long at least: where cycles are quick, looking at one plan isn't asking for the next."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, or why there is none; what was the last cycle when it was asked for, and when it was ready."""

    plan: Plan | None
    problem: str
    cycle: str | None
    at: datetime
    ready: float


@dataclass(slots=True)
class _Desk:
    made: Made | None = None
    activity: LinkActivity | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Planner:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._desks: dict[str, _Desk] = {}

    def look(self, link: ProjectLink, cycle: str | None) -> tuple[Made | None, Doing | None]:
        """The newest plan, and how far the next one is; that is begun where a cycle has ended since."""
        with self._lock:
            desk = self._desks.setdefault(link.name, _Desk())
        with desk.lock:
            if desk.activity is None and _is_old(desk.made, cycle):
                desk.activity = LinkActivity(time.monotonic)
                # A thread that the end of the process needn't wait for: a plan writes nothing.
                threading.Thread(target=_make, args=(link, desk, desk.activity, cycle), daemon=True).start()
            return desk.made, desk.activity.doing if desk.activity is not None else None


def _is_old(made: Made | None, cycle: str | None) -> bool:
    return made is None or (made.cycle != cycle and time.monotonic() - made.ready > SHORTEST_SECONDS)


def _make(link: ProjectLink, desk: _Desk, activity: LinkActivity, cycle: str | None) -> None:
    plan: Plan | None = None
    problem = ""
    try:
        plan = preview(link, activity)
    except (SyncerError, StateError) as error:
        problem = str(error)
    except Exception as error:  # the page says so; nothing else hangs on it
        problem = f"unexpected {type(error).__name__}; syncer --debug plan shows where"
    with desk.lock:
        desk.made = Made(plan, problem, cycle, datetime.now(UTC), time.monotonic())
        desk.activity = None
