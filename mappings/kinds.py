"""The kinds of field mapping: what an admin writes about one field.

| kind | carries | says |
|---|---|---|
| copy | text, a number, a date | which of the texts hold markup |
| automap | a choice or a set of choices, by name | which are called differently |
| table | a choice or a set of choices | which option stands for which |
| status | the status | the same, and what a transition asks for |
| users | a person | who can't be found by e-mail or name |
| components | a set of components | which are called differently, and whether missing ones are created |
| versions | a set of versions | - (the mapping's block `versions` says it for all such fields) |
| labels | free words | - |
| set | nothing: it writes a value that stands in the mapping | the value |
| template | nothing: it writes a text made of several fields | the text |
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from mappings.fields import Side
from mappings.policies import Conflict, Direction


def as_typed(pattern: str) -> WithJsonSchema:
    """What an editor accepts as text. It types scalars by itself: to it 1.10 is a number, and is right."""
    return WithJsonSchema({"type": ["string", "number", "boolean"], "pattern": pattern})


Text: TypeAlias = Annotated[str, StringConstraints(pattern=r"\S"), as_typed(r"\S")]


class Frozen(BaseModel):
    """What all parts of a mapping have in common: they never change, and refuse keys that they don't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


COMPUTED_PREFIX = "="
"""What stands before a field's name on the side where its value is computed: "=labels" is no field of an incident."""


class IncidentText(StrEnum):
    """What Enterprise Tester holds in a text."""

    PLAIN = "plain"
    HTML = "html"


class IssueText(StrEnum):
    """What Jira makes of a text."""

    WIKI = "wiki"
    PLAIN = "plain"


class Unmapped(StrEnum):
    """What happens to a value that nothing stands for on the other side."""

    PARK = "park"
    DEFAULT = "default"
    OMIT = "omit"


class Row(Frozen):
    """One row of a table: what stands for what."""

    incident: Text
    """The value on the incident side."""
    issue: Text
    """The value on the issue side."""


class Default(Frozen):
    """What stands for all values that nothing else stands for, on either side."""

    incident: Text | None = None
    """The incident's value for an issue's value that nothing stands for."""
    issue: Text | None = None
    """The issue's value for an incident's value that nothing stands for."""


class Entry(Frozen):
    """What every kind of field mapping has."""

    direction: Direction | None = None
    """Which way this field is carried; the link's own direction when left out."""
    conflict: Conflict | None = None
    """Who wins when both sides changed this field; the link's own choice when left out."""
    when: Text | None = None
    """A condition, as incident.Type == 'Defect': the field is carried only while it holds."""
    read_only: bool = False
    """For a field that is carried one way: what people change on the receiving side is put back."""


class Carried(Entry):
    """The kinds that carry a field's value over to another field."""

    incident: Text
    """The incident's field; a custom field is written FieldValues.<its name>."""
    issue: Text
    """The issue's field; a custom field is written customfield_<its number>."""

    def on(self, side: Side) -> str:
        """The field's name on `side`."""
        return self.incident if side == "incident" else self.issue


class Computed(Entry):
    """The kinds that write a value to one field: that of the incident or that of the issue."""

    incident: Text | None = None
    """The incident's field that is written; or give issue."""
    issue: Text | None = None
    """The issue's field that is written; or give incident."""
    if_empty: bool = False
    """Write only where the field holds nothing yet."""

    @property
    def target(self) -> Side:
        """The side that is written."""
        return "issue" if self.issue is not None else "incident"

    def on(self, side: Side) -> str:
        """The field's name on `side`; on the side where the value is computed it is no field of a record."""
        name = self.issue or self.incident or ""
        return name if side == self.target else COMPUTED_PREFIX + name


class Chosen(Carried):
    """What the kinds have that carry a choice."""

    unmapped: Unmapped | None = None
    """A value that nothing stands for: park reports it and waits, omit leaves the other side alone, default takes
    the default. When left out: default where one is given, else park."""
    default: Default = Default()
    """What stands for all values that nothing else stands for."""


class CopyField(Carried):
    """A text, a number or a date, the same on both sides."""

    kind: Literal["copy"] = "copy"
    """The same on both sides."""
    incident_text: IncidentText = IncidentText.PLAIN
    """What Enterprise Tester holds in this text: plain or html."""
    issue_text: IssueText | None = None
    """What Jira makes of this text: wiki or plain. When left out: wiki for description, environment and custom
    fields of several lines."""


class AutomapField(Chosen):
    """A choice or a set of choices, by name."""

    kind: Literal["automap"] = "automap"
    """Options of the same name on both sides; capitals and blanks don't matter."""
    values: tuple[Row, ...] = ()
    """Options that are called differently on the two sides."""
    only_add: bool = False
    """For sets: what is added on one side is added on the other, and nothing is ever taken away."""


class TableField(Chosen):
    """A choice or a set of choices, carried by a table."""

    kind: Literal["table"] = "table"
    """A table says which option stands for which."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The options. Where several rows fit, the first one counts, unless another of them is there already."""
    only_add: bool = False
    """For sets: what is added on one side is added on the other, and nothing is ever taken away."""


class StatusField(Chosen):
    """The status, carried by a table; an issue is moved along its workflow."""

    kind: Literal["status"] = "status"
    """A table says which status stands for which; an issue is moved by transitions."""
    values: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The statuses. Where several rows fit, the first one counts, unless another of them is there already."""
    transition_fields: dict[str, Text] = {}
    """Values for fields that a transition asks for, as resolution: Done."""


class UsersField(Chosen):
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
    only_add: bool = False
    """What is added on one side is added on the other, and nothing is ever taken away."""


class VersionsField(Carried):
    """A set of versions, found on the other side by the block `versions`, then by name."""

    kind: Literal["versions"] = "versions"
    """Versions that are paired by the block `versions`, or by name."""
    only_add: bool = False
    """What is added on one side is added on the other, and nothing is ever taken away."""


class LabelsField(Carried):
    """Free words: labels on the issue side, a text or a set of options on the incident side."""

    kind: Literal["labels"] = "labels"
    """The same words on both sides; a label holds no blanks, so they become _."""
    only_add: bool = False
    """What is added on one side is added on the other, and nothing is ever taken away."""


class SetField(Computed):
    """A value that stands in the mapping."""

    kind: Literal["set"] = "set"
    """Write a value that stands here."""
    value: Text
    """The text, or the name of the option; in sets it is added to what is there."""


class TemplateField(Computed):
    """A text made of several fields of the other side."""

    kind: Literal["template"] = "template"
    """Write a text made of several fields."""
    template: Text
    """The text, with {{ incident.Summary }} for a field's value."""


FieldMapping: TypeAlias = Annotated[
    CopyField
    | AutomapField
    | TableField
    | StatusField
    | UsersField
    | ComponentsField
    | VersionsField
    | LabelsField
    | SetField
    | TemplateField,
    Field(discriminator="kind"),
]

FIELD_KINDS: dict[str, type[Entry]] = {
    "copy": CopyField,
    "automap": AutomapField,
    "table": TableField,
    "status": StatusField,
    "users": UsersField,
    "components": ComponentsField,
    "versions": VersionsField,
    "labels": LabelsField,
    "set": SetField,
    "template": TemplateField,
}
