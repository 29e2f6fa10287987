"""What has to hold between the parts of a mapping, beyond each part's own type.

The rules look at plain data, before or after it was validated: so all faults of a file are told at once, even
where other parts of it are mistyped. What is mistyped is passed over here; its own type tells about it.

| rule | why |
|---|---|
| each entry by itself | see `mappings.entry_rules` |
| templates and conditions | see `mappings.expression_rules` |
| no field twice | two owners of one value would undo each other's work |
| no direction against the link's | it would never carry anything |
| Summary <-> summary, a type for new issues | without them the servers refuse to create records |
| a mark on incidents that we create | without it a lost answer can't be told from a failed create |
| deletions: see `mappings.deletions` | a deletion that can't be carried would wait for ever |
"""

from collections.abc import Iterable, Iterator, Mapping

from mappings.deletions import deletion_faults
from mappings.entry_rules import entry_faults, fields_twice, repeated_rows
from mappings.expression_rules import expression_faults
from mappings.fields import CUSTOM_PREFIX, Side
from mappings.policies import Direction
from mappings.problems import Fault, Loc
from mappings.raw import RawEntry, block, direction_of, entry_of, items


def faults(link: Mapping[str, object]) -> Iterator[Fault]:
    """All broken rules of one mapping, given as plain dicts, lists and strings."""
    entries = [entry_of(("fields", place), item) for place, item in enumerate(items(link.get("fields")))]
    way = Direction.BOTH if link.get("direction") is None else direction_of(link)
    for entry in entries:
        yield from entry_faults(entry, way)
    yield from expression_faults(link)
    yield from repeated_rows(("versions", "values"), block(link, "versions").get("values"))
    yield from fields_twice(entries)
    yield from _summary(entries)
    yield from _mark_field(link, entries)
    yield from deletion_faults(block(link, "deletions"), way, _carried(way, entries))
    if way is not None:
        yield from _directions(link, way, entries)
        if way.carries("incident"):
            yield from _needed_for_incidents(link, entries)
        if way.carries("issue"):
            yield from _needed_for_issues(link, way, entries)


def _directions(link: Mapping[str, object], way: Direction, entries: Iterable[RawEntry]) -> Iterator[Fault]:
    if way is Direction.BOTH:
        return
    blocks: list[tuple[Loc, Direction | None]] = [(e.loc, e.direction) for e in entries if not e.computed]
    blocks.append((("comments",), direction_of(block(link, "comments"))))
    for loc, direction in blocks:
        if direction is not None and direction.narrowed(way) is not way:
            sentence = f"'{direction}' contradicts the link's own direction '{way}'; leave it out here"
            yield Fault((*loc, "direction"), sentence)


def _carried(way: Direction | None, entries: list[RawEntry]) -> Mapping[str | None, Direction] | None:
    """The direction of each mapped field of an incident; `None` where not all can be read."""
    if way is None or not entries or not all(entry.readable for entry in entries):
        return None
    return {entry.names["incident"]: entry.way(way) for entry in entries if not entry.computed}


def _mark_field(link: Mapping[str, object], entries: Iterable[RawEntry]) -> Iterator[Fault]:
    mark = block(link, "incidents").get("mark_field")
    loc: Loc = ("incidents", "mark_field")
    if not isinstance(mark, str):
        return
    if mark.startswith(CUSTOM_PREFIX):
        yield Fault(loc, f"write the custom field's name alone: {mark.removeprefix(CUSTOM_PREFIX)}")
    for entry in entries:
        if entry.names["incident"] == CUSTOM_PREFIX + mark.removeprefix(CUSTOM_PREFIX):
            sentence = "the mark_field belongs to the synchronizer; map another custom field"
            yield Fault((*entry.loc, "incident"), sentence)


def _summary(entries: list[RawEntry]) -> Iterator[Fault]:
    carried = [entry for entry in entries if not entry.computed]
    touching = [e for e in carried if e.names["incident"] == "Summary" or e.names["issue"] == "summary"]
    if entries and not touching and all(entry.readable for entry in entries):
        example = "{incident: Summary, issue: summary, kind: copy}"
        yield Fault(("fields",), f"Summary isn't mapped, and new records need one; add {example}")
    if not any(_is_summary(entry) for entry in touching):
        for entry in touching:
            if entry.readable:
                yield Fault((*entry.loc, "issue"), "Summary and summary have to be mapped to each other")


def _is_summary(entry: RawEntry) -> bool:
    return entry.names["incident"] == "Summary" and entry.names["issue"] == "summary"


def _needed_for_incidents(link: Mapping[str, object], entries: Iterable[RawEntry]) -> Iterator[Fault]:
    """What is missing where the link creates incidents."""
    incidents = link.get("incidents")
    if isinstance(incidents, Mapping) and incidents.get("mark_field") is None:
        sentence = (
            "mark_field is needed to recognise the incidents that this link creates: the name of a custom "
            "field, of type text box; or let direction be to_issue"
        )
        yield Fault(("incidents", "mark_field"), sentence)
    yield from _summary_carried("incident", entries)


def _needed_for_issues(link: Mapping[str, object], way: Direction, entries: list[RawEntry]) -> Iterator[Fault]:
    """What is missing where the link creates issues."""
    issues = link.get("issues")
    readable = bool(entries) and all(entry.readable for entry in entries)
    mapped = (entry.way(way) for entry in entries if entry.names["issue"] == "issuetype")
    typed = any(direction.carries("issue") for direction in mapped)
    if isinstance(issues, Mapping) and issues.get("type") is None and readable and not typed:
        sentence = "new issues need a type: add one here, as type: Bug, or map Type to issuetype"
        yield Fault(("issues", "type"), sentence)
    yield from _summary_carried("issue", entries)


def _summary_carried(to: Side, entries: Iterable[RawEntry]) -> Iterator[Fault]:
    for entry in entries:
        if _is_summary(entry) and entry.direction is not None and not entry.direction.carries(to):
            sentence = f"'{entry.direction}' leaves new {to}s without a Summary; leave the direction out here"
            yield Fault((*entry.loc, "direction"), sentence)
