"""What a transition demands on its screen, and what can be given to it. Pure.

A field is filled from the ids that are to be written anyway (a resolution), else by the names that the mapping
gives under `transition_fields`, looked up among the values that the screen allows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Any
Screen: TypeAlias = Mapping[str, Json]

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Demand:
    """A field that must be filled and can't be; `given` is the mapping's value that the screen doesn't allow."""

    field: str
    name: str
    given: str | None
    allowed: tuple[str, ...]


def unmet(screen: Screen, ids: Mapping[str, str], names: Mapping[str, str]) -> list[Demand]:
    """The demands of the screen for which there is no value."""
    return [
        Demand(field, meta.get("name", field), names.get(field), tuple(_name(each) for each in _allowed(meta)))
        for field, meta in _to_fill(screen, ids)
        if _chosen(meta, names.get(field)) is None
    ]


def filled(screen: Screen, ids: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Json]:
    """`fields` of the transition's request."""
    fields: dict[str, Json] = {field: {"id": ids[field]} for field in screen if field in ids}
    for field, meta in _to_fill(screen, ids):
        value = _chosen(meta, names.get(field))
        fields[field] = [value] if meta.get("schema", {}).get("type") == "array" else value
    return fields


def demanded(step: str, target: str, missing: list[Demand]) -> str:
    """The sentence about a transition that can't be taken."""
    return f"the transition '{step}' to '{target}' demands " + "; ".join(_sentence(each) for each in missing)


def _sentence(demand: Demand) -> str:
    listed = ", ".join(demand.allowed[:MOST_LISTED]) + (", ..." if len(demand.allowed) > MOST_LISTED else "")
    allowed = f" (allowed: {listed})" if listed else ""
    if demand.given is not None:
        return f"{demand.name}{allowed}, which the mapping's '{demand.given}' isn't"
    return f"{demand.name}{allowed}; give '{demand.field}' under transition_fields in the mapping"


def _to_fill(screen: Screen, ids: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    for field, meta in screen.items():
        if meta.get("required") and not meta.get("hasDefaultValue") and field not in ids:
            yield field, meta


def _chosen(meta: Json, name: str | None) -> Json | None:
    if name is None:
        return None
    allowed = _allowed(meta)
    if not allowed:
        return name
    fitting = (each for each in allowed if _name(each).casefold() == name.casefold())
    option = next(fitting, None)
    return None if option is None else {"id": option["id"]}


def _allowed(meta: Json) -> list[Json]:
    return meta.get("allowedValues") or []


def _name(option: Json) -> str:
    return str(option.get("name") or option.get("value") or option.get("id"))
