"""One mapping file as frozen values: which two projects are linked, and how each field is carried.

The attribute docstrings here and in `mappings.kinds` are what an editor shows to an admin while typing
(`mappings/schema.json`); the rules between the parts are in `mappings.rules`.
"""

import hashlib
import json
from typing import Annotated, Self, TypeAlias

from pydantic import (
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from mappings.deletions import Deletions
from mappings.kinds import (
    FIELD_KINDS,
    ComponentsField,
    CopyField,
    FieldMapping,
    Frozen,
    Row,
    StatusField,
    TableField,
    Text,
    UsersField,
    VersionsField,
    as_typed,
)
from mappings.policies import CommentDeletion, Conflict, DeletionPolicy, Direction
from mappings.rules import faults

__all__ = [
    "FIELD_KINDS",
    "RULE",
    "CommentDeletion",
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
"""The type of those validation errors that come from `mappings.rules`; their context holds the `Fault`."""

_NAME = r"^[^\s/\\]+( [^\s/\\]+)*$"
LinkName: TypeAlias = Annotated[str, StringConstraints(pattern=_NAME, max_length=64), as_typed(_NAME)]


class IncidentProject(Frozen):
    """The project in Enterprise Tester."""

    project: Text
    """Its name or its GUID."""
    only: Text | None = None
    """A condition in TQL; only incidents that fulfil it get an issue."""
    mark_field: Text | None = None
    """The custom field (a text box) that marks an incident as linked and shows its issue's key."""


class IssueProject(Frozen):
    """The project in Jira."""

    project: Text
    """Its key."""
    only: Text | None = None
    """A condition in JQL; only issues that fulfil it get an incident."""
    type: Text | None = None
    """The type of new issues, where no field is mapped to issuetype."""


class Comments(Frozen):
    """The comments of linked records."""

    direction: Direction = Direction.BOTH
    """Which way comments are carried. The link's own direction narrows it."""


class Versions(Frozen):
    """The versions of both projects."""

    values: tuple[Row, ...] = ()
    """Versions that are called differently on the two sides."""
    create: bool = False
    """Create versions that are missing on the issue side. Enterprise Tester offers no call to create one."""


class Mapping(Frozen):
    """One project link: an incident project and an issue project, and what is carried between them.

    `comments.direction` is narrowed to the link's direction already; for a field, ask `direction_of`.
    """

    name: LinkName
    """The project link's name; the file's name when left out. Keep it: links are remembered under it."""
    direction: Direction = Direction.BOTH
    """Which way everything is carried; a field may narrow it."""
    conflict: Conflict = Conflict.ASK
    """Who wins when both sides changed one field; a field may choose for itself. `ask` leaves both alone."""
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
                type=PydanticCustomError(RULE, "{sentence}", {"sentence": fault.sentence, "fault": fault}),
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
        """SHA-256, in hex, of what the mapping carries: not of layout, order of fields or spelt-out defaults.

        The block `deletions` is left out: it changes no field, and tightening it must not wait for an approval."""
        content = self.model_dump(mode="json", exclude={"fields", "deletions"}, exclude_defaults=True)
        content["fields"] = [
            # The kind is the default of its class, and would be left out.
            field.model_dump(mode="json", exclude_defaults=True) | {"kind": field.kind}
            for field in sorted(self.fields, key=lambda field: field.incident)
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
