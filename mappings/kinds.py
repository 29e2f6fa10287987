"""The kinds of field mapping: what an admin writes about one field.

| kind | carries | says |
|---|---|---|
| copy | text | - |
| table | a choice | which option stands for which |
| status | the status | the same, and what a transition asks for |
| users | a person | who can't be found by e-mail or name |
| components | a set of components | which are called differently, and whether missing ones are created |
| versions | a set of versions | - (the mapping's block `versions` says it for all such fields) |
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from mappings.policies import Conflict, Direction


def as_typed(pattern: str) -> WithJsonSchema:
    """What an editor accepts as text. It types scalars by itself: to it 1.10 is a number, and is right."""
    return WithJsonSchema({"type": ["string", "number", "boolean"], "pattern": pattern})


Text: TypeAlias = Annotated[str, StringConstraints(pattern=r"\S"), as_typed(r"\S")]


class Frozen(BaseModel):
    """What all parts of a mapping have in common: they never change, and refuse keys that they don't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Row(Frozen):
    """One row of a table: what stands for what."""

    incident: Text
    """The value on the incident side."""
    issue: Text
    """The value on the issue side."""


class Carried(Frozen):
    """What every kind of field mapping has: the two fields, and the choices that it makes for itself."""

    incident: Text
    """The incident's field; a custom field is written FieldValues.<its name>."""
    issue: Text
    """The issue's field; a custom field is written customfield_<its number>."""
    direction: Direction | None = None
    """Which way this field is carried; the link's own direction when left out."""
    conflict: Conflict | None = None
    """Who wins when both sides changed this field; the link's own choice when left out."""


class CopyField(Carried):
    """Text, carried as it is."""

    kind: Literal["copy"] = "copy"
    """The same text on both sides."""


class TableField(Carried):
    """A choice, carried by a table."""

    kind: Literal["table"] = "table"
    """A table says which option stands for which."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The options. Where several rows fit, the first one counts, unless another of them is there already."""


class StatusField(Carried):
    """The status, carried by a table; an issue is moved along its workflow."""

    kind: Literal["status"] = "status"
    """A table says which status stands for which; an issue is moved by transitions."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The statuses. Where several rows fit, the first one counts, unless another of them is there already."""
    transition_fields: dict[str, Text] = {}
    """Values for fields that a transition asks for, as resolution: Done."""


class UsersField(Carried):
    """A person, found on the other side by e-mail address, then by name."""

    kind: Literal["users"] = "users"
    """The same person on both sides."""
    users: tuple[Row, ...] = ()
    """People who can't be found by e-mail or name: login or e-mail of the incident side, and e-mail, name or
    account id of the issue side."""


class ComponentsField(Carried):
    """A set of components, found on the other side by name."""

    kind: Literal["components"] = "components"
    """Components of the same name on both sides; capitals and blanks don't matter."""
    components: tuple[Row, ...] = ()
    """Components that are called differently on the two sides."""
    create: bool = False
    """Create components that are missing on the issue side."""


class VersionsField(Carried):
    """A set of versions, found on the other side by the block `versions`, then by name."""

    kind: Literal["versions"] = "versions"
    """Versions that are paired by the block `versions`, or by name."""


FieldMapping: TypeAlias = Annotated[
    CopyField | TableField | StatusField | UsersField | ComponentsField | VersionsField,
    Field(discriminator="kind"),
]

FIELD_KINDS: dict[str, type[Carried]] = {
    "copy": CopyField,
    "table": TableField,
    "status": StatusField,
    "users": UsersField,
    "components": ComponentsField,
    "versions": VersionsField,
}
