"""What a save does to the comments of an incident.

| asked for            | what happens                                                                       |
|----------------------|------------------------------------------------------------------------------------|
| a comment without Id | it is added                                                                        |
| one with a known Id  | its body is edited; refused where the server does not accept edits (`comment_edit_accepted`) |
| one with another Id  | refused                                                                            |
| a comment left out   | it stays; it is gone where the list replaces what was there (`comments_replace`)   |

Assumed throughout: the vendor only shows how one comment is added.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syncer.sandbox.tester.behaviour import TesterBehaviour
from syncer.sandbox.tester.drafts import CommentDraft
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.normalise import normalise
from syncer.sandbox.tester.records import Comment, User


@dataclass(frozen=True, slots=True)
class Save:
    """Who saves, when, under which behaviour, and where new ids come from."""

    caller: User
    now: datetime
    behaviour: TesterBehaviour
    new_id: Callable[[], str]


def save_comments(before: Sequence[Comment], drafts: Sequence[CommentDraft], save: Save) -> tuple[Comment, ...]:
    """The comments after the save, oldest first. Raises Refused."""
    known = {comment.id: comment for comment in before}
    touched = {draft.id: _edited(known, draft, save) for draft in drafts if draft.id is not None}
    added = [_added(draft, save) for draft in drafts if draft.id is None]
    kept = [touched.get(comment.id, comment) for comment in before]
    if save.behaviour.comments_replace:
        kept = [comment for comment in kept if comment.id in touched]
    return tuple(sorted((*kept, *added), key=lambda comment: comment.created_at))


def _edited(known: dict[str, Comment], draft: CommentDraft, save: Save) -> Comment:
    comment = known.get(draft.id or "")
    if comment is None:
        raise Refused(f"The incident has no comment with the id {draft.id}.")
    body = normalise(draft.body, save.behaviour.normalise)
    ticket = draft.ticket_comment_id or comment.ticket_comment_id
    if body == comment.body:  # listed only so that it is kept
        return replace(comment, ticket_comment_id=ticket)
    if not save.behaviour.comment_edit_accepted:
        raise Refused("A comment can not be changed.")
    return replace(comment, body=body, ticket_comment_id=ticket, updated_by=save.caller.id, updated_at=save.now)


def _added(draft: CommentDraft, save: Save) -> Comment:
    honoured = save.behaviour.comment_author_honoured
    author = draft.created_by if honoured and draft.created_by else save.caller.id
    return Comment(
        id=save.new_id(),
        body=normalise(draft.body, save.behaviour.normalise),
        created_by=author,
        created_at=draft.created_at if honoured and draft.created_at else save.now,
        updated_by=author,
        ticket_comment_id=draft.ticket_comment_id,
    )
