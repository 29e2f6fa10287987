"""Reads the body of a request that creates or changes an incident, and refuses what the server would refuse.

| member                                   | type, and what else is refused with 403                     |
|------------------------------------------|-------------------------------------------------------------|
| Summary (also as Name: vendor's page, PUT) | text, not blank                                           |
| Description                              | text                                                        |
| AssignedToId                             | GUID of a user                                              |
| PriorityId, StatusId, TypeId, ResolutionId | GUID from the pick list                                   |
| AffectedVersionIds, FixedVersionIds, ComponentIds | array of GUIDs from the pick list; `[]` clears     |
| ExternalSystemLinkIds (6.x)              | array of GUIDs of project links                             |
| ProjectId                                | GUID of the project; required to create                     |
| FieldValues                              | object of known custom fields, read by `custom`             |
| Comments                                 | array of objects, each with a Body                          |

Other members are ignored. Assumed: an absent member is unchanged, and so is a null one unless `null_clears`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from syncer.sandbox.tester.behaviour import ASSUMED, WireForms
from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.custom import kind_of, stored
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.records import PickKind

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

Reader = Callable[[str, object, Catalogue], object]


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment as asked for: without an id a new one, with one an edit."""

    body: str
    id: str | None = None
    created_by: str | None = None
    created_at: datetime | None = None
    ticket_comment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request asks for: attributes of `Incident`, custom fields (None clears), comments (None: no say)."""

    attributes: dict[str, Any] = field(default_factory=dict)
    field_values: dict[str, Any] = field(default_factory=dict)
    comments: tuple[CommentDraft, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Member:
    attribute: str
    read: Reader
    empty: object = None
    clearable: bool = True


def parse_guid(value: object) -> str | None:
    """The GUID in lower case, or None if the value is none."""
    return value.lower() if isinstance(value, str) and _GUID.fullmatch(value) else None


def read_draft(
    body: object, catalogue: Catalogue, *, null_clears: bool, modern: bool, forms: WireForms = ASSUMED
) -> Draft:
    """What the body asks for. Raises Refused; nothing has been changed then."""
    members = _object("The body", body)
    if "Summary" not in members and "Name" in members:
        members = {**members, "Summary": members["Name"]}
    _check_project(members.get("ProjectId"), catalogue)
    attributes: dict[str, Any] = {}
    for name, member in _MEMBERS.items():
        if name not in members or (name == "ExternalSystemLinkIds" and not modern):
            continue
        if members[name] is not None:
            attributes[member.attribute] = member.read(name, members[name], catalogue)
        elif null_clears and not member.clearable:
            raise Refused(f"{name} must have a value.")
        elif null_clears:
            attributes[member.attribute] = member.empty
    comments = members.get("Comments")
    return Draft(
        attributes,
        read_field_values(members.get("FieldValues"), catalogue, forms, null_clears=null_clears),
        None if comments is None else _comments(comments, catalogue),
    )


def read_field_values(value: object, catalogue: Catalogue, forms: WireForms, *, null_clears: bool) -> dict[str, Any]:
    """Values of custom fields by name; None means cleared. Raises Refused."""
    read: dict[str, Any] = {}
    for name, one in _object("FieldValues", {} if value is None else value).items():
        if name not in catalogue.fields:
            known = ", ".join(catalogue.fields)
            raise Refused(f"Incidents have no custom field {name!r}; there are: {known}.")
        if one is not None:
            read[name] = stored(catalogue.fields[name], one, forms)
        elif null_clears:
            read[name] = None
    return read


def _check_project(value: object, catalogue: Catalogue) -> None:
    if value is not None and _guid("ProjectId", value) != catalogue.project_id:
        raise Refused(f"There is no project with the id {value}.")


def _comments(value: object, catalogue: Catalogue) -> tuple[CommentDraft, ...]:
    if not isinstance(value, list):
        raise Refused(f"Comments must be an array, not {kind_of(value)}.")
    return tuple(_comment(_object("A comment", one), catalogue) for one in value)


def _comment(members: Mapping[str, object], catalogue: Catalogue) -> CommentDraft:
    def optional(name: str, read: Callable[[str, object], Any]) -> Any:
        return None if members.get(name) is None else read(name, members[name])

    body = _text("Body", members.get("Body"))
    if not body.strip():
        raise Refused("A comment must have a Body.")
    return CommentDraft(
        body=body,
        id=optional("Id", _guid),
        created_by=optional("CreatedById", lambda name, value: _user(name, value, catalogue)),
        created_at=optional("CreatedAt", _moment),
        ticket_comment_id=optional("TicketCommentId", _text),
    )


def _summary(name: str, value: object, _catalogue: Catalogue) -> str:
    text = _text(name, value)
    if not text.strip():
        raise Refused("Summary must not be empty.")
    return text


def _description(name: str, value: object, _catalogue: Catalogue) -> str:
    return _text(name, value)


def _user(name: str, value: object, catalogue: Catalogue) -> str:
    return catalogue.user(_guid(name, value)).id


def _pick(kind: PickKind) -> Reader:
    def read(name: str, value: object, catalogue: Catalogue) -> str:
        return catalogue.pick(kind, _guid(name, value)).id

    return read


def _picks(kind: PickKind) -> Reader:
    def read(name: str, value: object, catalogue: Catalogue) -> tuple[str, ...]:
        return tuple(catalogue.pick(kind, pick_id).id for pick_id in _guids(name, value))

    return read


def _external_links(name: str, value: object, catalogue: Catalogue) -> tuple[str, ...]:
    links = _guids(name, value)
    for link in links:
        if link not in catalogue.external_links:
            raise Refused(f"There is no external system link with the id {link}.")
    return links


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refused(f"{name} must be a text, not {kind_of(value)}.")
    return value


def _guid(name: str, value: object) -> str:
    guid = parse_guid(value)
    if guid is None:
        raise Refused(f"{name} must be a GUID, not {value!r}.")
    return guid


def _guids(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Refused(f"{name} must be an array of GUIDs, not {kind_of(value)}.")
    return tuple(dict.fromkeys(_guid(name, one) for one in value))


def _moment(name: str, value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(name, value))
    except ValueError:
        raise Refused(f"{name} must be a time such as 2012-02-02T15:05:06Z, not {value!r}.") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _object(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Refused(f"{name} must be an object, not {kind_of(value)}.")
    return value


_MEMBERS: Mapping[str, _Member] = {
    "Summary": _Member("summary", _summary, clearable=False),
    "Description": _Member("description", _description),
    "AssignedToId": _Member("assigned_to", _user),
    "PriorityId": _Member("priority", _pick("Priority"), clearable=False),
    "StatusId": _Member("status", _pick("IncidentStatus"), clearable=False),
    "TypeId": _Member("type", _pick("IncidentType"), clearable=False),
    "ResolutionId": _Member("resolution", _pick("IncidentResolution")),
    "AffectedVersionIds": _Member("affected_versions", _picks("Version"), ()),
    "FixedVersionIds": _Member("fixed_versions", _picks("Version"), ()),
    "ComponentIds": _Member("components", _picks("Component"), ()),
    "ExternalSystemLinkIds": _Member("external_links", _external_links, ()),
}
