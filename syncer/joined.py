"""Actions that need nothing of the one before them but its turn: those that follow each other are journalled together.

Each of them can be told from its mark, or done again without harm: see `syncer.recover`.
"""

from collections.abc import Mapping
from typing import TypeAlias

from state import effects
from syncer import journal
from syncer.context import ProjectLink
from syncer.core.actions import AddComment, EditComment, WriteMark
from syncer.core.comments import digest
from syncer.core.records import Record, Side
from syncer.core.vanished import twin_of
from syncer.journalled import Ids, Write

Joined: TypeAlias = AddComment | EditComment | WriteMark


def write_of(action: Joined, link: ProjectLink, records: Mapping[Side, Record], ids: Ids) -> Write:
    """How the action is carried out on one of the two records. Raises RuntimeError before they have a link."""
    if ids.link_id is None:
        raise RuntimeError(f"'{action.sentence()}' comes before the records have a link; every plan makes it first")
    match action:
        case AddComment():
            return _added_comment(action, link, records[action.side].id, ids, ids.link_id)
        case EditComment():
            return _edited_comment(action, link, records[action.side], ids)
        case WriteMark():
            return _mark(action, link, records, ids, ids.link_id)


def _added_comment(action: AddComment, link: ProjectLink, record_id: str, ids: Ids, link_id: int) -> Write:
    port, draft = link.ports[action.side], action.draft
    return Write(
        action,
        ids,
        journal.payload(action),
        lambda: port.add_comment(record_id, draft),
        lambda added: [journal.commented(link_id, action.side, draft.mark.twin_id, digest(draft.owners), added)],
    )


def _edited_comment(action: EditComment, link: ProjectLink, record: Record, ids: Ids) -> Write:
    port = link.ports[action.side]
    return Write(
        action,
        ids,
        journal.payload(action),
        lambda: port.edit_comment(record.id, action.comment_id, action.draft),
        lambda edited: [
            effects.SetCommentDigest(action.comment_link_id, action.side.other.word, digest(action.draft.owners)),
            effects.SetCommentDigest(action.comment_link_id, action.side.word, digest(edited.body)),
        ],
        before=journal.comment_image(record, action.comment_id),
    )


def _mark(action: WriteMark, link: ProjectLink, records: Mapping[Side, Record], ids: Ids, link_id: int) -> Write:
    twin = action.twin or twin_of(records[action.side.other], link.installation)
    record, port = records[action.side], link.ports[action.side]
    return Write(
        action,
        ids,
        {"side": action.side.word, "sentence": action.sentence()},
        lambda: port.write_mark(record, twin),
        lambda _: [effects.SetMarked(link_id, action.side.word)],
    )
