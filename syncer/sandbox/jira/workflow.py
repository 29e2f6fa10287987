"""The two workflows of the sandbox: one with review for bugs and improvements, a free one for tasks.

    reviewed:  To Do -> In Progress -> In Review -> Done -> To Do
                  ^________/                  (Done demands a resolution, reopening clears it)

    free:      any status -> any other status (entering Done resolves by itself)

A status can't be written: it is reached by transitions, whose ids differ per workflow.
"""

from collections import deque
from dataclasses import dataclass

from syncer.sandbox.jira.catalogue import DONE, IN_PROGRESS, IN_REVIEW, STATUSES, SUBTASK, TASK, TO_DO, Status


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `demands` are field ids that must come with it; they are also all that may come with it."""

    id: str
    name: str
    sources: tuple[Status, ...]
    target: Status
    demands: tuple[str, ...] = ()
    everywhere: bool = False


REVIEWED = (
    Transition("11", "Start Progress", (TO_DO,), IN_PROGRESS),
    Transition("21", "Stop Progress", (IN_PROGRESS,), TO_DO),
    Transition("31", "Request Review", (IN_PROGRESS,), IN_REVIEW),
    Transition("41", "Accept", (IN_REVIEW,), DONE, demands=("resolution",)),
    Transition("51", "Reopen", (DONE,), TO_DO),
)
FREE = tuple(
    Transition(str(61 + 10 * place), one.name, tuple(s for s in STATUSES if s != one), one, everywhere=True)
    for place, one in enumerate(STATUSES)
)


def workflow_of(type_id: str) -> tuple[Transition, ...]:
    """The workflow that issues of a type go through."""
    return FREE if type_id in (TASK.id, SUBTASK.id) else REVIEWED


def available(type_id: str, status_id: str) -> tuple[Transition, ...]:
    """The transitions that can be taken now."""
    return tuple(one for one in workflow_of(type_id) if any(source.id == status_id for source in one.sources))


def path(type_id: str, status_id: str, target_id: str) -> tuple[Transition, ...] | None:
    """The fewest transitions that lead to a status: () if it is there, None if nothing leads there."""
    waiting: deque[tuple[str, tuple[Transition, ...]]] = deque([(status_id, ())])
    seen = {status_id}
    while waiting:
        here, taken = waiting.popleft()
        if here == target_id:
            return taken
        for step in available(type_id, here):
            if step.target.id not in seen:
                seen.add(step.target.id)
                waiting.append((step.target.id, (*taken, step)))
    return None
