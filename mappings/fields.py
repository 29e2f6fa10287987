"""The fields that a mapping may name on each side, their shapes, and the kinds that carry them.

| shape | catalogue | kinds |
|---|---|---|
| text | - | copy, set, template |
| number, date, moment | - | copy, set |
| choice | status | status, set |
| choice | type, priority, resolution | table, automap, set |
| user | user | users, set |
| choices | component | components, set |
| choices | version | versions, set |
| words | - | labels, set |
| not known before the server is asked: custom fields | their own | all but status, components and versions |

Which shape a custom field has, only its server knows: `syncer mapping lint --live` holds the kind against it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Shape: TypeAlias = Literal["text", "number", "date", "moment", "choice", "choices", "user", "words"]
Side: TypeAlias = Literal["incident", "issue"]

CUSTOM_PREFIX = "FieldValues."
"""What stands in front of an incident's custom field (vendor's page Incident: the member `FieldValues`)."""

COMPUTED = ("set", "template")
"""Kinds that name one field, on the side that is written: its value is computed, not carried over."""

_CUSTOM_ISSUE_FIELD = re.compile(r"customfield_[0-9]+")
_CUSTOM_KINDS = ("copy", "table", "automap", "users", "labels", *COMPUTED)
_KINDS: Mapping[tuple[Shape, str | None], tuple[str, ...]] = MappingProxyType(
    {
        ("text", None): ("copy",),
        ("number", None): ("copy",),
        ("date", None): ("copy",),
        ("moment", None): ("copy",),
        ("choice", "type"): ("table", "automap"),
        ("choice", "priority"): ("table", "automap"),
        ("choice", "resolution"): ("table", "automap"),
        ("choice", "status"): ("status",),
        ("user", "user"): ("users",),
        ("choices", "component"): ("components",),
        ("choices", "version"): ("versions",),
        ("words", None): ("labels",),
    }
)
KINDS = frozenset({kind for kinds in _KINDS.values() for kind in kinds} | {*COMPUTED})
"""The kinds of field mapping that there are."""

_NOUNS: Mapping[Shape, str] = MappingProxyType(
    {
        "text": "text",
        "number": "a number",
        "date": "a date",
        "moment": "a time",
        "choice": "a choice",
        "choices": "a set of choices",
        "user": "a user",
        "words": "a set of words",
    }
)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of one side. `catalogue` names the list that its options come from, `None` for free text.

    `shape` is `None` where only the server knows it. What is `read_only` can be read by templates, conditions and
    one-way fields, and never be written."""

    name: str
    shape: Shape | None
    catalogue: str | None = None
    read_only: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of mapping that carry this field, the most usual first."""
        if self.shape is None:
            return _CUSTOM_KINDS
        written = () if self.read_only else COMPUTED if self.shape == "text" else ("set",)
        return (*_KINDS[self.shape, self.catalogue], *written)

    @property
    def noun(self) -> str:
        """The shape in words."""
        return "a custom field" if self.shape is None else noun(self.shape)


def noun(shape: Shape) -> str:
    """A shape in words."""
    return _NOUNS[shape]


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
    FieldSpec("CreatedBy", "user", "user", read_only=True),
    FieldSpec("LastUpdatedBy", "user", "user", read_only=True),
    FieldSpec("CreatedAt", "moment", read_only=True),
    FieldSpec("LastUpdatedAt", "moment", read_only=True),
    FieldSpec("IncidentNumber", "number", read_only=True),
    FieldSpec("ProjectName", "text", read_only=True),
)
"""An incident's own fields by name; custom fields come on top of them."""

ISSUE_FIELDS = _table(
    FieldSpec("summary", "text"),
    FieldSpec("description", "text"),
    FieldSpec("environment", "text"),
    FieldSpec("issuetype", "choice", "type"),
    FieldSpec("status", "choice", "status"),
    FieldSpec("priority", "choice", "priority"),
    FieldSpec("resolution", "choice", "resolution"),
    FieldSpec("assignee", "user", "user"),
    FieldSpec("components", "choices", "component"),
    FieldSpec("versions", "choices", "version"),
    FieldSpec("fixVersions", "choices", "version"),
    FieldSpec("labels", "words"),
    FieldSpec("duedate", "date"),
    FieldSpec("reporter", "user", "user", read_only=True),
    FieldSpec("creator", "user", "user", read_only=True),
    FieldSpec("created", "moment", read_only=True),
    FieldSpec("updated", "moment", read_only=True),
)
"""An issue's own fields by id; custom fields come on top of them."""


def incident_field(name: str) -> FieldSpec | None:
    """What is known of an incident's field, `None` for a name that incidents don't have."""
    if name.startswith(CUSTOM_PREFIX) and name.removeprefix(CUSTOM_PREFIX).strip():
        return FieldSpec(name, None, name)
    return INCIDENT_FIELDS.get(name)


def issue_field(name: str) -> FieldSpec | None:
    """What is known of an issue's field, `None` for a name that issues don't have."""
    if _CUSTOM_ISSUE_FIELD.fullmatch(name):
        return FieldSpec(name, None, name)
    return ISSUE_FIELDS.get(name)


def field_of(side: Side, name: str) -> FieldSpec | None:
    """What is known of a field of `side`, `None` for a name that the side's records don't have."""
    return incident_field(name) if side == "incident" else issue_field(name)


def known_names(side: Side, kinds: tuple[str, ...] | None = None) -> Iterator[str]:
    """Names to offer on one side: all, or those that one of `kinds` carries; custom fields by their pattern, last."""
    table = INCIDENT_FIELDS if side == "incident" else ISSUE_FIELDS
    for spec in table.values():
        if kinds is None or set(spec.kinds) & set(kinds):
            yield spec.name
    if kinds is None or set(_CUSTOM_KINDS) & set(kinds):
        yield f"{CUSTOM_PREFIX}<custom field>" if side == "incident" else "customfield_<number>"
