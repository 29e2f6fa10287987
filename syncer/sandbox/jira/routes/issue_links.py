"""Links between issues of this Jira. A mirror leaves them alone; its neighbours, who share the site, don't."""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.catalogue import LINK_TYPES, LinkType
from syncer.sandbox.jira.comment_writes import add_comment
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.issue_writes import touch
from syncer.sandbox.jira.records import Issue, IssueLink
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.views import catalogue


def types(call: Call) -> Response:
    return answer({"issueLinkTypes": [catalogue.link_type(call.viewer, one) for one in LINK_TYPES]})


def create(call: Call) -> Response:
    """201 without a body; a link that is there already isn't made a second time."""
    body = call.body()
    kind = _type(member(body, "type", dict, {}))
    inward, outward = _issue(call, body, "inwardIssue"), _issue(call, body, "outwardIssue")
    if inward is outward:
        raise JiraError(400, "You cannot link an issue to itself.")
    wanted = (kind.id, inward.id, outward.id)
    if not any((one.type_id, one.inward, one.outward) == wanted for one in call.store.issue_links.values()):
        link = IssueLink(call.store.next_id("issue link"), *wanted)
        call.store.issue_links[link.id] = link
        _touch(call, link)
    comment = member(body, "comment", dict, {}).get("body")
    if isinstance(comment, str):
        add_comment(call.store, outward, call.login, comment)
    return nothing(201)


def read(call: Call) -> Response:
    return answer(catalogue.issue_link(call.viewer, _link(call)))


def remove(call: Call) -> Response:
    link = _link(call)
    del call.store.issue_links[link.id]
    _touch(call, link)
    return nothing()


def _link(call: Call) -> IssueLink:
    link = call.store.issue_links.get(call.path["link"])
    if link is None or not all(call.store.shows(call.store.issues[one]) for one in (link.inward, link.outward)):
        raise JiraError(404, f"No issue link with id '{call.path['link']}' exists.")
    return link


def _type(named: dict[str, Any]) -> LinkType:
    for one in LINK_TYPES:
        if str(named.get("id")) == one.id or named.get("name") == one.name:
            return one
    raise JiraError(404, f"No issue link type with name '{named.get('name')}' found.")


def _issue(call: Call, body: dict[str, Any], end: str) -> Issue:
    named = member(body, end, dict)
    return call.store.visible(str(named.get("id") or named.get("key")))


def _touch(call: Call, link: IssueLink) -> None:
    """Assumed: a link moves the `updated` of both its issues."""
    for one in (link.inward, link.outward):
        touch(call.store, call.store.issues[one])


ENDPOINTS = (
    Endpoint("GET", "/issueLinkType", types),
    Endpoint("POST", "/issueLink", create),
    Endpoint("GET", "/issueLink/{link}", read),
    Endpoint("DELETE", "/issueLink/{link}", remove),
)
