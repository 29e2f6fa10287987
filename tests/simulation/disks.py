"""Where simulated state DBs lie, in a SQLite file or in PostgreSQL: they are lost there, copied, and old copies are put
in their place."""

import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from state.database import Database
from state.location import locate
from state.sequences import NUMBERED, go_on_after, last_given
from state.tables import metadata
from tests.fresh_state import lay
from tests.postgres import server
from tests.simulation.mortal_store import MortalStore

MEMORY = Path("/dev/shm")
"""Where it is there, files lie in memory: the promise about disks is another suite's."""

_OTHERS_END = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
"""Waits for each: a process that has ended may hold its lock for a moment more."""


class Disk(ABC):
    """A state DB, and the stores that have it open. Worlds that come one after the other share both, as project links
    of one process do: to open one takes longer than to run some cycles, and a store remembers nothing but its
    connections and how its statements read."""

    def __init__(self, url: str, store: type[MortalStore]) -> None:
        self._url = url
        self._kind = store
        self._idle: list[MortalStore] = []

    def store(self) -> MortalStore:
        """A store for one process, to be given back at its end."""
        if self._idle:
            return self._idle.pop()
        opened = self._kind.open(self._url)
        assert isinstance(opened, MortalStore)
        return opened

    def give_back(self, store: MortalStore) -> None:
        self._idle.append(store)

    @abstractmethod
    def keep(self) -> None:
        """Copy the DB as it is now, over the last copy, whoever is writing."""

    def lose(self) -> None:
        """Go on with an empty DB; no process may be living."""
        self.close()
        self._empty()

    def put_back(self) -> None:
        """Go on with the last copy; no process may be living."""
        self.close()
        self._restore()

    def close(self) -> None:
        """Let go of all connections; the stores make others when they are asked for anything."""
        for store in self._idle:
            store.close()

    @abstractmethod
    def _empty(self) -> None: ...

    @abstractmethod
    def _restore(self) -> None: ...


Place: TypeAlias = Callable[[type[MortalStore]], AbstractContextManager[Disk]]
"""Where stores of that class are to lie, for as long as the block takes."""


class FileDisk(Disk):
    """A SQLite file, in a folder of its own."""

    def __init__(self, folder: Path, store: type[MortalStore]) -> None:
        self._path, self._copy = folder / "state.db", folder / "copy.db"
        super().__init__(lay(self._path), store)

    def keep(self) -> None:
        with closing(sqlite3.connect(self._path)) as live, closing(sqlite3.connect(self._copy)) as copy:
            live.backup(copy)

    def _empty(self) -> None:
        self._take_away()
        lay(self._path)

    def _restore(self) -> None:
        self._take_away()
        self._path.write_bytes(self._copy.read_bytes())

    def _take_away(self) -> None:
        for left in self._path.parent.glob(f"{self._path.name}*"):
            left.unlink()


@dataclass(frozen=True, slots=True)
class _Dump:
    """What all tables held at one moment, and the last id that each had given."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    given: Mapping[str, int]


class PostgresDisk(Disk):
    """A PostgreSQL database. A copy is what one reading transaction sees of it, as with `pg_dump`."""

    def __init__(self, url: str, store: type[MortalStore]) -> None:
        super().__init__(url, store)
        location = locate(url)
        self._own = Database(location.engine(readonly=False), location.name)
        self._first = self._copy = self._dumped()

    def keep(self) -> None:
        self._copy = self._dumped()

    def close(self) -> None:
        super().close()
        self._own.close()

    def _empty(self) -> None:
        self._fill(self._first)

    def _restore(self) -> None:
        self._fill(self._copy)

    def _dumped(self) -> _Dump:
        with self._own.read() as connection:
            rows = {
                table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in metadata.sorted_tables
            }
            return _Dump(rows, {table.name: last_given(connection, table) for table in NUMBERED})

    def _fill(self, dump: _Dump) -> None:
        with self._own.write() as connection:
            connection.exec_driver_sql(_OTHERS_END)
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))
            for table in metadata.sorted_tables:
                if rows := dump.rows[table.name]:
                    connection.execute(sa.insert(table), list(rows))
            for table in NUMBERED:
                go_on_after(connection, table, dump.given[table.name])


@contextmanager
def in_a_file(store: type[MortalStore]) -> Iterator[Disk]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        disk = FileDisk(Path(folder), store)
        yield disk
        disk.close()


@contextmanager
def in_postgres(store: type[MortalStore]) -> Iterator[Disk]:
    with server().database(migrated=True) as url:
        disk = PostgresDisk(url, store)
        yield disk
        disk.close()
