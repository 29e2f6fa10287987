"""The actions that take something away, and the one that shows a step result. Each leaves what it took in the history.

Doing any of them again changes nothing, so none needs more recovery than being planned again.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from state import effects
from syncer import journal
from syncer.context import ProjectLink
from syncer.core.records import Present, Record, Side
from syncer.core.removals import DeleteComment, DeleteRecord, HideResult, RemoveMark, ShowResult
from syncer.errors import Rejected
from syncer.journalled import Ids, Scribe
from syncer.ports import Port

Removing: TypeAlias = DeleteRecord | DeleteComment | ShowResult | HideResult | RemoveMark


def carry_out(action: Removing, link: ProjectLink, scribe: Scribe, ids: Ids, records: Mapping[Side, Record]) -> None:
    """Carry out and settle one action. Raises what the port raises, and `Rejected` for a record that was edited."""
    port, body = link.ports[action.side], _body(action)
    match action:
        case DeleteRecord():
            record = records[action.side]
            _insist_unedited(link, record)
            image = journal.record_image(record)
            scribe.write(action, ids, body, lambda: port.delete(record.id), lambda _: [], image)
        case DeleteComment():
            record = records[action.side]
            image = journal.comment_image(record, action.comment_id)
            scribe.write(
                action,
                ids,
                body,
                lambda: port.delete_comment(record.id, action.comment_id, action.notice),
                lambda _: [effects.DropCommentLink(action.comment_link_id)],
                image,
            )
        case ShowResult():
            record, link_id = records[Side.ISSUE], _link_id(ids)
            scribe.write(
                action,
                ids,
                body,
                lambda: port.show_result(record.id, action.result),
                lambda name: [effects.NewResultLink(link_id, action.result.id, name)],
            )
        case HideResult():
            record = records[action.side]
            scribe.write(
                action,
                ids,
                body,
                lambda: port.hide_result(record.id, action.step_result_id),
                lambda _: [effects.DropResultLink(action.result_link_id)],
                {"step_result_id": action.step_result_id, "record_id": record.id},
            )
        case RemoveMark():
            record = records[action.side]
            scribe.write(action, ids, body, lambda: _take_off(port, record, action), lambda _: [])


def _take_off(port: Port, record: Record, action: RemoveMark) -> None:
    # In this order the record is never without both: without either, it would be mirrored anew should the state DB be
    # lost now.
    if action.deleted_key is not None:
        port.remember_dissolved(record.id, action.mark, action.deleted_key)
    port.remove_mark(record.id, action.mark)


def _insist_unedited(link: ProjectLink, record: Record) -> None:
    """Look once more: what was planned to be deleted may have been edited since it was observed."""
    for _, seen in link.ports[record.side].read([record.id]):
        if not isinstance(seen, Present):
            raise Rejected(record.side, f"{record.key} can't be read any more; it isn't deleted unseen")
        if (seen.record.values, seen.record.comments) != (record.values, record.comments):
            raise Rejected(record.side, f"{record.key} was edited meanwhile, and edit beats delete; planned again")


def _body(action: Removing) -> dict[str, Any]:
    return {"side": action.side.word, "sentence": action.sentence()}


def _link_id(ids: Ids) -> int:
    if ids.link_id is None:
        raise RuntimeError("a step result is shown on linked issues only")
    return ids.link_id
