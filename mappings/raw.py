"""A mapping as plain dicts, lists and strings, as far as it can be read: what the rules look at.

What is mistyped reads as nothing here; its own type tells about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from mappings.fields import COMPUTED, FieldSpec, Side, field_of
from mappings.policies import Direction
from mappings.problems import Loc


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry under `fields`; `direction` is `None` when the entry gives none."""

    loc: Loc
    raw: Mapping[str, object]
    kind: str | None
    names: Mapping[Side, str | None]
    specs: Mapping[Side, FieldSpec | None]
    direction: Direction | None

    @property
    def computed(self) -> bool:
        """Whether the entry names the one field that it writes."""
        return self.kind in COMPUTED

    @property
    def readable(self) -> bool:
        """Whether all names that the entry needs are there and known."""
        known = [spec is not None for side, spec in self.specs.items() if self.names[side] is not None]
        return len(known) == (1 if self.computed else 2) and all(known)

    def way(self, link: Direction) -> Direction:
        """Which way the entry is carried; a computed one towards the field that it writes."""
        if self.computed:
            return Direction.TO_INCIDENT if self.names["issue"] is None else Direction.TO_ISSUE
        return (self.direction or link).narrowed(link)


def entry_of(loc: Loc, item: object) -> RawEntry:
    """The entry at `loc`."""
    raw = strings(item)
    kind, incident, issue = (
        value if isinstance(value, str) else None for value in map(raw.get, ("kind", "incident", "issue"))
    )
    names: dict[Side, str | None] = {"incident": incident, "issue": issue}
    specs = {side: None if name is None else field_of(side, name) for side, name in names.items()}
    return RawEntry(loc, raw, kind, names, specs, direction_of(raw))


def direction_of(raw: Mapping[str, object]) -> Direction | None:
    """The direction that a block gives, `None` for none and for one that isn't one."""
    given = raw.get("direction")
    return next((direction for direction in Direction if direction == given), None)


def block(link: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A block of the file; an empty one where it is missing."""
    return strings(link.get(name))


def items(value: object) -> list[object]:
    """A list, or none."""
    return value if isinstance(value, list) else []


def strings(value: object) -> Mapping[str, object]:
    """A block of keys, or an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def flag(raw: Mapping[str, object], key: str) -> bool:
    """A switch: on in the model's form and in the file's."""
    return str(raw.get(key)).lower() in ("true", "yes", "on", "1", "y", "t")
