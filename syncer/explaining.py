"""Why one record is as it is: from what both servers and the state DB say of it to one reason and all that led to it.

| first of these that holds | the record's reason |
|---|---|
| a side doesn't answer | unavailable |
| a write of it is in doubt | in-doubt |
| its link was dissolved, and there is no new one | dissolved |
| the plan does nothing about it, for a reason; or holds it | the plan's own |
| a server refused or failed what is planned | what it said |
| one of its fields or comments waits | that one's, the first in the mapping |
| something is planned | planned |
| | in-step |

Nothing is asked here: `syncer.looking` has done that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from state.rows import HistoryEntry, Parked, SideName
from syncer.context import ProjectLink
from syncer.core.actions import Action, UpdateRecord, action_item
from syncer.core.reasons import Reason
from syncer.core.records import Gone, Observation, Present, Side, Unknown
from syncer.explaining_comments import ItemLine, comment_lines, result_lines
from syncer.explaining_fields import FieldLine, field_lines, remembered_fields
from syncer.finding import Target
from syncer.looking import Known, Seen
from syncer.reasoning import BY_SERVERS, Why, standing

OF_ALL = frozenset({"record", "removal", "mapping", "project"})
"""What an item that waits is called where it isn't a part of the record but all of it."""


@dataclass(frozen=True, slots=True)
class SideLine:
    """One of the two records now. `state` is present, unknown, gone, none, or not asked; `why` says more."""

    side: SideName
    state: str
    record_id: str | None = None
    key: str | None = None
    url: str | None = None
    updated_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Since when the two are linked, and which of them show it."""

    incident_key: str
    issue_key: str
    since: datetime
    marked: tuple[SideName, ...]


@dataclass(frozen=True, slots=True)
class GraveLine:
    """A link that was dissolved."""

    incident_id: str
    issue_id: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An item that waits in the state DB, since when, and how often and when it was and will be tried."""

    item: str
    code: str
    reason: str
    since: datetime
    tries: int
    last_try_at: datetime
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A write that was sent and whose outcome isn't known."""

    sentence: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What of the record is held, and by which hash a person releases the set that it belongs to."""

    kind: str
    digest: str
    reason: str
    since: datetime
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that there is to say of one record. `answered` is False where a side did not answer."""

    project_link: str
    record: str
    code: Reason
    sentence: str
    detail: str
    answered: bool
    link: LinkLine | None
    dissolved: tuple[GraveLine, ...]
    sides: tuple[SideLine, ...]
    fields: tuple[FieldLine, ...]
    comments: tuple[ItemLine, ...]
    results: tuple[ItemLine, ...]
    next: tuple[str, ...]
    notes: tuple[str, ...]
    in_doubt: tuple[DoubtLine, ...]
    held: tuple[HeldLine, ...]
    attempts: tuple[AttemptLine, ...]
    history: tuple[HistoryEntry, ...]


def explained(target: Target, known: Known, seen: Seen | None, trouble: str = "") -> Explanation:
    """The explanation; `trouble` is what went wrong where there is nothing `seen`."""
    why = Why(Reason.UNAVAILABLE, trouble) if seen is None else reason_of(known, seen)
    row = known.row
    return Explanation(
        project_link=target.link.name,
        record=_name(target, known, seen),
        code=why.code,
        sentence=why.code.sentence,
        detail=why.sentence,
        answered=seen is not None,
        link=None
        if row is None
        else LinkLine(row.incident_key, row.issue_key, row.created_at, tuple(sorted(row.marked))),
        dissolved=tuple(
            GraveLine(each.incident_id, each.issue_id, each.reason, each.buried_at) for each in known.graves
        ),
        sides=tuple(_side(side, target, known, seen) for side in Side),
        fields=remembered_fields(target.link.mapping, known, why) if seen is None else field_lines(seen, known, why),
        comments=() if seen is None else tuple(comment_lines(seen, known, why)),
        results=() if seen is None else tuple(result_lines(seen, known, why)),
        next=() if seen is None else tuple(action.sentence() for action in seen.passed.actions),
        notes=tuple(_notes(target, known, seen, why)),
        in_doubt=tuple(
            DoubtLine(str(each.payload.get("sentence", each.kind)), each.intended_at) for each in known.intents
        ),
        held=tuple(HeldLine(each.kind, each.digest, each.reason, each.held_at, each.lines) for each in known.held),
        attempts=tuple(_attempt(target.link, each) for each in known.parked),
        history=known.history,
    )


def reason_of(known: Known, seen: Seen) -> Why:
    """The one reason, by the table above."""
    situation, passed = seen.situation, seen.passed
    if situation.waiting is not None:
        return Why(Reason.IN_DOUBT, situation.waiting, whole=True)
    if situation.link is None and situation.tombstone is not None:
        return Why(Reason.DISSOLVED, situation.tombstone.reason, whole=True)
    if passed.reason is not None:
        return Why(passed.code, passed.reason, whole=True)
    whole = next((each for each in passed.waiting if each.item in OF_ALL), None)
    if whole is not None:
        return Why(whole.code, whole.reason, whole=True)
    if passed.code is not Reason.IN_STEP:
        return Why(passed.code, _scope(seen, passed.code), whole=True)
    said = next((row for action in passed.actions for row in _stopped(known, action)), None)
    if said is not None:
        return Why(Reason(said.code), f"{said.item}: {said.reason}")
    for each in passed.waiting:
        return Why(each.code, f"{each.item}: {each.reason.removeprefix(f'{each.code}: ')}")
    return Why(Reason.PLANNED if passed.actions else Reason.IN_STEP)


def _stopped(known: Known, action: Action) -> Iterator[Parked]:
    """What a server said to such an action before."""
    items = {change.item for change in action.changes} if isinstance(action, UpdateRecord) else {action_item(action)}
    for row in known.parked:
        if row.code in BY_SERVERS and row.item in items | {"record"} and standing(row):
            yield row


def _scope(seen: Seen, code: Reason) -> str:
    """Which condition leaves the record out."""
    if code is not Reason.OUT_OF_SCOPE:
        return ""
    side = next((side for side in Side if seen.situation.record(side) is not None), Side.INCIDENT)
    key = "only" if side in seen.unlisted else "when"
    place = seen.bound.mapping.place((f"{side}s", key))
    return f"{place}: the {side}s' condition '{key}' leaves it out"


def _name(target: Target, known: Known, seen: Seen | None) -> str:
    if known.row is not None:
        return f"{known.row.incident_key} = {known.row.issue_key}"
    record = seen.situation.record(target.side) if seen is not None else None
    return f"{target.side} {record.key if record is not None else target.name}"


def _side(side: Side, target: Target, known: Known, seen: Seen | None) -> SideLine:
    row = known.row
    ids = {target.side: target.record_id}
    if row is not None:
        ids = {Side.INCIDENT: row.incident_id, Side.ISSUE: row.issue_id}
    record_id = ids.get(side)
    key = (row.incident_key if side is Side.INCIDENT else row.issue_key) if row is not None else None
    if seen is None:
        return SideLine(side.word, "not asked" if record_id else "none", record_id, key)
    return _observed(side, seen.situation.observation(side), record_id, key)


def _observed(side: Side, seen: Observation | None, record_id: str | None, key: str | None) -> SideLine:
    match seen:
        case Present(record):
            return SideLine(side.word, "present", record.id, record.key, record.url, record.updated_at)
        case Unknown(reason, cause):
            return SideLine(side.word, "unknown", record_id, key, why=f"{cause}: {reason}")
        case Gone(evidence, certain):
            doubt = "" if certain else "; its server could also be hiding it"
            return SideLine(side.word, "gone", record_id, key, why=evidence + doubt)
        case None:
            return SideLine(side.word, "none", record_id, key)


def _attempt(link: ProjectLink, row: Parked) -> AttemptLine:
    """A parked row doesn't say when it was tried last; its next try is that much later as the tries ask for."""
    last = max(row.since, row.next_try_at - link.pace.delay(row.tries))
    return AttemptLine(row.item, row.code, row.reason, row.since, row.tries, last, row.next_try_at)


def _notes(target: Target, known: Known, seen: Seen | None, why: Why) -> Iterator[str]:
    """What else a person may want to know."""
    link = target.link
    if known.mapping_changed:
        yield "the mapping was changed since the last complete cycle; the next one looks at every record"
    if seen is None:
        return
    for side in sorted(seen.unlisted) if known.row is not None else ():
        place = link.mapping.place((f"{side}s", "only"))
        later = "so no poll finds its changes, but each complete listing (SYNCER_SCHEDULE__CENSUS_EVERY_SECONDS)"
        yield f"{place}: the {side}s' condition 'only' leaves it out, {later}"
    record = seen.situation.record(target.side)
    if why.code is not Reason.PLANNED or known.row is not None or record is None:
        return
    for row in known.parked:
        edited = record.updated_at is not None and record.updated_at >= row.since
        if row.item == "record" and row.next_try_at > link.now() and not edited:
            yield f"it rests until {row.next_try_at:%Y-%m-%d %H:%M:%S} UTC, or until it is edited"
