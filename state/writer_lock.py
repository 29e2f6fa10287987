"""One process writes: a lock that the operating system or PostgreSQL takes back when its holder dies.

| state DB | lock | who holds it is read from |
|---|---|---|
| SQLite | flock on `<file>.lock` | that file: its pid |
| PostgreSQL | session-level advisory lock, of the DB's current schema | the `writer` table |

A lock may be lost while its holder goes on (the lock file removed by hand, a broken connection): that is what the
fencing number in `Database` is for.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from state.database import Database, failing_as_state_error
from state.errors import StateError
from state.tables import writer

# The first half of the advisory lock's key, ours by custom; the second half is the schema.
_LOCK_CLASS = 0x53594E43
# A dead process lets go at once; a host that died can't say so, and the server has to ask.
_DEAD_HOST = ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3")


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold the lock beside a SQLite file. Raises StateError when another process, or this one, holds it."""
    beside = path.with_name(path.name + ".lock")
    try:
        held = open(beside, "a+", encoding="ascii")  # noqa: SIM115 closed below, and the lock with it
    except OSError as error:
        raise StateError(f"the lock {beside} can't be opened: {error.strerror}") from error
    with closing(held):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            # Empty in the moment between another process's lock and its pid.
            raise _taken(f"pid {held.read().strip() or 'unknown'}") from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        try:
            yield
        finally:
            # The file itself stays: were it removed, two processes could lock two files of one name.
            held.truncate(0)


@contextmanager
def locked_session(database: Database) -> Iterator[None]:
    """Hold PostgreSQL's advisory lock on a connection of its own. Raises StateError when another session holds it."""
    key = (_LOCK_CLASS, sa.func.hashtext(sa.func.current_schema()))
    with ExitStack() as until_end:
        with failing_as_state_error(database.name, "no lock was taken"):
            connection = until_end.enter_context(database.engine.connect())
            # Closed for good instead of going back to the pool: the lock goes with it.
            until_end.callback(connection.invalidate)
            session = connection.execution_options(isolation_level="AUTOCOMMIT")
            for setting in _DEAD_HOST:
                session.exec_driver_sql(f"SET {setting}")
            granted = session.scalar(sa.select(sa.func.pg_try_advisory_lock(*key)))
            writing = session.scalar(sa.select(writer.c.holder))
        if not granted:
            raise _taken(writing or "unknown")
        yield


def holder() -> str:
    """This process, by words that tell it from others; inside containers every pid is 1."""
    return f"pid {os.getpid()} on {socket.gethostname()}"


def _taken(by: str) -> StateError:
    return StateError(
        f"another syncer process ({by}) is writing to this state DB; stop it, or wait until it has finished"
    )
