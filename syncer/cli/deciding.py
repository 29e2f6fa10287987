"""`syncer settle`, `discard` and `retry`: what waits, and a person's word about it. All beside a running daemon."""

import getpass
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

from state import Store
from state.rows import Conflict, SideName
from syncer import deciding
from syncer.cli.console import age, out, row, say, table
from syncer.cli.session import Session, chosen
from syncer.core.actions import excerpt
from syncer.handwork import Refused


def conflicts(session: Session, only: str | None, record: str | None, field: str | None, *, as_json: bool) -> int:
    """Texts are cut in the table, and complete in JSON."""
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    store = Store.open_readonly(settings.state.url)
    try:
        if record is not None and field is not None:
            found = [deciding.find_conflict(store, names, record, field)]
        else:
            found = deciding.find_conflicts(store, names, record)
    finally:
        store.close()
    if as_json:
        body = [asdict(each) | {"link": asdict(each.link) | {"marked": sorted(each.link.marked)}} for each in found]
        print(json.dumps(body, indent=2, default=lambda value: value.isoformat()))
    elif found:
        _show(found)
    else:
        say(out(), "Nothing is in conflict." if record is None else f"Nothing of {record} is in conflict.")
    return 0


def _show(found: Sequence[Conflict]) -> None:
    console, now = out(), datetime.now(UTC)
    grid = table(console, "", "record", "field", "incident holds", "issue holds", "for", "decided")
    for each in found:
        decided = f"{each.decision.choice}, by {each.decision.by}" if each.decision is not None else "-"
        holds = [excerpt(each.both.incident), excerpt(each.both.issue)]
        row(grid, deciding.name_of(each.link), each.parked.item, *holds, age(each.parked.since, now), decided)
    console.print(grid)
    say(console, "To decide: syncer settle RECORD FIELD incident, or ... issue; --json shows whole texts")


def settle(session: Session, only: str | None, where: tuple[str, str], choice: SideName, by: str | None) -> int:
    """`where` are the record and the field. Raises `SyncerError` where there is no such conflict."""
    with _open(session, only) as (store, names):
        conflict = deciding.find_conflict(store, names, *where)
        said = deciding.settle(store, conflict, choice, by or getpass.getuser(), datetime.now(UTC))
    both = {"incident": conflict.both.incident, "issue": conflict.both.issue}
    say(out(), f"{choice}: {excerpt(both.pop(choice))}")
    say(out(), f"instead of the {', '.join(f'{side}: {excerpt(text)}' for side, text in both.items())}")
    say(out(), f"{said}.")
    return 0


def discard(session: Session, only: str | None, digest: str, by: str | None) -> int:
    """Raises `SyncerError` for a HASH that names no held set, or more than one, or no removals."""
    with _open(session, only) as (store, names):
        held = deciding.find_held(digest, [each for each in store.held() if each.project_link in names])
        said = deciding.discard(store, held, by or getpass.getuser(), datetime.now(UTC))
    say(out(), f"{said}, or 'syncer sync --census' now")
    return 0


def retry(session: Session, only: str | None, record: str | None, item: str | None, by: str | None) -> int:
    """Raises `SyncerError` where nothing of the record that is named waits."""
    with _open(session, only) as (store, names):
        found = deciding.find_waiting(store, names, record, item)
        if not found and record is not None:
            what = record if item is None else f"{item} of {record}"
            raise Refused(f"nothing waits that goes by '{what}'; 'syncer status' shows what waits")
        count = deciding.retry(store, found, by or getpass.getuser(), datetime.now(UTC)) if found else 0
    if count == 0:
        say(out(), "Nothing waits.")
    else:
        say(out(), f"{count} waiting item{'s are' if count > 1 else ' is'} due; the next cycle tries again")
    return 0


@contextmanager
def _open(session: Session, only: str | None) -> Iterator[tuple[Store, list[str]]]:
    """The state DB and the names of the project links. Not as the single writer: a person's word may be given while
    the daemon runs."""
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    store = Store.open(settings.state.url)
    try:
        yield store, names
    finally:
        store.close()
