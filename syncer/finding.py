"""Find the record that a person means by a key or an id, in any project link, whether or not it is still there.

| it is known to | then |
|---|---|
| the state DB: linked, dissolved, waiting, in doubt, or in the history | that is it; no server is asked |
| a server, by its id | likewise, where the server has it in a linked project |
| a server, by its key | its project is listed, all of it: a port reads by id only |
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mappings.model import Mapping as LinkMapping
from state.rows import HistoryEntry
from syncer.by_hand import link_of
from syncer.context import ProjectLink
from syncer.core.records import Cause, Present, Side, Unknown
from syncer.errors import SideError, SyncerError
from syncer.handwork import Refused, look

Widen: TypeAlias = Callable[[LinkMapping], ProjectLink]
"""Makes another project link of a changed mapping."""

IMAGES = ("bury", "unlink", "delete")
"""Kinds of entries of the history that say by which keys a record went that is linked no more."""
ALL = 1_000_000_000

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ISSUE_KEY = re.compile(r"(\w+)-[0-9]+")
_NUMBER = re.compile(r"#?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Target:
    """A record that was asked for: `name` is what it is called, as far as that is known."""

    link: ProjectLink
    side: Side
    record_id: str
    name: str


Hit: TypeAlias = tuple[Side, str, str]
"""Side, id, and what the record is called."""


def find(links: Sequence[ProjectLink], text: str, widen: Widen) -> list[Target]:
    """All records that go by `text`. Raises `Refused` where there is none, and what a side raises that was asked."""
    wanted = text.strip().casefold()
    names = {wanted, f"#{wanted}"} if wanted.isdecimal() else {wanted}
    recalled = [target for link in links for target in _targets(link, _remembered(link, names, wanted))]
    if recalled:
        return recalled
    found: list[Target] = []
    trouble: list[SideError] = []
    for link in links:
        try:
            found += _targets(link, _there(link, wanted, widen))
        except SideError as error:
            trouble.append(error)
    if not found and trouble:
        raise trouble[0]
    if not found:
        raise _unknown(links, text.strip())
    return found


def _targets(link: ProjectLink, hits: Iterable[Hit]) -> Iterator[Target]:
    """Each record once; of two that are linked the first one that was hit."""
    done: set[tuple[Side, str]] = set()
    for side, record_id, name in hits:
        if (side, record_id) in done:
            continue
        row = link_of(link, side, record_id)
        done |= {(side, record_id)} if row is None else {(Side.INCIDENT, row.incident_id), (Side.ISSUE, row.issue_id)}
        yield Target(link, side, record_id, name)


def _remembered(link: ProjectLink, names: set[str], wanted: str) -> Iterator[Hit]:
    """What the state DB knows by one of the names."""
    store = link.store
    for row in store.find_links(link.name, text=wanted, limit=ALL):
        yield from _of_pair(names, (row.incident_id, row.incident_key), (row.issue_id, row.issue_key))
    for parked in store.parked(link.name):
        if names & {parked.record_id, parked.record_key.casefold()}:
            yield Side(parked.side), parked.record_id, parked.record_key
    for intent in store.open_intents(link.name):
        yield from _of_pair(names, (intent.incident_id, None), (intent.issue_id, None))
    for entry in store.history(link.name, kinds=IMAGES, limit=ALL):
        yield from _of_image(names, entry)
    for grave in store.tombstones_by_ids(link.name, names, names):
        yield from _of_pair(names, (grave.incident_id, None), (grave.issue_id, None))


def _of_image(names: set[str], entry: HistoryEntry) -> Iterator[Hit]:
    """What went by one of the names when it was deleted or unlinked. The image names also what was gone by then."""
    image = entry.before or {}
    ids = {Side.INCIDENT: entry.incident_id, Side.ISSUE: entry.issue_id}
    keys = {side: image.get(f"{side.word}_key") for side in Side}
    if entry.side is not None and "key" in image:
        keys[Side(entry.side)] = image["key"]
    yield from _of_pair(names, *((ids[side] or image.get(f"{side.word}_id"), keys[side]) for side in Side))


def _of_pair(names: set[str], *pair: tuple[str | None, str | None]) -> Iterator[Hit]:
    """Those of an incident and an issue, each given by id and key, that go by one of the names."""
    for side, (record_id, key) in zip(Side, pair, strict=True):
        if record_id is not None and names & {record_id, (key or record_id).casefold()}:
            yield side, record_id, key or record_id


def _there(link: ProjectLink, wanted: str, widen: Widen) -> list[Hit]:
    """What the servers have by that id or key, where the project link may have anything to do with it."""
    hits: list[Hit] = []
    if _GUID.fullmatch(wanted):
        hits += _by_id(link, Side.INCIDENT, wanted)
    if wanted.isdecimal():
        hits += _by_id(link, Side.ISSUE, wanted)
    if number := _NUMBER.fullmatch(wanted):
        hits += _by_key(link, Side.INCIDENT, f"#{number[1]}", widen)
    key = _ISSUE_KEY.fullmatch(wanted)
    if key and key[1] == link.mapping.issues.project.casefold():
        hits += _by_key(link, Side.ISSUE, wanted, widen)
    return hits


def _by_id(link: ProjectLink, side: Side, record_id: str) -> list[Hit]:
    """Whatever a server says but that there is no such record, or that it belongs to a project of its own."""
    seen = look(link, side, record_id)
    if isinstance(seen, Unknown) and seen.cause in (Cause.MISSING, Cause.MOVED):
        return []
    return [(side, record_id, seen.record.key if isinstance(seen, Present) else record_id)]


def _by_key(link: ProjectLink, side: Side, key: str, widen: Widen) -> list[Hit]:
    """All of the side's project is looked through, also what the mapping's condition leaves out."""
    for page in widen(_unconditional(link.mapping)).ports[side].listed(None):
        for line in page:
            if line.key.casefold() == key:
                return [(side, line.id, line.key)]
    return []


def _unconditional(mapping: LinkMapping) -> LinkMapping:
    incidents = mapping.incidents.model_copy(update={"only": None})
    issues = mapping.issues.model_copy(update={"only": None})
    return mapping.model_copy(update={"incidents": incidents, "issues": issues})


def _unknown(links: Sequence[ProjectLink], text: str) -> SyncerError:
    names = ", ".join(link.name for link in links)
    form = "a number like #12 or its GUID for an incident, a key like TEST-12 or its numeric id for an issue"
    return Refused(f"no record of {names} goes by '{text}', on either server or in the state DB; give {form}")
