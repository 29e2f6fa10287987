"""What a project's JSON says of its options, its fields, and of Enterprise Tester's own link to a tracker: pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mappings.fields import Shape
from syncer.core.records import Catalogue, FieldInfo, Option, Side
from syncer.incidents.answers import Json
from syncer.incidents.custom import CustomField, kind_of
from syncer.incidents.scalars import guid
from syncer.incidents.values import READ_ONLY

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "type": "IncidentTypes",
        "status": "IncidentStatuses",
        "priority": "Priorities",
        "resolution": "IncidentResolutions",
        "component": "Components",
        "version": "Versions",
    }
)
"""The kinds of options and the project's expansions that hold them (vendor's page Project)."""

EXPANSIONS = (*_KINDS.values(), "ExternalSystemLinks", "Widgets")
"""All that `catalogue` reads of a project."""

_OWN: Mapping[str, tuple[str, Shape]] = MappingProxyType(
    {
        "Summary": ("Summary", "text"),
        "Description": ("Description", "text"),
        "Type": ("Type", "choice"),
        "Status": ("Status", "choice"),
        "Priority": ("Priority", "choice"),
        "Resolution": ("Resolution", "choice"),
        "AssignedTo": ("Assigned to", "user"),
        "Components": ("Components", "choices"),
        "AffectedVersions": ("Affected versions", "choices"),
        "FixedVersions": ("Fixed versions", "choices"),
        "CreatedBy": ("Created by", "user"),
        "LastUpdatedBy": ("Last updated by", "user"),
        "CreatedAt": ("Created at", "moment"),
        "LastUpdatedAt": ("Last updated at", "moment"),
        "IncidentNumber": ("Number", "number"),
        "ProjectName": ("Project", "text"),
    }
)
"""An incident's own fields: their names for people, and their shapes."""

_ON_FORM = MappingProxyType({"Summary": "Name"})
"""What the form calls a field otherwise. Assumed: the name that TQL has for it."""


def offered(project: Json, users: tuple[Option, ...], custom: Iterable[CustomField]) -> Catalogue:
    """What the project offers, from its own JSON with all of `EXPANSIONS`."""
    options = {
        kind: tuple(_option(value) for value in _items(project[expansion]))
        for kind, expansion in _KINDS.items()
        if project.get(expansion) is not None
    }
    custom = tuple(custom)
    options["user"] = users
    options |= {field.id: field.options for field in custom if field.shape in ("choice", "choices")}
    links = own_links(project)
    return Catalogue(Side.INCIDENT, options, fields(project, custom), links[0] if links else None)


def fields(project: Json, custom: Iterable[CustomField]) -> dict[str, FieldInfo]:
    """An incident's own fields and the given custom ones, by the names that mappings use.

    Only the form tells what is required, how long a text may be and what can't be written."""
    own = {str(widget.get("Name")): widget for widget in _widgets(project) if not _is_custom(widget)}
    placed = {str(widget.get("Name")): widget for widget in custom_widgets(project)}
    found = {}
    for name, (label, shape) in _OWN.items():
        widget = own.get(name) or own.get(_ON_FORM.get(name, ""), {})
        told = _told(widget, writable=name not in READ_ONLY, rich=kind_of((widget.get("WidgetType"),))[1])
        found[name] = FieldInfo(name, label, shape, **told, required=name == "Summary" or _is_required(widget))
    for field in custom:
        widget = placed.get(field.name, {})
        told = _told(widget, writable=True, rich=field.rich)
        required = field.required or _is_required(widget)
        found[field.id] = FieldInfo(field.id, field.label, field.shape, **told, required=required)
    return found


def own_links(project: Json) -> list[str]:
    """The names of Enterprise Tester's own links that synchronize the project's incidents at present."""
    links = project.get("ExternalSystemLinks") or ()
    return [str(link.get("Name")) for link in links if link.get("Enabled") and link.get("Type") == "Incident"]


def custom_widgets(project: Json) -> list[Json]:
    """The custom fields on the incident form; none where the server doesn't send it."""
    return [widget for widget in _widgets(project) if _is_custom(widget)]


def has_form(project: Json) -> bool:
    """Whether the server sends the incident form."""
    return _form(project) is not None


def version(system: Json) -> str:
    """The server's version as it says it."""
    return str(system.get("Version") or "of unknown version")


def _form(project: Json) -> Json | None:
    forms = project.get("Widgets")
    form = forms.get("Incident") if isinstance(forms, dict) else None
    return form if isinstance(form, dict) else None


def _widgets(project: Json) -> list[Json]:
    form = _form(project)
    return [widget for widget in (form.get("Widgets") or () if form else ()) if isinstance(widget, dict)]


def _is_custom(widget: Json) -> bool:
    return str(widget.get("FieldCategory")).casefold() != "intrinsic"


def _is_required(widget: Json) -> bool:
    return widget.get("Required") is True


def _told(widget: Json, *, writable: bool, rich: bool) -> dict[str, Any]:
    longest = widget.get("MaxLength")
    screens = frozenset({"create", "edit"}) if writable and widget.get("ReadOnly") is not True else frozenset()
    return {"rich": rich, "limit": longest if isinstance(longest, int) else None, "screens": screens}


def _items(given: object) -> list[Json]:
    """The values of an expansion: a list, or a list in an envelope."""
    items = given.get("Items") if isinstance(given, dict) else given
    return items if isinstance(items, list) else []


def _option(value: Json) -> Option:
    """A pick-list value; those of servers before 6.2 are all active (vendor's page Project Picklist)."""
    return Option(guid(value["Id"]), str(value.get("Text")), value.get("IsEnable") is not False)
