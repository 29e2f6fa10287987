"""Portions as jobs of the queue: offered by the worker that has a project link's turn, worked on by any.

| a portion's job | means |
|---|---|
| waits | nobody has begun it; whoever takes it out of the queue is the only one who does |
| is under way | some worker is at it, or was a few seconds ago |
| isn't there any more | its worker has ended it, well or not |
| has failed | its worker shows no sign of life, and may still wake: the turn ends, and the next one shuts it out |

Jobs that a dead holder left behind are begun like any others, and left undone: their turn's number is an old one then.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from state import StateError
from syncer.context import Stopped
from syncer.core.records import Side, StepResult
from syncer.portion import Portion
from syncer.workers.queue import PORTIONS, JobQueue

FORGET_AFTER_HOURS = 24

log = structlog.get_logger("syncer")


@dataclass(frozen=True, slots=True)
class Order:
    """A portion, and the number of the turn that it is a part of."""

    portion: Portion
    turn: int

    def as_job(self) -> dict[str, Any]:
        """As the queue keeps it."""
        return {**asdict(self.portion), "turn": self.turn}

    @classmethod
    def of_job(cls, kept: Mapping[str, Any]) -> "Order":
        """What `as_job` gave."""
        results = kept["results"]
        found = None if results is None else tuple(StepResult(**each) for each in results)
        told = {**kept, "side": Side(kept["side"]), "ids": tuple(kept["ids"]), "results": found}
        return cls(Portion(**{name: value for name, value in told.items() if name != "turn"}), told["turn"])


class Lost(Stopped):
    """A worker is gone amid a portion."""


class Offered:
    """A `Shared`. `jobs` are the ids of the portions' jobs, by number."""

    def __init__(self, queue: JobQueue, jobs: Mapping[int, int]) -> None:
        self._queue = queue
        self._jobs = dict(jobs)

    def take_back(self, portion: Portion) -> bool:
        taken = self._withdrawn(self._jobs[portion.number])
        if taken:
            del self._jobs[portion.number]
        return taken

    def are_over(self) -> bool:
        # In this order: one that fails in between is still seen as under way.
        under_way = self._in("doing")
        lost = self._in("failed")
        if lost:
            raise Lost(f"a worker is gone amid portion {min(lost)}; the next turn goes on with what is left")
        return not under_way

    def withdraw(self) -> None:
        """Let nobody begin what nobody has begun."""
        for job in self._jobs.values():
            self._withdrawn(job)

    def _withdrawn(self, job: int) -> bool:
        return self._queue.ask(lambda app: app.job_manager.cancel_job_by_id_async(job, delete_job=True))

    def _in(self, status: str) -> list[int]:
        """The numbers of those whose job stands so."""
        found = self._queue.ask(lambda app: app.job_manager.list_jobs_async(queue=PORTIONS, status=status))
        standing = {job.id for job in found}
        return [number for number, job in self._jobs.items() if job in standing]


@contextmanager
def offered(queue: JobQueue, turn: int, portions: Sequence[Portion]) -> Iterator[Offered]:
    """Offer them amid the turn of that number. Where the block ends by an error, another turn follows at once if a
    worker was lost, and what nobody has begun is withdrawn."""
    orders = [Order(portion, turn).as_job() for portion in portions]
    queue.ask(lambda app: app.job_manager.delete_old_jobs(FORGET_AFTER_HOURS, queue=PORTIONS, include_failed=True))
    jobs = queue.ask(lambda app: app.configure_task("portion", queue=PORTIONS, priority=-1).batch_defer_async(*orders))
    shared = Offered(queue, dict(zip((portion.number for portion in portions), jobs, strict=True)))
    try:
        yield shared
    except Lost:
        with suppress(StateError):
            queue.hand_out(portions[0].project_link)
        raise
    except BaseException:
        # Where the queue is out of reach, they are begun by somebody and left undone.
        with suppress(StateError):
            shared.withdraw()
        raise
