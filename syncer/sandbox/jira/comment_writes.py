"""Comments: written, edited, deleted, and the entity properties that they carry."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncer.sandbox.jira.issue_writes import touch
from syncer.sandbox.jira.records import Comment, Issue
from syncer.sandbox.jira.store import Store


def add_comment(
    store: Store,
    issue: Issue,
    by: str,
    body: str,
    *,
    visibility: Mapping[str, str] | None = None,
    properties: Mapping[str, Any] | None = None,
) -> Comment:
    """A new comment at the end; properties are born with it."""
    now = store.now()
    text = store.stored_text(body)
    comment = Comment(store.next_id("comment"), by, text, now, now, by, visibility, dict(properties or {}))
    issue.comments[comment.id] = comment
    touch(store, issue, store.behaviour.comment_moves_updated)
    return comment


def change_comment(store: Store, issue: Issue, comment: Comment, by: str, **members: Any) -> Comment:
    """Replace the given members (`body`, `visibility`) of a comment."""
    if "body" in members:
        members["body"] = store.stored_text(members["body"])
    changed = replace(comment, updated=store.now(), update_author=by, **members)
    issue.comments[comment.id] = changed
    touch(store, issue, store.behaviour.comment_moves_updated)
    return changed


def delete_comment(store: Store, issue: Issue, comment: Comment) -> None:
    del issue.comments[comment.id]
    touch(store, issue, store.behaviour.comment_moves_updated)


def set_comment_properties(store: Store, issue: Issue, comment: Comment, properties: Mapping[str, Any]) -> None:
    """Replace a comment's properties; the comment itself stays as edited as it was."""
    issue.comments[comment.id] = replace(comment, properties=dict(properties))
    touch(store, issue, store.behaviour.property_moves_updated)
