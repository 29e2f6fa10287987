"""The lease of the one who writes: taken with a new fencing number, renewed while its holder lives, given back.

| the holder | a successor may take over |
|---|---|
| has given it back | at once |
| was killed: its sign of life is gone | at once |
| is frozen, or its host is dead | once the lease has not been renewed for its whole length, as seen by the successor |

No clocks are compared: the successor looks at a counter, and counts by its own clock how long that has stood still
while it was looking. Whoever was wrongly thought dead writes nothing any more: its number is no longer the newest.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa

from state.database import Database
from state.errors import StateError
from state.scope import WHOLE, Scope
from state.tables import turns
from state.writer_lock import WriterLock, holder

LEASE_SECONDS = 30
WORKERS = "workers that share it"
"""The holder's name while several hold the lease of the whole together; see `state.sharing`."""

LOOK_SECONDS = 0.5
"""How often somebody who waits should look: so long a take-over is late at most."""

_RENEWALS = 4
"""How often a lease is renewed within its length, so that one or two late ones cost nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease's row, as somebody found it. `lease_seconds` is 0 while nobody writes."""

    fence: int
    holder: str
    lease_seconds: int
    renewals: int


class Patience:
    """How long a lease has stood still before our eyes. A gap between two looks counts as a short one: we may have
    been frozen ourselves, and the holder with us."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._looked_at = 0.0
        self._seen: tuple[int, int] | None = None
        self._still = 0.0

    def is_over(self, found: Standing) -> bool:
        """Whether the lease has run out, after this look at it."""
        now = self._clock()
        seen = (found.fence, found.renewals)
        self._still = self._still + min(now - self._looked_at, 4 * LOOK_SECONDS) if seen == self._seen else 0.0
        self._seen, self._looked_at = seen, now
        return self._still > found.lease_seconds


class Lease:
    """One process's way to the lease of a state DB, or of one project link in it."""

    scope: Scope = WHOLE

    def __init__(
        self, database: Database, lock: WriterLock, seconds: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._db = database
        self._lock = lock
        self._seconds = seconds
        self._patience = Patience(clock)

    @contextmanager
    def held(self, wait: Callable[[StateError], None] | None, lost: Callable[[str], None] | None) -> Iterator[None]:
        """Hold the lease until the end of the block. Raises StateError while somebody else does.

        Where there is a `wait`, it is given that error instead, and the lease is tried for again when it returns.
        """
        with ExitStack() as until_end:
            fence = self._take_in_turn(until_end, wait)
            until_end.callback(self._give_back, fence)
            until_end.enter_context(self._db.fenced(fence, lost, self.scope))
            until_end.enter_context(self._renewed())
            yield

    def _take_in_turn(self, until_end: ExitStack, wait: Callable[[StateError], None] | None) -> int:
        while True:
            try:
                return self._take(until_end)
            except StateError as refusal:
                if wait is None:
                    raise
                wait(refusal)

    def _take(self, until_end: ExitStack) -> int:
        found = self._look()
        if found is None or not self._may_be_taken(found):
            raise self._taken(found)
        with ExitStack() as unless_recorded:
            with self._db.write() as connection:
                self._prepare(connection)
                # PostgreSQL: passing over a row that somebody has locked, as a frozen holder might for long.
                now = _standing(connection, self.scope.select().with_for_update(skip_locked=True))
                if now != found or not self._lock.hold(fence := found.fence + 1, unless_recorded):
                    raise self._taken(now or found)
                values = {"fence": fence, "holder": self._name(), "lease_seconds": self._seconds, "renewals": 0}
                connection.execute(sa.update(self.scope.table).where(self.scope.is_fence(found.fence)).values(values))
                if found.holder == WORKERS:
                    # Each of them may still believe in the turns that it has. Not before the row of the whole is
                    # locked: somebody might begin another turn in between.
                    ended = {"fence": turns.c.fence + 1, "holder": self._name(), "lease_seconds": 0}
                    connection.execute(sa.update(turns).values(ended))
            until_end.push(unless_recorded.pop_all())
        return fence

    def _look(self) -> Standing | None:
        with self._db.read() as connection:
            return _standing(connection, self.scope.select())

    def _may_be_taken(self, found: Standing) -> bool:
        # Looked at in any case: patience needs every look.
        over = self._patience.is_over(found)
        return found.lease_seconds == 0 or over or not self._lock.is_held(found.fence)

    def _prepare(self, connection: sa.Connection) -> None:
        """What is to be checked or locked before the row, in the transaction that takes the lease."""

    def _name(self) -> str:
        return holder()

    def _taken(self, found: Standing | None) -> StateError:
        by = "unknown" if found is None else found.holder
        return StateError(
            f"another syncer process ({by}) is writing to this state DB; stop it, or wait until it has finished"
        )

    def _give_back(self, fence: int) -> None:
        # Where that can't be recorded, the sign of life goes all the same.
        with suppress(StateError), self._db.write() as connection:
            connection.execute(sa.update(self.scope.table).where(self.scope.is_fence(fence)).values(lease_seconds=0))

    @contextmanager
    def _renewed(self) -> Iterator[None]:
        ended = threading.Event()

        def renew() -> None:
            while not ended.wait(self._seconds / _RENEWALS):
                # The DB may be out of reach for a while; until it is back, nothing can be intended either.
                with suppress(StateError):
                    self._db.renew()

        thread = threading.Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _standing(connection: sa.Connection, wanted: sa.Select[tuple[object, ...]]) -> Standing | None:
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Standing(row.fence, row.holder, row.lease_seconds, row.renewals)
