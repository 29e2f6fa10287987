"""The list of records of one project link: searched and cut into pages by the state DB."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from state import Store
from state.rows import Intent, Link, Parked, SideName
from syncer.core.reasons import Reason

PAGE = 50

Links: TypeAlias = Mapping[tuple[SideName, str], Link]
"""Links by side and id of either record."""

SHOWN = {
    "all": "all",
    "parked": "parked",
    "conflict": "in conflict",
    "in-doubt": "in doubt",
    "held": "held",
}
"""The filters, and how they read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record, or two that are linked. `ref` is its page's name; `why` are words on what waits."""

    ref: str
    incident: str | None
    issue: str | None
    link: Link | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of lines. `more`: there is a next page."""

    lines: tuple[Line, ...]
    shown: str
    text: str
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Waits:
    """What waits in a project link, by side and id of the record."""

    parked: dict[tuple[SideName, str], list[Parked]]
    doubts: dict[tuple[SideName, str], list[Intent]]
    held: frozenset[str]


def listing(store: Store, name: str, shown: str, text: str, page: int) -> Listing:
    """Page `page`, from 1 on, of the links of which `text` is part of a key or an id, and that `shown` lets through."""
    waits, start = _waits(store, name), (page - 1) * PAGE
    if shown == "all":
        links = store.find_links(name, text=text or None, limit=PAGE + 1, offset=start)
        found = [_line(link, waits) for link in links]
    else:
        # What waits is told by people's time, not by the number of records: it is picked first, and then cut.
        lines = _held(store, name, waits) if shown == "held" else _waiting(store, name, shown, waits)
        wanted = text.strip().casefold()
        fitting = (line for line in lines if not wanted or wanted in " ".join(_names(line)).casefold())
        found = [line for place, line in enumerate(fitting) if start <= place <= start + PAGE]
    return Listing(tuple(found[:PAGE]), shown, text, page, len(found) > PAGE)


def ref_of(side: SideName, record_id: str, link: Link | None = None) -> str:
    """What a record's page is called: by its incident where there is a link, and for good, as ids never change."""
    return f"{side}-{record_id}" if link is None else f"incident-{link.incident_id}"


def links_of(store: Store, name: str, ids: Sequence[tuple[SideName, str]]) -> Links:
    """The links of these records, by side and id."""
    incidents = {record_id for side, record_id in ids if side == "incident"}
    issues = {record_id for side, record_id in ids if side == "issue"}
    found: dict[tuple[SideName, str], Link] = {}
    for link in store.links_by_ids(name, incidents, issues):
        found["incident", link.incident_id] = found["issue", link.issue_id] = link
    return found


def _waits(store: Store, name: str) -> _Waits:
    parked: dict[tuple[SideName, str], list[Parked]] = {}
    for row in store.parked(name):
        parked.setdefault((row.side, row.record_id), []).append(row)
    doubts: dict[tuple[SideName, str], list[Intent]] = {}
    for intent in store.open_intents(name):
        pairs: tuple[tuple[SideName, str | None], ...] = (("incident", intent.incident_id), ("issue", intent.issue_id))
        for side, record_id in pairs:
            if record_id is not None:
                doubts.setdefault((side, record_id), []).append(intent)
    keys = frozenset(line.partition(": ")[0] for each in store.held(name) for line in each.lines)
    return _Waits(parked, doubts, keys)


def _waiting(store: Store, name: str, shown: str, waits: _Waits) -> Iterator[Line]:
    ids = list(waits.doubts if shown == "in-doubt" else waits.parked)
    if shown == "conflict":
        ids = [each for each in ids if any(row.code == Reason.CONFLICT for row in waits.parked[each])]
    links = links_of(store, name, ids)
    told: set[str] = set()
    for side, record_id in ids:
        link = links.get((side, record_id))
        ref = ref_of(side, record_id, link)
        if ref not in told:
            told.add(ref)
            yield _line(link, waits) if link is not None else _alone(side, record_id, ref, waits)


def _held(store: Store, name: str, waits: _Waits) -> Iterator[Line]:
    """A held line names its record by the keys of both, as they were when it was held."""
    for keys in sorted(waits.held):
        incident, _, issue = keys.partition(" = ")
        links = store.find_links(name, text=issue or incident)
        found = [link for link in links if (link.incident_key, link.issue_key) == (incident, issue)]
        yield from (_line(link, waits) for link in found)


def _line(link: Link, waits: _Waits) -> Line:
    pairs: tuple[tuple[SideName, str], ...] = (("incident", link.incident_id), ("issue", link.issue_id))
    rows = [row for pair in pairs for row in waits.parked.get(pair, ())]
    why = [f"{row.item}: {row.code}" for row in rows]
    why += ["in doubt"] if any(pair in waits.doubts for pair in pairs) else []
    told = any(row.code == Reason.HELD_REMOVAL for row in rows)
    why += ["held"] if not told and f"{link.incident_key} = {link.issue_key}" in waits.held else []
    return Line(ref_of("incident", link.incident_id), link.incident_key, link.issue_key, link, tuple(why))


def _alone(side: SideName, record_id: str, ref: str, waits: _Waits) -> Line:
    """A record that has no twin yet."""
    rows = waits.parked.get((side, record_id), [])
    key = rows[0].record_key if rows else record_id
    why = [f"{row.item}: {row.code}" for row in rows]
    why += ["in doubt"] if (side, record_id) in waits.doubts else []
    return Line(ref, key if side == "incident" else None, key if side == "issue" else None, None, tuple(why))


def _names(line: Line) -> Iterator[str]:
    yield from (each for each in (line.incident, line.issue) if each)
    if line.link is not None:
        yield from (line.link.incident_id, line.link.issue_id)
