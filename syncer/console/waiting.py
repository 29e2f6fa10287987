"""What is parked, by reason, and the conflicts among it with a choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mappings.model import Mapping as LinkMapping
from state import Store
from state.rows import Conflict, Link, Parked
from syncer.candidates import CATALOGUE
from syncer.console.marking import Piece, marked
from syncer.console.overview import BY_ITSELF, BY_PAGES, meaning
from syncer.console.records import Links, links_of, ref_of

MOST = 50
"""So many items of one reason are shown; the list of records has them all."""


@dataclass(frozen=True, slots=True)
class Item:
    """One parked item, and the page of its record, None for what is no record's."""

    parked: Parked
    ref: str | None
    name: str
    why: str
    due: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All that waits for one reason, longest first. `count` says how many there are; `who` has to do something.
    `held`: it is decided where the held set is."""

    code: str
    sentence: str
    who: str
    held: bool
    count: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A conflict: what both sides hold, with what sets each apart from the other. `place` is the field's entry in the
    mapping file."""

    conflict: Conflict
    ref: str
    incident: tuple[Piece, ...]
    issue: tuple[Piece, ...]
    reason: str
    place: str
    rule: str


@dataclass(frozen=True, slots=True)
class WaitingView:
    choices: tuple[Choice, ...]
    groups: tuple[Group, ...]


def waiting(store: Store, mapping: LinkMapping, now: datetime) -> WaitingView:
    """All that waits in a project link."""
    rows, conflicts = store.parked(mapping.name), store.conflicts(mapping.name)
    links = links_of(store, mapping.name, [(row.side, row.record_id) for row in rows])
    return WaitingView(tuple(_choice(each, mapping) for each in conflicts), tuple(_groups(rows, conflicts, links, now)))


def items(rows: Sequence[Parked], links: Links, now: datetime) -> Iterator[Item]:
    """Parked rows with the pages of their records; an option of the catalogue has none."""
    for row in rows:
        link = links.get((row.side, row.record_id))
        ref = ref_of(row.side, row.record_id, link) if row.record_id != CATALOGUE else None
        name = f"{link.incident_key} = {link.issue_key}" if link is not None else row.record_key
        yield Item(row, ref, name, sentence(row), row.next_try_at <= now)


def choices_of(conflicts: Sequence[Conflict], mapping: LinkMapping, link: Link | None) -> tuple[Choice, ...]:
    """The conflicts of one record."""
    return tuple(_choice(each, mapping) for each in conflicts if link is not None and each.link.id == link.id)


def _groups(rows: Sequence[Parked], conflicts: Sequence[Conflict], links: Links, now: datetime) -> Iterator[Group]:
    shown = {(each.parked.side, each.parked.record_id, each.parked.item) for each in conflicts}
    by_code: dict[str, list[Parked]] = {}
    for row in rows:
        if (row.side, row.record_id, row.item) not in shown:
            by_code.setdefault(row.code, []).append(row)
    for code, of_code in sorted(by_code.items(), key=lambda each: (each[0] in BY_ITSELF, each[0])):
        some = tuple(items(of_code[:MOST], links, now))
        yield Group(code, meaning(code), _who(code), code in BY_PAGES, len(of_code), some)


def _who(code: str) -> str:
    return "heals by itself" if code in BY_ITSELF else "needs a person"


def _choice(conflict: Conflict, mapping: LinkMapping) -> Choice:
    both = conflict.both
    place, rule = _entry(mapping, conflict.parked.item)
    ref = ref_of("incident", conflict.link.incident_id)
    reason = sentence(conflict.parked)
    return Choice(
        conflict, ref, _apart(both.issue, both.incident), _apart(both.incident, both.issue), reason, place, rule
    )


def sentence(row: Parked) -> str:
    """Why an item waits, without its code, which is shown beside it."""
    said = row.reason.removeprefix(f"{row.code}: ")
    return f"{said[:1].upper()}{said[1:]}."


def _apart(other: str, own: str) -> tuple[Piece, ...]:
    """A text, with what the other one lacks."""
    return tuple(piece for piece in marked(other, own) if piece.tone != "gone")


def _entry(mapping: LinkMapping, item: str) -> tuple[str, str]:
    """Where the mapping speaks of the field, and who wins there."""
    for number, each in enumerate(mapping.fields):
        if item in (each.on("incident"), each.on("issue")):
            return mapping.place(("fields", number)), mapping.conflict_of(each).value
    return mapping.place(("fields",)), mapping.conflict.value
