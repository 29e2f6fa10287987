"""Which project links are due: decided anew each time, from what the state DB says of their last turns."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from mappings import Mapping as LinkMapping
from state.turns import Turn
from syncer.runner import Rhythm


def due(mappings: Iterable[LinkMapping], turns: Mapping[str, Turn], rhythm: Rhythm) -> list[str]:
    """The names of the project links whose interval is over, the longest overdue first; who rests is not due."""
    overdue = {mapping.name: _overdue(mapping, turns.get(mapping.name, Turn()), rhythm) for mapping in mappings}
    late = [(by, name) for name, by in overdue.items() if by is not None and by >= timedelta()]
    return [name for _by, name in sorted(late, key=lambda each: each[0], reverse=True)]


def _overdue(mapping: LinkMapping, turn: Turn, rhythm: Rhythm) -> timedelta | None:
    if turn.rest:
        return None
    if turn.since_began is None:
        return timedelta.max
    return turn.since_began - timedelta(seconds=mapping.schedule.every_seconds or rhythm.every.total_seconds())
