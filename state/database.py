"""One open state DB: transactions for readers and for the one writer, and what goes wrong as a StateError."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from state.errors import StateError
from state.scope import WHOLE, Scope

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Result = TypeVar("Result")

NOTHING_RECORDED = "nothing of this step was recorded"

IDLE_SECONDS = 10
"""PostgreSQL ends a writing transaction that is left alone so long: its process is frozen, or its host is dead, and
what it has locked would stay locked. SQLite can't do that; see ADR 9."""

_LIMIT_IDLENESS = f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'"
# Python's sqlite3 would begin transactions late and commit DDL early, so they are begun by hand: not by a listener, as
# one on an engine makes each of its statements slower. A writing transaction takes the write lock at its start: taken
# half-way, it could fail without waiting its turn.
_BEGIN, _BEGIN_WRITING = "BEGIN", "BEGIN IMMEDIATE"


class _Work:
    """What one thread wants done in a transaction that others share, and what came of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self._work = work
        self._given: Any = None
        self._problem: BaseException | None = None
        self.done = False

    def run(self, connection: Connection) -> None:
        """Do it, and let what goes wrong end the transaction."""
        self._given, self.done = self._work(connection), True

    def fail(self, problem: BaseException) -> None:
        """Nothing of it was recorded."""
        self._problem, self.done = problem, True

    def result(self) -> Any:
        if self._problem is not None:
            raise self._problem
        return self._given


class Database:
    """An engine with a lock for its writers and, while this process is the single writer, a fencing number."""

    def __init__(self, engine: Engine, name: str, *, readonly: bool = False) -> None:
        self.engine = engine
        self.name = name
        self._readonly = readonly
        self._writing = threading.Lock()
        self._turn = threading.Lock()
        self._gathering = threading.Lock()
        self._waiting: list[_Work] = []
        self._fence: int | None = None
        self._scope = WHOLE
        # Built once, as each commit and each request that writes needs one of them.
        self._renewal: sa.Update = sa.update(WHOLE.table)
        self._newest = self._asked(WHOLE)
        self._lost: Callable[[str], None] | None = None
        self._losing = threading.Lock()

    def beside(self) -> "Database":
        """The same DB by the same connections, with a fencing number of its own."""
        return Database(self.engine, self.name, readonly=self._readonly)

    @property
    def fence(self) -> int | None:
        """The fencing number that every write needs to be the newest; None where none is needed."""
        return self._fence

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the DB from beginning to end."""
        with failing_as_state_error(self.name, "nothing was read"), self.engine.connect() as connection:
            options: dict[str, Any] = {} if self._is_sqlite else {"isolation_level": "REPEATABLE READ"}
            with connection.execution_options(**options).begin():
                if self._is_sqlite:
                    connection.exec_driver_sql(_BEGIN)
                yield connection

    @contextmanager
    def write(self, *, beside_writer: bool = False) -> Iterator[Connection]:
        """The one writing transaction at a time: committed at the end, rolled back on any error.

        Raises StateError on a store that only reads, and after another process has become the single writer, unless
        it is of the kind that may be written beside one. Only where PostgreSQL's connection breaks during the commit
        itself may an error leave the step recorded after all.
        """
        self.require_writable()
        with (
            self._writing,
            failing_as_state_error(self.name, NOTHING_RECORDED),
            self.engine.connect() as connection,
            connection.begin(),
        ):
            connection.exec_driver_sql(_BEGIN_WRITING if self._is_sqlite else _LIMIT_IDLENESS)
            if not beside_writer:
                self._check_fence(connection)
            yield connection

    def commit(self, work: Callable[[Connection], Result]) -> Result:
        """Do the work in a writing transaction, and give what it gives once that is committed. What other threads want
        done at that time goes into the same one: a commit waits for the disk, and many threads would wait in a row.

        Raises what `write` raises, and what the work raises: then nothing of this work is recorded, but of the others'
        """
        mine = _Work(work)
        with self._gathering:
            self._waiting.append(mine)
        # Whoever gets the turn does the work of all who wait for it by then.
        with self._turn:
            if not mine.done:
                with self._gathering:
                    together, self._waiting = self._waiting, []
                self._commit(together)
        given: Result = mine.result()
        return given

    def _commit(self, together: Sequence[_Work]) -> None:
        """Do all the work in one transaction; where one part of it fails, that is undone and each gets its own."""
        working = False
        try:
            with self.write() as connection:
                working = True
                for each in together:
                    each.run(connection)
                working = False
        except BaseException as problem:
            if working and len(together) > 1 and isinstance(problem, Exception):
                for each in together:
                    self._commit([each])
                return
            for each in together:
                each.fail(problem)

    def require_writable(self) -> None:
        """Raise StateError on a store that only reads."""
        if self._readonly:
            raise StateError(f"{self.name} was opened for reading only; nothing was recorded")

    @contextmanager
    def fenced(self, fence: int, lost: Callable[[str], None] | None = None, scope: Scope = WHOLE) -> Iterator[None]:
        """Every write inside needs this fencing number to be the newest of its scope, and renews the lease with it.

        `lost` is told, once and in any thread, who has taken over.
        """
        self._renewal = sa.update(scope.table).where(scope.is_fence(fence)).values(renewals=scope.table.c.renewals + 1)
        self._newest = self._asked(scope)
        self._fence, self._lost, self._scope = fence, lost, scope
        try:
            yield
        finally:
            self._fence, self._lost, self._scope = None, None, WHOLE

    def renew(self) -> None:
        """Renew the lease; raises what `write` raises."""
        with self.write():
            pass

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def require_fence(self) -> None:
        """Raise StateError where another process has taken over. Reads only, and waits for no writer."""
        if self._fence is None:
            return
        if self._newest_fence() != self._fence:
            with self.read() as connection:
                raise self._superseded(connection)

    def _asked(self, scope: Scope) -> tuple[str, Any]:
        """The question for the newest number, as the driver takes it: with its parameters."""
        question = scope.select("fence").compile(dialect=self.engine.dialect)
        names = question.positiontup
        return str(question), question.params if names is None else [question.params[name] for name in names]

    def _newest_fence(self) -> Any:
        # Past the library's own layers: they cost more than all else that a request does to the state DB.
        with failing_as_state_error(self.name, "nothing was read"):
            # Where the DB is away, the driver's own error comes out of opening a connection too.
            try:
                with closing(self.engine.raw_connection()) as connection:
                    cursor = connection.cursor()
                    cursor.execute(*self._newest)
                    row = cursor.fetchone()
                    return None if row is None else row[0]
            except self.engine.dialect.loaded_dbapi.Error as error:
                raise DBAPIError("", None, error) from error

    def _check_fence(self, connection: Connection) -> None:
        if self._fence is None:
            return
        # Check and renewal in one: the row stays locked, so nobody takes over between here and the commit.
        if connection.execute(self._renewal).rowcount == 0:
            raise self._superseded(connection)

    def _superseded(self, connection: Connection) -> StateError:
        by = str(connection.scalar(self._scope.select("holder")))
        with self._losing:
            lost, self._lost = self._lost, None
        if lost is not None:
            lost(by)
        return StateError(
            f"another syncer process ({by}) has taken over {self._scope.name_in(self.name)}; this one must stop: "
            "nothing of this step was recorded"
        )

    @property
    def _is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


class Part:
    """Base of the store's concerns: each is a group of methods on the one database."""

    def __init__(self, database: Database) -> None:
        self._db = database


@contextmanager
def failing_as_state_error(name: str, consequence: str) -> Iterator[None]:
    """Turn what SQL can raise into one sentence without statements, parameters or links."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        said = str(cause).strip().splitlines() or [type(cause).__name__]
        raise StateError(f"{name} failed: {said[0]}; {consequence}") from error


def upsert(connection: Connection, table: sa.Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Update the row with that key, or insert it."""
    found = sa.and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(sa.update(table).where(found).values(**values)).rowcount == 0:
        connection.execute(sa.insert(table).values(**key, **values))


def columns_of(value: "DataclassInstance") -> dict[str, Any]:
    """A dataclass's fields by name, with what they hold as it is."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
