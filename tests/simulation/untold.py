"""Which twins nothing told of when another was created in their place: deleted or hidden before anything was known of
them, or before the state DB that knew of them was lost. Nobody could have helped that."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.rows import Deed


@dataclass(slots=True)
class _Told:
    """What there is, deed by deed, that could tell. `telling` are records that bear a mark or remember one, `seen` are
    those that we have read since they were made, or since the state DB was lost."""

    twins: dict[str, list[str]] = field(default_factory=dict)
    born: dict[str, datetime] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    forgotten: bool = False


def untold_twins(deeds: Iterable[Deed], doubts: Set[datetime]) -> set[str]:
    """The ids of all such. `doubts` is when answers were lost."""
    told, untold = _Told(), set[str]()
    for deed in deeds:
        match deed.what:
            case "amnesia":
                told.forgotten, told.seen = True, set()
            case "read" if told.born.get(deed.record_id) != deed.at:
                told.seen.add(deed.record_id)
            case "state":
                (told.away.discard if deed.item == "present" else told.away.add)(deed.record_id)
            case "mark":
                told.telling.add(deed.record_id)
            case "unmark" if not deed.item and (deed.by == "person" or not _out_of_reach(deed.record_id, told)):
                # By us only where the other one can tell of the link: else this one should have been left to.
                told.telling.discard(deed.record_id)
            case "born" if deed.item:
                earlier = told.twins.setdefault(deed.item, [])
                untold.update(earlier if _excused(deed.item, told, doubts) else ())
                earlier.append(deed.record_id)
                told.twins[deed.record_id] = [deed.item]
                told.born[deed.record_id] = deed.at
    return untold


def _out_of_reach(record_id: str, told: _Told) -> bool:
    return told.away.issuperset(told.twins[record_id])


def _excused(record_id: str, told: _Told, doubts: Set[datetime]) -> bool:
    """Whether another twin of the record may be made."""
    earlier = told.twins[record_id]
    if not _out_of_reach(record_id, told) or told.seen & {*earlier}:
        return False
    never_known = all(told.born.get(each) in doubts for each in earlier)
    return never_known or (told.forgotten and record_id not in told.telling)
