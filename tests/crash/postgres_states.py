"""The state DB of a stage in a database of PostgreSQL."""

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy.engine import make_url

from state import Store
from state.copying import copy
from state.tables import metadata
from syncer.context import NoProgress
from tests.crash.states import GONE_BY, Content, Rows, SqliteFile

TABLES = [table.name for table in metadata.sorted_tables]
NUMBERS = "numbers"
"""The part of the content that tells which number each table gave last: they aren't rolled back."""

DEAD_SECONDS = 10.0

_EMPTIED = ";".join(f"DELETE FROM {table}" for table in TABLES)
_GONE_BY = " UNION ALL ".join(
    f"SELECT '{table}', ROW({'t.*' if told == '*' else told})::text FROM {table} AS t"
    for table, told in GONE_BY.items()
)
_NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""


class PostgresDatabase:
    """In the database at `url`, which holds nothing else."""

    def __init__(self, url: str) -> None:
        self._url = url
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        # Tables are filled in any order: nothing looks after foreign keys.
        self._connection.execute("SET session_replication_role = replica")

    @property
    def url(self) -> str:
        return self._url

    @property
    def exists(self) -> bool:
        return bool(self._value("SELECT to_regclass('alembic_version') IS NOT NULL"))

    def take(self) -> Content:
        if not self.exists:
            return {}
        numbers = self._connection.execute(_NUMBERS).fetchall()
        return {**{table: self._copied_out(table) for table in TABLES}, NUMBERS: json.dumps(numbers).encode()}

    def put(self, content: Content) -> None:
        if not content:
            self.forget()
            return
        if not self.exists:
            Store.open(self._url).close()
        with self._connection.transaction():
            self._connection.execute(_EMPTIED)
            for table in TABLES:
                if content[table]:
                    with self._connection.cursor().copy(f"COPY {table} FROM STDIN") as copying:
                        copying.write(content[table])
            for name, last in json.loads(content[NUMBERS]):
                self._connection.execute("SELECT setval(%s, %s, %s)", (name, last or 1, last is not None))

    def rows(self) -> Rows:
        if not self.exists:
            return []
        # In no order of their own: an update moves a row.
        return sorted(self._connection.execute(_GONE_BY).fetchall())

    def forget(self) -> None:
        self._connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def twin(self, known: str, wanted: str, record_id: str) -> str:
        return str(self._value(f"SELECT {wanted} FROM links WHERE {known} = %s", record_id))

    def wait_for_the_dead(self) -> None:
        deadline = time.monotonic() + DEAD_SECONDS
        while self._value(_OTHERS):
            assert time.monotonic() < deadline, "PostgreSQL keeps the connection of a process that was killed"
            time.sleep(0.001)

    def close(self) -> None:
        self._connection.close()

    def copied(self, file: Content) -> Content:
        """The same content as a SQLite file has, brought here as `syncer state copy` does it. Holds it then."""
        self.put({})
        if file:
            with TemporaryDirectory() as folder:
                source = SqliteFile(Path(folder))
                source.put(file)
                copy(source.url, self._url, NoProgress())
        return self.take()

    def _value(self, question: str, *values: str) -> object:
        found = self._connection.execute(question, values).fetchone()
        assert found is not None, f"{values} is in no row"
        return found[0]

    def _copied_out(self, table: str) -> bytes:
        with self._connection.cursor().copy(f"COPY {table} TO STDOUT") as copying:
            return b"".join(bytes(part) for part in copying)
