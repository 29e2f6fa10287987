"""`syncer held` and `syncer approve`: what waits for a person's word, and the word. Both beside a running daemon."""

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from state import Store
from state.rows import Held
from syncer import approving
from syncer.cli.console import age, out, row, say, table
from syncer.cli.session import Session, chosen
from syncer.deciding import find_held
from syncer.holding import approvals_of


def held(session: Session, only: str | None, *, as_json: bool) -> int:
    settings = session.settings()
    names = {mapping.name for mapping in chosen(settings, only)}
    store = Store.open_readonly(settings.state.url)
    try:
        sets = [each for each in store.held() if each.project_link in names]
        approved = {name: {row.digest for row in store.approvals(name)} for name in names}
        discarded = {name: {row.digest for row in store.discards(name)} for name in names}
    finally:
        store.close()
    waiting = [(each, _all_in(each, approved), _all_in(each, discarded)) for each in sets]
    if as_json:
        body = [asdict(each) | {"approved": yes, "discarded": no} for each, yes, no in waiting]
        print(json.dumps(body, indent=2, default=lambda value: value.isoformat()))
        return 0
    for each, yes, no in waiting:
        _show(each, approved=yes, discarded=no)
    if not waiting:
        say(out(), "Nothing is held.")
    return 0


def _all_in(held: Held, words: Mapping[str, set[str]]) -> bool:
    """Whether there is a word about each removal of the set."""
    return set(approvals_of(held)) <= words[held.project_link]


def _show(held: Held, *, approved: bool, discarded: bool) -> None:
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
    elif discarded:
        say(console, "Discarded; the next cycle keeps what these would remove.")
    else:
        say(console, f"To release exactly these: syncer approve {held.digest}")
        if held.kind == "removals":
            say(console, f"To keep what these would remove: syncer discard {held.digest}")
    say(console)


def approve(session: Session, only: str | None, digest: str, by: str | None) -> int:
    """Raises `SyncerError` for a HASH that names no held set, or more than one."""
    settings = session.settings()
    names = {mapping.name for mapping in chosen(settings, only)}
    # Not as the single writer: a person's word may be given while the daemon runs.
    store = Store.open(settings.state.url)
    try:
        found = find_held(digest, [each for each in store.held() if each.project_link in names])
        said = approving.approve(store, found, by or getpass.getuser(), datetime.now(UTC))
    finally:
        store.close()
    say(out(), f"{said}, or 'syncer sync --census' now")
    return 0
