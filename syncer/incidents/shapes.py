"""Between the JSON of an incident and our values: pure, and the only place that knows the members' names.

| field                       | member           | held as                                                     |
|-----------------------------|------------------|-------------------------------------------------------------|
| Summary, Description        | the same         | text                                                        |
| Type, Status, ...           | TypeId, ...      | lower-case GUID, `None` for null                            |
| AssignedTo                  | AssignedToId     | lower-case GUID of the user, `None` for null                |
| Components, FixedVersions,..| ComponentIds, ...| frozenset of lower-case GUIDs, empty for `[]` and for null  |
| FieldValues.Cycle           | FieldValues      | text; what is no string is held as its JSON                 |


A member that is absent was not observed and has no value. `0001-01-01` means "never" (vendor's page Incident
Comments) and is held as `None`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mappings.values import Value, Values
from syncer.core.records import Comment, Listed, Mark, Record, Side
from syncer.errors import Rejected, Unavailable
from syncer.incidents.answers import Json
from syncer.incidents.headings import read_dissolved, read_mark, take_apart

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
CUSTOM = "FieldValues."

CLOCK_RESOLUTION = timedelta(seconds=2)
"""Times have whole seconds; within twice that another edit could carry the same `LastUpdatedAt`."""


@dataclass(frozen=True, slots=True)
class View:
    """What one project link sees of an incident: mapped fields, where the mark is, who we are."""

    fields: Collection[str]
    mark_field: str | None
    installation: str
    base_url: str


def record(incident: Json, view: View, comments: tuple[Comment, ...] | None, at: datetime | None) -> Record:
    """The incident as the server gave it at `at` (the server's own clock)."""
    url = incident.get("Self")
    return Record(
        side=Side.INCIDENT,
        id=guid(incident["Id"]),
        key=key(incident),
        url=url if isinstance(url, str) else f"{view.base_url}/api/incident/{guid(incident['Id'])}",
        values=values(incident, view.fields),
        comments=comments,
        mark=mark_of(incident, view),
        shows_mark=shows_mark(incident, view),
        dissolved=dissolved_of(incident, view),
        stamp=_trusted_stamp(incident, at),
        updated_at=moment(incident.get("LastUpdatedAt")),
    )


def mark_of(incident: Json, view: View) -> Mark | None:
    """The mark in the custom field; `None` where there is none or no field for it."""
    if view.mark_field is None:
        return None
    return read_mark(_text((incident.get("FieldValues") or {}).get(view.mark_field)), view.installation)


def dissolved_of(incident: Json, view: View) -> Mark | None:
    """The mark of the link that was dissolved when the issue was deleted, as the custom field remembers it."""
    if view.mark_field is None:
        return None
    return read_dissolved(_text((incident.get("FieldValues") or {}).get(view.mark_field)), view.installation)


def shows_mark(incident: Json, view: View) -> bool | None:
    """Whether the custom field holds a mark of ours (True), or nothing (False).

    `None` is no evidence of a person's removing it: no field for marks, one that the form doesn't have, field
    values that were not sent, and a text which says something else.
    """
    fields = incident.get("FieldValues")
    if view.mark_field is None or not isinstance(fields, dict):
        return None
    form = _form(incident)
    if view.mark_field not in fields and form and view.mark_field not in form:
        return None
    text = _text(fields.get(view.mark_field))
    mark = read_mark(text, view.installation)
    if mark is not None and mark.installation == view.installation:
        return True
    return None if text else False


def line(incident: Json) -> Listed:
    """One line of a listing; an incident that was never edited was last updated when it was created.

    Raises `Unavailable` for a line without any time: a poll could not say how far it has read."""
    updated = moment(incident.get("LastUpdatedAt")) or moment(incident.get("CreatedAt"))
    if updated is None:
        raise Unavailable(Side.INCIDENT, f"Enterprise Tester lists incident {key(incident)} without a time")
    return Listed(guid(incident["Id"]), key(incident), updated, stamp(incident))


def values(incident: Json, fields: Collection[str]) -> dict[str, Value]:
    """The observed ones of `fields`."""
    seen: dict[str, Value] = {}
    for field in fields:
        member = CHOICES.get(field) or SETS.get(field) or field
        holder = incident
        if field.startswith(CUSTOM):
            holder, member = incident.get("FieldValues") or {}, field.removeprefix(CUSTOM)
        if member in holder:
            seen[field] = _value(field, holder[member])
        elif field.startswith(CUSTOM) and "FieldValues" in incident and member in _form(incident):
            # Assumed: old servers leave a custom field without a value out. That the form shows the field tells
            # it from one that was renamed or removed, which must not look as if somebody had emptied it.
            seen[field] = None
    return seen


def _value(field: str, given: Any) -> Value:
    if field in SETS:
        return frozenset(guid(each) for each in given or ())
    if field in CHOICES:
        return guid(given) if given else None
    return _text(given)


def _form(incident: Json) -> set[object]:
    """The names of the custom fields on the incident's form, as far as it was expanded."""
    widgets = incident.get("Widgets") or incident.get("FieldControls") or []
    return {widget.get("Name") for widget in widgets if isinstance(widget, dict)}


def members(changes: Values) -> dict[str, Any]:
    """The members of a request that set the given fields. Raises `Rejected` for a field that isn't one.

    A text is cleared by the empty string and a choice by null, because null may mean "unchanged" (section PUT
    of the vendor's page Incident gives no rule); `left_as_it_was` tells whether it worked.
    """
    body: dict[str, Any] = {}
    for field, value in changes.items():
        if field in SETS and isinstance(value, frozenset):
            body[SETS[field]] = sorted(value)
        elif field in CHOICES and not isinstance(value, frozenset):
            body[CHOICES[field]] = value
        elif field in TEXTS and not isinstance(value, frozenset):
            body[field] = value or ""
        elif field.startswith(CUSTOM) and not isinstance(value, frozenset):
            body.setdefault("FieldValues", {})[field.removeprefix(CUSTOM)] = value or ""
        else:
            raise Rejected(Side.INCIDENT, f"An incident has no field '{field}' that could hold {value!r}")
    return body


def left_as_it_was(changes: Values, after: Values) -> list[str]:
    """The fields that the server did not take over, by its own answer.

    A text may come back normalised: one that was set need only be there, one that was cleared must be empty.
    """
    exact = {name: value for name, value in changes.items() if name in CHOICES or name in SETS or value is None}
    ignored = {name for name, value in exact.items() if after.get(name) != value}
    return sorted(ignored | {name for name, value in changes.items() if value is not None and name not in after})


def comment(given: Json, names: Mapping[str, str], installation: str) -> Comment:
    """A comment; a mirrored one without its heading. `names` are display names by user id."""
    body = given.get("Body") or ""
    headed = take_apart(body, installation)
    author_id = guid(given.get("CreatedById") or "")
    return Comment(
        id=guid(given["Id"]),
        author=headed.author if headed else names.get(author_id) or given.get("CreatedByUserName") or author_id,
        body=headed.body if headed else body,
        created_at=moment(given.get("CreatedAt")),
        mark=headed.mark if headed else None,
    )


def stamp(incident: Json) -> str:
    """The incident's revision: when it was saved last, and how often where the server counts."""
    saved, count = incident.get("LastUpdatedAt") or "", incident.get("VersionNumber")
    return saved if count is None else f"{saved}/{count}"


def key(incident: Json) -> str:
    """What people call the incident: `#12`; the start of its id where it has no number."""
    number = incident.get("IncidentNumber")
    return f"#{number}" if isinstance(number, int) else guid(incident["Id"])[:8]


def guid(text: str) -> str:
    """The id as it is compared: the vendor's examples have both letter cases."""
    return str(text).lower()


def moment(text: object) -> datetime | None:
    """A time of the API in UTC; `None` for null, for the year 1 and for what is no time."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if read is None or read.year == 1:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _trusted_stamp(incident: Json, at: datetime | None) -> str | None:
    if incident.get("VersionNumber") is not None:
        return stamp(incident)
    saved = moment(incident.get("LastUpdatedAt"))
    if saved is None or at is None or at - saved <= CLOCK_RESOLUTION:
        return None
    return stamp(incident)


def _text(given: object) -> str | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        return json.dumps(given, ensure_ascii=False, sort_keys=True)
    return None if given.startswith("0001-01-01T") else given
