"""`syncer history`: what was written and decided, newest first, from the state DB alone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from state import Store
from state.rows import HistoryEntry
from syncer.cli.console import out, row, say, table
from syncer.cli.session import Session, chosen
from syncer.core.actions import excerpt
from syncer.undo import ALL, Undone, undone

IMAGES = ("bury", "unlink", "delete")
"""Kinds of the entries that say by which keys a record went that is linked no more."""


def history(session: Session, record: str | None, only: str | None, *, limit: int, as_json: bool) -> int:
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    store = Store.open_readonly(settings.state.url)
    try:
        entries = [entry for name in names for entry in _entries(store, name, record, limit)]
        entries = sorted(entries, key=lambda entry: entry.id or 0, reverse=True)[: limit or None]
        taken = {number: by for name in names for number, by in undone(store, name, entries).items()}
        keys = {} if as_json else _keys(store, entries)
    finally:
        store.close()
    if as_json:
        body = [asdict(entry) | {"undone_by": taken.get(entry.id or 0)} for entry in entries]
        print(json.dumps(body, indent=2, default=lambda value: value.isoformat()))
    else:
        _show(entries, taken, keys, record)
    return 0


def _entries(store: Store, name: str, record: str | None, limit: int) -> Iterable[HistoryEntry]:
    if record is None:
        return store.history(name, limit=limit or ALL)
    told = [store.history(name, record=each, limit=limit or ALL) for each in _ids(store, name, record)]
    return {entry.id: entry for entries in told for entry in entries}.values()


def _ids(store: Store, name: str, record: str) -> set[str]:
    """The ids of a record that goes by this key or id, and those of its twins, linked now or once."""
    wanted = record.strip().casefold()
    ids = {wanted}
    for link in store.find_links(name, text=wanted):
        if wanted in {link.incident_key.casefold(), link.issue_key.casefold(), link.incident_id, link.issue_id}:
            ids |= {link.incident_id, link.issue_id}
    for entry in store.history(name, kinds=IMAGES, limit=ALL):
        image = entry.before or {}
        held = [str(image[each]) for each in ("key", "incident_key", "issue_key") if each in image]
        own = [each for each in (entry.incident_id, entry.issue_id) if each]
        if wanted in {each.casefold() for each in (*held, *own)}:
            ids |= {*own, *(str(image[each]) for each in ("incident_id", "issue_id") if each in image)}
    return ids


def _keys(store: Store, entries: Sequence[HistoryEntry]) -> Mapping[str, str]:
    """Keys by id, of the records that are linked now."""
    keys: dict[str, str] = {}
    for name in {entry.project_link for entry in entries}:
        mine = [entry for entry in entries if entry.project_link == name]
        incidents = {entry.incident_id for entry in mine if entry.incident_id}
        issues = {entry.issue_id for entry in mine if entry.issue_id}
        for link in store.links_by_ids(name, incidents, issues):
            keys |= {link.incident_id: link.incident_key, link.issue_id: link.issue_key}
    return keys


def _show(entries: Sequence[HistoryEntry], taken: Undone, keys: Mapping[str, str], record: str | None) -> None:
    console = out()
    if not entries:
        say(console, f"The history holds nothing of {record}." if record else "The history is empty.")
        return
    grid = table(console, "", "number", "time", "record", "what", "before", "outcome", "undone by")
    for entry in entries:
        ids = [each for each in (entry.incident_id, entry.issue_id) if each]
        about = " = ".join(keys.get(each, each[:8]) for each in ids)
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        outcome = f"{entry.outcome}: {entry.detail}" if entry.detail else entry.outcome
        by = str(taken.get(entry.id or 0, ""))
        row(grid, str(entry.id), when, about, entry.sentence, excerpt(_before(entry), 80), outcome, by)
    console.print(grid)


def _before(entry: HistoryEntry) -> str:
    """What stood there, in a few words."""
    image: Mapping[str, Any] = entry.before or {}
    if "values" in image:
        comments = image.get("comments") or ()
        return f"{image.get('key')} with {len(image['values'])} fields and {len(comments)} comments"
    if "incident_key" in image:
        return f"{image['incident_key']} = {image['issue_key']}"
    if "step_result_id" in image:
        return str(image["step_result_id"])
    if "body" in image:
        return f"{image.get('author')}: {image['body']}"
    return "; ".join(f"{name}: {_plain(value)}" for name, value in sorted(image.items()))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return str(value) if value is not None else "-"
