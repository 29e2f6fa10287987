"""What has to hold between the parts of a mapping, beyond each part's own type.

The rules look at plain data, before or after it was validated: so all faults of a file are told at once, even
where other parts of it are mistyped. What is mistyped is passed over here; its own type tells about it.

| rule | why |
|---|---|
| field names are known, and the kind fits both | a misspelt field would silently never be carried |
| no field twice, no row twice | two owners of one value would undo each other's work |
| no direction against the link's | it would never carry anything |
| Summary <-> summary, a type for new issues | without them the servers refuse to create records |
| a mark on incidents that we create | without it a lost answer can't be told from a failed create |
| deletions: see `mappings.deletions` | a deletion that can't be carried would wait for ever |
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mappings.deletions import deletion_faults
from mappings.fields import (
    CUSTOM_PREFIX,
    INCIDENT_FIELDS,
    ISSUE_FIELDS,
    KINDS,
    FieldSpec,
    Side,
    incident_field,
    issue_field,
    known_names,
)
from mappings.policies import Direction
from mappings.problems import Fault, Loc, did_you_mean, listed

ROW_LISTS = ("values", "users", "components")
"""The members of field mappings that hold rows."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry under `fields`, as far as it can be read; `direction` is `None` when the entry gives none."""

    loc: Loc
    raw: Mapping[str, object]
    kind: str | None
    names: Mapping[Side, str | None]
    specs: Mapping[Side, FieldSpec | None]
    direction: Direction | None


def faults(link: Mapping[str, object]) -> Iterator[Fault]:
    """All broken rules of one mapping, given as plain dicts, lists and strings."""
    entries = [_entry(("fields", place), _strings(item)) for place, item in enumerate(_items(link.get("fields")))]
    for entry in entries:
        yield from _names_and_kind(entry)
        yield from _transition_fields(entry)
        for name in ROW_LISTS:
            yield from _repeated_rows((*entry.loc, name), entry.raw.get(name))
    yield from _repeated_rows(("versions", "values"), _block(link, "versions").get("values"))
    yield from _fields_twice(entries)
    yield from _summary(entries)
    yield from _mark_field(link, entries)
    way = Direction.BOTH if link.get("direction") is None else _direction(link)
    yield from deletion_faults(_block(link, "deletions"), way, _carried(way, entries))
    if way is not None:
        yield from _directions(link, way, entries)
        if way.carries("incident"):
            yield from _needed_for_incidents(link, entries)
        if way.carries("issue"):
            yield from _needed_for_issues(link, way, entries)


def _names_and_kind(entry: _Entry) -> Iterator[Fault]:
    for side, name in entry.names.items():
        if name is not None and entry.specs[side] is None:
            yield Fault((*entry.loc, side), _unknown(side, name))
    incident, issue = entry.specs["incident"], entry.specs["issue"]
    if incident is None or issue is None:
        return
    if incident.kind != issue.kind:
        fits = listed(known_names("issue", incident.kind))
        sentence = f"{incident.name} is {incident.noun} and can't be mapped to {issue.name}; it fits {fits}"
        yield Fault((*entry.loc, "issue"), sentence)
    elif entry.kind in KINDS and entry.kind != incident.kind:
        what = f"{incident.name}, which is {incident.noun}"
        yield Fault((*entry.loc, "kind"), f"'{entry.kind}' doesn't carry {what}; use kind: {incident.kind}")


def _unknown(side: Side, name: str) -> str:
    table = INCIDENT_FIELDS if side == "incident" else ISSUE_FIELDS
    allowed = listed(known_names(side))
    return f"unknown {side} field '{name}'; allowed are {allowed}{did_you_mean(name, table)}"


def _transition_fields(entry: _Entry) -> Iterator[Fault]:
    for name in _strings(entry.raw.get("transition_fields")):
        loc = (*entry.loc, "transition_fields", name)
        if name == "status":
            sentence = "a transition sets the status by itself; name what it asks for, as resolution"
            yield Fault(loc, sentence, at_key=True)
        elif issue_field(name) is None:
            yield Fault(loc, _unknown("issue", name), at_key=True)


def _repeated_rows(loc: Loc, rows: object) -> Iterator[Fault]:
    first: dict[tuple[object, object], int] = {}
    for index, item in enumerate(_items(rows)):
        row = _strings(item)
        names = row.get("incident"), row.get("issue")
        if None in names:
            continue
        if names in first:
            sentence = f"the row {names[0]} - {names[1]} is given a second time; remove one of them"
            yield Fault((*loc, index), sentence, (*loc, first[names]))
        first.setdefault(names, index)


def _fields_twice(entries: Iterable[_Entry]) -> Iterator[Fault]:
    first: dict[tuple[Side, str], Loc] = {}
    for entry in entries:
        for side, name in entry.names.items():
            if name is None:
                continue
            loc = (*entry.loc, side)
            if (side, name) in first:
                sentence = f"the {side} field {name} is mapped a second time; a field may be mapped once"
                yield Fault(loc, sentence, first[side, name])
            first.setdefault((side, name), loc)


def _directions(link: Mapping[str, object], way: Direction, entries: Iterable[_Entry]) -> Iterator[Fault]:
    if way is Direction.BOTH:
        return
    blocks: list[tuple[Loc, Direction | None]] = [(entry.loc, entry.direction) for entry in entries]
    blocks.append((("comments",), _direction(_block(link, "comments"))))
    for loc, direction in blocks:
        if direction is not None and direction.narrowed(way) is not way:
            sentence = f"'{direction}' contradicts the link's own direction '{way}'; leave it out here"
            yield Fault((*loc, "direction"), sentence)


def _carried(way: Direction | None, entries: list[_Entry]) -> Mapping[str | None, Direction] | None:
    """The direction of each mapped field of an incident; `None` where not all can be read."""
    if way is None or not entries or not all(all(entry.specs.values()) for entry in entries):
        return None
    return {entry.names["incident"]: (entry.direction or way).narrowed(way) for entry in entries}


def _mark_field(link: Mapping[str, object], entries: Iterable[_Entry]) -> Iterator[Fault]:
    mark = _block(link, "incidents").get("mark_field")
    loc: Loc = ("incidents", "mark_field")
    if not isinstance(mark, str):
        return
    if mark.startswith(CUSTOM_PREFIX):
        yield Fault(loc, f"write the custom field's name alone: {mark.removeprefix(CUSTOM_PREFIX)}")
    for entry in entries:
        if entry.names["incident"] == CUSTOM_PREFIX + mark.removeprefix(CUSTOM_PREFIX):
            sentence = "the mark_field belongs to the synchronizer; map another custom field"
            yield Fault((*entry.loc, "incident"), sentence)


def _summary(entries: list[_Entry]) -> Iterator[Fault]:
    touching = [e for e in entries if e.names["incident"] == "Summary" or e.names["issue"] == "summary"]
    if entries and not touching and all(all(entry.specs.values()) for entry in entries):
        example = "{incident: Summary, issue: summary, kind: copy}"
        yield Fault(("fields",), f"Summary isn't mapped, and new records need one; add {example}")
    if not any(_is_summary(entry) for entry in touching):
        for entry in touching:
            if all(entry.specs.values()):
                yield Fault((*entry.loc, "issue"), "Summary and summary have to be mapped to each other")


def _is_summary(entry: _Entry) -> bool:
    return entry.names["incident"] == "Summary" and entry.names["issue"] == "summary"


def _needed_for_incidents(link: Mapping[str, object], entries: Iterable[_Entry]) -> Iterator[Fault]:
    """What is missing where the link creates incidents."""
    incidents = link.get("incidents")
    if isinstance(incidents, Mapping) and incidents.get("mark_field") is None:
        sentence = (
            "mark_field is needed to recognise the incidents that this link creates: the name of a custom "
            "field, of type text box; or let direction be to_issue"
        )
        yield Fault(("incidents", "mark_field"), sentence)
    yield from _summary_carried("incident", entries)


def _needed_for_issues(link: Mapping[str, object], way: Direction, entries: list[_Entry]) -> Iterator[Fault]:
    """What is missing where the link creates issues."""
    issues = link.get("issues")
    readable = bool(entries) and all(entry.specs["issue"] for entry in entries)
    mapped = (entry.direction or way for entry in entries if entry.names["issue"] == "issuetype")
    typed = any(direction.carries("issue") for direction in mapped)
    if isinstance(issues, Mapping) and issues.get("type") is None and readable and not typed:
        sentence = "new issues need a type: add one here, as type: Bug, or map Type to issuetype"
        yield Fault(("issues", "type"), sentence)
    yield from _summary_carried("issue", entries)


def _summary_carried(to: Side, entries: Iterable[_Entry]) -> Iterator[Fault]:
    for entry in entries:
        if _is_summary(entry) and entry.direction is not None and not entry.direction.carries(to):
            sentence = f"'{entry.direction}' leaves new {to}s without a Summary; leave the direction out here"
            yield Fault((*entry.loc, "direction"), sentence)


def _entry(loc: Loc, raw: Mapping[str, object]) -> _Entry:
    kind, incident, issue = (
        value if isinstance(value, str) else None for value in map(raw.get, ("kind", "incident", "issue"))
    )
    specs: dict[Side, FieldSpec | None] = {
        "incident": incident_field(incident) if incident is not None else None,
        "issue": issue_field(issue) if issue is not None else None,
    }
    return _Entry(loc, raw, kind, {"incident": incident, "issue": issue}, specs, _direction(raw))


def _direction(block: Mapping[str, object]) -> Direction | None:
    given = block.get("direction")
    return next((direction for direction in Direction if direction == given), None)


def _block(link: Mapping[str, object], name: str) -> Mapping[str, object]:
    return _strings(link.get(name))


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _strings(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
