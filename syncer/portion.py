"""A portion of a cycle, and what the worker that offers portions to others can ask about them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from syncer.core.records import Side, StepResult


@dataclass(frozen=True, slots=True)
class Portion:
    """Records of one side that are to get twins, by id, amid a cycle. Its `number` counts from 1; the `fingerprint` is
    that of the mapping which the cycle goes by. `results` are the records' step-result links, None where the cycle is
    no census and hasn't looked."""

    project_link: str
    cycle: str
    number: int
    fingerprint: str
    side: Side
    ids: tuple[str, ...]
    results: tuple[StepResult, ...] | None = None


class Shared(Protocol):
    """Portions on offer. Both raise StateError where nobody can tell now: then the cycle must end, as others may still
    be at work."""

    def take_back(self, portion: Portion) -> bool:
        """Whether nobody has begun it, nor will."""

    def are_over(self) -> bool:
        """Whether nobody is at work on any that was begun. Raises `Stopped` where a worker is gone amid one."""


ShareOut: TypeAlias = Callable[[Sequence[Portion]], AbstractContextManager[Shared]]
"""Offers them to all workers; what nobody has begun by the end of the block is withdrawn."""


def split(whole: Portion, size: int) -> Iterator[Portion]:
    """The same records in portions of at most `size`, in their order."""
    of_record: dict[str, list[StepResult]] = defaultdict(list)
    for result in whole.results or ():
        of_record[result.incident_id].append(result)
    for start in range(0, len(whole.ids), size):
        ids = whole.ids[start : start + size]
        shown = (result for record_id in ids for result in of_record.get(record_id, ()))
        results = None if whole.results is None else tuple(shown)
        yield replace(whole, number=whole.number + start // size, ids=ids, results=results)
