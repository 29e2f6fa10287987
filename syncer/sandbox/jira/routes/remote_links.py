"""Remote links: POST with a `globalId` creates or replaces, so doing it twice changes nothing.

Whatever an update doesn't say is gone afterwards: the link is replaced, not merged.
"""

import re
from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Issue, RemoteLink
from syncer.sandbox.jira.remote_link_writes import link_with, put_link, remove_link, replace_link, shown_object
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.views.catalogue import remote_link
from syncer.sandbox.jira.views.viewer import Json

MOST_TEXT = 255
MOST_URL = 2000
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")


def listed(call: Call) -> Response:
    """All links of an issue as a list, or the one with a `globalId` by itself."""
    issue, global_id = call.issue(), call.query.get("globalId")
    if global_id is None:
        return answer([remote_link(call.viewer, issue, one) for one in issue.remote_links.values()])
    return answer(remote_link(call.viewer, issue, link_with(issue, global_id)))


def read(call: Call) -> Response:
    issue = call.issue()
    return answer(remote_link(call.viewer, issue, _by_id(call, issue)))


def put(call: Call) -> Response:
    """Create or replace; Cloud says 201 or 200, Data Center 200 for both."""
    issue = call.issue()
    link, new = put_link(call.store, issue, _sent(call.body()))
    me = call.viewer.url(f"issue/{issue.key}/remotelink/{link.id}")
    return answer({"id": int(link.id), "self": me}, 201 if new and call.store.cloud else 200)


def replace(call: Call) -> Response:
    """The link with this id, whatever `globalId` it had."""
    issue = call.issue()
    link = _by_id(call, issue)
    replace_link(call.store, issue, link, _sent(call.body()))
    return nothing()


def remove(call: Call) -> Response:
    issue = call.issue()
    remove_link(call.store, issue, _by_id(call, issue))
    return nothing()


def remove_by_global_id(call: Call) -> Response:
    issue, global_id = call.issue(), call.query.get("globalId")
    if not global_id:
        raise JiraError(400, "The globalId query parameter is required.")
    remove_link(call.store, issue, link_with(issue, global_id))
    return nothing()


def _by_id(call: Call, issue: Issue) -> RemoteLink:
    link = issue.remote_links.get(call.path["link"])
    if link is None:
        raise JiraError(404, f"The remote link with id '{call.path['link']}' does not exist on this issue.")
    return link


def _sent(body: Json) -> dict[str, Any]:
    shown = member(body, "object", dict)
    errors = {
        **_problem("title", shown.get("title"), MOST_TEXT, required=True),
        **_problem("url", shown.get("url"), MOST_URL, required=True),
        **_problem("summary", shown.get("summary"), MOST_TEXT),
        **_problem("globalId", body.get("globalId"), MOST_TEXT),
        **_problem("relationship", body.get("relationship"), MOST_TEXT),
    }
    if "url" not in errors and not _ABSOLUTE.match(shown["url"]):
        errors["url"] = "'url' must be an absolute URL."
    if errors:
        raise JiraError(400, errors=errors)
    return {
        "global_id": body.get("globalId"),
        "object": shown_object(shown),
        "application": member(body, "application", dict, None),
        "relationship": body.get("relationship"),
    }


def _problem(name: str, value: Any, most: int, *, required: bool = False) -> dict[str, str]:
    if value is None or value == "":
        return {name: f"'{name}' is required."} if required else {}
    if not isinstance(value, str):
        return {name: f"'{name}' must be text."}
    return {name: f"'{name}' must not be longer than {most} characters."} if len(value) > most else {}


ENDPOINTS = (
    Endpoint("GET", "/issue/{issue}/remotelink", listed),
    Endpoint("POST", "/issue/{issue}/remotelink", put),
    Endpoint("DELETE", "/issue/{issue}/remotelink", remove_by_global_id),
    Endpoint("GET", "/issue/{issue}/remotelink/{link}", read),
    Endpoint("PUT", "/issue/{issue}/remotelink/{link}", replace),
    Endpoint("DELETE", "/issue/{issue}/remotelink/{link}", remove),
)
