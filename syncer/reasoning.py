"""What the parts of an explanation share: a reason in code and words, and what an earlier answer still means."""

from dataclasses import dataclass

from state.rows import Parked
from syncer.core.reasons import Reason
from syncer.looking import Known


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: its code, and what is special about this case. `whole`: it is one of the record, not of a part."""

    code: Reason
    sentence: str = ""
    whole: bool = False


WHOLE = "decided for the whole record"
"""What is said of a part whose record's reason is that of all of it."""
BY_SERVERS = frozenset({Reason.REFUSED, Reason.UNAVAILABLE, Reason.DENIED, Reason.MISSING})
"""Codes of items that wait for what a server answered to a write: no look can tell whether it would do so again."""


def standing(row: Parked) -> bool:
    """Whether the row is about a write. A whole record that could not be read waits as missing too, and now it was
    read."""
    return row.code in BY_SERVERS and not (row.item == "record" and row.code == Reason.MISSING)


def as_planned(told: str, item: str, known: Known, held: Why | None) -> Why:
    """Something that is planned: held with its record, waiting for what a server said to it before, or on its way."""
    if held is not None:
        return Why(held.code, told)
    row = next((each for each in known.parked if each.item in (item, "record") and standing(each)), None)
    if row is not None:
        return Why(Reason(row.code), f"{told}; {row.reason} (tries: {row.tries})")
    return Why(Reason.PLANNED, told)
