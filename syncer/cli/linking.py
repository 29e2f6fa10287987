"""`syncer links`, `link` and `unlink`: what is linked, and linking by hand."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from state import Store
from state.rows import Link
from syncer.by_hand import link_records
from syncer.by_hand import unlink as part
from syncer.cli.console import out, row, say, table
from syncer.cli.session import Session, chosen
from syncer.context import ProjectLink
from syncer.errors import ConfigurationError, SyncerError

CHUNK = 1000
COLUMNS = ("project_link", "incident_key", "incident_id", "issue_key", "issue_id", "marked", "created_at")


def links(session: Session, text: str | None, only: str | None, *, as_csv: bool, as_json: bool, limit: int) -> int:
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    store = Store.open_readonly(settings.state.url)
    try:
        # One more than is shown, to know whether there are more.
        found = list(islice(_found(store, names, text), limit + 1 if limit else None))
    finally:
        store.close()
    shown = found[: limit or None]
    if as_json:
        print(json.dumps([_plain(each) for each in shown], indent=2))
    elif as_csv:
        lines = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        lines.writeheader()
        lines.writerows(_plain(each) | {"marked": " ".join(sorted(each.marked))} for each in shown)
    else:
        _show(shown)
        if len(found) > len(shown):
            say(out(), f"... and more; --limit 0 shows all {'that match' if text else 'links'}")
    return 0


def _found(store: Store, names: Sequence[str], text: str | None) -> Iterator[Link]:
    for name in names:
        offset = 0
        while some := store.find_links(name, text=text, limit=CHUNK, offset=offset):
            yield from some
            offset += len(some)


def _plain(link: Link) -> dict[str, Any]:
    body = asdict(link)
    held = {"marked": sorted(link.marked), "created_at": link.created_at.isoformat()}
    return {name: held.get(name, body[name]) for name in COLUMNS}


def _show(found: Sequence[Link]) -> None:
    console = out()
    if not found:
        say(console, "No link matches.")
        return
    grid = table(console, "", "project link", "incident", "issue", "incident's id", "issue's id", "linked")
    for each in found:
        when = f"{each.created_at:%Y-%m-%d %H:%M}"
        row(grid, each.project_link, each.incident_key, each.issue_key, each.incident_id, each.issue_id, when)
    console.print(grid)


def link(session: Session, incident: str, issue: str, only: str | None) -> int:
    """Raises `SyncerError` where the two can't be linked."""
    with session.writing(only, quiet=True) as opened:
        say(out(), f"{link_records(_the_one(opened.links), incident, issue)}.")
    return 0


def _the_one(opened: Sequence[ProjectLink]) -> ProjectLink:
    if len(opened) != 1:
        names = ", ".join(each.name for each in opened)
        raise ConfigurationError(f"there are {len(opened)} project links: {names}; say with --link which one is meant")
    return opened[0]


def unlink(session: Session, record: str, only: str | None) -> int:
    """Raises `SyncerError` for a record that isn't linked, or by a key that isn't the only one of its kind."""
    wanted = record.strip().casefold()
    with session.writing(only, quiet=True) as opened:
        found = [
            (each, row)
            for each in opened.links
            for row in _found(opened.store, [each.name], wanted)
            if wanted in {row.incident_key.casefold(), row.issue_key.casefold(), row.incident_id, row.issue_id}
        ]
        if not found:
            raise SyncerError(f"no linked record goes by '{record}'; 'syncer links' shows those that are linked")
        if len(found) > 1:
            several = ", ".join(f"{row.incident_key} = {row.issue_key} in {each.name}" for each, row in found)
            raise SyncerError(f"'{record}' may be one of {several}; give --link, or the record's id")
        ((project_link, row),) = found
        say(out(), f"{part(project_link, row)}.")
    return 0
