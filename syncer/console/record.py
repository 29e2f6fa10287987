"""One record with its twin: what both sides hold now, what they last agreed on, and why it is as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from state import Store
from state.rows import HistoryEntry, Link, Parked, SideName
from syncer.console.deadlines import Deadlines
from syncer.console.marking import Piece, marked
from syncer.context import ProjectLink
from syncer.core.records import Comment, Side
from syncer.errors import SyncerError
from syncer.explaining import Explanation, explained
from syncer.explaining_fields import FieldLine
from syncer.finding import Target
from syncer.looking import Known, Seen, look, recalled

HISTORY = 30


@dataclass(frozen=True, slots=True)
class Value:
    """What one side holds in a field, against what it held when both last agreed. `moved`: it has changed since."""

    pieces: tuple[Piece, ...]
    moved: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One mapped field. `now` is empty where the servers weren't read, `agreed` None where nothing was agreed on."""

    line: FieldLine
    now: dict[SideName, Value]
    agreed: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment or step-result link with its twin; `body` is None where it wasn't read."""

    owner: SideName
    author: str
    body: str | None
    at: datetime | None
    incident_id: str | None
    issue_id: str | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """All that the page shows. `trouble` says why the servers weren't read, empty where they were."""

    told: Explanation
    trouble: str
    link: Link | None
    fields: tuple[Field, ...]
    comments: tuple[Remark, ...]
    parked: tuple[Parked, ...]
    history: tuple[HistoryEntry, ...]
    urls: dict[SideName, str]


def target_of(link: ProjectLink, ref: str) -> Target | None:
    """The record that a page is about; None for one of which the state DB knows nothing.

    Only what it knows is asked for: the name of a page comes from anywhere."""
    side, _, record_id = ref.partition("-")
    if side not in ("incident", "issue") or not record_id:
        return None
    store, name = link.store, link.name
    incident = side == "incident"
    row = store.link_of(name, incident_id=record_id) if incident else store.link_of(name, issue_id=record_id)
    if row is not None:
        return Target(link, Side(side), record_id, row.incident_key if incident else row.issue_key)
    for parked in store.parked(name):
        if (parked.side, parked.record_id) == (side, record_id):
            return Target(link, Side(side), record_id, parked.record_key)
    doubted = {intent.incident_id if incident else intent.issue_id for intent in store.open_intents(name)}
    if record_id in doubted or store.history(name, record=record_id, limit=1):
        return Target(link, Side(side), record_id, record_id)
    return None


def record_view(target: Target, deadlines: Deadlines) -> RecordView:
    """Ask both servers, within the time that a page has, and tell what there is to tell."""
    trouble, seen = "", None
    try:
        seen = deadlines.within(lambda: look(target))
    except SyncerError as error:
        trouble = str(error)
    twin = seen.situation.record(target.side.other) if seen is not None else None
    known = recalled(target, twin.id if twin is not None else None)
    told = explained(target, known, seen, trouble)
    return RecordView(
        told,
        trouble,
        known.row,
        tuple(_field(line) for line in told.fields),
        tuple(_comments(target.link.store, known, seen)),
        known.parked,
        tuple(_history(target, known)),
        {side.side: side.url for side in told.sides if side.url is not None},
    )


def _field(line: FieldLine) -> Field:
    now = {side: _value(line, side) for side in line.now}
    texts = list(dict.fromkeys(text or "" for text in line.agreed.values()))
    return Field(line, now, " | ".join(texts) if line.agreed else None)


def _value(line: FieldLine, side: SideName) -> Value:
    now = line.now[side]
    if side not in line.agreed or line.agreed[side] == now:
        return Value(marked(now, now), False)
    return Value(marked(line.agreed[side], now), True)


def _comments(store: Store, known: Known, seen: Seen | None) -> Iterator[Remark]:
    """Comments with their twins, in the order in which they were written as far as that is known."""
    rows = store.comment_links([known.row.id])[known.row.id] if known.row is not None else []
    written = _written(seen)
    remarks: list[Remark] = []
    for row in rows:
        own = row.incident_comment_id if row.owner == "incident" else row.issue_comment_id
        comment = written.pop((row.owner, own), None)
        remarks.append(_remark(row.owner, comment, row.incident_comment_id, row.issue_comment_id))
        other = Side(row.owner).other.word
        written.pop((other, row.issue_comment_id if other == "issue" else row.incident_comment_id), None)
    for (side, comment_id), comment in written.items():
        ids = (comment_id, None) if side == "incident" else (None, comment_id)
        remarks.append(_remark(side, comment, *ids))
    yield from sorted(remarks, key=lambda each: (each.at is None, each.at.timestamp() if each.at else 0.0))


def _written(seen: Seen | None) -> dict[tuple[SideName, str], Comment]:
    """The comments as both servers hold them now, by side and id."""
    found: dict[tuple[SideName, str], Comment] = {}
    for side in Side if seen is not None else ():
        record = seen.situation.record(side) if seen is not None else None
        for comment in (record.comments if record is not None else None) or ():
            found[side.word, comment.id] = comment
    return found


def _remark(side: SideName, comment: Comment | None, incident_id: str | None, issue_id: str | None) -> Remark:
    if comment is None:
        return Remark(side, "", None, None, incident_id, issue_id)
    return Remark(side, comment.author, comment.body, comment.created_at, incident_id, issue_id)


def _history(target: Target, known: Known) -> Sequence[HistoryEntry]:
    """What was done to either of the two, newest first."""
    ids = {target.record_id} if known.row is None else {known.row.incident_id, known.row.issue_id}
    store, name = target.link.store, target.link.name
    told = {entry.id: entry for each in ids for entry in store.history(name, record=each, limit=HISTORY)}
    return sorted(told.values(), key=lambda entry: entry.id or 0, reverse=True)[:HISTORY]
