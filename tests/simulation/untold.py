"""Which twins nothing told of when another was created in their place: deleted or hidden before they were linked, or
before the state DB that knew of them was lost, or after that before they could be linked anew. Nobody could have helped
that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.rows import Deed


@dataclass(slots=True)
class _Told:
    """What there is, deed by deed, that could tell. `telling` are records that bear a mark or remember one; who is
    `back` is so from our next look on; `seen` are those that we have read since the state DB was lost, in a cycle that
    came to its end, and `read` those of the cycle that runs. `clones` are of whom, by their ids."""

    twins: dict[str, list[str]] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    clones: dict[str, str] = field(default_factory=dict)
    forgotten_at: datetime | None = None

    def could_be_linked(self) -> set[str]:
        """Those read in the cycle that ends of which all was there that it takes: the record that they name, and no
        clone that names it too. All others are parked, and were linked with nothing yet."""
        contested = {self.clones[record_id] for record_id in self.read & self.clones.keys()}
        return {each for each in self.read - contested if not self.away.issuperset(self.twins.get(each, ()))}


def untold_twins(deeds: Iterable[Deed], noted: Sequence[tuple[datetime, str]]) -> set[str]:
    """The ids of all such. `noted` is when which record was put down as linked, or as one to be kept apart."""
    told, untold = _Told(), set[str]()
    for deed in deeds:
        match deed.what:
            case "amnesia":
                told.forgotten_at, told.read, told.seen = deed.at, set(), set()
            case "look begins":
                told.away -= told.back
                told.read = set()
            case "look ends":
                told.seen |= told.could_be_linked()
            case "read":
                told.away -= told.back & {deed.record_id}
                told.read.add(deed.record_id)
            case "state" if deed.item == "present":
                told.back.add(deed.record_id)
            case "state":
                told.away.add(deed.record_id)
                told.back.discard(deed.record_id)
            case "clone":
                told.clones[deed.record_id] = told.clones.get(deed.item, deed.item)
            case "mark":
                told.telling.add(deed.record_id)
            case "unmark" if not deed.item and (deed.by == "person" or not _out_of_reach(deed.record_id, told)):
                # By us only where the other one can tell of the link: else this one should have been left to.
                told.telling.discard(deed.record_id)
            case "born" if deed.item:
                earlier = told.twins.setdefault(deed.item, [])
                untold.update(earlier if _excused(deed, told, noted) else ())
                earlier.append(deed.record_id)
                told.twins[deed.record_id] = [deed.item]
    return untold


def _out_of_reach(record_id: str, told: _Told) -> bool:
    return told.away.issuperset(told.twins[record_id])


def _excused(birth: Deed, told: _Told, noted: Sequence[tuple[datetime, str]]) -> bool:
    """Whether another twin of the record may be made."""
    earlier = {*told.twins[birth.item]}
    known_at = [at for at, record_id in noted if record_id in earlier and at < birth.at]
    if not _out_of_reach(birth.item, told):
        return False
    if not known_at:
        return True
    forgotten = told.forgotten_at is not None and max(known_at) < told.forgotten_at
    return forgotten and birth.item not in told.telling and not told.seen & earlier


def out_of_reach(deeds: Iterable[Deed], record_id: str, at: datetime) -> bool:
    """Whether the record could not be read then."""
    states = [each.item for each in deeds if each.what == "state" and each.record_id == record_id and each.at <= at]
    return states[-1:] not in ([], ["present"])
