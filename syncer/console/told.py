"""What was done, newest first: the history of all project links, and the cycles of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from state import Store
from state.rows import CycleRow, HistoryEntry, SideName
from syncer.cli.console import counted
from syncer.console.records import Links, links_of, ref_of

PAGE = 50
LAST_PAGE = 40
"""Older entries are found by filters: the state DB reads its history from the newest on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to show of the history; empty is everything. `since` is a day, as 2026-01-31."""

    link: str = ""
    record: str = ""
    kind: str = ""
    since: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `name` is what the record is called, and `ref` its page, None for what is about no record."""

    row: HistoryEntry
    name: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class HistoryView:
    wish: Wish
    entries: tuple[Entry, ...]
    kinds: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Cycle:
    row: CycleRow
    seconds: float | None
    counts: str


@dataclass(frozen=True, slots=True)
class CyclesView:
    cycles: tuple[Cycle, ...]
    page: int
    more: bool


def history_view(store: Store, wish: Wish, kinds: Sequence[str]) -> HistoryView:
    end = wish.page * PAGE
    rows = _entries(store, wish, end + 1)
    entries = _named(store, rows[end - PAGE : end])
    return HistoryView(wish, tuple(entries), tuple(kinds), len(rows) > end and wish.page < LAST_PAGE)


def cycles_view(store: Store, name: str, page: int) -> CyclesView:
    end = page * PAGE
    rows = store.last_cycles(name, end + 1)
    cycles = tuple(_cycle(row) for row in rows[end - PAGE : end])
    return CyclesView(cycles, page, len(rows) > end and page < LAST_PAGE)


def day(text: str) -> datetime | None:
    """The beginning of that day; None for what isn't one."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _entries(store: Store, wish: Wish, limit: int) -> list[HistoryEntry]:
    link, kinds, since = wish.link or None, [wish.kind] if wish.kind else None, day(wish.since)
    if not wish.record:
        return store.history(link, kinds=kinds, since=since, limit=limit)
    told = {
        entry.id: entry
        for each in _ids(store, link, wish.record)
        for entry in store.history(link, record=each, kinds=kinds, since=since, limit=limit)
    }
    return sorted(told.values(), key=lambda entry: entry.id or 0, reverse=True)[:limit]


def _ids(store: Store, link: str | None, record: str) -> set[str]:
    """The ids of records that go by this key or id."""
    wanted = record.strip().casefold()
    names = {wanted, f"#{wanted}"}
    ids = {wanted}
    for row in store.find_links(link, text=wanted):
        if names & {row.incident_key.casefold(), row.issue_key.casefold(), row.incident_id, row.issue_id}:
            ids |= {row.incident_id, row.issue_id}
    return ids


def _named(store: Store, rows: Sequence[HistoryEntry]) -> list[Entry]:
    entries: dict[int | None, Entry] = {}
    for name in {row.project_link for row in rows}:
        about = {row.id: _about(row) for row in rows if row.project_link == name}
        links = links_of(store, name, [each for each in about.values() if each is not None])
        entries |= {row.id: _entry(row, about[row.id], links) for row in rows if row.id in about}
    return [entries[row.id] for row in rows]


def _about(row: HistoryEntry) -> tuple[SideName, str] | None:
    """One of the two records that an entry is about; None for what is about no record."""
    if row.incident_id:
        return "incident", row.incident_id
    return ("issue", row.issue_id) if row.issue_id else None


def _entry(row: HistoryEntry, about: tuple[SideName, str] | None, links: Links) -> Entry:
    if about is None:
        return Entry(row, "", None)
    link = links.get(about)
    name = f"{about[0]} {about[1][:8]}" if link is None else f"{link.incident_key} = {link.issue_key}"
    return Entry(row, name, ref_of(*about, link))


def _cycle(row: CycleRow) -> Cycle:
    seconds = (row.finished_at - row.started_at).total_seconds() if row.finished_at is not None else None
    return Cycle(row, seconds, counted(row.counts))
