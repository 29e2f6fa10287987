"""What has to hold within one entry under `fields`.

| rule | why |
|---|---|
| field names are known, and the kind fits both | a misspelt field would silently never be carried |
| a computed entry names one field | it writes exactly that one |
| what only the server writes is never written | each try would be refused |
| a default where the default is to be taken | there would be nothing to take |
| read_only for one-way fields only | both sides would put back each other's edits |
"""

from collections.abc import Iterable, Iterator

from mappings.fields import INCIDENT_FIELDS, ISSUE_FIELDS, KINDS, Side, issue_field, known_names
from mappings.kinds import Unmapped
from mappings.policies import Direction
from mappings.problems import Fault, Loc, did_you_mean, listed
from mappings.raw import RawEntry, flag, items, strings

ROW_LISTS = ("values", "users", "components")
"""The members of field mappings that hold rows."""

_SIDES: tuple[Side, Side] = ("incident", "issue")


def entry_faults(entry: RawEntry, link: Direction | None) -> Iterator[Fault]:
    """All broken rules of one entry. `link` is the link's direction, `None` where it is mistyped."""
    for side, name in entry.names.items():
        if name is not None and entry.specs[side] is None:
            yield Fault((*entry.loc, side), unknown_field(side, name))
    yield from _computed(entry, link) if entry.computed else _pair(entry)
    yield from _unmapped(entry)
    yield from _transition_fields(entry)
    for name in ROW_LISTS:
        yield from repeated_rows((*entry.loc, name), entry.raw.get(name))
    if link is not None and entry.readable:
        yield from _never_written(entry, link)
        yield from _put_back(entry, link)


def unknown_field(side: Side, name: str) -> str:
    """The sentence about a field that a side's records don't have."""
    table = INCIDENT_FIELDS if side == "incident" else ISSUE_FIELDS
    return f"unknown {side} field '{name}'; allowed are {listed(known_names(side))}{did_you_mean(name, table)}"


def _pair(entry: RawEntry) -> Iterator[Fault]:
    incident, issue = entry.specs["incident"], entry.specs["issue"]
    if incident is None or issue is None:
        return
    fitting = [kind for kind in incident.kinds if kind in issue.kinds]
    if not [kind for kind in fitting if kind not in ("set", "template")]:
        fits = listed(name for name in known_names("issue", incident.kinds[:1]))
        sentence = f"{incident.name} is {incident.noun} and can't be mapped to {issue.name}; it fits {fits}"
        yield Fault((*entry.loc, "issue"), sentence)
    elif entry.kind in KINDS and entry.kind not in fitting:
        refusing = incident if entry.kind not in incident.kinds else issue
        what = f"{refusing.name}, which is {refusing.noun}"
        usual = listed(kind for kind in fitting if kind not in ("set", "template"))
        yield Fault((*entry.loc, "kind"), f"'{entry.kind}' doesn't carry {what}; use kind: {usual}")


def _computed(entry: RawEntry, link: Direction | None) -> Iterator[Fault]:
    given = [side for side in _SIDES if entry.names[side] is not None]
    if len(given) != 1:
        which = "both are given" if given else "neither is"
        yield Fault(entry.loc, f"'{entry.kind}' writes one field: give either incident or issue; {which}")
        return
    side = given[0]
    spec = entry.specs[side]
    if spec is not None and entry.kind == "template" and spec.shape not in ("text", None):
        yield Fault((*entry.loc, side), f"a template makes text, and {spec.name} is {spec.noun}; use kind: set")
    if link is not None and not link.carries(side):
        yield Fault((*entry.loc, side), f"the link's direction '{link}' never touches the {side}; leave this out")
    if entry.direction is not None:
        sentence = f"'{entry.kind}' writes the {side} anyway; leave the direction out here"
        yield Fault((*entry.loc, "direction"), sentence)
    if flag(entry.raw, "if_empty") and flag(entry.raw, "read_only"):
        yield Fault((*entry.loc, "read_only"), "what is written only if_empty is never put back; leave one of them out")


def _unmapped(entry: RawEntry) -> Iterator[Fault]:
    unmapped, default = entry.raw.get("unmapped"), strings(entry.raw.get("default"))
    given = any(default.get(side) is not None for side in _SIDES)
    if unmapped == Unmapped.DEFAULT and not given:
        sentence = "no default is given; add default: {incident: ..., issue: ...}, or choose park or omit"
        yield Fault((*entry.loc, "unmapped"), sentence)
    if given and unmapped in (Unmapped.PARK, Unmapped.OMIT):
        yield Fault((*entry.loc, "unmapped"), f"'{unmapped}' never takes the default; leave one of the two out")


def _transition_fields(entry: RawEntry) -> Iterator[Fault]:
    for name in strings(entry.raw.get("transition_fields")):
        loc = (*entry.loc, "transition_fields", name)
        if name == "status":
            sentence = "a transition sets the status by itself; name what it asks for, as resolution"
            yield Fault(loc, sentence, at_key=True)
        elif issue_field(name) is None:
            yield Fault(loc, unknown_field("issue", name), at_key=True)


def _never_written(entry: RawEntry, link: Direction) -> Iterator[Fault]:
    way = entry.way(link)
    for side in _SIDES:
        spec = entry.specs[side]
        if spec is not None and spec.read_only and way.carries(side):
            advice = "name another field" if entry.computed else f"add direction: {_away_from(side)}"
            yield Fault((*entry.loc, side), f"only the server writes {spec.name}; {advice}")


def _away_from(side: Side) -> Direction:
    return Direction.TO_ISSUE if side == "incident" else Direction.TO_INCIDENT


def _put_back(entry: RawEntry, link: Direction) -> Iterator[Fault]:
    if flag(entry.raw, "read_only") and entry.way(link) is Direction.BOTH:
        sentence = "read_only is for fields that are carried one way; add direction: to_issue or to_incident"
        yield Fault((*entry.loc, "read_only"), sentence)


def repeated_rows(loc: Loc, rows: object) -> Iterator[Fault]:
    """Rows that stand twice in one list."""
    first: dict[tuple[object, object], int] = {}
    for index, item in enumerate(items(rows)):
        row = strings(item)
        names = row.get("incident"), row.get("issue")
        if None in names:
            continue
        if names in first:
            sentence = f"the row {names[0]} - {names[1]} is given a second time; remove one of them"
            yield Fault((*loc, index), sentence, (*loc, first[names]))
        first.setdefault(names, index)


def fields_twice(entries: Iterable[RawEntry]) -> Iterator[Fault]:
    """Fields that several entries name: two owners of one value would undo each other's work."""
    first: dict[tuple[Side, str], Loc] = {}
    for entry in entries:
        for side, name in entry.names.items():
            spec = entry.specs[side]
            if name is None or (spec is not None and spec.read_only):
                continue
            loc = (*entry.loc, side)
            if (side, name) in first:
                sentence = f"the {side} field {name} is mapped a second time; a field may be mapped once"
                yield Fault(loc, sentence, first[side, name])
            first.setdefault((side, name), loc)
