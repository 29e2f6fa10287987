"""What may be set where. The items of a page have another name on each deployment."""

from collections.abc import Sequence

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer
from syncer.sandbox.jira.catalogue import TYPE_BY_ID, TYPES, IssueType
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Project
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.meta import screen_fields, type_of
from syncer.sandbox.jira.views.viewer import Json, Viewer

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


def create_meta(call: Call) -> Response:
    """All at once, for all projects, types and fields: out of date on Cloud, and gone from Data Center."""
    store, viewer = call.store, call.viewer
    keys, names = call.words("projectKeys"), call.words("issuetypeNames")
    deep = "projects.issuetypes.fields" in call.words("expand")
    shown = []
    for project in (one for one in store.visible_projects() if not keys or one.key in keys):
        kinds = [one for one in TYPES if not names or one.name in names]
        types = [_create_type(viewer, project, kind, deep) for kind in kinds]
        shown.append({**catalogue.project(viewer, project), "expand": "issuetypes", "issuetypes": types})
    return answer({"expand": "projects", "projects": shown})


def _create_type(viewer: Viewer, project: Project, kind: IssueType, deep: bool) -> Json:
    told: Json = {**catalogue.issue_type(viewer, kind), "untranslatedName": kind.name}
    if deep:
        rows = screen_fields(viewer, project, kind, "create")
        told |= {"expand": "fields", "fields": {row["key"]: row for row in rows}}
    return told


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
    Endpoint("GET", "/issue/createmeta", create_meta, CLOUD),
    Endpoint("GET", "/issue/createmeta/{project}/issuetypes", create_types),
    Endpoint("GET", "/issue/createmeta/{project}/issuetypes/{type}", create_fields),
    Endpoint("GET", "/issue/{issue}/editmeta", edit_fields),
)
