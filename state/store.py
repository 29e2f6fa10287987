"""The state DB, opened: for the one process that writes, or for those that only look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from state import schema
from state.database import Database
from state.deciding import Deciding
from state.errors import StateError
from state.holding import Holding
from state.journal import Journal
from state.lease import LEASE_SECONDS, Lease
from state.links import Links
from state.listing import Listing
from state.location import Location, locate, memory_engine
from state.place import is_file, make_room
from state.progress import Progress
from state.report import Report
from state.retention import Retention
from state.reviewing import Reviewing
from state.sharing import JointLease, TurnLease
from state.told import Telling
from state.turns import Turns
from state.writer_lock import FileLocks, SessionLocks


class Store(Links, Listing, Reviewing, Journal, Holding, Deciding, Progress, Report, Retention, Telling, Turns):
    """All that is remembered between cycles. Safe to use from many threads: they write one at a time."""

    def __init__(self, database: Database, path: Path | None) -> None:
        super().__init__(database)
        self._path = path

    @classmethod
    def open(cls, url: str) -> "Store":
        """The state DB at `url`, made if it is missing, its tables brought to this program's version.

        Raises StateError for a URL, a place or a DB that can't be used, and for a DB written by a newer syncer.
        """
        location = locate(url)
        if location.path is not None:
            make_room(location.path)
        database = Database(location.engine(readonly=False), location.name)
        with _closed_on_error(database):
            if schema.age(database) != "current":
                schema.migrate(database)
        return cls(database, location.path)

    @classmethod
    def open_readonly(cls, url: str) -> "Store":
        """The state DB at `url`, never changed; an empty one, held in memory, where there is none yet.

        Raises StateError as `open` does, and for a DB whose tables are older than this program's.
        """
        location = locate(url)
        if location.path is not None and not is_file(location.path):
            return cls(_nothing_yet(location), None)
        database = Database(location.engine(readonly=True), location.name, readonly=True)
        with _closed_on_error(database):
            age = schema.age(database)
            if age == "older":
                raise schema.too_old(database)
        if age == "empty":
            database.close()
            return cls(_nothing_yet(location), None)
        return cls(database, location.path)

    @contextmanager
    def single_writer(
        self,
        *,
        lease_seconds: int = LEASE_SECONDS,
        wait: Callable[[StateError], None] | None = None,
        lost: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Keep every other process from doing the same until the end of the block, or of this process.

        While another process, or another block of this one, is at it, raises StateError, or tells `wait` and tries
        again when that returns. A process that gives no sign of life for `lease_seconds` may be replaced. Inside the
        block every write checks that this has not happened; `lost` is told at once, in any thread, who took over.
        """
        self._db.require_writable()
        lock = SessionLocks(self._db) if self._path is None else FileLocks(self._path)
        with Lease(self._db, lock, lease_seconds).held(wait, lost):
            yield

    @contextmanager
    def joint_writer(
        self,
        *,
        lease_seconds: int = LEASE_SECONDS,
        wait: Callable[[StateError], None] | None = None,
        lost: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """As `single_writer`, together with other processes that do the same: each project link by `turn_of`.

        Raises StateError for a state DB that isn't on PostgreSQL.
        """
        self._db.require_writable()
        if self._path is not None:
            raise StateError(f"{self._db.name} can't be shared by workers; they need one on PostgreSQL")
        with JointLease(self._db, lease_seconds).held(wait, lost):
            yield

    @contextmanager
    def turn_of(
        self,
        project_link: str,
        joint: "Store",
        *,
        lease_seconds: int = LEASE_SECONDS,
        wait: Callable[[StateError], None] | None = None,
        lost: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """As `single_writer`, for one project link, amid the `joint_writer` of another store of this process.

        Every write inside is taken for one of that project link.
        """
        if joint._db.fence is None:
            raise ValueError("a turn is had amid a joint_writer only")
        with TurnLease(self._db, project_link, lease_seconds, joint._db.fence).held(wait, lost):
            yield

    def beside(self) -> "Store":
        """The same state DB by the same connections, for a turn of its own. Closed with this one."""
        return Store(self._db.beside(), self._path)

    def require_turn(self) -> None:
        """Raise StateError where another process has become the writer instead of this one."""
        self._db.require_fence()

    def close(self) -> None:
        """Let go of all connections."""
        self._db.close()


def _nothing_yet(location: Location) -> Database:
    engine = memory_engine()
    schema.migrate(Database(engine, location.name))
    return Database(engine, location.name, readonly=True)


@contextmanager
def _closed_on_error(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise
