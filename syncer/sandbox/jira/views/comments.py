"""Comments as JSON: alone, in a page, and inside an issue."""

from syncer.sandbox.jira.records import Comment, Issue
from syncer.sandbox.jira.views.viewer import Json, Viewer
from syncer.sandbox.jira.wiki_html import rendered

INLINED = 20
"""How many comments and history entries search puts into an issue at most: the newest ones."""


def comment_json(viewer: Viewer, issue: Issue, comment: Comment, expand: frozenset[str] = frozenset()) -> Json:
    """A comment; `expand` knows `renderedBody` and `properties`."""
    shown: Json = {
        "self": viewer.url(f"issue/{issue.id}/comment/{comment.id}"),
        "id": comment.id,
        "author": viewer.person(comment.author),
        "body": comment.body,
        "updateAuthor": viewer.person(comment.update_author),
        "created": viewer.time(comment.created),
        "updated": viewer.time(comment.updated),
    }
    if comment.visibility is not None:
        shown["visibility"] = dict(comment.visibility)
    if viewer.store.cloud:
        shown["jsdPublic"] = True
    if "renderedBody" in expand:
        shown["renderedBody"] = rendered(comment.body)
    if "properties" in expand:
        shown["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
    return shown


def inlined(viewer: Viewer, issue: Issue, newest: int | None, *, html: bool = False) -> Json:
    """The field `comment` of an issue: `total` counts them all, `comments` may hold the newest only."""
    comments = list(issue.comments.values())
    shown = comments[-newest:] if newest is not None else comments
    pieces = [comment_json(viewer, issue, one) for one in shown]
    if html:
        pieces = [{**piece, "body": rendered(piece["body"])} for piece in pieces]
    return {
        "comments": pieces,
        "self": viewer.url(f"issue/{issue.id}/comment"),
        "maxResults": len(shown),
        "total": len(comments),
        "startAt": 0,
    }
