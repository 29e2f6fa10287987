"""Bring a deleted record back from the history, and take it away again.

    image in the history ──► a new record with the same values, its comments as text
                                    │
        its twin is still there ────┼──► linked with it again, agreed on what both hold now
        its twin is gone too ───────┴──► a twin is made for it as a cycle would, with the same comments

A comment says on its own side, in its text, who wrote it and when; on the other side its heading does. All of them
carry our mark, so no cycle mirrors them once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mappings.fields import field_of
from mappings.values import Value
from state import effects
from state.rows import HistoryEntry
from syncer import journal
from syncer.by_hand import link_of, tie, untie
from syncer.context import ProjectLink
from syncer.core.actions import CreateRecord
from syncer.core.bind import Bound
from syncer.core.planner import LATE_FIELDS, plan_record
from syncer.core.records import CommentDraft, Draft, Mark, Present, Record, Side, Twin
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from syncer.errors import Rejected
from syncer.handwork import BY_HAND, Done, Refused, read, read_if_there, values_of
from syncer.journalled import Scribe
from syncer.record_run import RecordRun

SKEW = timedelta(hours=1)
"""How far a server's clock may lag behind ours before what an interrupted undo made is looked for in vain."""

RETOLD = "The synchronizer"
"""Who writes a comment again on the side where a person wrote it: the heading there speaks of the other side."""


@dataclass(slots=True)
class _Return:
    """One record on its way back. `left_out` are the fields that couldn't be set, and why."""

    link: ProjectLink
    bound: Bound
    side: Side
    image: Mapping[str, Any]
    old_id: str
    twin_id: str | None
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        return Mark(self.link.installation, self.twin_id or f"gone-{self.old_id}")


def bring_back(link: ProjectLink, entry: HistoryEntry, bound: Bound) -> Done:
    """Create the deleted record's like and link it. Raises `Refused`, and what the servers raise."""
    side, image = Side(entry.side or ""), entry.before or {}
    old_id = (entry.incident_id if side is Side.INCIDENT else entry.issue_id) or ""
    if not image.get("values"):
        raise Refused(f"entry {entry.id} doesn't hold what the {side} was")
    twin_id = _twin_id(link, side, old_id)
    twin = read_if_there(link, side.other, twin_id) if twin_id else None
    back = _Return(link, bound, side, image, old_id, twin_id)
    record = _record(back, entry.at, twin)
    _comments(back, record, of=side)
    row = link_of(link, side, old_id)
    if row is not None:
        link.store.settle(None, [effects.Bury(row.id, f"the {side} was deleted", link.now())])
    if twin is not None:
        incident, issue = (record, twin) if side is Side.INCIDENT else (twin, record)
        changes = tie(link, incident, issue, bound)
        return _done(back, record, twin, changes, f"linked with {twin.side} {twin.key} again")
    made = _make_twin(back, record)
    if made is None:
        link.ports[side].remove_mark(record.id, back.mark)
        return _done(back, record, None, [], f"not linked: the mapping's direction gives it no {side.other}")
    _comments(back, made, of=side)
    return _done(back, record, made, [], f"linked with the new {made.side} {made.key}")


def _record(back: _Return, deleted_at: datetime, twin: Record | None) -> Record:
    """The new record: that of an undo which was interrupted, or one that is created now."""
    port, mark = back.link.ports[back.side], back.mark
    values = _creatable(back)
    shown = twin_of(twin, back.link.installation) if twin else Twin(mark, "", "", "")
    record = _found(back, values, deleted_at) or port.create(Draft(values, shown))
    late = {n: v for n, v in values.items() if n in LATE_FIELDS and record.values.get(n) != v}
    if back.side is Side.ISSUE and late:
        try:
            record = port.update(record.id, late)
        except Rejected as refusal:
            back.left_out |= dict.fromkeys(late, str(refusal))
    return read(back.link, back.side, record.id)


def _found(back: _Return, values: Mapping[str, Value], deleted_at: datetime) -> Record | None:
    if back.side is Side.INCIDENT and back.link.mapping.incidents.mark_field is None:
        return None
    found = back.link.ports[back.side].find(back.mark, deleted_at - SKEW)
    early = {name: value for name, value in values.items() if name not in LATE_FIELDS}
    like = found is not None and found.id != back.old_id and early.items() <= dict(found.values).items()
    return found if like and found and link_of(back.link, back.side, found.id) is None else None


def _creatable(back: _Return) -> dict[str, Value]:
    """The values that a create accepts: without empty ones, and without options that are there no more."""
    kept: dict[str, Value] = {}
    for name, value in values_of(back.image["values"]).items():
        spec = field_of(back.side.word, name)
        if spec is not None and spec.read_only:
            continue
        options = back.bound.catalogues[back.side].options.get(spec.catalogue) if spec and spec.catalogue else None
        usable = {option.id for option in options or () if option.active or (spec and spec.catalogue != "user")}
        asked = value if isinstance(value, frozenset) else frozenset({value} if value else ())
        missing = asked - usable if options is not None else frozenset()
        if missing:
            back.left_out[name] = "what it held can't be chosen any more"
        left = asked - missing
        if left:
            kept[name] = left if isinstance(value, frozenset) else value
    return kept


def _comments(back: _Return, record: Record, *, of: Side) -> None:
    """Write the deleted record's comments to `record`, but for those that an interrupted undo wrote already."""
    standing = {comment.mark for comment in record.comments or ()}
    for comment in back.image.get("comments") or ():
        draft = _draft(comment, of, record.side, back.link.installation)
        if draft.mark not in standing:
            back.link.ports[record.side].add_comment(record.id, draft)


def _draft(comment: Mapping[str, Any], of: Side, to: Side, installation: str) -> CommentDraft:
    """A comment of the deleted record, which stood `of` one side, as it is to stand on `to`."""
    twin_id = str(comment.get("twin_id") or "")
    author, body = str(comment["author"]), str(comment["body"])
    mark = Mark(installation, twin_id if twin_id and to is of else f"restored-{comment['id']}"[:180])
    at = datetime.fromisoformat(comment["created_at"]) if comment.get("created_at") else None
    written_on = of.other if twin_id else of
    if written_on is to and author.casefold() != RETOLD.casefold():
        when = f" on {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else ""
        author, body = RETOLD, f"{author} wrote{when}:\n\n{body}"
    return CommentDraft(author, body, mark, at)


def _make_twin(back: _Return, record: Record) -> Record | None:
    """The twin that a cycle would create now, `None` where it would create none. Raises what keeps it from that.

    The record keeps the mark of its birth until the twin's is written: asked for again, an undo finds it by that."""
    link, seen = back.link, Present(replace(record, mark=None))
    incident, issue = (seen, None) if back.side is Side.INCIDENT else (None, seen)
    planned = plan_record(Situation(None, incident, issue), back.bound, link.installation)
    if not any(isinstance(action, CreateRecord) for action in planned.actions):
        return None
    failure = RecordRun(link, back.bound, Scribe(link, BY_HAND, lambda _: None), planned, link.now()).run({})
    row = link_of(link, back.side, record.id)
    if row is None:
        raise failure or Refused(f"no {back.side.other} could be created for {back.side} {record.key}")
    if back.side is Side.ISSUE:
        # What is left of that mark is its label.
        link.ports[back.side].remove_mark(record.id, back.mark)
    return read(link, back.side.other, row.issue_id if back.side is Side.INCIDENT else row.incident_id)


def _done(back: _Return, record: Record, twin: Record | None, changes: Sequence[effects.Effect], how: str) -> Done:
    """`after` holds what was made, so that it is known later whether somebody went on with it."""
    after = journal.record_image(read(back.link, back.side, record.id))
    if twin is not None and twin.id != back.twin_id:
        after["twin"] = journal.record_image(read(back.link, twin.side, twin.id))
    said = f"{back.side} {back.image.get('key')} is back as {record.key}, {how}"
    said += "".join(f"; without {name}: {why}" for name, why in sorted(back.left_out.items()))
    ids = {back.side: record.id, back.side.other: twin.id if twin else None}
    return Done(said, changes, after=after, ids=ids)


def _twin_id(link: ProjectLink, side: Side, old_id: str) -> str | None:
    """The id of the deleted record's twin, by the link if it still stands, else by its newest tombstone."""
    row = link_of(link, side, old_id)
    if row is not None:
        return row.issue_id if side is Side.INCIDENT else row.incident_id
    incident_ids, issue_ids = ([old_id], []) if side is Side.INCIDENT else ([], [old_id])
    graves = link.store.tombstones_by_ids(link.name, incident_ids, issue_ids)
    return (graves[-1].issue_id if side is Side.INCIDENT else graves[-1].incident_id) if graves else None


def take_away(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Delete what an undo created: the record, and the twin if that was made with it. Edit beats delete here too."""
    side, image = Side(entry.side or ""), entry.after or {}
    ids = {Side.INCIDENT: entry.incident_id, Side.ISSUE: entry.issue_id}
    record = _unedited(link, side, ids[side] or "", image)
    twin_image, twin_id = image.get("twin"), ids[side.other]
    twin = None
    if twin_image and twin_id and read_if_there(link, side.other, twin_id) is not None:
        twin = _unedited(link, side.other, twin_id, twin_image)
    row = link_of(link, side, record.id)
    before = journal.record_image(record)
    for each in (twin, record):
        if each is not None:
            link.ports[each.side].delete(each.id)
    changes = untie(link, row, f"the {side} was taken away again") if row else []
    said = f"deleted {side} {record.key}" + (f" and {twin.side} {twin.key}" if twin else "")
    return Done(f"{said} again", changes, before=before)


def _unedited(link: ProjectLink, side: Side, record_id: str, image: Mapping[str, Any]) -> Record:
    record = read(link, side, record_id)
    now = journal.record_image(record)
    words = [[(each["author"], each["body"]) for each in held.get("comments") or ()] for held in (now, image)]
    if values_of(now["values"]) != values_of(image.get("values")) or words[0] != words[1]:
        raise Refused(f"{side} {record.key} was edited since it came back, and edit beats delete; delete it there")
    return record
