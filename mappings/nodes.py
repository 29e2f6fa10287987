"""A YAML file as plain text values, each with its place, so that every sentence about it can point somewhere.

A subset of YAML is read. What the rest would do to an admin's file is the reason:

| YAML | here |
|---|---|
| `No`, `1.10`, `2026-01-01`, `0x1` | text, as it is written; `null`, `~` and nothing at all are nothing |
| a key that is given twice | refused: the first one would silently be lost |
| anchors, aliases, tags | refused: a value stands where it is used |
| several documents | refused: one file is one project link |
| tabs, NUL, byte order marks | refused: they can't be seen |

The parser's events are read, not its nodes: an event knows where an alias stands, and nesting can be limited
before anything recurses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from mappings.problems import Loc, MappingError, Problem
from mappings.text import Refusal, read_text, syntax_refusal

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
Spot: TypeAlias = tuple[int, int]

START: Spot = (1, 1)
MAX_DEPTH = 12
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Document:
    """One file's content and where its parts stand, as (line, column) counted from 1.

    `keys` and `values` are by location, as ("fields", 0, "kind"). `problems` are those that YAML itself would
    let pass; what is said of a location in `spoilt`, or below it, is a consequence of them.
    """

    file: str
    data: Tree
    keys: Mapping[Loc, Spot]
    values: Mapping[Loc, Spot]
    problems: tuple[Problem, ...]
    spoilt: frozenset[Loc]

    def key_at(self, loc: Loc) -> Spot:
        """Where the key of `loc` stands; its value, or the nearest block round it, when there is none."""
        return self.keys.get(loc) or self.value_at(loc)

    def value_at(self, loc: Loc) -> Spot:
        """Where the value of `loc` stands, or else the nearest block round it."""
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, START)

    def problem(self, spot: Spot, sentence: str) -> Problem:
        """A problem of this file."""
        return Problem(self.file, *spot, sentence)


def read_document(path: Path) -> Document:
    """The content of one file. Raises `MappingError` with the one problem that makes it unreadable."""
    reader = _Reader(str(path))
    try:
        data = reader.read(_events(read_text(path)))
    except Refusal as refusal:
        raise MappingError([Problem(str(path), refusal.line, refusal.column, refusal.sentence)]) from None
    problems, spoilt = tuple(reader.problems), frozenset(reader.spoilt)
    return Document(reader.file, data, reader.keys, reader.values, problems, spoilt)


def _events(text: str) -> Iterator[Event]:
    """The parser's events. Raises `Refusal` for what isn't YAML."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except (YAMLError, ValueError, OverflowError, AssertionError) as error:
        # Beside its own errors the parser lets some of Python's escape: impossible \U codes, odd directives.
        raise syntax_refusal(error, text) from None


def _spot(event: Event) -> Spot:
    return event.start_mark.line + 1, event.start_mark.column + 1


@dataclass(slots=True)
class _Reader:
    """Builds plain values from events, and notes places and problems on the way."""

    file: str
    keys: dict[Loc, Spot] = field(default_factory=dict)
    values: dict[Loc, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    spoilt: set[Loc] = field(default_factory=set)

    def read(self, events: Iterator[Event]) -> Tree:
        data: Tree = None
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    sentence = "a second document starts here; one file holds one project link"
                    raise Refusal(*_spot(event), sentence)
            elif isinstance(event, NodeEvent):
                data = self._node(event, events, ())
        if documents == 0:
            raise Refusal(*START, "the file is empty; start from one of the examples")
        return data

    def _node(self, event: NodeEvent, events: Iterator[Event], loc: Loc) -> Tree:
        self.values[loc] = _spot(event)
        if len(loc) > MAX_DEPTH:
            raise Refusal(*_spot(event), f"nested more than {MAX_DEPTH} levels deep; no mapping needs that")
        self._refuse_extras(event, loc)
        if isinstance(event, ScalarEvent):
            plain = event.style is None
            return None if plain and event.value in _NOTHING else str(event.value)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, loc)
        if isinstance(event, CollectionStartEvent):
            return self._sequence(events, loc)
        return None

    def _refuse_extras(self, event: NodeEvent, loc: Loc) -> None:
        if isinstance(event, AliasEvent):
            self._complain(event, f"'*{event.anchor}' is an alias; write the value out, or put text in quotes")
            self.spoilt.add(loc)
        elif event.anchor is not None:
            self._complain(event, f"'&{event.anchor}' is an anchor; leave it out, or put text in quotes")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._complain(event, f"'{tag}' is a tag; leave it out, or put text in quotes")

    def _sequence(self, events: Iterator[Event], loc: Loc) -> list[Tree]:
        items: list[Tree] = []
        for event in events:
            if isinstance(event, CollectionEndEvent):
                break
            if isinstance(event, NodeEvent):
                items.append(self._node(event, events, (*loc, len(items))))
        return items

    def _mapping(self, events: Iterator[Event], loc: Loc) -> dict[str, Tree]:
        items: dict[str, Tree] = {}
        for event in events:
            if isinstance(event, CollectionEndEvent):
                break
            if isinstance(event, NodeEvent):
                self._item(event, events, loc, items)
        return items

    def _item(self, event: NodeEvent, events: Iterator[Event], loc: Loc, items: dict[str, Tree]) -> None:
        """One key with its value. A key that is no text, or is there already, is told about and left out."""
        key, spot = str(getattr(event, "value", "")), _spot(event)
        place = (*loc, key)
        aside = isinstance(event, CollectionStartEvent | AliasEvent) or key in items
        if key in items:
            line = self.keys[place][0]
            self._complain(event, f"the key '{key}' is given a second time (the first one is on line {line})")
        elif aside:
            self._complain(event, "a key must be one word or a quoted text")
            self.spoilt.add(loc)
        if aside:
            _Reader(self.file)._node(event, events, loc)
            spare = _Reader(self.file)
            spare._node(next(e for e in events if isinstance(e, NodeEvent)), events, loc)
            return
        self._refuse_extras(event, place)
        self.keys[place] = spot
        value = next(e for e in events if isinstance(e, NodeEvent))
        items[key] = self._node(value, events, place)
        if items[key] is None and getattr(value, "value", None) == "":
            self.values[place] = spot  # nothing has no place of its own: the parser tells that of the next line

    def _complain(self, event: Event, sentence: str) -> None:
        self.problems.append(Problem(self.file, *_spot(event), sentence))
