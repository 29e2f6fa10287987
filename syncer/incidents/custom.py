"""What an administrator of Enterprise Tester made of a custom field: its kind, its options, whether it is required.

| kind     | type of the custom field                          | shape here                            |
|----------|---------------------------------------------------|---------------------------------------|
| text     | text box, text area, rich text, time span, others | text                                  |
| choice   | combo box, radio group                            | choice, by the option's text          |
| choices  | multi-select, checkbox group                      | choices, by the options' texts        |
| cascade  | multi-cascade                                     | choice, by the texts from the top     |
| checkbox | checkbox                                          | choice of "true" and "false"          |
| date     | date                                              | date                                  |
| number   | number                                            | number                                |

Assumed: the names of the types and what the expansion `Options` holds. The vendor's page Custom Fields shows
`Checkbox` and `ComboBox` and no option, so names are searched for words, and options are read in any form that
has a text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from mappings.fields import Shape
from syncer.core.records import Option
from syncer.incidents.answers import Json

PREFIX = "FieldValues."
"""What stands before the name of a custom field in a mapping."""

BETWEEN = " / "
"""What stands between the levels of a cascade, in ids and in names."""

Kind: TypeAlias = Literal["text", "choice", "choices", "cascade", "checkbox", "date", "number"]

_SHAPES: Mapping[Kind, Shape] = MappingProxyType(
    {
        "text": "text",
        "choice": "choice",
        "choices": "choices",
        "cascade": "choice",
        "checkbox": "choice",
        "date": "date",
        "number": "number",
    }
)

_WORDS: tuple[tuple[str, Kind], ...] = (
    ("cascad", "cascade"),
    ("checkboxgroup", "choices"),
    ("multiselect", "choices"),
    ("checkbox", "checkbox"),
    ("radio", "choice"),
    ("combo", "choice"),
    ("number", "number"),
    ("date", "date"),
)
"""The first word that a type's name holds says the kind, so the order matters."""

_YES_AND_NO = (Option("true", "Yes"), Option("false", "No"))
_TEXT_OF_OPTION = ("Text", "Name", "Label", "Value")
_BELOW_OPTION = ("Options", "Children", "Items")


@dataclass(frozen=True, slots=True)
class CustomField:
    """One custom field. `paths` are its options, each as its texts from the top: one, but for cascades."""

    name: str
    label: str
    kind: Kind = "text"
    rich: bool = False
    required: bool = False
    paths: tuple[tuple[str, ...], ...] = ()

    @property
    def id(self) -> str:
        """What a mapping calls the field."""
        return PREFIX + self.name

    @property
    def shape(self) -> Shape:
        return _SHAPES[self.kind]

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen; an option's id is its text, because the wire has nothing else."""
        if self.kind == "checkbox":
            return _YES_AND_NO
        return tuple(Option(BETWEEN.join(path), BETWEEN.join(path)) for path in self.paths)


def defined(given: Json) -> CustomField:
    """A custom field by its definition (vendor's page Custom Field)."""
    type_given = given.get("Type")
    names = type_given if isinstance(type_given, dict) else {}
    return _field(given, (given.get("CustomFieldTypeName"), names.get("Name"), names.get("DisplayName")))


def on_form(widget: Json) -> CustomField:
    """A custom field by its place on the form, for who may not read definitions.

    `ValueType` is not asked: the vendor's page Widgets has a number whose type of value is a date."""
    return _field(widget, (widget.get("WidgetType"), widget.get("HandlerType")))


def applies(given: Json, project_id: str) -> bool:
    """Whether incidents of the project have the field, by its definition; where that doesn't tell, they do."""
    entities, scopes = given.get("Entities"), given.get("Scopes")
    if isinstance(entities, list) and entities and "Incident" not in entities:
        return False
    projects = [scope for scope in scopes or () if isinstance(scope, dict)]
    return not projects or any(
        scope.get("Type") != "Project" or str(scope.get("Id")).lower() == project_id for scope in projects
    )


def kind_of(names: tuple[object, ...]) -> tuple[Kind, bool]:
    """The kind that the names of a type stand for, and whether it holds HTML."""
    for name in names:
        bare = "".join(character for character in str(name or "").casefold() if character.isalnum())
        for word, kind in _WORDS:
            if word in bare:
                return kind, False
        if "rich" in bare or "html" in bare:
            return "text", True
    return "text", False


def _field(given: Json, type_names: tuple[object, ...]) -> CustomField:
    kind, rich = kind_of(type_names)
    return CustomField(
        name=str(given.get("Name")),
        label=str(given.get("Label") or given.get("Name")),
        kind=kind,
        rich=rich,
        required=given.get("Required") is True,
        paths=tuple(_paths(given.get("Options"), ())),
    )


def _paths(given: object, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every option with those above it, an option before those below it."""
    listed = given.get("Items") if isinstance(given, dict) else given
    for one in listed if isinstance(listed, list) else ():
        texts = (one.get(name) for name in _TEXT_OF_OPTION) if isinstance(one, dict) else (one,)
        text = next((text for text in texts if isinstance(text, str) and text), None)
        if text is not None:
            yield (*above, text)
            if isinstance(one, dict):
                yield from _paths(next((one[name] for name in _BELOW_OPTION if one.get(name)), None), (*above, text))
