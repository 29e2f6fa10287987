"""Gather the evidence for what is missing: look at siblings, remember earlier looks, and judge by `core.absence`.

Nothing here decides that something was deleted; and what is noted is only that it was looked for in vain.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from state import effects
from state.rows import Absence, SideName
from syncer.context import ProjectLink
from syncer.core.absence import RECORD, Footing, Item, Patience, is_observed, missing_items, review
from syncer.core.records import Cause, Present, Record, Side, Unknown
from syncer.core.situation import Situation

Earlier: TypeAlias = Mapping[tuple[SideName, str], Mapping[str, Absence]]
"""What was missing before: by side and record id, and then by item."""

CANARIES = 5
"""So many other linked records are tried before a side counts as one where nothing can be read."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The situations with every absence judged, and what the state DB is to remember of the looking. `missed_anew` is
    how much is missing of records that are there and wasn't missed before."""

    situations: list[Situation]
    notes: list[effects.Effect]
    missed_anew: int = 0


def missed_earlier(link: ProjectLink) -> Earlier:
    """What the state DB says was missing. What is judged in parts is judged by what it said before the first of them:
    the same look is no second one."""
    known: dict[tuple[SideName, str], dict[str, Absence]] = defaultdict(dict)
    for row in link.store.absences(link.name):
        known[row.side, row.record_id][row.item] = row
    return dict(known)


def judge(link: ProjectLink, situations: Sequence[Situation], earlier: Earlier | None = None) -> Judged:
    """Judge all absences by what was missed `earlier`, which is looked up where it isn't given. Reads canaries and
    step-result links where something is missing, and else nothing.

    Dissolved links that only their records still tell of are to be remembered too: the next look may show only the
    record that doesn't."""
    apart = kept_apart(situations)
    missing = {number: _confirmed_at_source(link, s, missing_items(s)) for number, s in enumerate(situations)}
    earlier = missed_earlier(link) if earlier is None else earlier
    if not earlier and not any(missing.values()):
        return Judged(list(situations), [*apart])
    footings = {side: _footing(link, side, situations, missing) for side in Side}
    patience = Patience(link.now(), link.pace.confirm_after)
    judged = [
        review(situation, missing[number], footings, _earlier_of(situation, earlier), patience)
        for number, situation in enumerate(situations)
    ]
    notes = [note for number, s in enumerate(situations) for note in _notes(link, s, missing[number], earlier)]
    anew = sum(
        item != RECORD and (side, item) not in _earlier_of(situations[number], earlier)
        for number, items in missing.items()
        for side, item in items
    )
    return Judged(judged, [*apart, *notes], anew)


def kept_apart(situations: Iterable[Situation]) -> list[effects.Effect]:
    """What keeps the records of dissolved links apart that only they tell of."""
    graves = [situation.tombstone for situation in situations if situation.tombstone is not None]
    return [effects.KeepApart(g.project_link, g.incident_id, g.issue_id, g.reason, g.buried_at) for g in graves]


def _confirmed_at_source(link: ProjectLink, situation: Situation, missing: frozenset[Item]) -> frozenset[Item]:
    """Without the step-result links that a sweep left out although the link itself still stands, or can't be read."""
    kept = set(missing)
    for row in situation.result_links:
        item = (Side.INCIDENT, f"result {row.step_result_id}")
        if item in missing and situation.link is not None:
            stands = link.ports[Side.INCIDENT].reads_result(row.step_result_id, situation.link.incident_id)
            if stands is not False:
                kept.discard(item)
    return frozenset(kept)


def _footing(
    link: ProjectLink, side: Side, situations: Sequence[Situation], missing: Mapping[int, frozenset[Item]]
) -> Footing:
    """The catalogue of this cycle was read, or the cycle would have ended; the siblings are what is left to ask."""
    suspects = {n for n, items in missing.items() if any(where is side for where, _ in items)}
    if not suspects:
        return Footing(True, 0, True, False)
    sound = [r for n, s in enumerate(situations) if n not in suspects and s.link and (r := s.record(side))]
    if not sound or not any(record.shows_mark for record in sound):
        sound += _canaries(link, side, [situations[n] for n in suspects])
    only_one = link.store.count_links(link.name) == 1
    shown = any(record.shows_mark for record in sound) or only_one
    present_elsewhere = [s for n, s in enumerate(situations) if n in suspects and s.record(side)]
    siblings = len(sound) + len(present_elsewhere)
    return Footing(True, siblings, shown, link.ports[side].hides_single_records())


def _canaries(link: ProjectLink, side: Side, suspects: Iterable[Situation]) -> list[Record]:
    own = {s.link.id for s in suspects if s.link is not None}
    rows = [row for row in link.store.recent_links(link.name, len(own) + CANARIES) if row.id not in own][:CANARIES]
    ids = [row.incident_id if side is Side.INCIDENT else row.issue_id for row in rows]
    return [seen.record for _, seen in link.ports[side].read(ids) if isinstance(seen, Present)] if ids else []


def _earlier_of(situation: Situation, earlier: Earlier) -> dict[Item, Absence]:
    if situation.link is None:
        return {}
    ids = {Side.INCIDENT: situation.link.incident_id, Side.ISSUE: situation.link.issue_id}
    return {(side, item): row for side in Side for item, row in earlier.get((side.word, ids[side]), {}).items()}


def _notes(
    link: ProjectLink,
    situation: Situation,
    missing: frozenset[Item],
    earlier: Earlier,
) -> list[effects.Effect]:
    """Remember what is missing, and forget what was and is there again; what wasn't observed changes nothing."""
    if situation.link is None:
        return []
    ids = {Side.INCIDENT: situation.link.incident_id, Side.ISSUE: situation.link.issue_id}
    notes: list[effects.Effect] = []
    for side, item in sorted(missing):
        cause = Cause.MISSING.value
        notes.append(effects.NoteAbsence(link.name, side.word, ids[side], item, cause, link.now()))
    for side in Side:
        seen = situation.observation(side)
        for item in earlier.get((side.word, ids[side]), {}):
            there = isinstance(seen, Present) and is_observed(situation, (side, item))
            if (side, item) not in missing and (there or (item == RECORD and not _silent(seen))):
                notes.append(effects.ForgetAbsence(link.name, side.word, ids[side], item))
    return notes


def _silent(seen: object) -> bool:
    """Whether an observation says nothing at all about the record, so that an earlier absence still stands."""
    return isinstance(seen, Unknown) and seen.cause in (Cause.UNREADABLE, Cause.DENIED)
