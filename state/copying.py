"""A state DB copied into another one, of the same kind or of the other: how SQLite is left for PostgreSQL, and back.

    source ──► its lease ──► one reading transaction ──┐
    target ──► its lease ──► one writing transaction ──┴─► all rows ──► ids go on ──► counts agree ──► commit

Whoever is killed on the way leaves a target without rows, which the next try takes as the empty one that it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.errors import StateError
from state.location import locate
from state.place import is_file
from state.sequences import NUMBERED, go_on_after, last_given
from state.store import Store
from state.tables import metadata, turns, writer

TABLES = tuple(table for table in metadata.sorted_tables if table not in (writer, turns))
"""All that is remembered, in an order that foreign keys allow. Who writes, and whose turn is what, is no part of it."""

_AT_ONCE = 1000


class Progress(Protocol):
    """Told how far the copy has come."""

    def begin(self, step: str, total: int | None) -> None: ...

    def advance(self, step: str, count: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: rows by table, and where both DBs lie, for people."""

    source: str
    target: str
    rows: Mapping[str, int]


def copy(source_url: str, target_url: str, progress: Progress) -> Copied:
    """Copy all that the state DB at `source_url` remembers to the empty one at `target_url`, or nothing of it.

    Raises StateError where a process writes to either of them, where there is nothing to copy, and where the target
    holds anything. An older source is brought to this program's version first, as by any command that writes.
    """
    path = locate(source_url).path
    if path is not None and not is_file(path):
        raise StateError(f"there is no state DB {path} yet, so there is nothing to copy")
    source = Store.open(source_url)
    try:
        with source.single_writer():
            target = Store.open(target_url)
            try:
                with target.single_writer():
                    return _copy(source, target, progress)
            finally:
                target.close()
    finally:
        source.close()


def _copy(source: Store, target: Store, progress: Progress) -> Copied:
    with source._db.read() as reading, target._db.write() as writing:
        known = _count(reading)
        if not any(known.values()):
            raise StateError(f"{source._db.name} remembers nothing yet, so there is nothing to copy")
        _require_empty(writing, target._db.name)
        for table in TABLES:
            progress.begin(table.name, known[table.name])
            _copy_table(table, reading, writing, progress)
        for table in NUMBERED:
            go_on_after(writing, table, last_given(reading, table))
        arrived = _count(writing)
        if arrived != known:
            wrong = ", ".join(f"{name} {arrived[name]} of {n}" for name, n in known.items() if arrived[name] != n)
            raise StateError(f"not all rows arrived in {target._db.name} ({wrong}); nothing was kept there")
    return Copied(source._db.name, target._db.name, known)


def _copy_table(table: sa.Table, reading: Connection, writing: Connection, progress: Progress) -> None:
    found = reading.execution_options(yield_per=_AT_ONCE).execute(sa.select(table))
    for some in found.mappings().partitions():
        writing.execute(sa.insert(table), [dict(row) for row in some])
        progress.advance(table.name, len(some))


def _count(connection: Connection) -> dict[str, int]:
    return {table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES}


def _require_empty(connection: Connection, name: str) -> None:
    held = [f"{table} {rows}" for table, rows in _count(connection).items() if rows]
    if held:
        raise StateError(
            f"{name} isn't empty ({', '.join(held[:3])}); copy into a new DB or schema, or remove what this one holds"
        )
