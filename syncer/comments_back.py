"""Write a mirrored comment again as it was, and take that back.

Where the comment was deleted it is added, where a notice stands in its place it is edited: on either side the
former words stand there afterwards, with their author and our mark. The original is a person's, and is left alone.
"""

from collections.abc import Mapping
from typing import Any

from state import effects
from state.rows import CommentLink, HistoryEntry
from syncer import journal
from syncer.by_hand import link_of
from syncer.context import ProjectLink
from syncer.core.comments import NOTICE, digest
from syncer.core.records import Comment, CommentDraft, Mark, Record, Side
from syncer.handwork import Done, Refused, read, read_if_there


def write_again(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Bring a deleted comment back. Raises `Refused`, and what the servers raise."""
    record, image = _record(link, entry), _image(entry, entry.before)
    draft = _draft(link, image)
    port, standing = link.ports[record.side], _comment(record, str(image["id"]))
    if standing is not None:
        made = port.edit_comment(record.id, standing.id, draft)
    else:
        made = port.add_comment(record.id, draft)
    said = f"the comment of {image['author']} stands on {record.side} {record.key} again"
    return Done(said, _linked_again(link, record, made), after=_shown(made))


def remove_again(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Delete a comment that an undo brought back, unless somebody edited it."""
    record, image = _record(link, entry), _image(entry, entry.after)
    comment = _unedited(record, image)
    notice = CommentDraft("Somebody", NOTICE, Mark(link.installation, str(image["twin_id"])))
    link.ports[record.side].delete_comment(record.id, comment.id, notice)
    rows = [effects.DropCommentLink(row.id) for row in _links(link, record) if _own_id(row, record.side) == comment.id]
    said = f"the comment of {image['author']} is taken off {record.side} {record.key} again"
    return Done(said, rows, before=_shown(comment))


def edit_back(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Give a mirrored comment its former text. Its owner's next edit overwrites that again."""
    record, image = _record(link, entry), _image(entry, entry.before)
    comment = _comment(record, str(image["id"]))
    if comment is None:
        raise Refused(f"{record.side} {record.key} has no comment {image['id']} any more")
    row = next((row for row in _links(link, record) if _own_id(row, record.side) == comment.id), None)
    ours = (entry.after or {}).get("body")
    agreed = digest(ours) if isinstance(ours, str) else _own_digest(row, record.side) if row else None
    if digest(comment.body) != agreed:
        raise Refused(f"somebody edited comment {comment.id} of {record.side} {record.key} since")
    _insist_last(link, entry, record, comment)
    made = link.ports[record.side].edit_comment(record.id, comment.id, _draft(link, image))
    changes = [effects.SetCommentDigest(row.id, record.side.word, digest(made.body))] if row else []
    said = f"comment {comment.id} of {record.side} {record.key} says again what it said before; its original stays"
    return Done(said, changes, before=_shown(comment), after=_shown(made))


def _insist_last(link: ProjectLink, entry: HistoryEntry, record: Record, comment: Comment) -> None:
    """The history doesn't say what an edit wrote: what stands there is the entry's only if none came after it."""
    kinds = ("edit comment", "undo edit comment")
    for later in link.store.history(link.name, record=record.id, since=entry.at, kinds=kinds):
        same = later.outcome == "settled" and (later.before or {}).get("id") == comment.id
        if same and (later.id or 0) > (entry.id or 0) and later.side == entry.side:
            raise Refused(f"the comment was edited once more; 'syncer undo {later.id}' comes first")


def _linked_again(link: ProjectLink, record: Record, made: Comment) -> list[effects.Effect]:
    """The comment link, where the original is still there and neither is linked otherwise."""
    row = link_of(link, record.side, record.id)
    if row is None or made.mark is None:
        return []
    twin = read_if_there(link, record.side.other, row.issue_id if record.side is Side.INCIDENT else row.incident_id)
    original = _comment(twin, made.mark.twin_id) if twin else None
    taken = {_own_id(each, side) for each in _links(link, record) for side in Side}
    if original is None or {original.id, made.id} & taken:
        return []
    return [journal.commented(row.id, record.side, original.id, digest(original.body), made)]


def _record(link: ProjectLink, entry: HistoryEntry) -> Record:
    side = Side(entry.side or "")
    return read(link, side, (entry.incident_id if side is Side.INCIDENT else entry.issue_id) or "")


def _image(entry: HistoryEntry, image: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if not image or "body" not in image or not image.get("twin_id"):
        raise Refused(f"entry {entry.id} doesn't hold what the comment said: it wasn't there to be read")
    return image


def _unedited(record: Record, image: Mapping[str, Any]) -> Comment:
    comment = _comment(record, str(image["id"]))
    if comment is None or comment.body != image["body"]:
        raise Refused(f"the comment on {record.side} {record.key} was edited or deleted since it came back")
    return comment


def _draft(link: ProjectLink, image: Mapping[str, Any]) -> CommentDraft:
    mark = Mark(link.installation, str(image["twin_id"]))
    return CommentDraft(str(image["author"]), str(image["body"]), mark)


def _shown(comment: Comment) -> dict[str, Any]:
    """The comment as the history keeps it."""
    return journal.comment_image(Record(Side.ISSUE, "", "", "", {}, (comment,)), comment.id)


def _comment(record: Record, comment_id: str) -> Comment | None:
    return next((comment for comment in record.comments or () if comment.id == comment_id), None)


def _links(link: ProjectLink, record: Record) -> list[CommentLink]:
    row = link_of(link, record.side, record.id)
    return link.store.comment_links([row.id])[row.id] if row else []


def _own_id(row: CommentLink, side: Side) -> str:
    return row.incident_comment_id if side is Side.INCIDENT else row.issue_comment_id


def _own_digest(row: CommentLink, side: Side) -> str:
    return row.incident_digest if side is Side.INCIDENT else row.issue_digest
