"""Comments of an issue.

A page holds 100 comments on Cloud unless `maxResults` says otherwise; Data Center gives all of them.
"""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.catalogue import GROUPS, ROLES
from syncer.sandbox.jira.comment_writes import (
    add_comment,
    change_comment,
    delete_comment,
    set_comment_properties,
)
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.properties import given_properties
from syncer.sandbox.jira.records import Comment
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.values import MOST_TEXT, TOO_LONG, size
from syncer.sandbox.jira.views.comments import comment_json
from syncer.sandbox.jira.views.viewer import Json

EVERYTHING = 1_048_576
CLOUD_PAGE = 100
MOST_CLOUD = 5000
MOST_LISTED = 1000


def _comment(call: Call) -> Comment:
    comment = call.issue().comments.get(call.path["comment"])
    if comment is None:
        raise JiraError(404, f"Can not find a comment for the id: {call.path['comment']}.")
    return comment


def _expand(call: Call) -> frozenset[str]:
    """What may be expanded for the comments of an issue."""
    known = {"renderedBody"}
    if call.store.behaviour.comment_list_properties:
        known.add("properties")
    return frozenset(call.words("expand")) & known


def listed(call: Call) -> Response:
    issue = call.issue()
    comments = list(issue.comments.values())
    order = call.query.get("orderBy", "").strip()
    if order.lstrip("+-") not in ("", "created"):
        raise JiraError(400, f"Comments can be ordered by created, +created or -created, not by {order}.")
    if order.startswith("-"):
        comments.reverse()
    default, most = (CLOUD_PAGE, MOST_CLOUD) if call.store.cloud else (EVERYTHING, EVERYTHING)
    page = call.page(default, most)
    shown = [comment_json(call.viewer, issue, one, _expand(call)) for one in page.of(comments)]
    return answer({**page.envelope(len(comments)), "comments": shown})


def read(call: Call) -> Response:
    return answer(comment_json(call.viewer, call.issue(), _comment(call), _expand(call)))


def create(call: Call) -> Response:
    issue, body = call.issue(), call.body()
    comment = add_comment(
        call.store,
        issue,
        call.login,
        _body(body),
        visibility=_visibility(body),
        properties=given_properties(body),
    )
    return answer(comment_json(call.viewer, issue, comment, _expand(call)), 201)


def change(call: Call) -> Response:
    """Body and visibility are replaced, the properties that are sent are set."""
    issue, comment, body = call.issue(), _comment(call), call.body()
    properties = given_properties(body)
    members: dict[str, Any] = {"body": _body(body)}
    if "visibility" in body:
        members["visibility"] = _visibility(body)
    comment = change_comment(call.store, issue, comment, call.login, **members)
    if properties:
        set_comment_properties(call.store, issue, comment, {**comment.properties, **properties})
    return answer(comment_json(call.viewer, issue, issue.comments[comment.id], _expand(call)))


def remove(call: Call) -> Response:
    delete_comment(call.store, call.issue(), _comment(call))
    return nothing()


def by_ids(call: Call) -> Response:
    """Comments of any issues by their ids; unknown ones are left out."""
    ids: list[Any] = member(call.body(), "ids", list)
    if len(ids) > MOST_LISTED or not all(isinstance(one, int) for one in ids):
        raise JiraError(400, f"ids must be a list of up to {MOST_LISTED} whole numbers.")
    found = [one for one in map(call.store.find_comment, map(str, ids)) if one is not None]
    most = call.size(EVERYTHING, EVERYTHING)
    expand = frozenset(call.words("expand"))
    shown = [comment_json(call.viewer, issue, comment, expand) for issue, comment in found[:most]]
    envelope: Json = {"startAt": 0, "maxResults": most, "total": len(found), "isLast": len(found) <= most}
    return answer({**envelope, "values": shown})


def _body(body: Json) -> str:
    text = body.get("body")
    if not isinstance(text, str) or not text.strip():
        raise JiraError(400, errors={"comment": "Comment body can not be empty!"})
    if size(text) > MOST_TEXT:
        raise JiraError(400, errors={"comment": TOO_LONG})
    return text


def _visibility(body: Json) -> dict[str, str] | None:
    """Whom a comment is restricted to; None for everybody."""
    asked = member(body, "visibility", dict, None)
    if asked is None:
        return None
    kind, value = asked.get("type"), asked.get("value") or asked.get("identifier")
    known = {"role": ROLES, "group": GROUPS}.get(str(kind))
    if known is None:
        raise JiraError(400, errors={"visibility": "The type of a visibility must be role or group."})
    if value not in known:
        raise JiraError(400, errors={"commentLevel": f"{str(kind).capitalize()}: {value} does not exist."})
    return {"type": str(kind), "value": str(value), "identifier": str(value)}


ENDPOINTS = (
    Endpoint("POST", "/comment/list", by_ids, CLOUD),
    Endpoint("GET", "/issue/{issue}/comment", listed),
    Endpoint("POST", "/issue/{issue}/comment", create),
    Endpoint("GET", "/issue/{issue}/comment/{comment}", read),
    Endpoint("PUT", "/issue/{issue}/comment/{comment}", change),
    Endpoint("DELETE", "/issue/{issue}/comment/{comment}", remove),
)
