"""The turns that this worker has: from the queue's handing them out to their end, whatever of it a cycle is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from syncer.activity import Activity, Doing


@dataclass(frozen=True, slots=True)
class _Turn:
    project_link: str
    since: float


class Handed:
    """Safe to use from any thread. Times are of the activity's clock."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._lock = threading.Lock()
        self._turns: list[_Turn] = []

    @contextmanager
    def turn(self, project_link: str) -> Iterator[None]:
        """This worker has that project link until the end of the block."""
        turn = _Turn(project_link, self._activity.clock())
        with self._lock:
            self._turns.append(turn)
        try:
            yield
        finally:
            with self._lock:
                # Itself, not its equal: one that was taken for dead may be handed the same project link again.
                self._turns = [each for each in self._turns if each is not turn]

    def doing(self) -> dict[str, Doing]:
        """Each turn under way. Before and after its cycle, it waits for a lease or for the state DB: that counts as
        work too, and a turn that never gets beyond it hangs like any other."""
        with self._lock:
            turns = list(self._turns)
        cycles = self._activity.doing()
        return {turn.project_link: _shown(turn, cycles.get(turn.project_link, Doing())) for turn in turns}


def _shown(turn: _Turn, cycle: Doing) -> Doing:
    touched = max(turn.since, cycle.touched)
    return replace(cycle, running=True, began=turn.since, touched=touched)
