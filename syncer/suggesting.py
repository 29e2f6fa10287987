"""The row that a mapping lacks for a value, ready to be pasted; what only a person can know is left empty in it."""

import re
from dataclasses import dataclass

from mappings.kinds import (
    AutomapField,
    ComponentsField,
    FieldMapping,
    StatusField,
    TableField,
    UsersField,
    VersionsField,
)
from mappings.problems import Loc, nearest
from syncer.core.bind import Bound, BoundField
from syncer.core.lensing import catalogue_kind
from syncer.core.records import Option, Side

MOST_NAMES = 8
"""So many names are offered where none is near."""

_PLAIN = re.compile(r"\w[\w .+/()-]*(?<! )")
_LISTS = ("versions", "values", "users", "components")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What helps with one value: `row` for the list `under` at the line `place`, or in words where no row helps."""

    row: str
    under: str
    place: str


def suggestion(bound: Bound, each: BoundField, side: Side, option_id: str) -> Suggestion:
    """What to add to the mapping for an option of `side` that nothing stands for."""
    where = _rows(each, bound.mapping.fields[_number(each)])
    if where is None:
        said = f"add it to the options of {each.on(side.other)} on the {side.other} side"
        return Suggestion(said, "", each.place)
    name = _name(bound, each, side, option_id)
    offered = [option.name for option in _offered(bound, each, side.other)]
    found = nearest(name, offered)
    names = {side: quoted(name), side.other: quoted(found) if found else ""}
    row = f"- {{incident: {names[Side.INCIDENT]}, issue: {names[Side.ISSUE]}}}"
    if found is None and offered:
        more = ", ..." if len(offered) > MOST_NAMES else ""
        row += f"  # {side.other}: one of {', '.join(map(_said, offered[:MOST_NAMES]))}{more}"
    return Suggestion(row, ".".join(str(part) for part in where if part in _LISTS), bound.mapping.place(where))


def _rows(each: BoundField, field: FieldMapping) -> Loc | None:
    """Where the rows of a field stand in the mapping; `None` for kinds without rows."""
    match field:
        case TableField() | AutomapField() | StatusField():
            return (*each.loc, "values")
        case UsersField():
            return (*each.loc, "users")
        case ComponentsField():
            return (*each.loc, "components")
        case VersionsField():
            return ("versions", "values")
        case _:
            return None


def _number(each: BoundField) -> int:
    place = each.loc[1]
    if not isinstance(place, int):
        raise TypeError(f"a bound field stands at a number, not at {place!r}")
    return place


def _name(bound: Bound, each: BoundField, side: Side, option_id: str) -> str:
    """The name by which the mapping finds the option; its id where several have that name."""
    options = bound.catalogues[side].of(catalogue_kind(side, each.on(side)))
    name = next((option.name for option in options if option.id == option_id), option_id)
    return name if sum(option.name == name for option in options) < 2 else option_id


def _offered(bound: Bound, each: BoundField, side: Side) -> tuple[Option, ...]:
    return tuple(o for o in bound.catalogues[side].of(catalogue_kind(side, each.on(side))) if o.active)


def _said(name: str) -> str:
    """A name in a comment, which a line end would end."""
    return " ".join(name.split())


def quoted(text: str) -> str:
    """A text as a YAML scalar that stands for exactly it, also between braces."""
    if _PLAIN.fullmatch(text) and text.lower() != "null":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in escaped) + '"'
