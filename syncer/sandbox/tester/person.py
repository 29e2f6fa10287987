"""Lets tests and the demo change incidents in the words a person would use: names in place of ids.

    model.edit(incident_id, by="annak", Status="Closed", Resolution="Fixed", FixedVersions=["2.1"])
    model.edit(incident_id, by="annak", AssignedTo=None, FieldValues={"Cycle": None})

The members of the API are accepted too. Unlike through the API, None always clears: a person can.
"""

from collections.abc import Mapping
from typing import Any

from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.records import PickKind

_ONE: Mapping[str, tuple[str, PickKind]] = {
    "Priority": ("PriorityId", "Priority"),
    "Status": ("StatusId", "IncidentStatus"),
    "Type": ("TypeId", "IncidentType"),
    "Resolution": ("ResolutionId", "IncidentResolution"),
}

_MANY: Mapping[str, tuple[str, PickKind]] = {
    "AffectedVersions": ("AffectedVersionIds", "Version"),
    "FixedVersions": ("FixedVersionIds", "Version"),
    "Components": ("ComponentIds", "Component"),
}

_AS_IT_IS = (
    *("Summary", "Description", "FieldValues", "Comments", "AssignedToId", "ExternalSystemLinkIds"),
    *(member for member, _ in (*_ONE.values(), *_MANY.values())),
)


def to_body(members: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The body of a request for what a person says. Raises Refused for unknown words and values."""
    body: dict[str, Any] = {}
    for name, value in members.items():
        if name in _ONE:
            member, kind = _ONE[name]
            body[member] = None if value is None else catalogue.pick_named(kind, value).id
        elif name in _MANY:
            member, kind = _MANY[name]
            body[member] = [catalogue.pick_named(kind, one).id for one in value or ()]
        elif name == "AssignedTo":
            body["AssignedToId"] = None if value is None else catalogue.user_named(value).id
        elif name in _AS_IT_IS:
            body[name] = value
        else:
            known = ", ".join((*_AS_IT_IS, "AssignedTo", *_ONE, *_MANY))
            raise Refused(f"An incident has no member {name!r}; it has: {known}.")
    return body
