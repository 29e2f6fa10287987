"""`syncer held` and `syncer approve`: what waits for a person's word, and the word. Both beside a running daemon."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from state import Store
from state.rows import Held
from syncer.cli.console import age, out, row, say, table
from syncer.cli.session import Session, chosen
from syncer.errors import SyncerError
from syncer.holding import approvals_of

SHORTEST = 6
"""A HASH may be cut to so many characters."""


def held(session: Session, only: str | None, *, as_json: bool) -> int:
    settings = session.settings()
    names = {mapping.name for mapping in chosen(settings, only)}
    store = Store.open_readonly(settings.state.url)
    try:
        sets = [each for each in store.held() if each.project_link in names]
        approved = {name: {row.digest for row in store.approvals(name)} for name in names}
    finally:
        store.close()
    waiting = [(each, set(approvals_of(each)) <= approved[each.project_link]) for each in sets]
    if as_json:
        body = [asdict(each) | {"approved": done} for each, done in waiting]
        print(json.dumps(body, indent=2, default=lambda value: value.isoformat()))
        return 0
    for each, done in waiting:
        _show(each, done)
    if not waiting:
        say(out(), "Nothing is held.")
    return 0


def _show(held: Held, approved: bool) -> None:
    console = out()
    since = age(held.held_at, datetime.now(UTC))
    say(console, f"{held.project_link}, {held.kind}: {held.reason}; held for {since}", "bold")
    grid = table(console, "", "record", "what")
    for line in held.lines:
        key, _, what = line.partition(": ")
        row(grid, key, what)
    console.print(grid)
    if approved:
        say(console, "Approved; the next cycle carries it out.")
    else:
        say(console, f"To release exactly these: syncer approve {held.digest}")
    say(console)


def approve(session: Session, only: str | None, digest: str, by: str | None) -> int:
    """Raises `SyncerError` for a HASH that names no held set, or more than one."""
    settings = session.settings()
    names = {mapping.name for mapping in chosen(settings, only)}
    # Not as the single writer: a person's word may be given while the daemon runs.
    store = Store.open(settings.state.url)
    try:
        found = _named(digest, [each for each in store.held() if each.project_link in names])
        name, now = by or getpass.getuser(), datetime.now(UTC)
        for each in approvals_of(found):
            store.approve(found.project_link, each, name, now)
    finally:
        store.close()
    count = f"{len(found.lines)} {'removals' if found.kind == 'removals' else 'changes of the new mapping'}"
    said = f"approved by {name}: {count} in {found.project_link}; the next cycle carries them out"
    say(out(), f"{said}, or 'syncer sync --census' now")
    return 0


def _named(digest: str, sets: Sequence[Held]) -> Held:
    listed = ", ".join(f"{each.digest} ({each.project_link}, {len(each.lines)} lines)" for each in sets)
    wanted = digest.strip().lower()
    if len(wanted) < SHORTEST:
        raise SyncerError(f"'{digest}' is too short: give the HASH that 'syncer held' shows, or its first {SHORTEST}")
    found = [each for each in sets if each.digest.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise SyncerError(f"'{digest}' is held in more than one project link: {listed}; give --link")
    there = f"held are: {listed}" if sets else "nothing is held"
    raise SyncerError(f"nothing is held under '{digest}'; {there}. A set that has changed has another HASH")
