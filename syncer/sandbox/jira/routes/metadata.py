"""What may be set where. The items of a page have another name on each deployment."""

from collections.abc import Sequence

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.catalogue import TYPE_BY_ID, TYPES
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.meta import screen_fields, type_of
from syncer.sandbox.jira.views.viewer import Json

MOST = 200


def create_types(call: Call) -> Response:
    call.store.project(call.path["project"])
    return _page(call, "issueTypes", [catalogue.issue_type(call.viewer, one) for one in TYPES])


def create_fields(call: Call) -> Response:
    project = call.store.project(call.path["project"])
    kind = TYPE_BY_ID.get(call.path["type"])
    if kind is None:
        raise JiraError(400, f"The issue type with id '{call.path['type']}' does not exist in this project.")
    return _page(call, "fields", screen_fields(call.viewer, project, kind, "create"))


def edit_fields(call: Call) -> Response:
    issue = call.issue()
    project = call.store.projects[issue.text("project")]
    shown = screen_fields(call.viewer, project, type_of(issue), "edit")
    return answer({"fields": {one["key"]: one for one in shown}})


def _page(call: Call, name: str, items: Sequence[Json]) -> Response:
    page = call.page(50, MOST)
    envelope = page.envelope(len(items))
    if call.store.cloud:
        return answer({**envelope, name: page.of(items)})
    return answer({**envelope, "isLast": page.is_last(len(items)), "values": page.of(items)})


ENDPOINTS = (
    Endpoint("GET", "/issue/createmeta/{project}/issuetypes", create_types),
    Endpoint("GET", "/issue/createmeta/{project}/issuetypes/{type}", create_fields),
    Endpoint("GET", "/issue/{issue}/editmeta", edit_fields),
)
