"""Where to look in a cycle: the records whose listed revision isn't the one that was last looked at in full, those of
which something is parked and due, and those of which an intent was just resolved. Nothing is asked of a server here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from state.reviewing import Standing
from state.rows import Decision, Intent, Parked
from syncer.claims import claimants
from syncer.context import ProjectLink
from syncer.core.records import Listed, Side

Ids = Mapping[Side, Collection[str]]

Lines = Mapping[Side, Mapping[str, Listed]]
"""What both sides listed, by id: at least the records whose listed revision isn't the one that was last looked at."""

Standings = Mapping[Side, Mapping[str, Standing]]
"""Where records stand by the state DB, by id; those without a link are left out."""

NONE: Ids = dict.fromkeys(Side, ())

CATALOGUE = "catalogue"
"""Stands in for a record's id where an option of the catalogue is parked."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the state DB knows beside the links: records that may not be touched and why, what people decided, by link,
    and ids of records that were linked once."""

    waiting: Mapping[tuple[Side, str], str]
    decisions: Mapping[int, Sequence[Decision]]
    tombstones: frozenset[tuple[Side, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is to be looked at: ids of links, of records without one, and of those that may claim to be their twins."""

    known: Known
    links: Sequence[int]
    fresh: Ids
    claiming: Ids

    def __bool__(self) -> bool:
        return bool(self.links) or self.alone > 0

    @property
    def alone(self) -> int:
        """How many records without a link there are."""
        return sum(map(len, (*self.fresh.values(), *self.claiming.values())))


def candidates(
    link: ProjectLink,
    listed: Lines,
    resolved: Ids = NONE,
    *,
    census: bool,
    among: Collection[int] | None = None,
) -> Candidates:
    """Choose from what both sides listed, by id, and from what the state DB knows of it. A census takes all links, or
    those with the ids `among` and what has changed."""
    parked = link.store.parked(link.name)
    ids = {
        side: {*listed[side], *resolved[side], *(row.record_id for row in parked if row.side == side.word)}
        for side in Side
    }
    standings = {side: link.store.standings(link.name, side.word, ids[side]) for side in Side}
    graves = link.store.tombstones_by_ids(link.name, ids[Side.INCIDENT], ids[Side.ISSUE])
    known = Known(
        waiting_records(link.store.open_intents(link.name)),
        _by_link(link.store.decisions(link.name)),
        frozenset(
            (side, grave.incident_id if side is Side.INCIDENT else grave.issue_id) for grave in graves for side in Side
        ),
    )
    if census and among is None:
        chosen = link.store.link_ids(link.name)
    else:
        chosen = sorted({*(among or ()), *_choose_links(link, standings, listed, parked, resolved)})
    told_of = {side: _told_of(side, standings, known) for side in Side}
    fresh = {side: _choose_unlinked(link, side, told_of[side], listed, parked, resolved) for side in Side}
    claiming = {
        side: list(claimants(link, side, listed[side], parked, {*fresh[side], *told_of[side]}))
        for side in Side
        if fresh[side.other]
    }
    return Candidates(known, chosen, fresh, claiming)


def _by_link(decisions: Iterable[Decision]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        found[decision.link_id].append(decision)
    return found


def waiting_records(intents: Iterable[Intent]) -> dict[tuple[Side, str], str]:
    """Records that may not be touched, because the outcome of an intent about them isn't known yet; and why."""
    waiting: dict[tuple[Side, str], str] = {}
    for intent in intents:
        reason = (
            f"in doubt since {intent.intended_at:%Y-%m-%d %H:%M:%S} UTC: {intent.payload.get('sentence', intent.kind)}"
        )
        for side, record_id in ((Side.INCIDENT, intent.incident_id), (Side.ISSUE, intent.issue_id)):
            if record_id is not None:
                waiting[side, record_id] = reason
    return waiting


def _choose_links(
    link: ProjectLink, standings: Standings, listed: Lines, parked: Sequence[Parked], resolved: Ids
) -> Iterator[int]:
    """The ids of links of which one record has changed, is due, or had an intent that was just resolved."""
    due = {(row.side, row.record_id) for row in parked if row.next_try_at <= link.now()}
    for side in Side:
        for record_id, standing in standings[side].items():
            line = listed[side].get(record_id)
            changed = line is not None and standing.stamp != line.stamp
            if changed or (side.word, record_id) in due or record_id in resolved[side]:
                yield standing.link_id


def _choose_unlinked(
    link: ProjectLink, side: Side, told_of: Collection[str], listed: Lines, parked: Sequence[Parked], resolved: Ids
) -> list[str]:
    """Records of one side without a link that may need a twin; a side whose records never travel isn't read."""
    if not link.mapping.direction.carries(side.other.word):
        return []
    resting = {
        row.record_id: row
        for row in parked
        if row.side == side.word and row.item == "record" and row.next_try_at > link.now()
    }
    due = {row.record_id for row in parked if row.side == side.word and row.record_id not in resting}

    def rests(record_id: str) -> bool:
        line = listed[side].get(record_id)
        return record_id in resting and (line is None or line.updated_at < resting[record_id].since)

    ids = dict.fromkeys([*listed[side], *sorted(resolved[side]), *sorted(due)])
    return [record_id for record_id in ids if record_id not in told_of and not rests(record_id)]


def _told_of(side: Side, standings: Standings, known: Known) -> set[str]:
    """Ids of the side that the state DB tells the twins of, or that are none."""
    linked = set(standings[side])
    return linked | {record_id for where, record_id in known.tombstones if where is side} | {CATALOGUE}
