"""The values of an incident's fields, out of its JSON and into the body of a request: pure, but for what
`CustomFields` remembers of the forms that a server was seen to use.

| field                          | member             | held as                                                     |
|--------------------------------|--------------------|-------------------------------------------------------------|
| Summary, Description           | the same           | text                                                        |
| Type, Status, ...              | TypeId, ...        | lower-case GUID, `None` for null                            |
| AssignedTo                     | AssignedToId       | lower-case GUID of the user, `None` for null                |
| Components, FixedVersions, ... | ComponentIds, ...  | frozenset of lower-case GUIDs, empty for `[]` and for null  |
| CreatedBy, LastUpdatedBy       | CreatedById, ...   | lower-case GUID of the user; only the server writes them    |
| CreatedAt, LastUpdatedAt       | the same           | moment; only the server writes them                         |
| IncidentNumber, ProjectName    | the same           | number, text; only the server writes them                   |
| FieldValues.Cycle              | FieldValues        | by the kind of the custom field: see `wire`                 |

A member that is absent was not observed and has no value.
"""

from collections.abc import Collection, Mapping
from typing import Any

from mappings.values import Prose, Value, Values
from syncer.core.records import Side
from syncer.errors import Rejected
from syncer.incidents import wire
from syncer.incidents.answers import Json
from syncer.incidents.custom import PREFIX, CustomField
from syncer.incidents.scalars import guid, moment_text, number, plain

TEXTS = ("Summary", "Description")
CHOICES: Mapping[str, str] = {
    "Type": "TypeId",
    "Status": "StatusId",
    "Priority": "PriorityId",
    "Resolution": "ResolutionId",
    "AssignedTo": "AssignedToId",
}
SETS: Mapping[str, str] = {
    "Components": "ComponentIds",
    "AffectedVersions": "AffectedVersionIds",
    "FixedVersions": "FixedVersionIds",
}
PEOPLE: Mapping[str, str] = {"CreatedBy": "CreatedById", "LastUpdatedBy": "LastUpdatedById"}
MOMENTS = ("CreatedAt", "LastUpdatedAt")
READ_ONLY = (*PEOPLE, *MOMENTS, "IncidentNumber", "ProjectName")
"""What only the server writes."""

_MEMBERS = {**CHOICES, **SETS, **PEOPLE}


class CustomFields:
    """The custom fields that are known by name, and a value of each as the server wrote it last.

    A field that nothing was seen of yet is written as another one of its kind was. May be used by several threads."""

    def __init__(self, known: Mapping[str, CustomField] | None = None, seen: dict[str, Any] | None = None) -> None:
        self._known = {} if known is None else known
        self._seen = {} if seen is None else seen

    def read(self, name: str, given: Any, page: str | None) -> Value:
        """The value of a custom field; one that isn't known is a text."""
        field = self.named(name)
        if field.kind != "text" and wire.shows_form(given):
            self._seen[field.id] = self._seen[field.kind] = given
        return wire.read(field, given, page)

    def written(self, name: str, value: Value) -> Any:
        """The JSON that sets it. Raises `ValueError` with what the field holds instead."""
        field = self.named(name)
        return wire.written(field, value, self._seen.get(field.id, self._seen.get(field.kind)))

    def named(self, name: str) -> CustomField:
        """The field of this name; a text where nothing is known of it."""
        return self._known.get(name) or CustomField(name, name)


def values(
    incident: Json, fields: Collection[str], custom: CustomFields | None = None, page: str | None = None
) -> dict[str, Value]:
    """The observed ones of `fields`; `page` is where people find the incident."""
    custom = custom or CustomFields()
    seen: dict[str, Value] = {}
    for field in fields:
        if field.startswith(PREFIX):
            name, holder = field.removeprefix(PREFIX), incident.get("FieldValues") or {}
            # Assumed: old servers leave a custom field without a value out. That the form shows the field tells
            # it from one that was renamed or removed, which must not look as if somebody had emptied it.
            if name in holder or ("FieldValues" in incident and name in form_names(incident)):
                seen[field] = custom.read(name, holder.get(name), page)
        elif (member := _MEMBERS.get(field, field)) in incident:
            seen[field] = _value(field, incident[member], page)
    return seen


def form_names(incident: Json) -> set[object]:
    """The names of the custom fields on the incident's form, as far as it was expanded."""
    widgets = incident.get("Widgets") or incident.get("FieldControls") or []
    return {widget.get("Name") for widget in widgets if isinstance(widget, dict)}


def members(changes: Values, custom: CustomFields | None = None) -> dict[str, Any]:
    """The members of a request that set the given fields. Raises `Rejected` for a field that isn't one.

    A text is cleared by the empty string and a choice by null, because null may mean "unchanged" (section PUT
    of the vendor's page Incident gives no rule); `left_as_it_was` tells whether it worked.
    """
    custom = custom or CustomFields()
    body: dict[str, Any] = {}
    for field, value in changes.items():
        if field in SETS and isinstance(value, frozenset):
            body[SETS[field]] = sorted(value)
        elif field in CHOICES and not isinstance(value, frozenset):
            body[CHOICES[field]] = value
        elif field in TEXTS and not isinstance(value, frozenset):
            body[field] = str(value or "")
        elif field.startswith(PREFIX):
            body.setdefault("FieldValues", {})[field.removeprefix(PREFIX)] = _custom_member(custom, field, value)
        elif field in READ_ONLY:
            said = f"Only Enterprise Tester itself writes '{field}' of an incident"
            raise Rejected(Side.INCIDENT, f"{said}: map it one way, to the issue")
        else:
            raise Rejected(Side.INCIDENT, f"An incident has no field '{field}' that could hold {value!r}")
    return body


def filled(wanted: Values, custom: CustomFields) -> dict[str, Value]:
    """What a new incident is to say: all but the custom fields left empty, as not every kind takes an empty value."""
    return {
        name: value
        for name, value in wanted.items()
        if value or not name.startswith(PREFIX) or custom.named(name.removeprefix(PREFIX)).kind == "text"
    }


def left_as_it_was(changes: Values, after: Values, custom: CustomFields | None = None) -> list[str]:
    """The fields that the server did not take over, by its own answer, compared as values and not as JSON.

    A text may come back normalised: one that was set need only be there, one that was cleared must be empty.
    """
    custom = custom or CustomFields()
    return sorted(name for name, value in changes.items() if not _same(custom, name, after, value))


def _same(custom: CustomFields, name: str, after: Values, wanted: Value) -> bool:
    if name not in after:
        return wanted is None
    held = after[name]
    if name.startswith(PREFIX):
        return wire.same(custom.named(name.removeprefix(PREFIX)), wanted, held)
    return held == wanted or (wanted is not None and name in TEXTS)


def _custom_member(custom: CustomFields, field: str, value: Value) -> Any:
    try:
        return custom.written(field.removeprefix(PREFIX), value)
    except ValueError as problem:
        said = f"The custom field '{field}' of an incident holds {problem}"
        raise Rejected(Side.INCIDENT, f"{said}: {value!r} can't be written") from None


def _value(field: str, given: Any, page: str | None) -> Value:
    if field in SETS:
        return frozenset(guid(each) for each in given or ())
    if field in CHOICES or field in PEOPLE:
        return guid(given) if given else None
    if field in MOMENTS:
        return moment_text(given)
    if field == "IncidentNumber":
        return number(given)
    text = plain(given)
    return None if text is None else Prose(text, page=page)
