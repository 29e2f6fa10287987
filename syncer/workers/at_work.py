"""A worker as probes and metrics see it.

| looks at | for |
|---|---|
| the turns that it has | alive: each of them gets on |
| the loop of its job queue | alive: it comes round |
| the answers of its job queue | ready: turns are handed to it at all |
| the project links whose last turn it had | ready, and the numbers: each link is told by one worker alone |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mappings import Mapping as LinkMapping
from state import Store
from state.writer_lock import holder
from syncer.activity import Activity
from syncer.health import Pulse, span
from syncer.runner import Rhythm
from syncer.workers.handed import Handed
from syncer.workers.queue import JobQueue
from syncer.workers.taken import Taken

SILENT_SECONDS = 10.0
"""The job queue is asked every other second. One that was lost is joined again for as long as it takes."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """A `Runs`. `mappings` gives those that the worker goes by now, by name."""

    store: Store
    rhythm: Rhythm
    mappings: Callable[[], Mapping[str, LinkMapping]]
    handed: Handed
    queue: JobQueue
    places: int

    def intervals(self) -> dict[str, float]:
        # A turn whose mapping is gone meanwhile was the last one.
        return {name: self._every(name) for name in Taken.of(self.store).by(holder()) if name in self.mappings()}

    def pulse(self, activity: Activity, request: float) -> Pulse:
        doing = self.handed.doing()
        return Pulse(
            now=activity.clock(),
            loop_age=activity.loop_age(),
            doing=doing,
            every={name: self._every(name) for name in doing},
            request=request,
            places=self.places,
            idle="it has no turn at a project link now",
            queue_age=self.queue.loop_age(),
        )

    def trouble(self) -> str:
        silent = self.queue.silent_for()
        if silent <= SILENT_SECONDS:
            return ""
        return f"the job queue hasn't answered for {span(silent)}, and hands out nothing to this worker"

    def hurry(self, name: str) -> bool:
        """Let the next free worker take a turn at that project link; False where there is no such link.

        Raises StateError where the queue can't be told."""
        if name not in self.mappings():
            return False
        self.queue.hand_out(name)
        return True

    def _every(self, name: str) -> float:
        mapping = self.mappings().get(name)
        own = mapping.schedule.every_seconds if mapping is not None else None
        return own or self.rhythm.every.total_seconds()
