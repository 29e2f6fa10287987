"""Several workers on one state DB: together they hold the lease of the whole, and each project link by itself in turn.

    the whole    JointLease: the first one takes it in the name of all, the others join, none gives it back
    a link       TurnLease:  one worker at a time, under the joint lease

To everybody else the workers are one holder: `syncer run` waits while any of them lives, and they wait for it. Who
takes the whole from them takes every turn with it, in one transaction, so that a write need look at the row of its link
only.
"""

from contextlib import ExitStack

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from state.database import Database
from state.errors import StateError
from state.lease import WORKERS, Lease, Standing
from state.scope import WHOLE, Scope
from state.tables import turns, writer
from state.writer_lock import SessionLocks


class JointLease(Lease):
    """The lease of the whole state DB, held by all workers together. PostgreSQL only."""

    def __init__(self, database: Database, seconds: int) -> None:
        super().__init__(database, SessionLocks(database, shared=True), seconds)

    def _take(self, until_end: ExitStack) -> int:
        found = self._look()
        if found is not None and found.holder == WORKERS and self._joined(found, until_end):
            return found.fence
        return super()._take(until_end)

    def _joined(self, found: Standing, until_end: ExitStack) -> bool:
        if self._may_be_taken(found):
            # All of them are dead or frozen. Who joined them would wake the frozen ones' turns.
            return False
        with ExitStack() as unless_ours:
            # The lock first: from then on nobody takes the others for dead. Unless somebody just did.
            if not self._lock.hold(found.fence, unless_ours):
                return False
            now = self._look()
            if now is None or now.fence != found.fence:
                return False
            until_end.push(unless_ours.pop_all())
        return True

    def _name(self) -> str:
        return WORKERS

    def _give_back(self, fence: int) -> None:
        """Nothing to be done: others may hold it still, and without any sign of life it is free."""


class TurnLease(Lease):
    """The lease of one project link, for a worker that holds the joint lease with the number `joint`."""

    def __init__(self, database: Database, project_link: str, seconds: int, joint: int) -> None:
        super().__init__(database, SessionLocks(database, of=project_link), seconds)
        self.scope = Scope(project_link)
        self._joint = joint

    def _look(self) -> Standing | None:
        found = super()._look()
        if found is not None:
            return found
        row = {"project_link": self.scope.project_link, "fence": 0, "holder": "nobody"}
        with self._db.write() as connection:
            connection.execute(insert(turns).values(row).on_conflict_do_nothing())
        return super()._look()

    def _prepare(self, connection: sa.Connection) -> None:
        # Locked against whoever takes the whole, though neither against other turns nor against renewals.
        whole = sa.select(writer.c.fence).with_for_update(read=True, key_share=True)
        if connection.scalar(whole) != self._joint:
            by = connection.scalar(WHOLE.select("holder"))
            raise StateError(f"another syncer process ({by}) has taken over {self._db.name}; this one must stop")

    def _taken(self, found: Standing | None) -> StateError:
        by = "unknown" if found is None else found.holder
        return StateError(f"another worker ({by}) is at project link {self.scope.project_link}")
