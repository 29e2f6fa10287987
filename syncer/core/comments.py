"""Comments: each has one writer, the side where a person wrote it; only that side's words travel.

| the comment on its owner's side | linked | plan |
|---|---|---|
| written by a person | no | add it to the other side, with its author's name and our mark |
| changed since the last agreement | yes | edit the one that we mirrored from it; nothing where somebody deleted that |
| unchanged | yes | nothing, whatever became of the mirrored one |
| carries our mark, its original is there | no | link the two; an original that says something else was edited |
| carries a mark, and no original is there | no | nothing: it is not a person's comment |
| deleted, seen twice | yes | by policy: delete the mirrored one, or keep it |
"""

import hashlib
import re
from collections.abc import Iterator

from mappings.policies import CommentDeletion
from mappings.prose import ProseLens
from syncer.core.absence import comment_item
from syncer.core.actions import Action, AddComment, EditComment, LinkComment
from syncer.core.bind import Bound
from syncer.core.records import Comment, CommentDraft, Mark, Side
from syncer.core.removals import DeleteComment, DropComment
from syncer.core.situation import Situation

NOTICE = "This comment was deleted on the other side."
"""What stands in the place of a mirrored comment where its server offers no way to delete one."""


def plan_comments(situation: Situation, bound: Bound, installation: str) -> Iterator[Action]:
    """The actions for all comments of a link, in the order in which they were written.

    A side whose comments were not observed plans nothing for either side: a comment that isn't seen may be there.
    """
    direction = bound.mapping.comments.direction
    seen = {side: _comments(situation, side) for side in Side}
    incident, issue = seen[Side.INCIDENT], seen[Side.ISSUE]
    if incident is None or issue is None:
        return
    linked = {
        Side.INCIDENT: {link.incident_comment_id for link in situation.comment_links},
        Side.ISSUE: {link.issue_comment_id for link in situation.comment_links},
    }
    adopted: set[str] = set()
    for side, mirrored, originals in ((Side.INCIDENT, incident, issue), (Side.ISSUE, issue, incident)):
        fresh = {c.id: c for c in originals if c.mark is None and c.id not in linked[side.other]}
        for comment in mirrored:
            ours = comment.mark is not None and comment.mark.installation == installation
            if ours and comment.mark and comment.id not in linked[side] and comment.mark.twin_id in fresh:
                original = fresh.pop(comment.mark.twin_id)
                adopted.add(original.id)
                yield _link(side.other, original, comment, bound)
    for owner, comments, others in ((Side.INCIDENT, incident, issue), (Side.ISSUE, issue, incident)):
        if direction.carries(owner.other.word):
            new = [c for c in comments if c.mark is None and c.id not in linked[owner] and c.id not in adopted]
            drafts = (draft_of(comment, owner, bound, installation) for comment in _in_order(new))
            yield from (AddComment(owner.other, draft) for draft in drafts)
            standing = {comment.id for comment in others}
            edits = _edits(situation, owner, comments, bound, installation)
            yield from (edit for edit in edits if edit.comment_id in standing)


def _edits(
    situation: Situation, owner: Side, comments: tuple[Comment, ...], bound: Bound, installation: str
) -> Iterator[EditComment]:
    by_id = {comment.id: comment for comment in comments}
    mine = [link for link in situation.comment_links if link.owner == owner.word]
    for link in mine:
        ids = {Side.INCIDENT: link.incident_comment_id, Side.ISSUE: link.issue_comment_id}
        agreed = link.incident_digest if owner is Side.INCIDENT else link.issue_digest
        comment = by_id.get(ids[owner])
        if comment is not None and digest(comment.body) != agreed:
            draft = draft_of(comment, owner, bound, installation)
            yield EditComment(owner.other, link.id, ids[owner.other], draft)


def plan_lost_comments(situation: Situation, bound: Bound, installation: str) -> Iterator[Action]:
    """What becomes of comments that we mirrored from one that its owner's side deleted."""
    for row in situation.comment_links:
        owner = Side(row.owner)
        ids = {Side.INCIDENT: row.incident_comment_id, Side.ISSUE: row.issue_comment_id}
        if (owner, comment_item(ids[owner])) not in situation.lost:
            continue
        mirrored = {comment.id for comment in _comments(situation, owner.other) or ()}
        keep = bound.mapping.deletions.comments is CommentDeletion.KEEP
        if keep or not bound.mapping.comments.direction.carries(owner.other.word):
            yield DropComment(row.id, "its original was deleted, and the mapping keeps it")
        elif ids[owner.other] not in mirrored:
            yield DropComment(row.id, "both comments were deleted")
        else:
            notice = CommentDraft("Somebody", NOTICE, Mark(installation, ids[owner]))
            yield DeleteComment(owner.other, row.id, ids[owner.other], notice)


def _link(owner: Side, original: Comment, mirrored: Comment, bound: Bound) -> LinkComment:
    """The two as agreed on; an original that was edited since, while the state DB was lost, as yet to be carried."""
    carried = _words(body_for(owner.other, original.body, bound)) == _words(mirrored.body)
    agreed = {owner: digest(original.body) if carried else "", owner.other: digest(mirrored.body)}
    ids = {owner: original.id, owner.other: mirrored.id}
    return LinkComment(owner, ids[Side.INCIDENT], ids[Side.ISSUE], agreed[Side.INCIDENT], agreed[Side.ISSUE])


def _words(body: str) -> list[str]:
    """What a server leaves alone, whatever it makes of blanks, capitals and markup."""
    return re.findall(r"\w+", body.casefold())


def _comments(situation: Situation, side: Side) -> tuple[Comment, ...] | None:
    """The comments of one side; a record that is yet to be created has none."""
    record = situation.record(side)
    if record is not None:
        return record.comments
    return () if situation.link is None and situation.observation(side) is None else None


def _in_order(comments: list[Comment]) -> list[Comment]:
    """As they were written; those without a time stay in the server's order, in front."""
    return sorted(comments, key=lambda c: c.created_at.timestamp() if c.created_at else 0.0)


def draft_of(comment: Comment, owner: Side, bound: Bound, installation: str) -> CommentDraft:
    """The comment of `owner`'s side as it is to stand on the other side."""
    body = body_for(owner.other, comment.body, bound)
    return CommentDraft(comment.author, body, Mark(installation, comment.id), comment.created_at, str(comment.body))


def body_for(to: Side, body: str, bound: Bound) -> str:
    """The text of the other side's comment, as `to` holds texts."""
    lens = ProseLens(bound.mapping.comments.incident_text.value, "wiki", None)
    carried = lens.get(body, None) if to is Side.ISSUE else lens.put(body, None)
    return carried if isinstance(carried, str) else ""


def digest(body: str) -> str:
    """What stands for a comment's body in the state DB: enough to see that it changed, too little to read it."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
