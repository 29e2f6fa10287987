"""The fields that a mapping may name on each side, their shapes, and the one kind that carries each.

| shape | catalogue | kind |
|---|---|---|
| text | - | copy |
| choice | status | status |
| choice | type, priority, resolution | table |
| user | user | users |
| choices | component | components |
| choices | version | versions |
| choices | - | none: free labels have no counterpart among the fields of an incident |
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Shape: TypeAlias = Literal["text", "choice", "choices", "user"]
Side: TypeAlias = Literal["incident", "issue"]

CUSTOM_PREFIX = "FieldValues."
"""What stands in front of an incident's custom field (vendor's page Incident: the member `FieldValues`)."""

_CUSTOM_ISSUE_FIELD = re.compile(r"customfield_[0-9]+")
_KINDS: Mapping[tuple[Shape, str | None], str] = MappingProxyType(
    {
        ("text", None): "copy",
        ("choice", "type"): "table",
        ("choice", "priority"): "table",
        ("choice", "resolution"): "table",
        ("choice", "status"): "status",
        ("user", "user"): "users",
        ("choices", "component"): "components",
        ("choices", "version"): "versions",
    }
)
KINDS = frozenset(_KINDS.values())
"""The kinds of field mapping that there are."""

_NOUNS: Mapping[Shape, str] = MappingProxyType(
    {"text": "text", "choice": "a choice", "choices": "a set of choices", "user": "a user"}
)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of one side. `catalogue` names the list that its options come from, `None` for free text."""

    name: str
    shape: Shape
    catalogue: str | None = None

    @property
    def kind(self) -> str | None:
        """The kind of mapping that carries this field, `None` when there is none."""
        return _KINDS.get((self.shape, self.catalogue))

    @property
    def noun(self) -> str:
        """The shape in words."""
        return _NOUNS[self.shape]


def _table(*specs: FieldSpec) -> Mapping[str, FieldSpec]:
    return MappingProxyType({spec.name: spec for spec in specs})


INCIDENT_FIELDS = _table(
    FieldSpec("Summary", "text"),
    FieldSpec("Description", "text"),
    FieldSpec("Type", "choice", "type"),
    FieldSpec("Status", "choice", "status"),
    FieldSpec("Priority", "choice", "priority"),
    FieldSpec("Resolution", "choice", "resolution"),
    FieldSpec("AssignedTo", "user", "user"),
    FieldSpec("Components", "choices", "component"),
    FieldSpec("AffectedVersions", "choices", "version"),
    FieldSpec("FixedVersions", "choices", "version"),
)
"""An incident's own fields by name; custom fields come on top of them."""

ISSUE_FIELDS = _table(
    FieldSpec("summary", "text"),
    FieldSpec("description", "text"),
    FieldSpec("issuetype", "choice", "type"),
    FieldSpec("status", "choice", "status"),
    FieldSpec("priority", "choice", "priority"),
    FieldSpec("resolution", "choice", "resolution"),
    FieldSpec("assignee", "user", "user"),
    FieldSpec("components", "choices", "component"),
    FieldSpec("versions", "choices", "version"),
    FieldSpec("fixVersions", "choices", "version"),
    FieldSpec("labels", "choices"),
)
"""An issue's own fields by id; custom fields come on top of them."""


def incident_field(name: str) -> FieldSpec | None:
    """What is known of an incident's field, `None` for a name that incidents don't have."""
    if name.startswith(CUSTOM_PREFIX) and name.removeprefix(CUSTOM_PREFIX).strip():
        return FieldSpec(name, "text")
    return INCIDENT_FIELDS.get(name)


def issue_field(name: str) -> FieldSpec | None:
    """What is known of an issue's field, `None` for a name that issues don't have."""
    if _CUSTOM_ISSUE_FIELD.fullmatch(name):
        return FieldSpec(name, "text")
    return ISSUE_FIELDS.get(name)


def known_names(side: Side, kind: str | None = None) -> Iterator[str]:
    """Names to offer on one side: all, or those that `kind` carries; custom fields by their pattern, last."""
    table = INCIDENT_FIELDS if side == "incident" else ISSUE_FIELDS
    yield from (spec.name for spec in table.values() if kind in (None, spec.kind))
    if kind in (None, "copy"):
        yield f"{CUSTOM_PREFIX}<custom field>" if side == "incident" else "customfield_<number>"
