"""The scheduler of `syncer run`: every project link runs its cycles at its own interval, in its own thread.

    start ──► cycle at once (a census) ──► every interval ──► ... ──► stop asked for
                                                                         │ no new page, no new record
                                                                         ▼
                                                   what is under way settles, or the time is up

Three cadences come of one planner. Each cycle polls by watermark (hot), and what was written is among what it looks at
again, since its stamp was forgotten when it was settled (warm); now and then a cycle is a census of everything (cold).

A cycle that takes longer than the interval is not started twice; missed starts become one.

Mapping files that were changed meanwhile are taken over between two cycles (see `syncer.reload`).
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from syncer.activity import Activity
from syncer.clocks import Clocks
from syncer.context import ProjectLink
from syncer.reload import RELOAD, Watcher
from syncer.runner import LinkRunner, Rhythm
from syncer.stopping import StopRequests, request_within

STOP_SECONDS = 10.0
"""How long a stop waits for what is under way. What takes longer is left in doubt, which the next start settles."""

JITTER = 0.1
"""By which part of the interval a start may be shifted, so that many project links don't ask all at once."""

MOST_AT_ONCE = 100
"""So many project links run cycles at the same time, the others wait for a turn. Threads start when they are needed."""

log = structlog.get_logger("syncer")


class Daemon:
    """All project links of one process, run until somebody asks it to stop. A `watcher` brings others meanwhile.

    `beat` is called each time the main loop comes round, in the place of the activity's own."""

    def __init__(
        self,
        links: Sequence[ProjectLink],
        rhythm: Rhythm,
        watcher: Watcher | None = None,
        *,
        activity: Activity | None = None,
        stop_seconds: float = STOP_SECONDS,
        beat: Callable[[], None] | None = None,
    ) -> None:
        self.clocks = Clocks()
        self._rhythm = rhythm
        self._activity = activity or Activity()
        self._beat = beat or self._activity.beat
        self._runners = {link.name: LinkRunner(link, rhythm, self._activity) for link in links}
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

    def links(self) -> list[ProjectLink]:
        """The project links as they run now; from any thread."""
        return [runner.link for runner in list(self._runners.values())]

    def intervals(self) -> dict[str, float]:
        """Seconds from cycle to cycle, by project link as they run now; from any thread."""
        return {name: self._rhythm.every_of(runner.link) for name, runner in list(self._runners.items())}

    def hurry(self, name: str) -> None:
        """Begin a census of that project link now, or when its cycle has ended; from any thread."""
        runner = self._runners.get(name)
        if runner is None:
            return
        runner.hurry()
        try:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
        except JobLookupError:  # it ended meanwhile
            return

    def _begin(self, runner: LinkRunner) -> None:
        name, trigger = runner.link.name, self._trigger(runner.link)
        # The id counts the running instances: a link that comes back never runs beside its own last cycle.
        self._scheduler.add_job(runner, trigger, id=name, name=name, next_run_time=datetime.now(UTC))

    def _trigger(self, link: ProjectLink) -> IntervalTrigger:
        every = self._rhythm.every_of(link)
        return IntervalTrigger(seconds=every, jitter=every * JITTER, timezone=UTC)

    def _until_stop(self, requests: StopRequests) -> str:
        while True:
            self._beat()
            self._mind_the_clock()
            request = request_within(requests, self._rhythm.look_every.total_seconds())
            if request is not None and request != RELOAD:
                return request
            if self._watcher is not None:
                self._take_over(self._watcher, asked=request == RELOAD)

    def _mind_the_clock(self) -> None:
        """The scheduler goes by the machine's clock: set back, no cycle would be due before it has caught up."""
        back = self.clocks.set_back()
        if not back:
            return
        log.warning("the clock was set back, and every project link begins a cycle now", seconds=round(back))
        for name in self._runners:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def _take_over(self, watcher: Watcher, *, asked: bool) -> None:
        """Go on with the mapping files as they are now."""
        running = [runner.link.mapping for runner in self._runners.values()]
        found = watcher.reload(running) if asked else watcher.look(running)
        for name in found.removed:
            runner = self._runners.pop(name)
            runner.dismissed = True
            self._scheduler.remove_job(name)
            self._activity.forget(name)
            self._leaving = [each for each in (*self._leaving, runner) if not each.idle.is_set()]
            log.info("the mapping is gone, and the project link ends", link=name)
        for mapping in found.changed:
            runner = self._runners[mapping.name]
            runner.link, before = watcher.link(mapping), runner.link
            if mapping.schedule != before.mapping.schedule:
                self._scheduler.reschedule_job(mapping.name, trigger=self._trigger(runner.link))
            log.info("the mapping file was changed, and the next cycle goes by it", link=mapping.name)
        for mapping in found.added:
            self._runners[mapping.name] = LinkRunner(watcher.link(mapping), self._rhythm, self._activity)
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
