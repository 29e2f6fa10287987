"""What follows when one of two linked records was deleted, or when a person took the link apart.

| the record that is left | policy | plan |
|---|---|---|
| edited since both last agreed | any | edit beats delete: it stays, unmarked; tombstone |
| unchanged | `delete` | delete it; tombstone |
| unchanged | `close` | give it the named status, with a comment saying why; unmark it; tombstone |
| unchanged | `unlink` | unmark it; tombstone |
| unchanged | `ignore` | nothing |
| none: both are gone | | tombstone |
"""

from collections.abc import Iterator

from mappings.policies import DeletionPolicy
from syncer.core.absence import MARK
from syncer.core.actions import Action, AddComment, Change, UpdateRecord, WriteMark
from syncer.core.bind import Bound
from syncer.core.merge import held
from syncer.core.plan import RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import CommentDraft, Gone, Mark, Record, Side, Twin
from syncer.core.relate import find
from syncer.core.removals import Bury, DeleteRecord, RemoveMark
from syncer.core.situation import Situation


def plan_vanished(situation: Situation, bound: Bound, installation: str) -> RecordPlan:
    """At least one of two linked records is gone."""
    absent = {side: seen for side in Side if isinstance(seen := situation.observation(side), Gone)}
    gone = list(absent)
    # A link to a record that may merely be hidden is a person's to dissolve, also where no record is taken away.
    feigned = not all(seen.certain for seen in absent.values())
    if len(gone) == len(Side):
        return RecordPlan(situation, (Bury("both records were deleted", removal=feigned),))
    left = situation.record(gone[0].other) if gone else None
    if left is None:
        return RecordPlan(situation, reason="one of its records wasn't looked at", code=Reason.UNREADABLE)
    reason = f"the {gone[0]} was deleted"
    if edited_since(left, situation, bound):
        stays = f"{reason}, but the {left.side} was edited since, and edit beats delete"
        return RecordPlan(situation, (_unmark(left, situation, installation), Bury(stays, removal=feigned)))
    match bound.mapping.deletions.policy(gone[0].word):
        case DeletionPolicy.DELETE:
            delete = DeleteRecord(left.side, left.id, left.key, reason)
            return RecordPlan(situation, (delete, Bury(f"{reason}, and its {left.side} with it")))
        case DeletionPolicy.CLOSE:
            return _plan_close(situation, left, reason, bound, installation)
        case DeletionPolicy.UNLINK:
            return RecordPlan(
                situation, (_unmark(left, situation, installation), Bury(f"{reason}; the {left.side} stays"))
            )
        case DeletionPolicy.IGNORE:
            return RecordPlan(
                situation, reason=f"{reason}; the mapping's deletion policy ignores it", code=Reason.IGNORED_DELETION
            )


def unlink(situation: Situation, reason: str, installation: str) -> Iterator[Action]:
    """Both records stay, and nothing ties them any more."""
    for side in Side:
        record = situation.record(side)
        if record is not None:
            yield _unmark(record, situation, installation)
    yield Bury(reason)


def spare(situation: Situation, installation: str) -> Iterator[Action]:
    """What is done instead of a removal that a person discarded.

    A record that was deleted can't be kept in step with: the one that is left stays, and the link goes. A mark that was
    taken off is put back, and the link stays."""
    gone = [side for side in Side if isinstance(situation.observation(side), Gone)]
    left = [record for side in Side if (record := situation.record(side)) is not None]
    if not gone:
        for record in left:
            if (record.side.other, MARK) in situation.lost:
                yield WriteMark(record.side.other, twin_of(record, installation))
        return
    for record in left:
        yield _unmark(record, situation, installation)
    stays = f"; a person decided that the {left[0].side} stays" if left else ""
    deleted = f"the {gone[0]} was deleted" if left else "both records were deleted"
    yield Bury(deleted + stays, removal=False)


def edited_since(record: Record, situation: Situation, bound: Bound) -> bool:
    """Whether a person changed a field, or wrote a comment, that the other side has not been told of."""
    baseline = situation.baseline(record.side).values
    fields = (held(field, record.side, record.values, baseline) for field in bound.fields)
    if any(value is not None and value.known and value.moved for value in fields):
        return True
    incident = record.side is Side.INCIDENT
    linked = {row.incident_comment_id if incident else row.issue_comment_id for row in situation.comment_links}
    return any(comment.mark is None and comment.id not in linked for comment in record.comments or ())


def _plan_close(situation: Situation, left: Record, reason: str, bound: Bound, installation: str) -> RecordPlan:
    name = bound.mapping.deletions.close_status(left.side.other.word) or ""
    field = next((field for field in bound.fields if field.incident == "Status"), None)
    status = find(bound.catalogues[left.side], "status", name)
    if field is None or status is None:
        offered = ", ".join(option.name for option in bound.catalogues[left.side].of("status"))
        return RecordPlan(
            situation,
            waiting=(
                Waiting(
                    "record",
                    f"{reason}, and no status '{name}' is there to close it with: {offered}",
                    Reason.UNMAPPED,
                ),
            ),
        )
    before = left.values.get(field.on(left.side))
    actions: list[Action] = []
    if before != status:
        name = field.on(left.side)
        now, then = (bound.show(left.side, name, value) for value in (before, status))
        change = Change("Status", name, before, status, None, shown_before=now, shown_after=then)
        actions.append(UpdateRecord(left.side, (change,)))
    mark = Mark(installation, f"closed-{_gone_id(situation, left)}")
    # Once is enough, also where somebody has deleted it since.
    written = any(mark.twin_id in (row.incident_comment_id, row.issue_comment_id) for row in situation.comment_links)
    if not written and not any(comment.mark == mark for comment in left.comments or ()):
        words = f"The {left.side.other} was deleted. This {left.side} was closed, and is no longer mirrored."
        actions.append(AddComment(left.side, CommentDraft("The synchronizer", words, mark)))
    actions += [_unmark(left, situation, installation), Bury(f"{reason}, and its {left.side} was closed")]
    return RecordPlan(situation, tuple(actions))


def _unmark(record: Record, situation: Situation, installation: str) -> RemoveMark:
    link, key = situation.link, None
    if link is not None and isinstance(situation.observation(record.side.other), Gone):
        key = link.issue_key if record.side is Side.INCIDENT else link.incident_key
    return RemoveMark(record.side, Mark(installation, _gone_id(situation, record)), key)


def _gone_id(situation: Situation, record: Record) -> str:
    """The id of the record on the other side."""
    if situation.link is None:
        return ""
    return situation.link.issue_id if record.side is Side.INCIDENT else situation.link.incident_id


def twin_of(record: Record, installation: str) -> Twin:
    """What the mark on the other side says about `record`."""
    title = record.values.get("Summary" if record.side is Side.INCIDENT else "summary")
    return Twin(Mark(installation, record.id), record.key, record.url, title if isinstance(title, str) else record.key)
