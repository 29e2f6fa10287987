"""One field of an issue as JSON, and the schema that describes it."""

from datetime import datetime
from typing import Any

from syncer.sandbox.jira.catalogue import PRIORITIES, RESOLUTIONS, STATUS_BY_ID, TYPE_BY_ID
from syncer.sandbox.jira.fields import Field, Kind, Option
from syncer.sandbox.jira.records import Issue, Value
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.viewer import Json, Viewer

_PRIORITY_BY_ID = {one.id: one for one in PRIORITIES}
_RESOLUTION_BY_ID = {one.id: one for one in RESOLUTIONS}

_TYPES: dict[Kind, tuple[str, str | None]] = {
    "line": ("string", None),
    "text": ("string", None),
    "string": ("string", None),
    "url": ("string", None),
    "number": ("number", None),
    "date": ("date", None),
    "moment": ("datetime", None),
    "user": ("user", None),
    "labels": ("array", "string"),
    "versions": ("array", "version"),
    "components": ("array", "component"),
    "option": ("option", None),
    "options": ("array", "option"),
    "cascade": ("option-with-child", None),
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
        shown["custom"] = f"com.atlassian.jira.plugin.system.customfieldtypes:{field.plugin}"
        shown["customId"] = int(field.id.removeprefix("customfield_"))
    else:
        shown["system"] = field.id
    return shown


def option(viewer: Viewer, one: Option) -> Json:
    """One value of a custom field by itself."""
    return {"self": viewer.url(f"customFieldOption/{one.id}"), "value": one.value, "id": one.id}


def allowed(viewer: Viewer, field: Field) -> list[Json]:
    """The values that a custom field offers; those of a cascade with their children."""
    return [
        {**option(viewer, one), "children": [option(viewer, child) for child in one.children]}
        if field.kind == "cascade"
        else option(viewer, one)
        for one in field.options
    ]


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
            return _chosen(viewer, field, text)
        case "cascade":
            return _path(viewer, field, text)
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
            return _chosen(viewer, field, value)
    return value


def _chosen(viewer: Viewer, field: Field, option_id: str) -> Json:
    return option(viewer, next(one for one in field.options if one.id == option_id))


def _path(viewer: Viewer, field: Field, path: str) -> Json:
    """A value of a cascade, and inside it the one below where one is chosen."""
    parent_id, _, child_id = path.partition("/")
    parent = next(one for one in field.options if one.id == parent_id)
    below = [option(viewer, one) for one in parent.children if one.id == child_id]
    return {**option(viewer, parent), **({"child": below[0]} if below else {})}


def _version_on_issue(viewer: Viewer, version_id: str) -> Json:
    shown = catalogue.version(viewer, viewer.store.versions[version_id])
    return {name: shown[name] for name in shown if name not in ("projectId", "overdue", "startDate")}
