"""Explore all that can happen, breadth first: what is wrong is found by a shortest way, and each state once."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.explorer.protocol import At, State, Step, settled, wrong

Steps = Callable[[State], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class Trace:
    """A shortest way to what is wrong."""

    finding: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.finding}, after {len(self.steps)} steps:", *(f"  {step}" for step in self.steps)])


@dataclass(slots=True)
class Exploration:
    """How many states there are, in how many steps at most each is reached, and what goes wrong first, if anything
    does. `labels` are all steps that were taken, `reached` where writers stood."""

    states: int = 0
    depth: int = 0
    trace: Trace | None = None
    labels: set[str] = field(default_factory=set)
    reached: set[At] = field(default_factory=set)


@dataclass(slots=True)
class _Reached:
    """All states in the order in which they were reached, each with the way there and those that lead on to it."""

    numbers: dict[State, int] = field(default_factory=dict)
    came_from: list[tuple[int, str]] = field(default_factory=list)
    calm: list[list[int]] = field(default_factory=list)

    def add(self, state: State, before: int, label: str) -> bool:
        """True when the state is new."""
        if state in self.numbers:
            return False
        self.numbers[state] = len(self.came_from)
        self.came_from.append((before, label))
        self.calm.append([])
        return True

    def way_to(self, number: int) -> tuple[str, ...]:
        labels: list[str] = []
        while number > 0:
            number, label = self.came_from[number]
            labels.append(label)
        return tuple(reversed(labels))


def explore(start: State, steps: Steps) -> Exploration:
    """Look at every state that can be reached from `start`.

    The search ends at the first state that is `wrong`. Without one it asks of each state whether a `settled` one can
    still be reached from it once there are no more faults: a world in which everything that can happen at last
    does gets there."""
    reached = _Reached()
    reached.add(start, 0, "")
    queue = deque([(start, 0)])
    found = Exploration()
    while queue:
        state, found.depth = queue.popleft()
        number = reached.numbers[state]
        finding = wrong(state)
        if finding is not None:
            found.trace = Trace(finding, reached.way_to(number))
            break
        for label, after, fault in steps(state):
            found.labels.add(label)
            if reached.add(after, number, label):
                queue.append((after, found.depth + 1))
            if not fault:
                reached.calm[reached.numbers[after]].append(number)
    found.states = len(reached.came_from)
    found.reached = {writer.at for state in reached.numbers for writer in state.writers}
    if found.trace is None:
        found.trace = _never_settled(reached)
    return found


def _never_settled(reached: _Reached) -> Trace | None:
    """The first state from which no calm step leads on to a settled one."""
    healing = [number for state, number in reached.numbers.items() if settled(state)]
    heals = set(healing)
    while healing:
        for before in reached.calm[healing.pop()]:
            if before not in heals:
                heals.add(before)
                healing.append(before)
    stuck = next((number for number in reached.numbers.values() if number not in heals), None)
    return None if stuck is None else Trace("it never settles again", reached.way_to(stuck))
