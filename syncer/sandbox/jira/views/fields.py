"""One field of an issue as JSON, and the schema that describes it."""

from datetime import datetime
from typing import Any

from syncer.sandbox.jira.catalogue import PRIORITIES, RESOLUTIONS, STATUS_BY_ID, TYPE_BY_ID
from syncer.sandbox.jira.fields import CUSTOM_TYPES, Field, Kind
from syncer.sandbox.jira.records import Issue, Value
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.viewer import Json, Viewer

_PRIORITY_BY_ID = {one.id: one for one in PRIORITIES}
_RESOLUTION_BY_ID = {one.id: one for one in RESOLUTIONS}

_TYPES: dict[Kind, tuple[str, str | None]] = {
    "line": ("string", None),
    "text": ("string", None),
    "string": ("string", None),
    "number": ("number", None),
    "date": ("date", None),
    "moment": ("datetime", None),
    "user": ("user", None),
    "labels": ("array", "string"),
    "versions": ("array", "version"),
    "components": ("array", "component"),
    "option": ("option", None),
    "options": ("array", "option"),
    "parent": ("issuelink", None),
    "comments": ("comments-page", None),
    "category": ("statusCategory", None),
}


def schema(field: Field) -> Json:
    """The JSON type of a field as `/field` and the metadata tell it."""
    kind, items = _TYPES.get(field.kind, (field.kind, None))
    shown: Json = {"type": kind}
    if items is not None:
        shown["items"] = items
    if field.custom:
        shown["custom"] = f"com.atlassian.jira.plugin.system.customfieldtypes:{CUSTOM_TYPES[field.kind]}"
        shown["customId"] = int(field.id.removeprefix("customfield_"))
    else:
        shown["system"] = field.id
    return shown


def option(viewer: Viewer, field: Field, option_id: str) -> Json:
    value = next(one.value for one in field.options if one.id == option_id)
    return {"self": viewer.url(f"customFieldOption/{option_id}"), "value": value, "id": option_id}


def field_json(viewer: Viewer, issue: Issue, field: Field) -> Any:
    """What a response holds for a field; search may show an issue whose version is gone by now."""
    value = issue.fields.get(field.id)
    if isinstance(value, tuple):
        return [shown for one in value if (shown := _element(viewer, field, one)) is not None]
    if field.kind == "category":
        return catalogue.category(viewer, STATUS_BY_ID[issue.text("status")].category)
    if value is None:
        return None
    return _single(viewer, field, value)


def _single(viewer: Viewer, field: Field, value: Value) -> Any:
    text = str(value)
    match field.kind:
        case "user":
            return viewer.person(text)
        case "project":
            return catalogue.project(viewer, viewer.store.projects[text])
        case "status":
            return catalogue.status(viewer, STATUS_BY_ID[text])
        case "issuetype":
            return catalogue.issue_type(viewer, TYPE_BY_ID[text])
        case "priority":
            return catalogue.priority(viewer, _PRIORITY_BY_ID[text])
        case "resolution":
            return catalogue.resolution(viewer, _RESOLUTION_BY_ID[text])
        case "option":
            return option(viewer, field, text)
        case "parent":
            parent = viewer.store.issues.get(text)
            return catalogue.short_issue(viewer, parent) if parent else None
    return viewer.time(value) if isinstance(value, datetime) else value


def _element(viewer: Viewer, field: Field, value: str) -> Any:
    match field.kind:
        case "versions":
            version = viewer.store.versions.get(value)
            return _version_on_issue(viewer, version.id) if version else None
        case "components":
            component = viewer.store.components.get(value)
            if component is None:
                return None
            return {
                "self": viewer.url(f"component/{component.id}"),
                "id": component.id,
                "name": component.name,
                "description": component.description,
            }
        case "options":
            return option(viewer, field, value)
    return value


def _version_on_issue(viewer: Viewer, version_id: str) -> Json:
    shown = catalogue.version(viewer, viewer.store.versions[version_id])
    return {name: shown[name] for name in shown if name not in ("projectId", "overdue", "startDate")}
