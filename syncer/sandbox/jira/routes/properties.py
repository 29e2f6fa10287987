"""Entity properties of issues and of comments, one by one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from syncer.sandbox.jira.call import BAD_BODY, Call, answer, nothing
from syncer.sandbox.jira.comment_writes import set_comment_properties
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.properties import checked_key, checked_value, put_properties
from syncer.sandbox.jira.records import Comment, Issue
from syncer.sandbox.jira.routes.endpoint import Endpoint


def _comment(call: Call) -> tuple[Issue, Comment]:
    found = call.store.find_comment(call.path["comment"])
    if found is None:
        raise JiraError(404, f"The comment with id: {call.path['comment']} does not exist.")
    return found


def _keys(call: Call, properties: Mapping[str, Any], owner: str) -> Response:
    me = call.viewer.url(f"{owner}/properties")
    return answer({"keys": [{"self": f"{me}/{quote(key, safe='')}", "key": key} for key in properties]})


def _value(call: Call, properties: Mapping[str, Any]) -> Response:
    key = call.path["key"]
    return answer({"key": key, "value": _existing(properties, key)})


def _existing(properties: Mapping[str, Any], key: str) -> Any:
    if key not in properties:
        raise JiraError(404, f"The property with key '{key}' does not exist.")
    return properties[key]


def _sent(call: Call) -> dict[str, Any]:
    """The one property that a PUT sets; an empty body is no value."""
    if not call.raw_body.strip():
        raise JiraError(400, BAD_BODY)
    return {checked_key(call.path["key"]): checked_value(call.json())}


def issue_keys(call: Call) -> Response:
    issue = call.issue()
    return _keys(call, issue.properties, f"issue/{issue.id}")


def issue_read(call: Call) -> Response:
    return _value(call, call.issue().properties)


def issue_put(call: Call) -> Response:
    """201 for a new one, 200 for one that was there."""
    issue, sent = call.issue(), _sent(call)
    status = 200 if call.path["key"] in issue.properties else 201
    put_properties(call.store, issue, {**issue.properties, **sent})
    return nothing(status)


def issue_remove(call: Call) -> Response:
    issue, key = call.issue(), call.path["key"]
    _existing(issue.properties, key)
    left = {name: issue.properties[name] for name in issue.properties if name != key}
    put_properties(call.store, issue, left)
    return nothing()


def comment_keys(call: Call) -> Response:
    _, comment = _comment(call)
    return _keys(call, comment.properties, f"comment/{comment.id}")


def comment_read(call: Call) -> Response:
    return _value(call, _comment(call)[1].properties)


def comment_put(call: Call) -> Response:
    """201 for a new one, 200 for one that was there."""
    (issue, comment), sent = _comment(call), _sent(call)
    status = 200 if call.path["key"] in comment.properties else 201
    set_comment_properties(call.store, issue, comment, {**comment.properties, **sent})
    return nothing(status)


def comment_remove(call: Call) -> Response:
    (issue, comment), key = _comment(call), call.path["key"]
    _existing(comment.properties, key)
    left = {name: comment.properties[name] for name in comment.properties if name != key}
    set_comment_properties(call.store, issue, comment, left)
    return nothing()


ENDPOINTS = (
    Endpoint("GET", "/issue/{issue}/properties", issue_keys),
    Endpoint("GET", "/issue/{issue}/properties/{key}", issue_read),
    Endpoint("PUT", "/issue/{issue}/properties/{key}", issue_put),
    Endpoint("DELETE", "/issue/{issue}/properties/{key}", issue_remove),
    Endpoint("GET", "/comment/{comment}/properties", comment_keys),
    Endpoint("GET", "/comment/{comment}/properties/{key}", comment_read),
    Endpoint("PUT", "/comment/{comment}/properties/{key}", comment_put),
    Endpoint("DELETE", "/comment/{comment}/properties/{key}", comment_remove),
)
