"""Where a stage keeps its state DB: all of it can be taken as it is, put back, and lost.

What is taken is what has been committed: a process that ends leaves nothing else, and no connection.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

Content: TypeAlias = Mapping[str, bytes]
"""All that a state DB holds, in parts that only its own kind can read; none of them where there is no state DB."""

Rows: TypeAlias = Sequence[tuple[str, Any]]
"""What is in each table, in an order of its own."""

GONE_BY = {
    "project_links": "*",
    "links": "*",
    "baselines": "link_id, side, field_values",
    "comment_links": "*",
    "result_links": "*",
    "version_links": "*",
    "tombstones": "*",
    "intents": "*",
    "parked": "*",
    "absences": "*",
    "held": "*",
    "approvals": "*",
    "decisions": "*",
    "discards": "*",
    "history": "at, kind, side, incident_id, issue_id, sentence, outcome, before, after",
}
"""All of the state DB that a later process goes by: columns by table. Stamps only spare it a look."""


class StateDb(Protocol):
    """A place for one state DB, where there may be none at the moment."""

    @property
    def url(self) -> str:
        """What a process of the synchronizer opens."""

    @property
    def exists(self) -> bool:
        """Whether there is a state DB."""

    def take(self) -> Content:
        """All that is committed now."""

    def put(self, content: Content) -> None:
        """Hold that, and nothing else; nobody may be connected."""

    def rows(self) -> Rows:
        """What a later process goes by, table by table."""

    def forget(self) -> None:
        """The state DB is lost."""

    def twin(self, known: str, wanted: str, record_id: str) -> str:
        """The other record of the link whose column `known` holds `record_id`, by its column `wanted`."""

    def wait_for_the_dead(self) -> None:
        """Return when nothing is under way any more that processes which were killed had begun."""

    def close(self) -> None:
        """Let go of it."""


class SqliteFile:
    """In a file, beside which SQLite keeps others."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "state.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self._path}"

    @property
    def exists(self) -> bool:
        return self._path.exists()

    def take(self) -> Content:
        # What is in memory that processes share is lost with the last of them.
        return {file.name: file.read_bytes() for file in self._files() if file.suffix != ".db-shm"}

    def put(self, content: Content) -> None:
        self.forget()
        for name, part in content.items():
            self._path.with_name(name).write_bytes(part)

    def rows(self) -> Rows:
        if not self.exists:
            return []
        with self._opened() as state:
            return [
                (table, state.execute(f"SELECT {columns} FROM {table}").fetchall())
                for table, columns in GONE_BY.items()
            ]

    def forget(self) -> None:
        for file in self._files():
            file.unlink()

    def twin(self, known: str, wanted: str, record_id: str) -> str:
        with self._opened() as state:
            (found,) = state.execute(f"SELECT {wanted} FROM links WHERE {known} = ?", (record_id,)).fetchone()
        return str(found)

    def wait_for_the_dead(self) -> None:
        """The system has let go of their locks before anybody learns that they have ended."""

    def close(self) -> None:
        """It goes with its folder."""

    def _files(self) -> list[Path]:
        return list(self._path.parent.glob(f"{self._path.name}*"))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as connection:
            yield connection
