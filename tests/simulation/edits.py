"""Was an edit of a person ever lost? Answered from the log of all that happened, without asking the synchronizer.

An edit is carried once its twin has held the same. Overwriting an edit that was not carried is right only where the
twin's own edit, not carried either, won a conflict by a policy; and it can't be helped where the edit was made after
the synchronizer had looked at the record for the last time, not long before it wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mappings.values import Value
from syncer.core.records import Side
from syncer.updating import FRESH
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.rows import Deed

TEXTS = {
    "Summary": {Side.INCIDENT: INCIDENTS.title, Side.ISSUE: ISSUES.title},
    "Description": {Side.INCIDENT: INCIDENTS.text, Side.ISSUE: ISSUES.text},
}
"""The mapped texts, by what they are called on the two sides."""


def fold(value: Value) -> str:
    """A text without what servers do to texts."""
    assert not isinstance(value, frozenset)
    return " ".join((value or "").casefold().split())


@dataclass(slots=True)
class Held:
    """What one record holds in one field. `pending` are the texts that people wrote since the twin last held the same,
    `since` all texts that stood here since then; `in_doubt` is one that the twin held without our being told of it, and
    `unheard` one that we wrote here without hearing that it was. `looked_at` is when we looked at it last before it was
    edited."""

    value: str = ""
    words: Value = None
    there: bool = False
    by_person: bool = False
    unseen: bool = False
    looked_at: datetime | None = None
    pending: set[str] = field(default_factory=set)
    since: set[str] = field(default_factory=set)
    in_doubt: str | None = None
    unheard: str | None = None

    def agree(self, in_doubt: bool) -> None:
        """The twin holds the same now."""
        self.pending, self.since = set(), {self.value}
        self.in_doubt = self.value if in_doubt else None


@dataclass(frozen=True, slots=True)
class Losses:
    """`sentences` tell of each edit that was lost, `raced` counts those that could not be helped."""

    sentences: tuple[str, ...]
    raced: int


@dataclass(frozen=True, slots=True)
class Rules:
    """By what an overwriting is judged: the policies that decided conflicts, when answers were lost, and how much
    longer than `FRESH` the last requests before a write may take."""

    policies: Set[str]
    doubts: Set[datetime]
    slack: timedelta


def lost_edits(deeds: Sequence[Deed], rules: Rules) -> Losses:
    """All lost edits of a history."""
    sentences, raced = list[str](), 0
    for ids, end in _pairs(deeds):
        for item, names in TEXTS.items():
            for told in _followed(deeds[:end], ids, names, rules):
                sentences += [f"lost edit: {item} of {told}"] if told else []
                raced += not told
    return Losses(tuple(sentences), raced)


def _pairs(deeds: Sequence[Deed]) -> Iterator[tuple[Mapping[Side, str], int]]:
    """The pairs that we made, of which one was created by us for the other; each as long as its original had no other
    twin, by the number of deeds until then."""
    made = [(number, deed) for number, deed in enumerate(deeds) if deed.what == "born" and deed.item]
    for number, deed in made:
        later = (other for other, each in made if other > number and each.item == deed.item)
        yield {deed.side: deed.record_id, deed.side.other: deed.item}, next(later, len(deeds))


def _followed(deeds: Iterable[Deed], ids: Mapping[Side, str], names: Mapping[Side, str], rules: Rules) -> Iterator[str]:
    """One field of one pair, deed by deed: a sentence for each lost edit, an empty one for each that could not be
    helped."""
    held = {side: Held() for side in Side}
    read_at: dict[Side, datetime] = {}
    for deed in deeds:
        if deed.what == "amnesia":
            for each in held.values():
                each.in_doubt = each.value
        if deed.record_id != ids[deed.side]:
            continue
        mine, other = held[deed.side], held[deed.side.other]
        if deed.what == "read":
            mine.unseen, read_at[deed.side] = False, deed.at
        elif deed.what == "late read":
            read_at[deed.side] = deed.at
        elif deed.what == "field" and deed.item == names[deed.side]:
            text = fold(deed.value)
            looked_at = read_at.get(deed.side)
            if deed.by == "us" and mine.there and other.there:
                yield from _judged(deed, mine, other, looked_at if mine.unseen else mine.looked_at, rules)
            _store(mine, deed, text)
            mine.looked_at = looked_at
            mine.unheard = text if deed.by == "us" and deed.at in rules.doubts else None
            if mine.there and other.there and mine.value == other.value:
                mine.agree(in_doubt=False)
                other.agree(in_doubt=deed.by == "us" and deed.at in rules.doubts)


def _store(mine: Held, deed: Deed, text: str) -> None:
    mine.value, mine.words, mine.there, mine.by_person = text, deed.value, True, deed.by == "person"
    mine.since.add(text)
    if deed.by == "person":
        mine.pending.add(text)
        mine.unseen = True
    else:
        mine.pending.clear()


def _judged(deed: Deed, mine: Held, other: Held, looked_at: datetime | None, rules: Rules) -> Iterator[str]:
    """`looked_at` is when the record was looked at last before the edit that is overwritten. A cycle may look at it
    once more, as a witness for another one that is missing, after it has planned what to write."""
    text = fold(deed.value)
    if text not in other.since:
        yield f"{deed.side} {deed.record_id}: '{text}' was written, which its twin never held ({other.value!r})"
    if text == mine.value and mine.by_person and deed.value != mine.words and mine.in_doubt is None:
        yield f"{deed.side} {deed.record_id}: {mine.words!r} was turned into {deed.value!r}, and nobody edited it"
    if text == mine.value or not mine.value or mine.value not in mine.pending:
        return
    winners = {"newest", deed.side.other.word}
    # What we wrote without hearing of it may count as the twin's own: it stands where somebody edited just before.
    if text in (*other.pending, other.in_doubt, other.unheard) and rules.policies & winners:
        return
    if looked_at is not None and deed.at - looked_at <= FRESH + rules.slack:
        yield ""
        return
    yield f"{deed.side} {deed.record_id}: '{mine.value}' was overwritten by '{text}'"
