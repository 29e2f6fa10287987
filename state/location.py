"""Where the state DB lies and how it is reached: the only module that knows what SQLite and PostgreSQL want.

| URL | is |
|---|---|
| `sqlite:////var/lib/syncer/syncer.db` | a file; four slashes for an absolute path |
| `postgresql+psycopg://user:password@host/name` | a PostgreSQL DB, optionally with libpq's options |
"""

import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from state.errors import StateError

ALLOWED = "sqlite:////absolute/path/syncer.db or postgresql+psycopg://user:password@host/name"
BUSY_SECONDS = 10.0
DEAD_SERVER = {
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""A server whose host died says nothing: without these, an answer would be waited for until the system gives up, a
quarter of an hour or longer. The URL may name others."""


@dataclass(frozen=True, slots=True)
class Location:
    """A state DB's place. `path` is `None` for PostgreSQL; `name` is for people and holds no password."""

    url: URL
    path: Path | None
    name: str
    busy_seconds: float = BUSY_SECONDS

    def engine(self, *, readonly: bool) -> Engine:
        """An engine without a connection yet. Raises StateError where PostgreSQL's driver isn't installed."""
        if self.path is not None:
            return _sqlite_engine(self.path, self.busy_seconds, readonly=readonly)
        url = self.url.set(query={**DEAD_SERVER, **self.url.query})
        try:
            engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
        except ImportError as error:
            raise StateError(
                f"{self.name} needs psycopg, which isn't installed; install the syncer with its extra 'postgres'"
            ) from error
        return engine.execution_options(postgresql_readonly=True) if readonly else engine


def locate(url: str) -> Location:
    """The place that `url` names. Raises StateError for a URL that can't be a state DB."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Neither the text nor the cause is shown: it may hold a password.
        raise StateError(f"the state DB's URL can't be read; write it as {ALLOWED}") from None
    if parsed.drivername == "sqlite":
        return _locate_file(parsed)
    if parsed.drivername == "postgresql+psycopg":
        shown = parsed.set(query={}).render_as_string(hide_password=True)
        return Location(parsed, None, f"the state DB {shown}")
    raise StateError(f"the state DB can't be kept in '{parsed.drivername}'; use {ALLOWED}")


def _locate_file(url: URL) -> Location:
    if not url.database or url.database == ":memory:":
        raise StateError("a state DB in memory would forget every link; use sqlite:////absolute/path/syncer.db")
    if url.host or set(url.query) - {"timeout"}:
        raise StateError(
            "the state DB's URL names a host or options that SQLite hasn't got; use "
            "sqlite:////absolute/path/syncer.db, optionally with ?timeout=<seconds to wait for another writer>"
        )
    # The real path: by way of a symbolic link the same DB would have two locks.
    path = Path(os.path.realpath(url.database))
    given = url.query.get("timeout", str(BUSY_SECONDS))
    try:
        busy_seconds = float(str(given))
    except ValueError as error:
        raise StateError(f"?timeout={given} in the state DB's URL isn't a number of seconds") from error
    return Location(url, path, f"the state DB {path}", busy_seconds)


def memory_engine() -> Engine:
    """A SQLite DB in memory, gone with its engine: one connection that callers take in turn."""

    def connect() -> sqlite3.Connection:
        return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))

    return sa.create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0)


def _sqlite_engine(path: Path, busy_seconds: float, *, readonly: bool) -> Engine:
    uri = f"file:{quote(str(path))}?mode={'ro' if readonly else 'rwc'}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            return _prepared(connection) if readonly else _write_ahead(_prepared(connection), busy_seconds)
        except sqlite3.Error:
            connection.close()
            raise

    return sa.create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> sqlite3.Connection:
    """Let readers read while somebody writes; a DB once told so stays so."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return connection
        except sqlite3.OperationalError as error:
            # Two processes that make the same DB: for this one statement SQLite doesn't wait by itself.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
