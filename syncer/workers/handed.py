"""The turns that this worker has, and the portions of others' turns: from the queue's handing them out to their end,
whatever of it a cycle is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from syncer.activity import Activity, Doing, LinkActivity


@dataclass(frozen=True, slots=True)
class Turn:
    """`of` tells how far it has come, where no cycle of this worker does."""

    project_link: str
    since: float
    portion: int | None = None
    of: LinkActivity | None = None

    @property
    def name(self) -> str:
        """For people, and different from all others' but one that was handed out twice."""
        return self.project_link if self.portion is None else f"{self.project_link}, portion {self.portion}"


class Handed:
    """Safe to use from any thread. Times are of the activity's clock."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._lock = threading.Lock()
        self._turns: list[Turn] = []

    @contextmanager
    def turn(self, project_link: str) -> Iterator[None]:
        """This worker has that project link until the end of the block."""
        with self._had(Turn(project_link, self._activity.clock())):
            yield

    @contextmanager
    def portion(self, project_link: str, number: int) -> Iterator[LinkActivity]:
        """This worker has that portion of another one's turn until the end of the block; is told how it gets on."""
        progress = LinkActivity(self._activity.clock)
        with self._had(Turn(project_link, self._activity.clock(), number, progress)):
            yield progress

    @contextmanager
    def _had(self, turn: Turn) -> Iterator[None]:
        with self._lock:
            self._turns.append(turn)
        try:
            yield
        finally:
            with self._lock:
                # Itself, not its equal: one that was taken for dead may be handed the same project link again.
                self._turns = [each for each in self._turns if each is not turn]

    def doing(self) -> dict[str, Doing]:
        """Each turn and each portion under way, by name."""
        return {turn.name: does for turn, does in self.under_way().items()}

    def under_way(self) -> dict[Turn, Doing]:
        """The same. Before and after its cycle, a turn waits for a lease or for the state DB: that counts as work too,
        and a turn that never gets beyond it hangs like any other."""
        with self._lock:
            turns = list(self._turns)
        cycles = self._activity.doing()
        return {
            turn: _shown(turn, cycles.get(turn.project_link, Doing()) if turn.of is None else turn.of.doing)
            for turn in turns
        }


def _shown(turn: Turn, cycle: Doing) -> Doing:
    touched = max(turn.since, cycle.touched)
    return replace(cycle, running=True, began=turn.since, touched=touched)
