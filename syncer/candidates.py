"""Where to look in a cycle: the records whose listed revision isn't the one that was last looked at in full, those of
which something is parked and due, and those of which an intent was just resolved. Nothing is asked of a server here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from state.rows import Baseline, CommentLink, Decision, Intent, Link, Parked, ResultLink, SideName
from syncer.claims import claimants
from syncer.context import ProjectLink
from syncer.core.records import Listed, Side

Ids = Mapping[Side, Collection[str]]

Lines = Mapping[Side, Mapping[str, Listed]]
"""What both sides listed, by id."""

NONE: Ids = dict.fromkeys(Side, ())

CATALOGUE = "catalogue"
"""Stands in for a record's id where an option of the catalogue is parked."""


@dataclass(slots=True)
class Known:
    """What the state DB knows of the candidates."""

    links: list[Link]
    baselines: Mapping[int, Mapping[SideName, Baseline]]
    comments: Mapping[int, Sequence[CommentLink]]
    results: Mapping[int, Sequence[ResultLink]]
    waiting: Mapping[tuple[Side, str], str]
    decisions: Mapping[int, Sequence[Decision]]
    tombstones: set[tuple[Side, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is to be looked at: links, ids of records without one, and ids of those that may claim to be their twins."""

    known: Known
    links: Sequence[Link]
    fresh: Ids
    claiming: Ids

    def __bool__(self) -> bool:
        return any(self.wanted.values())

    @property
    def wanted(self) -> dict[Side, list[str]]:
        """The ids of all records that are to be read."""
        linked = {
            Side.INCIDENT: [row.incident_id for row in self.links],
            Side.ISSUE: [row.issue_id for row in self.links],
        }
        return {side: [*linked[side], *self.fresh[side], *self.claiming.get(side, ())] for side in Side}


def candidates(link: ProjectLink, listed: Lines, resolved: Ids = NONE, *, census: bool) -> Candidates:
    """Choose from what both sides listed, by id, and from what the state DB knows of it."""
    parked = link.store.parked(link.name)
    known = _known(link, listed, resolved, parked, census)
    chosen = _choose_links(link, known, listed, parked, resolved, census)
    fresh = {side: _choose_unlinked(link, side, known, listed, parked, resolved) for side in Side}
    claiming = {
        side: list(claimants(link, side, listed[side], parked, {*fresh[side], *_told_of(side, known)}))
        for side in Side
        if fresh[side.other]
    }
    return Candidates(known, chosen, fresh, claiming)


def _known(link: ProjectLink, listed: Lines, resolved: Ids, parked: Sequence[Parked], census: bool) -> Known:
    ids = {
        side: {*listed[side], *resolved[side], *(row.record_id for row in parked if row.side == side.word)}
        for side in Side
    }
    if census:
        links = link.store.links(link.name)
    else:
        links = link.store.links_by_ids(link.name, ids[Side.INCIDENT], ids[Side.ISSUE])
    numbers = [row.id for row in links]
    graves = link.store.tombstones_by_ids(link.name, ids[Side.INCIDENT], ids[Side.ISSUE])
    return Known(
        links,
        link.store.baselines(numbers),
        link.store.comment_links(numbers),
        link.store.result_links(numbers),
        waiting_records(link.store.open_intents(link.name)),
        _by_link(link.store.decisions(link.name)),
        {(side, grave.incident_id if side is Side.INCIDENT else grave.issue_id) for grave in graves for side in Side},
    )


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
    link: ProjectLink,
    known: Known,
    listed: Lines,
    parked: Sequence[Parked],
    resolved: Ids,
    census: bool,
) -> list[Link]:
    due = {(row.side, row.record_id) for row in parked if row.next_try_at <= link.now()}

    def to_look_at(row: Link) -> bool:
        """In a census every link: one that no listing shows is just the one that has to be read by its ids."""
        if census:
            return True
        for side, record_id in ((Side.INCIDENT, row.incident_id), (Side.ISSUE, row.issue_id)):
            line = listed[side].get(record_id)
            stamp = known.baselines.get(row.id, {}).get(side.word, Baseline()).stamp
            if line is not None and (stamp is None or stamp != line.stamp):
                return True
            if (side.word, record_id) in due or record_id in resolved[side]:
                return True
        return False

    return [row for row in known.links if to_look_at(row)]


def _choose_unlinked(
    link: ProjectLink, side: Side, known: Known, listed: Lines, parked: Sequence[Parked], resolved: Ids
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

    ids = dict.fromkeys([*listed[side], *resolved[side], *sorted(due)])
    skipped = _told_of(side, known)
    return [record_id for record_id in ids if record_id not in skipped and not rests(record_id)]


def _told_of(side: Side, known: Known) -> set[str]:
    """Ids of the side that the state DB tells the twins of, or that are none."""
    linked = {row.incident_id if side is Side.INCIDENT else row.issue_id for row in known.links}
    return linked | {record_id for where, record_id in known.tombstones if where is side} | {CATALOGUE}
