"""The fields of incidents in forms: from the model to inputs, and from inputs to what a person asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncer.sandbox.pages.controls import Control
from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.custom import CustomField
from syncer.sandbox.tester.records import Incident, PickKind

CUSTOM = "field:"
"""In front of a custom field's name where a control is named after it."""

NONE = ("", "none")

ONE: Mapping[str, tuple[str, str, PickKind]] = {
    "StatusId": ("Status", "status", "IncidentStatus"),
    "PriorityId": ("Priority", "priority", "Priority"),
    "TypeId": ("Type", "type", "IncidentType"),
    "ResolutionId": ("Resolution", "resolution", "IncidentResolution"),
}
MANY: Mapping[str, tuple[str, str, PickKind]] = {
    "AffectedVersionIds": ("Affected versions", "affected_versions", "Version"),
    "FixedVersionIds": ("Fixed versions", "fixed_versions", "Version"),
    "ComponentIds": ("Components", "components", "Component"),
}
"""Members of the API, with the label, the attribute of `Incident` and the pick list of each."""

_FLAGS = (NONE, ("true", "yes"), ("false", "no"))


def controls(catalogue: Catalogue, incident: Incident) -> list[Control]:
    """All inputs of an incident, with what it holds."""
    return [
        Control("Summary", "Summary", "line", _value(incident.summary), required=True),
        Control("Description", "Description", "area", _value(incident.description), hint="HTML or plain text"),
        *(_one(catalogue, incident, member) for member in ONE),
        Control("AssignedToId", "Assigned to", "choice", _value(incident.assigned_to), [NONE, *_users(catalogue)]),
        *(_many(catalogue, incident, member) for member in MANY),
        *(_custom(one, incident.field_values.get(one.name)) for one in catalogue.fields.values() if not one.read_only),
    ]


def asked(catalogue: Catalogue, given: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Members of the API for what was given in controls; None clears."""
    members: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for name, values in given.items():
        if name.startswith(CUSTOM):
            custom = catalogue.fields[name.removeprefix(CUSTOM)]
            fields[custom.name] = _custom_value(custom, values) if values else None
        elif name in MANY:
            members[name] = list(values)
        else:
            # An empty summary has to be refused, so it must not be taken for one that nobody mentions.
            members[name] = values[0] if values else "" if name == "Summary" else None
    return {**members, "FieldValues": fields} if fields else members


def told(value: Any) -> str:
    """A kept value of a custom field for people."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _one(catalogue: Catalogue, incident: Incident, member: str) -> Control:
    label, attribute, kind = ONE[member]
    options = [(one.id, one.text) for one in catalogue.pick_list(kind)]
    first = [NONE] if member == "ResolutionId" else []
    return Control(member, label, "choice", _value(getattr(incident, attribute)), [*first, *options])


def _many(catalogue: Catalogue, incident: Incident, member: str) -> Control:
    label, attribute, kind = MANY[member]
    options = [(one.id, one.text) for one in catalogue.pick_list(kind)]
    held = getattr(incident, attribute)
    return Control(member, label, "many", tuple(value for value, _ in options if value in held), options)


def _users(catalogue: Catalogue) -> Sequence[tuple[str, str]]:
    return [
        (user.id, f"{user.first_name} {user.last_name}{'' if user.enabled else ' (left)'}")
        for user in catalogue.users.values()
    ]


def _custom(custom: CustomField, held: Any) -> Control:
    name = f"{CUSTOM}{custom.name}"
    options = [(one, one) for one in custom.options]
    match custom.kind:
        case "combo" | "radio":
            return Control(name, custom.name, "choice", _value(held), [NONE, *options])
        case "multi" | "group":
            return Control(name, custom.name, "many", held or (), options)
        case "cascade":
            paths = [
                (path, path)
                for top in custom.options
                for path in (top, *(f"{top} / {one}" for one in custom.below.get(top, ())))
            ]
            return Control(name, custom.name, "choice", _value(" / ".join(held or ())), [NONE, *paths])
        case "checkbox":
            return Control(name, custom.name, "choice", _value({True: "true", False: "false"}.get(held)), _FLAGS)
        case "date":
            return Control(name, custom.name, "date", _value(held))
        case "area" | "rich":
            return Control(name, custom.name, "area", _value(held))
    return Control(name, custom.name, "line", _value(None if held is None else str(held)))


def _custom_value(custom: CustomField, values: tuple[str, ...]) -> Any:
    """As the API would be told; what can't be read is handed on as it is, to be refused there."""
    match custom.kind:
        case "multi" | "group":
            return list(values)
        case "cascade":
            return values[0].split(" / ")
        case "checkbox":
            return {"true": True, "false": False}.get(values[0], values[0])
        case "date":
            return f"{values[0]}T00:00:00Z"
        case "number":
            return _number(values[0])
    return values[0]


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _value(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()
