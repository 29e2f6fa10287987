"""What a transition demands on its screen, and what can be given to it. Nothing is sent.

A field is filled from the ids that are to be written anyway (a resolution), else by what the mapping gives under
`transition_fields`, in words of people, which the screen's own schema turns into what Jira takes:

| schema's type | the mapping gives | sent |
|---|---|---|
| any with a list of allowed values | a name; "Europe / Germany" in a cascade | `{"id"}`, with `child` in a cascade |
| user | a name, a login or an e-mail address | `{"accountId"}` or `{"name"}` |
| number, date, datetime | the number, the day, the time with its zone | number or text |
| all else | a text | the text |
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from syncer.issues.shapes import number, written

Json: TypeAlias = Any
Screen: TypeAlias = Mapping[str, Json]
People: TypeAlias = Callable[[str], str | None]

MOST_LISTED = 20
BETWEEN = " / "
"""What stands between the levels of a cascade where people name one of its values."""


@dataclass(frozen=True, slots=True)
class Given:
    """What can be filled in: ids first, then the mapping's words. `person` finds the id of somebody by a name."""

    ids: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    person: People = lambda name: None
    cloud: bool = True


@dataclass(frozen=True, slots=True)
class Demand:
    """A field that must be filled and can't be; `given` is the mapping's value that the screen doesn't allow."""

    field: str
    name: str
    given: str | None
    allowed: tuple[str, ...]


def unmet(screen: Screen, given: Given) -> list[Demand]:
    """The demands of the screen for which there is no value."""
    return [
        Demand(name, meta.get("name", name), given.words.get(name), tuple(_names(meta)))
        for name, meta in _to_fill(screen, given)
        if _value(meta, given.words.get(name), given) is None
    ]


def filled(screen: Screen, given: Given) -> dict[str, Json]:
    """`fields` of the transition's request."""
    fields: dict[str, Json] = {name: {"id": given.ids[name]} for name in screen if name in given.ids}
    for name, meta in _to_fill(screen, given):
        value = _value(meta, given.words.get(name), given)
        fields[name] = [value] if _schema(meta).get("type") == "array" else value
    return fields


def demanded(step: str, target: str, missing: list[Demand]) -> str:
    """The sentence about a transition that can't be taken."""
    said = "; ".join(_sentence(each) for each in missing)
    return f"the screen of the transition '{step}' to '{target}' demands {said}"


def _sentence(demand: Demand) -> str:
    listed = ", ".join(demand.allowed[:MOST_LISTED]) + (", ..." if len(demand.allowed) > MOST_LISTED else "")
    allowed = f" (allowed: {listed})" if listed else ""
    asked = f"the field {demand.name}{allowed}"
    if demand.given is not None:
        return f"{asked}, for which the mapping's '{demand.given}' is no value"
    return f"{asked}; give '{demand.field}' under transition_fields in the mapping"


def _to_fill(screen: Screen, given: Given) -> Iterator[tuple[str, Json]]:
    for name, meta in screen.items():
        if meta.get("required") and not meta.get("hasDefaultValue") and name not in given.ids:
            yield name, meta


def _value(meta: Json, words: str | None, given: Given) -> Json | None:
    """What Jira takes for the mapping's words; `None` where they say nothing that the field could hold."""
    if words is None or not words.strip():
        return None
    schema = _schema(meta)
    kind = schema.get("items") if schema.get("type") == "array" else schema.get("type")
    if meta.get("allowedValues"):
        return _chosen(meta["allowedValues"], words)
    match kind:
        case "user":
            found = given.person(words)
            return None if found is None else written("user", found, cloud=given.cloud)
        case "number":
            told = number(words.strip())
            return None if isinstance(told, str) else told
        case "date":
            return words.strip() if _is(date.fromisoformat, words) else None
        case "datetime":
            return written("moment", words.strip(), cloud=given.cloud) if _is(_zoned, words) else None
        case "option" | "option-with-child":
            return {"value": words}
    return words


def _chosen(allowed: Json, words: str) -> Json | None:
    """The option of that name, down a cascade where the name has several levels."""
    whole = _named(allowed, words)
    if whole is not None:
        return {"id": whole["id"]}
    above, between, below = words.partition(BETWEEN)
    parent = _named(allowed, above) if between else None
    child = _named(parent.get("children") or (), below) if parent is not None else None
    return {"id": parent["id"], "child": {"id": child["id"]}} if parent and child else None


def _named(options: Json, name: str) -> Json | None:
    return next((each for each in options if _name(each).casefold() == name.strip().casefold()), None)


def _names(meta: Json) -> Iterator[str]:
    for each in meta.get("allowedValues") or ():
        yield _name(each)
        yield from (f"{_name(each)}{BETWEEN}{_name(below)}" for below in each.get("children") or ())


def _name(option: Json) -> str:
    return str(option.get("name") or option.get("value") or option.get("id"))


def _schema(meta: Json) -> Json:
    return meta.get("schema") or {}


def _is(parse: Callable[[str], object], words: str) -> bool:
    try:
        parse(words.strip())
    except ValueError:
        return False
    return True


def _zoned(words: str) -> datetime:
    told = datetime.fromisoformat(words)
    if told.tzinfo is None:
        raise ValueError("a time without its zone")
    return told
