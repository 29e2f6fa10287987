"""See what both sides hold: list where to look, then read by id.

    listings (an index, may lag)  ->  candidates  ->  reads by id  ->  situations for the planner

A listing only says where to look: what a record holds is always read by id, so that a lagging index can delay a
change but never turn back an old one. A record is looked at when its listed revision isn't the one that was last
looked at in full, when something of it is parked and due, or when an intent of it was just resolved.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from state.rows import Baseline, CommentLink, Decision, Intent, Link, Parked, ResultLink, SideName, Tombstone
from syncer.claims import claimants, claims
from syncer.context import Progress, ProjectLink
from syncer.core.records import Listed, Observation, Present, Record, Side, StepResult, Unknown
from syncer.core.situation import Situation

Ids = Mapping[Side, Collection[str]]

CATALOGUE = "catalogue"
"""Stands in for a record's id where an option of the catalogue is parked."""


@dataclass(frozen=True, slots=True)
class Listings:
    """What both sides listed, by id, and the watermark that each side will have once all of it was handled."""

    records: Mapping[Side, Mapping[str, Listed]]
    watermarks: Mapping[Side, datetime | None]


@dataclass(slots=True)
class _Known:
    """What the state DB knows of the candidates."""

    links: list[Link]
    baselines: Mapping[int, Mapping[SideName, Baseline]]
    comments: Mapping[int, Sequence[CommentLink]]
    results: Mapping[int, Sequence[ResultLink]]
    waiting: Mapping[tuple[Side, str], str]
    decisions: Mapping[int, Sequence[Decision]]
    tombstones: set[tuple[Side, str]] = field(default_factory=set)


def list_both(link: ProjectLink, census: bool, progress: Progress) -> Listings:
    """List both sides: all records in scope for a census, else those since the watermark less the overlap."""
    records: dict[Side, dict[str, Listed]] = {}
    marks: dict[Side, datetime | None] = {}
    for side in Side:
        mark = link.store.watermark(link.name, side.word)
        since = None if census or mark is None else mark - link.pace.overlap[side]
        found: dict[str, Listed] = {}
        progress.begin(f"list {side}s", None)
        for page in link.ports[side].listed(since):
            link.go_on()
            found.update((line.id, line) for line in page)
            progress.advance(len(page))
        records[side] = found
        marks[side] = max([line.updated_at for line in found.values()] + ([mark] if mark else []), default=None)
    return Listings(records, marks)


def situations(
    link: ProjectLink, listings: Listings, resolved: Ids, census: bool, progress: Progress
) -> list[Situation]:
    """The situations of all records that are to be looked at this cycle, in the order in which they were updated."""
    parked = link.store.parked(link.name)
    known = _known(link, listings, resolved, parked, census)
    chosen = _choose_links(known, listings, parked, resolved, census, link.now())
    fresh = {side: _choose_unlinked(link, side, known, listings, parked, resolved) for side in Side}
    claiming = {
        side: list(claimants(link, side, listings.records[side], parked, {*fresh[side], *_told_of(side, known)}))
        for side in Side
        if fresh[side.other]
    }
    wanted = {
        Side.INCIDENT: [row.incident_id for row in chosen] + fresh[Side.INCIDENT],
        Side.ISSUE: [row.issue_id for row in chosen] + fresh[Side.ISSUE],
    }
    for side, ids in claiming.items():
        wanted[side] += ids
    progress.begin("read", sum(map(len, wanted.values())))
    seen = {side: _read(link, side, wanted[side], progress) for side in Side}
    for side, ids in claiming.items():
        fresh[side] += [record_id for record_id in ids if claims(seen[side].get(record_id), link.installation)]
    swept = _sweep(link) if census else None
    linked = [_linked(row, seen, known, swept) for row in chosen]
    return linked + _unlinked(link, fresh, seen, known, swept or {}, progress)


def _known(link: ProjectLink, listings: Listings, resolved: Ids, parked: Sequence[Parked], census: bool) -> _Known:
    ids = {
        side: {*listings.records[side], *resolved[side], *(row.record_id for row in parked if row.side == side.word)}
        for side in Side
    }
    if census:
        links = link.store.links(link.name)
    else:
        links = link.store.links_by_ids(link.name, ids[Side.INCIDENT], ids[Side.ISSUE])
    numbers = [row.id for row in links]
    graves = link.store.tombstones_by_ids(link.name, ids[Side.INCIDENT], ids[Side.ISSUE])
    return _Known(
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
    known: _Known,
    listings: Listings,
    parked: Sequence[Parked],
    resolved: Ids,
    census: bool,
    now: datetime,
) -> list[Link]:
    due = {(row.side, row.record_id) for row in parked if row.next_try_at <= now}

    def to_look_at(row: Link) -> bool:
        """In a census every link: one that no listing shows is just the one that has to be read by its ids."""
        if census:
            return True
        for side, record_id in ((Side.INCIDENT, row.incident_id), (Side.ISSUE, row.issue_id)):
            line = listings.records[side].get(record_id)
            stamp = known.baselines.get(row.id, {}).get(side.word, Baseline()).stamp
            if line is not None and (stamp is None or stamp != line.stamp):
                return True
            if (side.word, record_id) in due or record_id in resolved[side]:
                return True
        return False

    return [row for row in known.links if to_look_at(row)]


def _choose_unlinked(
    link: ProjectLink, side: Side, known: _Known, listings: Listings, parked: Sequence[Parked], resolved: Ids
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
        line = listings.records[side].get(record_id)
        return record_id in resting and (line is None or line.updated_at < resting[record_id].since)

    ids = dict.fromkeys([*listings.records[side], *resolved[side], *sorted(due)])
    skipped = _told_of(side, known)
    return [record_id for record_id in ids if record_id not in skipped and not rests(record_id)]


def _told_of(side: Side, known: _Known) -> set[str]:
    """Ids of the side that the state DB tells the twins of, or that are none."""
    linked = {row.incident_id if side is Side.INCIDENT else row.issue_id for row in known.links}
    return linked | {record_id for where, record_id in known.tombstones if where is side} | {CATALOGUE}


def _read(link: ProjectLink, side: Side, ids: Sequence[str], progress: Progress) -> dict[str, Observation]:
    """Each of the ids, read now. What the side doesn't answer for is unknown, never missing."""
    seen: dict[str, Observation] = {record_id: Unknown("the server left it out of its answer") for record_id in ids}
    for record_id, observation in link.ports[side].read(list(dict.fromkeys(ids))) if ids else ():
        link.go_on()
        seen[record_id] = observation
        progress.advance()
    return seen


def _sweep(link: ProjectLink) -> dict[str, list[StepResult]]:
    """All step-result links by incident. There is no list of one incident's, so only a census looks them up."""
    swept: dict[str, list[StepResult]] = defaultdict(list)
    for result in link.ports[Side.INCIDENT].step_results():
        link.go_on()
        swept[result.incident_id].append(result)
    return swept


def _linked(
    row: Link,
    seen: Mapping[Side, Mapping[str, Observation]],
    known: _Known,
    swept: Mapping[str, Sequence[StepResult]] | None,
) -> Situation:
    baselines = known.baselines.get(row.id, {})
    return Situation(
        link=row,
        incident=seen[Side.INCIDENT][row.incident_id],
        issue=seen[Side.ISSUE][row.issue_id],
        baselines={side: baselines.get(side.word, Baseline()) for side in Side},
        comment_links=tuple(known.comments.get(row.id, ())),
        result_links=tuple(known.results.get(row.id, ())),
        results=None if swept is None else tuple(swept.get(row.incident_id, ())),
        waiting=known.waiting.get((Side.INCIDENT, row.incident_id)) or known.waiting.get((Side.ISSUE, row.issue_id)),
        decisions=tuple(known.decisions.get(row.id, ())),
    )


def _unlinked(
    link: ProjectLink,
    fresh: Ids,
    seen: Mapping[Side, dict[str, Observation]],
    known: _Known,
    swept: Mapping[str, Sequence[StepResult]],
    progress: Progress,
) -> list[Situation]:
    """Records without a link, put together with the twin that a mark of this installation names."""
    twins: dict[tuple[Side, str], str] = {}
    named: dict[Side, list[str]] = defaultdict(list)
    for side in Side:
        for record_id in fresh[side]:
            record = _present(seen[side].get(record_id))
            if record is not None and record.mark is not None and record.mark.installation == link.installation:
                twins[side, record_id] = record.mark.twin_id
                twins.setdefault((side.other, record.mark.twin_id), record_id)
                named[side.other].append(record.mark.twin_id)
    dissolved = _dissolved(link, fresh, seen)
    taken = {side: _taken(link, side, named[side]) for side in Side}
    for side in Side:
        missing = [i for i in named[side] if i not in taken[side] and i not in seen[side]]
        seen[side].update(_read(link, side, missing, progress))
    situations: list[Situation] = []
    done: set[tuple[Side, str]] = set()
    for side in Side:
        for record_id in fresh[side]:
            twin_id = twins.get((side, record_id))
            if twin_id in taken[side.other] or _answers_another(link, seen[side.other].get(twin_id or ""), record_id):
                twin_id = None
            if (side, record_id) not in done:
                situation = _alone_or_both(side, record_id, twin_id, seen, known)
                results = tuple(swept.get(record_id, ())) if side is Side.INCIDENT else None
                tombstone = dissolved.get((side, record_id)) or dissolved.get((side.other, twin_id or ""))
                situations.append(replace(situation, results=results, tombstone=tombstone))
                done |= {(side, record_id), (side.other, twin_id or "")}
    return situations


def _dissolved(
    link: ProjectLink, fresh: Ids, seen: Mapping[Side, Mapping[str, Observation]]
) -> dict[tuple[Side, str], Tombstone]:
    """Both records of each link that was dissolved before the state DB was lost, as far as one of them tells of it."""
    graves: dict[tuple[Side, str], Tombstone] = {}
    for side in Side:
        for record in filter(None, (_present(seen[side].get(record_id)) for record_id in fresh[side])):
            mark = record.dissolved
            if mark is not None and mark.installation == link.installation:
                ids = {side: record.id, side.other: mark.twin_id}
                reason = f"the {side} remembers it"
                grave = Tombstone(link.name, ids[Side.INCIDENT], ids[Side.ISSUE], reason, link.now())
                graves.update({(where, ids[where]): grave for where in Side})
    return graves


def _taken(link: ProjectLink, side: Side, ids: Collection[str]) -> set[str]:
    """Those of the ids that are linked to another record than the one that names them, as a clone does, or once were:
    a dissolved link never comes back, with a clone in the place of its record neither."""
    incident_ids, issue_ids = (ids, ()) if side is Side.INCIDENT else ((), ids)
    rows: list[Link | Tombstone] = [
        *link.store.links_by_ids(link.name, incident_ids, issue_ids),
        *link.store.tombstones_by_ids(link.name, incident_ids, issue_ids),
    ]
    return {row.incident_id if side is Side.INCIDENT else row.issue_id for row in rows}


def _answers_another(link: ProjectLink, twin: Observation | None, record_id: str) -> bool:
    """Whether the twin that a record names names another one, or did until that link was dissolved: then the record is
    a clone of that, and waits by itself, also where that can't be read now."""
    record = _present(twin)
    mark = None if record is None else record.mark or record.dissolved
    return mark is not None and mark.installation == link.installation and mark.twin_id != record_id


def _alone_or_both(
    side: Side, record_id: str, twin_id: str | None, seen: Mapping[Side, Mapping[str, Observation]], known: _Known
) -> Situation:
    own = seen[side].get(record_id)
    other = seen[side.other].get(twin_id) if twin_id is not None else None
    incident, issue = (own, other) if side is Side.INCIDENT else (other, own)
    waiting = known.waiting.get((side, record_id))
    if waiting is None and twin_id is not None:
        waiting = known.waiting.get((side.other, twin_id))
    return Situation(None, incident, issue, waiting=waiting)


def _present(seen: Observation | None) -> Record | None:
    return seen.record if isinstance(seen, Present) else None
