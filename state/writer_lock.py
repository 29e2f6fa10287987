"""A sign of life of the one who writes: a lock that the operating system or PostgreSQL takes back when it dies.

| state DB | lock of the fencing number N |
|---|---|
| SQLite | flock on `<file>.lock-N` |
| PostgreSQL | session-level advisory lock of the DB's current schema and N |

It lets a successor begin at once where the lease would have to be waited out, and protects nothing: a lock may be
lost while its holder goes on (the file removed by hand, a broken connection), or be held by a process that is frozen.
Each number has a lock of its own, so that a frozen holder's stays with the number that doesn't count any more.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import OID
from sqlalchemy.engine import Connection

from state.database import Database, failing_as_state_error
from state.errors import StateError

# The first half of the advisory lock's key, ours by custom; the second half is made of schema and number.
_LOCK_CLASS = 0x53594E43
# A dead process lets go at once; a host that died can't say so, and the server has to ask.
_DEAD_HOST = (
    "tcp_keepalives_idle = 30",
    "tcp_keepalives_interval = 10",
    "tcp_keepalives_count = 3",
    "tcp_user_timeout = 60000",
)


class WriterLock(Protocol):
    """The locks of all fencing numbers of one state DB."""

    def is_held(self, fence: int) -> bool:
        """Whether the holder of that number may be alive."""
        ...

    def hold(self, fence: int, until_end: ExitStack) -> bool:
        """Take the lock of that number, to be given back with the stack; False when somebody else holds it."""
        ...


class FileLocks:
    """Locks beside a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_held(self, fence: int) -> bool:
        """Raises StateError where the file can't be opened."""
        beside = self._beside(fence)
        if not beside.exists():
            return False
        with _opened(beside) as descriptor:
            # Shared, so that two who ask at once don't take each other for the holder.
            return not _locked(descriptor, fcntl.LOCK_SH)

    def hold(self, fence: int, until_end: ExitStack) -> bool:
        """Raises StateError where the file can't be made."""
        beside = self._beside(fence)
        descriptor = until_end.enter_context(_opened(beside))
        if not _locked(descriptor, fcntl.LOCK_EX):
            return False
        # No number is given twice, so nobody waits for a file that goes.
        until_end.callback(beside.unlink, missing_ok=True)
        # What a predecessor that was killed, or is frozen, couldn't take away.
        self._beside(fence - 1).unlink(missing_ok=True)
        return True

    def _beside(self, fence: int) -> Path:
        return self._path.with_name(f"{self._path.name}.lock-{fence}")


class SessionLocks:
    """PostgreSQL's advisory locks, each held by a connection of its own.

    `of` is a project link where each has locks of its own. `shared` locks are held by several at once.
    """

    def __init__(self, database: Database, *, of: str = "", shared: bool = False) -> None:
        self._db = database
        self._of = of
        self._shared = shared

    def is_held(self, fence: int) -> bool:
        """Raises StateError where the server can't be asked."""
        locks = sa.table("pg_locks", *map(sa.column, ("locktype", "database", "classid", "objid", "granted")))
        here = sa.text("(SELECT oid FROM pg_database WHERE datname = current_database())")
        asked = sa.select(sa.func.count()).where(
            locks.c.locktype == "advisory",
            locks.c.database == here,
            locks.c.classid == _LOCK_CLASS,
            locks.c.objid == sa.cast(self._number(fence), OID),
            locks.c.granted,
        )
        with self._db.read() as connection:
            return bool(connection.scalar(asked))

    def hold(self, fence: int, until_end: ExitStack) -> bool:
        """Raises StateError where the server can't be asked."""
        with failing_as_state_error(self._db.name, "no lock was taken"):
            connection = until_end.enter_context(self._db.engine.connect())
            # Closed for good instead of going back to the pool: the lock goes with it.
            until_end.callback(connection.invalidate)
            return self._granted(connection, fence)

    def _granted(self, connection: Connection, fence: int) -> bool:
        session = connection.execution_options(isolation_level="AUTOCOMMIT")
        for setting in _DEAD_HOST:
            session.exec_driver_sql(f"SET {setting}")
        take = sa.func.pg_try_advisory_lock_shared if self._shared else sa.func.pg_try_advisory_lock
        return bool(session.scalar(sa.select(take(_LOCK_CLASS, self._number(fence)))))

    def _number(self, fence: int) -> sa.ColumnElement[int]:
        return sa.func.hashtext(sa.func.current_schema().concat(f"{self._of and '/'}{self._of}/{fence}"))


def holder() -> str:
    """This process, by words that tell it from others; inside containers every pid is 1."""
    return f"pid {os.getpid()} on {socket.gethostname()}"


@contextmanager
def _opened(beside: Path) -> Iterator[int]:
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StateError(f"the lock {beside} can't be opened: {error.strerror}") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
