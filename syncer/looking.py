"""Look at one record as the next cycle would, for a person who asks about it.

    a key or an id  ->  find  ->  Target  ->  look      ->  Seen    what both servers say, and what follows from it
                                          ->  recalled  ->  Known   what the state DB says

Both servers and the state DB are only read. A census would look at everything; this looks at the one record, except
where what happens to it hangs on the others: before the first cycle, and after the loss of the state DB.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from state.rows import Baseline, Held, HistoryEntry, Intent, Link, Parked, Tombstone
from syncer.by_hand import link_of
from syncer.candidates import candidates, waiting_records
from syncer.context import NoProgress, ProjectLink
from syncer.core.actions import Adopt
from syncer.core.bind import Bound
from syncer.core.plan import Plan, RecordPlan, Waiting
from syncer.core.planner import plan, plan_record
from syncer.core.reasons import Reason
from syncer.core.records import Listed, Observation, Record, Side
from syncer.core.situation import Situation
from syncer.cycle import bind_now
from syncer.finding import Target
from syncer.handwork import look as read_one
from syncer.holding import screen
from syncer.observe import list_both, situations
from syncer.vanishing import judge

RECENT = 5
"""So many entries of the history are told."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)
_TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What both servers say of the record. `planned` is what follows from it, `passed` what of that may be done now;
    `unlisted` are the sides whose condition `only` leaves the record out."""

    situation: Situation
    bound: Bound
    planned: RecordPlan
    passed: RecordPlan
    unlisted: frozenset[Side]


@dataclass(frozen=True, slots=True)
class Known:
    """What the state DB says of the record and its twin. The history is newest first."""

    row: Link | None
    baselines: Mapping[Side, Baseline]
    graves: tuple[Tombstone, ...]
    parked: tuple[Parked, ...]
    intents: tuple[Intent, ...]
    held: tuple[Held, ...]
    history: tuple[HistoryEntry, ...]
    mapping_changed: bool


def recalled(target: Target, twin_id: str | None = None) -> Known:
    """All that the state DB holds about the record, and about the twin that it was found with."""
    link, store = target.link, target.link.store
    row = link_of(link, target.side, target.record_id)
    ids: dict[Side, str | None] = {target.side: target.record_id, target.side.other: twin_id}
    if row is not None:
        ids = {Side.INCIDENT: row.incident_id, Side.ISSUE: row.issue_id}
    mine = {(side.word, record_id) for side, record_id in ids.items() if record_id is not None}
    told = {
        entry.id: entry for _, each in sorted(mine) for entry in store.history(link.name, record=each, limit=RECENT)
    }
    baselines = store.baselines([row.id])[row.id] if row is not None else {}
    line = f"{row.incident_key} = {row.issue_key}: " if row is not None else None
    known = store.fingerprint(link.name)
    return Known(
        row,
        {side: baselines[side.word] for side in Side if side.word in baselines},
        tuple(_graves(target)),
        tuple(each for each in store.parked(link.name) if (each.side, each.record_id) in mine),
        tuple(
            each
            for each in store.open_intents(link.name)
            if {("incident", each.incident_id), ("issue", each.issue_id)} & mine
        ),
        tuple(
            replace(each, lines=lines)
            for each in store.held(link.name)
            if line is not None and (lines := tuple(text for text in each.lines if text.startswith(line)))
        ),
        tuple(sorted(told.values(), key=lambda entry: entry.id or 0, reverse=True)[:RECENT]),
        known is not None and known != link.mapping.fingerprint,
    )


def _graves(target: Target) -> list[Tombstone]:
    incident = target.side is Side.INCIDENT
    ids = ([target.record_id], []) if incident else ([], [target.record_id])
    return target.link.store.tombstones_by_ids(target.link.name, *ids)


def look(target: Target) -> Seen:
    """Read the record and its twin now, and plan. Raises `SyncerError` where a side doesn't answer."""
    link = target.link
    bound = bind_now(link, anticipate=True)
    (situation,) = judge(link, [_situation(target)]).situations
    planned = plan_record(situation, bound, link.installation)
    unlisted = frozenset(side for side in Side if _left_out(link, situation.record(side)))
    if _hangs_on_others(link, planned) and (both := _in_census(target, bound)):
        planned, passed = both
        situation = planned.situation
    else:
        passed = screen(link, Plan(link.name, (), (planned,)), whole=False).plan.records[0]
    return Seen(situation, bound, planned, _stopped(link, bound, passed, target.side in unlisted), unlisted)


def _stopped(link: ProjectLink, bound: Bound, passed: RecordPlan, unlisted: bool) -> RecordPlan:
    """Without what can't happen now for reasons that don't lie in the record."""
    if unlisted and passed.situation.link is None and passed.actions:
        return RecordPlan(passed.situation, code=Reason.OUT_OF_SCOPE)
    foreign = bound.catalogues[Side.INCIDENT].foreign_link
    waiting: Waiting | None = None
    if foreign is not None and passed.actions:
        said = f"Enterprise Tester's own link '{foreign}' is active; nothing is written until it is switched off"
        waiting = Waiting("project", said, Reason.FOREIGN_LINK)
    elif passed.situation.link is not None and passed.writes and _mapping_held(link):
        waiting = Waiting("mapping", "held: the mapping was changed; see 'syncer held'", Reason.HELD_MAPPING)
    return passed if waiting is None else replace(passed, actions=(), waiting=(*passed.waiting, waiting))


def _mapping_held(link: ProjectLink) -> bool:
    """Whether the mapping, as it is now, is one that a person must approve before it changes linked records."""
    digest = link.mapping.fingerprint[:12]
    held = any(each.kind == "mapping" and each.digest == digest for each in link.store.held(link.name))
    return held and all(each.digest != digest for each in link.store.approvals(link.name))


def _hangs_on_others(link: ProjectLink, planned: RecordPlan) -> bool:
    """Whether other records decide on this one: those that carry the same mark, or one that may be its twin."""
    first = link.store.watermark(link.name, Side.INCIDENT.word) is None
    return any(isinstance(action, Adopt) for action in planned.actions) or (first and planned.writes > 0)


def _in_census(target: Target, bound: Bound) -> tuple[RecordPlan, RecordPlan] | None:
    """The record's plan as a census would make it, before and after the guard; `None` where it doesn't list it."""
    link = target.link
    chosen = candidates(link, list_both(link, True, NoProgress()).records, census=True)
    judged = judge(link, situations(link, chosen, NoProgress(), census=True))
    whole = plan(judged.situations, bound, link.installation)
    passed = screen(link, whole, whole=True).plan
    for planned, left in zip(whole.records, passed.records, strict=True):
        if _is_of(planned.situation, target):
            return planned, left
    return None


def _situation(target: Target) -> Situation:
    """The record's situation, made just as a cycle makes it where a cycle would look at it."""
    link, row = target.link, link_of(target.link, target.side, target.record_id)
    ids: dict[Side, list[str]] = {target.side: [target.record_id], target.side.other: []}
    if row is not None:
        ids = {Side.INCIDENT: [row.incident_id], Side.ISSUE: [row.issue_id]}
    lines = {side: {each: Listed(each, each, _LATEST, "") for each in ids[side]} for side in Side}
    # At an hour at which nothing of what waits is due: the others' turn isn't now.
    alone = replace(link, now=lambda: _EARLIEST)
    chosen = candidates(alone, lines, ids, census=False)
    made = situations(alone, chosen, NoProgress(), census=False, closely=True)
    return next((each for each in made if _is_of(each, target)), None) or _unplanned(target)


def _is_of(situation: Situation, target: Target) -> bool:
    if situation.link is not None:
        ids = {Side.INCIDENT: situation.link.incident_id, Side.ISSUE: situation.link.issue_id}
        return ids[target.side] == target.record_id
    record = situation.record(target.side)
    return record is not None and record.id == target.record_id


def _unplanned(target: Target) -> Situation:
    """A record at which no cycle looks: it can't be read, its link was dissolved, or nothing travels from its side."""
    link = target.link
    grave = next(reversed(_graves(target)), None)
    seen: dict[Side, Observation] = {target.side: read_one(link, target.side, target.record_id)}
    if grave is not None:
        twin_id = grave.issue_id if target.side is Side.INCIDENT else grave.incident_id
        seen[target.side.other] = read_one(link, target.side.other, twin_id)
    waiting = waiting_records(link.store.open_intents(link.name)).get((target.side, target.record_id))
    return Situation(None, seen.get(Side.INCIDENT), seen.get(Side.ISSUE), tombstone=grave, waiting=waiting)


def _left_out(link: ProjectLink, record: Record | None) -> bool:
    """Whether the condition `only` of its side leaves the record out: its server knows, and tells by not listing it."""
    if record is None:
        return False
    project = link.mapping.incidents if record.side is Side.INCIDENT else link.mapping.issues
    if project.only is None:
        return False
    since = record.updated_at - _TICK if record.updated_at is not None else None
    return all(line.id != record.id for line in _lines(link, record.side, since))


def _lines(link: ProjectLink, side: Side, since: datetime | None) -> Iterator[Listed]:
    for page in link.ports[side].listed(since):
        yield from page
