"""The custom fields of the sandbox's incidents, one or more of every kind that an administrator can add.

| kind     | type in the API | a value is kept as                                    |
|----------|-----------------|-------------------------------------------------------|
| box      | TextBox         | text                                                  |
| area     | TextArea        | text                                                  |
| rich     | RichText        | text, HTML                                            |
| span     | TimeSpan        | text such as "2h 30m"                                 |
| combo    | ComboBox        | the text of an option                                 |
| radio    | RadioGroup      | the text of an option                                 |
| multi    | MultiSelect     | the texts of options in their order                   |
| group    | CheckboxGroup   | the texts of options in their order                   |
| cascade  | MultiCascade    | the texts of an option and, where chosen, one below it |
| checkbox | Checkbox        | true or false                                         |
| date     | Date            | text such as "2026-11-22"                             |
| number   | Number          | a number                                              |

Assumed: the names of the types, of which the vendor's page Custom Fields shows only `Checkbox` and `ComboBox`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from syncer.sandbox.tester.behaviour import ASSUMED, WireForms
from syncer.sandbox.tester.errors import Refused

FieldKind = Literal[
    "box", "area", "rich", "span", "combo", "radio", "multi", "group", "cascade", "checkbox", "date", "number"
]

TYPE_NAMES: Mapping[FieldKind, str] = {
    "box": "TextBox",
    "area": "TextArea",
    "rich": "RichText",
    "span": "TimeSpan",
    "combo": "ComboBox",
    "radio": "RadioGroup",
    "multi": "MultiSelect",
    "group": "CheckboxGroup",
    "cascade": "MultiCascade",
    "checkbox": "Checkbox",
    "date": "Date",
    "number": "Number",
}

VALUE_TYPES: Mapping[FieldKind, str] = {
    **dict.fromkeys(TYPE_NAMES, "String"),
    **dict.fromkeys(("multi", "group", "cascade"), "Array"),
    "checkbox": "Boolean",
    "date": "Date",
    "number": "Number",
}

_SPAN = re.compile(r"\d+ ?[wdhms](?:[ ,]+\d+ ?[wdhms])*")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_MOMENT = "T00:00:00Z"


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of incidents, addressed by its name; `below` holds the second level of a cascade."""

    name: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: bool = False
    read_only: bool = False


FIELDS: Sequence[CustomField] = (
    CustomField("Cycle", "box"),
    CustomField("Jira key", "box"),
    CustomField("Severity", "combo", ("Blocker", "Major", "Minor")),
    CustomField("Found on", "date"),
    CustomField("Story points", "number"),
    CustomField("Platforms", "multi", ("Windows", "Linux", "Android", "iOS")),
    CustomField("Steps", "rich"),
    CustomField("Notes", "area"),
    CustomField("Region", "cascade", ("Europe", "Asia"), {"Europe": ("Germany", "France"), "Asia": ("Japan",)}),
    CustomField("Affected areas", "group", ("Login", "Payment", "Reporting")),
    CustomField("Page", "box"),
    CustomField("Reported by", "box"),
    CustomField("Risk", "radio", ("Low", "Medium", "High")),
    CustomField("Reproducible", "checkbox"),
    CustomField("Time spent", "span"),
)
"""What the sandbox's project offers; `Jira key` is where a mirror may leave its mark."""


def stored(custom: CustomField, given: object, forms: WireForms = ASSUMED) -> Any:
    """The value as it is kept, None where it is to be cleared. Raises Refused.

    Assumed: the empty text clears any field, and so does an empty array one with several values."""
    if custom.read_only:
        raise Refused(f"{custom.name} can not be changed.")
    if given == "" or given == []:
        return None
    if custom.kind in ("multi", "group"):
        return _several(custom, _texts(custom, given, forms))
    if custom.kind == "cascade":
        return _path(custom, _texts(custom, given, forms))
    if custom.kind == "checkbox":
        return _flag(custom, given, forms)
    if custom.kind == "number":
        return _number(custom, given, forms)
    if not isinstance(given, str):
        raise Refused(f"{custom.name} must be a text, not {kind_of(given)}.")
    if custom.kind in ("combo", "radio"):
        return _one_of(custom, custom.options, given)
    if custom.kind == "date":
        return _day(custom, given, forms)
    if custom.kind == "span" and not _SPAN.fullmatch(given):
        raise Refused(f"{custom.name} must be a span of time such as 2h 30m, not {given!r}.")
    return given


def shown(custom: CustomField, value: Any, forms: WireForms) -> Any:
    """A kept value as the server writes it.

    Assumed, as the vendor shows the value of a text box only: see `WireForms`, which can be switched."""
    if value is None:
        return None
    if isinstance(value, tuple):
        if forms.lists == "joined":
            return ", ".join(value)
        return list(value) if forms.lists == "array" else [{"Value": one, "Text": one} for one in value]
    if custom.kind == "checkbox" and forms.booleans == "text":
        return str(value)
    if custom.kind == "number" and forms.numbers == "text":
        return str(value)
    if custom.kind == "date" and forms.dates == "moment":
        return f"{value}{_MOMENT}"
    return value


def found_by(value: Any) -> tuple[str, ...]:
    """What a kept value can be found by."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def kind_of(value: object) -> str:
    """The type of a JSON value in words."""
    names = {type(None): "null", bool: "true or false", int: "a number", float: "a number"}
    names |= {str: "a text", list: "an array", dict: "an object"}
    return names[type(value)]


def _texts(custom: CustomField, given: object, forms: WireForms) -> list[str]:
    if forms.lists == "joined":
        if isinstance(given, str):
            return [part.strip() for part in given.split(",")]
        raise Refused(f"{custom.name} must be a text with commas, not {kind_of(given)}.")
    if not isinstance(given, list):
        raise Refused(f"{custom.name} must be an array, not {kind_of(given)}.")
    plain = forms.lists == "array"
    found = [one if plain else one.get("Value") if isinstance(one, dict) else None for one in given]
    texts = [one for one in found if isinstance(one, str)]
    if len(texts) < len(found):
        raise Refused(f"{custom.name} must be an array of {'texts' if plain else 'objects with a Value'}.")
    return texts


def _several(custom: CustomField, texts: list[str]) -> tuple[str, ...]:
    chosen = {_one_of(custom, custom.options, text) for text in texts}
    return tuple(option for option in custom.options if option in chosen)


def _path(custom: CustomField, texts: list[str]) -> tuple[str, ...]:
    top = _one_of(custom, custom.options, texts[0])
    if len(texts) > 2:
        raise Refused(f"{custom.name} has two levels, not {len(texts)}.")
    return (top, *(_one_of(custom, custom.below.get(top, ()), text) for text in texts[1:]))


def _one_of(custom: CustomField, options: Sequence[str], text: str) -> str:
    if text not in options:
        raise Refused(f"{custom.name} must be one of {', '.join(options)}, not {text!r}.")
    return text


def _flag(custom: CustomField, given: object, forms: WireForms) -> bool:
    if forms.booleans == "text" and isinstance(given, str) and given.lower() in ("true", "false"):
        return given.lower() == "true"
    if forms.booleans == "json" and isinstance(given, bool):
        return given
    wanted = "true or false" if forms.booleans == "json" else "the text True or False"
    raise Refused(f"{custom.name} must be {wanted}, not {given!r}.")


def _number(custom: CustomField, given: object, forms: WireForms) -> int | float:
    if forms.numbers == "text" and isinstance(given, str) and _NUMBER.fullmatch(given):
        return float(given) if "." in given else int(given)
    if forms.numbers == "json" and isinstance(given, int | float) and not isinstance(given, bool):
        return given
    raise Refused(f"{custom.name} must be a number{' as text' * (forms.numbers == 'text')}, not {given!r}.")


def _day(custom: CustomField, given: str, forms: WireForms) -> str:
    tail = _MOMENT if forms.dates == "moment" else ""
    try:
        if given.endswith(tail):
            return date.fromisoformat(given.removesuffix(tail)).isoformat()
    except ValueError:
        pass
    raise Refused(f"{custom.name} must be a date such as 2026-11-22{tail}, not {given!r}.")
