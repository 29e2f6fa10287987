"""One mapping file as frozen values: which two projects are linked, and how each field is carried.

The attribute docstrings below are what an editor shows to an admin while typing (`mappings/schema.json`); the rules
between the parts are in `mappings.rules`.
"""

import hashlib
import json
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from mappings.policies import Conflict, DeletionPolicy, Direction
from mappings.rules import faults

__all__ = [
    "FIELD_KINDS",
    "RULE",
    "Comments",
    "ComponentsField",
    "Conflict",
    "CopyField",
    "DeletionPolicy",
    "Deletions",
    "Direction",
    "FieldMapping",
    "IncidentProject",
    "IssueProject",
    "Mapping",
    "Row",
    "StatusField",
    "TableField",
    "UsersField",
    "Versions",
    "VersionsField",
]

RULE = "mapping_rule"
"""The type of those validation errors that come from `mappings.rules`."""

Text: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"\S"),
    # An editor types scalars by itself: 1.10 is a number to it and mustn't be underlined, here it is text.
    WithJsonSchema({"type": ["string", "number", "boolean"], "pattern": r"\S"}),
]
LinkName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^\s/\\]+( [^\s/\\]+)*$", max_length=64)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Row(_Frozen):
    """One row of a table: what stands for what."""

    incident: Text
    """The value on the incident side."""
    issue: Text
    """The value on the issue side."""


class _Field(_Frozen):
    incident: Text
    """The incident's field; a custom field is written FieldValues.<its name>."""
    issue: Text
    """The issue's field; a custom field is written customfield_<its number>."""
    direction: Direction | None = None
    """Which way this field is carried; the link's own direction when left out."""
    conflict: Conflict | None = None
    """Who wins when both sides changed this field; the link's own choice when left out."""


class CopyField(_Field):
    """Text, carried as it is."""

    kind: Literal["copy"] = "copy"
    """The same text on both sides."""


class TableField(_Field):
    """A choice, carried by a table."""

    kind: Literal["table"] = "table"
    """A table says which option stands for which."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The options. Where several rows fit, the first one counts, unless another one of them is there already."""


class StatusField(_Field):
    """The status, carried by a table; an issue is moved along its workflow."""

    kind: Literal["status"] = "status"
    """A table says which status stands for which; an issue is moved by transitions."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The statuses. Where several rows fit, the first one counts, unless another one of them is there already."""
    transition_fields: dict[str, Text] = {}
    """Values for fields that a transition asks for, as resolution: Done."""


class UsersField(_Field):
    """A person, found on the other side by e-mail address, then by name."""

    kind: Literal["users"] = "users"
    """The same person on both sides."""
    users: tuple[Row, ...] = ()
    """People who can't be found by e-mail or name: login or e-mail of the incident side, and e-mail, name or
    account id of the issue side."""


class ComponentsField(_Field):
    """A set of components, found on the other side by name."""

    kind: Literal["components"] = "components"
    """Components of the same name on both sides; capitals and blanks don't matter."""
    components: tuple[Row, ...] = ()
    """Components that are called differently on the two sides."""
    create: bool = False
    """Create components that are missing on the issue side."""


class VersionsField(_Field):
    """A set of versions, found on the other side by the block `versions`, then by name."""

    kind: Literal["versions"] = "versions"
    """Versions that are paired by the block `versions`, or by name."""


FieldMapping: TypeAlias = Annotated[
    CopyField | TableField | StatusField | UsersField | ComponentsField | VersionsField,
    Field(discriminator="kind"),
]

FIELD_KINDS: dict[str, type[_Field]] = {
    "copy": CopyField,
    "table": TableField,
    "status": StatusField,
    "users": UsersField,
    "components": ComponentsField,
    "versions": VersionsField,
}


class IncidentProject(_Frozen):
    """The project in Enterprise Tester."""

    project: Text
    """Its name or its GUID."""
    only: Text | None = None
    """A condition in TQL; only incidents that fulfil it get an issue."""
    mark_field: Text | None = None
    """The custom field (a text box) that marks an incident as linked and shows its issue's key."""


class IssueProject(_Frozen):
    """The project in Jira."""

    project: Text
    """Its key."""
    only: Text | None = None
    """A condition in JQL; only issues that fulfil it get an incident."""
    type: Text | None = None
    """The type of new issues, where no field is mapped to issuetype."""


class Comments(_Frozen):
    """The comments of linked records."""

    direction: Direction = Direction.BOTH
    """Which way comments are carried; within a `Mapping` already narrowed to the link's direction."""


class Versions(_Frozen):
    """The versions of both projects."""

    values: tuple[Row, ...] = ()
    """Versions that are called differently on the two sides."""
    create: bool = False
    """Create versions that are missing on the issue side. (Enterprise Tester offers no call to create one.)"""


class Deletions(_Frozen):
    """What happens to a record whose twin was deleted. A record that was edited meanwhile always stays."""

    incident: DeletionPolicy = DeletionPolicy.UNLINK
    """An incident was deleted: delete its issue, unlink it (the issue stays), or ignore it (the link stays)."""
    issue: DeletionPolicy = DeletionPolicy.UNLINK
    """An issue was deleted: delete its incident, unlink it (the incident stays), or ignore it (the link stays)."""

    def policy(self, gone: str) -> DeletionPolicy:
        """The policy for a link whose record on the side `gone`, "incident" or "issue", was deleted."""
        return {"incident": self.incident, "issue": self.issue}[gone]


class Mapping(_Frozen):
    """One project link: an incident project and an issue project, and what is carried between them."""

    name: LinkName
    """The project link's name; the file's name when left out. Keep it: links are remembered under it."""
    direction: Direction = Direction.BOTH
    """Which way everything is carried; a field may narrow it."""
    conflict: Conflict = Conflict.ASK
    """Who wins when both sides changed one field; a field may choose for itself. `ask` leaves both as they are."""
    incidents: IncidentProject
    issues: IssueProject
    fields: Annotated[tuple[FieldMapping, ...], Field(min_length=1)]
    """The fields that are carried. Each one may stand here once."""
    comments: Annotated[Comments, Field(validate_default=True)] = Comments()
    versions: Versions = Versions()
    deletions: Deletions = Deletions()

    @field_validator("comments")
    @classmethod
    def _narrow(cls, comments: Comments, info: ValidationInfo) -> Comments:
        link = info.data.get("direction", Direction.BOTH)
        return comments.model_copy(update={"direction": comments.direction.narrowed(link)})

    @model_validator(mode="after")
    def _obey(self) -> Self:
        broken = [
            InitErrorDetails(
                type=PydanticCustomError(RULE, "{sentence}", {"sentence": fault.sentence, "first": fault.first}),
                loc=fault.loc,
                input=None,
            )
            for fault in faults(self.model_dump(mode="json"))
        ]
        if broken:
            raise ValidationError.from_exception_data(type(self).__name__, broken)
        return self

    def direction_of(self, field: FieldMapping) -> Direction:
        """Which way `field` is carried: its own direction, narrowed to the link's."""
        return (field.direction or self.direction).narrowed(self.direction)

    def conflict_of(self, field: FieldMapping) -> Conflict:
        """Who wins when both sides changed `field`."""
        return field.conflict or self.conflict

    def field_for(self, incident_field: str) -> FieldMapping | None:
        """The mapping of an incident's field, `None` when it isn't mapped."""
        return next((field for field in self.fields if field.incident == incident_field), None)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of what this mapping does; layout, the order of fields and spelt-out defaults don't count."""
        content = self.model_dump(mode="json", exclude={"fields"}, exclude_defaults=True)
        fields = [field.model_dump(mode="json", exclude_defaults=True) | {"kind": field.kind} for field in self.fields]
        content["fields"] = sorted(fields, key=lambda field: str(field["incident"]))
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
