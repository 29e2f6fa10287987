"""A copy of the state DB beside the process that writes it: one moment of it, checked before it gets its name.

    live DB ──► one reading transaction ──► .NAME.xxxx in the target's folder ──► checks ──► NAME

Neither does the writer wait for the copy, nor does the copy see half of what the writer does. The copy is a single
file: without a write-ahead log, it can be moved about as it is.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from state import schema
from state.database import Database
from state.errors import StateError
from state.location import Location, locate
from state.place import is_file
from state.tables import links


@dataclass(frozen=True, slots=True)
class Backup:
    """What was made: how many bytes it has, and how many links it knows."""

    path: Path
    size: int
    links: int


def back_up(url: str, target: Path, *, force: bool = False) -> Backup:
    """Copy the state DB at `url` to the file `target`; one that is there already is replaced only with `force`.

    Raises StateError for PostgreSQL, where there is no state DB, where the copy can't be written, and where it isn't
    sound. What was at `target` before is then still there.
    """
    location = locate(url)
    if location.path is None:
        raise StateError(
            f"{location.name} is backed up by PostgreSQL's own means: pg_dump --format=custom makes a copy"
        )
    if not is_file(location.path):
        raise StateError(f"there is no state DB {location.path} yet, so there is nothing to back up")
    # A relative path, a symbolic link or a name of the live DB's own files must not end in writing over them.
    target = Path(os.path.realpath(target))
    if target == location.path or target.name in {f"{location.path.name}{end}" for end in ("-wal", "-shm", "-journal")}:
        raise StateError(f"{target} is the state DB's own file; name another one for the backup")
    if target.is_dir():
        raise StateError(f"{target} is a folder; name a file in it, as in {target / location.path.name}")
    if target.exists() and not force:
        raise StateError(f"{target} is there already; name another file, or replace it with --force")
    with _beside(target) as draft:
        with _reading_as_state_error(location):
            _copy(location, draft)
        known = _checked(replace(location, path=draft, name=f"the copy of {location.path}"))
        _keep(draft, target)
    return Backup(target, target.stat().st_size, known)


def _copy(location: Location, draft: Path) -> None:
    engine = location.engine(readonly=True)
    try:
        # All pages in one step: a copy in several would begin anew whenever somebody writes in between.
        with closing(engine.raw_connection()) as live, closing(sqlite3.connect(draft)) as copy:
            driver = live.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError(f"SQLite's driver gave a {type(driver).__name__}")
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        engine.dispose()


def _checked(draft: Location) -> int:
    """How many links the copy knows. Raises StateError where SQLite finds it damaged, or another program's."""
    database = Database(draft.engine(readonly=True), draft.name, readonly=True)
    try:
        with database.read() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if found != ["ok"] or connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StateError(f"{draft.name} is damaged ({found[0]}); keep the backups that you have")
        if schema.age(database) == "empty":
            return 0
        with database.read() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(links)) or 0
    finally:
        database.close()


def _keep(draft: Path, target: Path) -> None:
    """Give the copy its name once all of it is on the disk."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new file in the target's folder, readable by its owner alone; gone in the end unless it was renamed."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise StateError(f"the backup {target} can't be written: {error.strerror}") from error


@contextmanager
def _reading_as_state_error(location: Location) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        said = str(getattr(error, "orig", None) or error)
        raise StateError(f"{location.name} couldn't be copied: {said}; no backup was made") from error
