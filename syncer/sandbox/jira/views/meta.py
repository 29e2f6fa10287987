"""What may be written where: create and edit metadata, transitions, the list of fields."""

from typing import Any

from syncer.sandbox.jira.catalogue import (
    DEFAULT_PRIORITY,
    PRIORITIES,
    RESOLUTIONS,
    TYPE_BY_ID,
    TYPES,
    IssueType,
)
from syncer.sandbox.jira.fields import FIELD_BY_ID, FIELDS, Field, Kind, Screen, on_screen
from syncer.sandbox.jira.records import Issue, Project
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.fields import allowed, schema
from syncer.sandbox.jira.views.viewer import Json, Viewer
from syncer.sandbox.jira.workflow import Transition, available

_SUGGESTED: dict[Kind, str] = {
    "labels": "api/1.0/labels/suggest?query=",
    "user": "api/2/user/assignable/search?project={}&query=",
}


def field_details(viewer: Viewer, field: Field) -> Json:
    """A field as `/field` lists it."""
    named: Json = {"untranslatedName": field.name} if field.custom and viewer.store.cloud else {}
    return {
        **named,
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": field.custom,
        "orderable": bool(field.screens),
        "navigable": field.id != "comment",
        "searchable": True,
        "clauseNames": [f"cf[{field.id.removeprefix('customfield_')}]", field.name]
        if field.custom
        else list(field.clauses),
        "schema": schema(field),
    }


def screen_fields(viewer: Viewer, project: Project, kind: IssueType, screen: Screen) -> list[Json]:
    """The metadata of every field on a screen, with the values it allows."""
    return [
        {**field_meta(viewer, project, field), "fieldId": field.id}
        for field in FIELDS
        if on_screen(field, screen, kind)
    ]


def field_meta(viewer: Viewer, project: Project, field: Field) -> Json:
    shown: Json = {
        "required": field.required,
        "schema": schema(field),
        "name": field.name,
        "key": field.id,
        "hasDefaultValue": field.kind == "priority",
        "operations": field.operations,
    }
    if field.kind in _SUGGESTED:
        shown["autoCompleteUrl"] = f"{viewer.store.base_url}/rest/{_SUGGESTED[field.kind].format(project.key)}"
    values = _allowed(viewer, project, field)
    if values is not None:
        shown["allowedValues"] = values
    if field.kind == "priority":
        default = next(one for one in PRIORITIES if one.id == DEFAULT_PRIORITY)
        shown["defaultValue"] = catalogue.priority(viewer, default)
    return shown


def transitions(viewer: Viewer, issue: Issue, *, with_fields: bool) -> list[Json]:
    """The transitions that the issue can take now."""
    choices = available(issue.text("issuetype"), issue.text("status"))
    return [_transition(viewer, issue, one, with_fields) for one in choices]


def _transition(viewer: Viewer, issue: Issue, one: Transition, with_fields: bool) -> Json:
    shown: Json = {
        "id": one.id,
        "name": one.name,
        "to": catalogue.status(viewer, one.target),
        "hasScreen": bool(one.demands),
        "isGlobal": one.everywhere,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        "looped": False,
    }
    if with_fields:
        project = viewer.store.projects[issue.text("project")]
        shown["fields"] = {
            name: {**field_meta(viewer, project, FIELD_BY_ID[name]), "required": True} for name in one.demands
        }
    return shown


def _allowed(viewer: Viewer, project: Project, field: Field) -> list[Any] | None:
    match field.kind:
        case "priority":
            return [catalogue.priority(viewer, one) for one in PRIORITIES]
        case "resolution":
            return [catalogue.resolution(viewer, one) for one in RESOLUTIONS]
        case "issuetype":
            return [catalogue.issue_type(viewer, one) for one in TYPES]
        case "project":
            return [catalogue.project(viewer, project)]
        case "versions":
            return [catalogue.version(viewer, one) for one in viewer.store.versions_of(project.id)]
        case "components":
            return [catalogue.component(viewer, one) for one in viewer.store.components_of(project.id)]
        case "option" | "options" | "cascade":
            return allowed(viewer, field)
    return None


def type_of(issue: Issue) -> IssueType:
    return TYPE_BY_ID[issue.text("issuetype")]
