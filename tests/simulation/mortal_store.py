"""The state DB as a simulated process has it open: it may end, or stand still, around each of its transactions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from state import Store
from state.effects import KeepApart
from state.errors import StateError
from state.journal import Settlement
from state.lease import Lease
from state.rows import Intent, Link, Wish
from state.tables import writer
from state.writer_lock import FileLocks, SessionLocks
from tests.simulation.clock import Clock
from tests.simulation.faults import Faults

LEASE_SECONDS = 20


class _Lease(Lease):
    """One that no thread renews, since it would do so in real time: a process that stands still renews nothing, and
    while one doesn't, nobody else looks."""

    @contextmanager
    def _renewed(self) -> Iterator[None]:
        yield


class MortalStore(Store):
    """The real state DB of a process that may end, or stand still, around each of its transactions."""

    faults: Faults

    def intend_all(self, project_link: str, wishes: Sequence[Wish]) -> list[Intent]:
        return self.faults.journal("intend", lambda: super(MortalStore, self).intend_all(project_link, wishes))

    def settle_all(self, settlements: Sequence[Settlement]) -> list[list[Link]]:
        act = super().settle_all

        def settle() -> list[list[Link]]:
            links = act(settlements)
            apart = [each for one in settlements for each in one.effects if isinstance(each, KeepApart)]
            pairs = [(each.incident_id, each.issue_id) for some in links for each in some]
            pairs += [(each.incident_id, each.issue_id) for each in apart]
            self.faults.noted += [(self.faults.clock.now(), record_id) for pair in pairs for record_id in pair]
            return links

        return self.faults.journal("settle", settle)

    def finish_cycle(self, cycle: str, at: datetime, outcome: Any, detail: str, counts: Mapping[str, int]) -> None:
        act = super().finish_cycle
        self.faults.journal("finish cycle", lambda: act(cycle, at, outcome, detail, counts))

    @contextmanager
    def writing(self, clock: Clock, wait: Callable[[StateError], None] | None) -> Iterator[int]:
        """As `single_writer`, in virtual time; gives the fencing number."""
        lock = SessionLocks(self._db) if self._path is None else FileLocks(self._path)
        lease = _Lease(self._db, lock, LEASE_SECONDS, clock.seconds)
        with lease.held(wait, self.faults.overtake):
            with self._db.read() as connection:
                fence = connection.scalar(sa.select(writer.c.fence))
            assert isinstance(fence, int)
            yield fence
