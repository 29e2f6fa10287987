"""The fields of an issue that can be mirrored: which shape each has, and in which form Jira's JSON holds it.

Built-in fields are the same everywhere. A custom field is what its schema says (GET /field):

| schema's type | form | shape |
|---|---|---|
| string | text | text |
| number | number | number |
| date, datetime | date, moment | date, moment |
| option (select list, radio buttons) | id | choice |
| option-with-child (cascading select) | path | choice |
| user | user | user |
| array of option (multi select, checkboxes) | ids | choices |
| array of string (labels) | words | words |
| all else | | none: it isn't observed |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from mappings.fields import Shape

Json: TypeAlias = Any
Form: TypeAlias = Literal["text", "number", "date", "moment", "id", "path", "user", "ids", "words"]

CUSTOM = "customfield_"
ASSIGNEE = "assignee"
LABELS = "labels"
LINE = 255
"""The longest single line; Assumed: an address is as long at most."""

TEXT = 32_767
"""The longest text of many lines, in UTF-16 units, unless an administrator of Data Center says otherwise."""

_SHAPES: Mapping[Form, Shape] = MappingProxyType(
    {
        "text": "text", "number": "number", "date": "date", "moment": "moment", "id": "choice", "path": "choice",
        "user": "user", "ids": "choices", "words": "words",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field is. `rich`: its text is wiki markup. `one_by_one`: words can be added and removed singly."""

    form: Form
    rich: bool = False
    limit: int | None = None
    one_by_one: bool = False

    @property
    def shape(self) -> Shape:
        return _SHAPES[self.form]

    @property
    def chosen(self) -> bool:
        """Whether its values come from a list of options of its own or of the project."""
        return self.form in ("id", "path", "ids")


BUILT_IN: Mapping[str, Kind] = MappingProxyType(
    {
        "summary": Kind("text", limit=LINE),
        "description": Kind("text", rich=True, limit=TEXT),
        "environment": Kind("text", rich=True, limit=TEXT),
        "issuetype": Kind("id"),
        "status": Kind("id"),
        "priority": Kind("id"),
        "resolution": Kind("id"),
        ASSIGNEE: Kind("user"),
        "reporter": Kind("user"),
        "creator": Kind("user"),
        "components": Kind("ids"),
        "versions": Kind("ids"),
        "fixVersions": Kind("ids"),
        LABELS: Kind("words", one_by_one=True),
        "duedate": Kind("date"),
        "created": Kind("moment"),
        "updated": Kind("moment"),
        "resolutiondate": Kind("moment"),
    }
)

READ_ONLY = frozenset({"reporter", "creator", "created", "updated", "resolutiondate"})
"""Built-in fields that a mirror never writes: who did what and when is for Jira to say."""

BY_WORKFLOW = frozenset({"status", "resolution"})
"""Built-in fields that transitions write, and so on existing issues only."""

_SCALARS: Mapping[str, Form] = MappingProxyType(
    {
        "number": "number", "date": "date", "datetime": "moment", "option": "id", "option-with-child": "path",
        "user": "user",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomField:
    """`kind` is `None` for one that can't be mirrored; `told` is what its schema says of it."""

    id: str
    name: str
    kind: Kind | None
    told: str


def custom_field(row: Json) -> CustomField:
    """A custom field as GET /field lists it."""
    schema = row.get("schema") or {}
    items = schema.get("items")
    told = f"{schema.get('type') or 'unknown'}{f' of {items}' if items else ''}"
    return CustomField(row["id"], row.get("name") or row["id"], custom_kind(schema), told)


def custom_kind(schema: Json) -> Kind | None:
    """What a custom field is by its schema; `None` for what can't be mirrored."""
    told, plugin = schema.get("type"), str(schema.get("custom") or "").rpartition(":")[2]
    if told == "string":
        rich = plugin == "textarea"
        return Kind("text", rich, TEXT if rich else LINE if plugin in ("textfield", "url") else None)
    if told == "array":
        if schema.get("items") == "option":
            return Kind("ids")
        return Kind("words", one_by_one=plugin == LABELS) if schema.get("items") == "string" else None
    return Kind(form) if (form := _SCALARS.get(str(told))) else None
