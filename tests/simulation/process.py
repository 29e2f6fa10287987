"""The synchronizer's processes: each has the state DB open, and writes to it while it holds the lease."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from state import Store
from state.effects import KeepApart
from state.errors import StateError
from state.journal import Settlement
from state.lease import Lease
from state.rows import Intent, Link, Wish
from state.tables import writer
from state.writer_lock import FileLocks
from syncer.core.records import Side
from syncer.ports import Port
from tests.simulation.clock import Clock
from tests.simulation.faults import Faults

LEASE_SECONDS = 20
LOOK_SECONDS = 2.0
"""How often somebody who waits looks."""


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
        assert self._path is not None
        lease = _Lease(self._db, FileLocks(self._path), LEASE_SECONDS, clock.seconds)
        with lease.held(wait, self.faults.overtake):
            with self._db.read() as connection:
                fence = connection.scalar(sa.select(writer.c.fence))
            assert isinstance(fence, int)
            yield fence


class Disk:
    """A state DB's file, and the stores that have it open. Worlds that come one after the other share both, as project
    links of one process do: to open one takes longer than to run some cycles, and a store remembers nothing but its
    connections."""

    def __init__(self, folder: Path, store: type[MortalStore] = MortalStore) -> None:
        self._path = folder / "state.db"
        self._empty, self._copy = folder / "empty.db", folder / "copy.db"
        self._kind = store
        self._idle: list[MortalStore] = []
        store.open(f"sqlite:///{self._empty}").close()
        self.put(None)

    def store(self) -> MortalStore:
        """A store for one process, to be given back at its end."""
        if self._idle:
            return self._idle.pop()
        opened = self._kind.open(f"sqlite:///{self._path}")
        assert isinstance(opened, MortalStore)
        return opened

    def give_back(self, store: MortalStore) -> None:
        self._idle.append(store)

    def keep(self) -> Path:
        """Copy the DB as it is now, over the last copy; gives the copy."""
        with closing(sqlite3.connect(self._path)) as live, closing(sqlite3.connect(self._copy)) as copy:
            live.backup(copy)
        return self._copy

    def put(self, copy: Path | None) -> None:
        """Go on with that copy, or with an empty DB; no process may be living."""
        self.close()
        for left in self._path.parent.glob(f"{self._path.name}*"):
            left.unlink()
        shutil.copy(copy or self._empty, self._path)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class Process:
    """One instance of the synchronizer. It writes once it has taken over, and `number` is what tells it from others."""

    def __init__(self, disk: Disk, faults: Faults, clock: Clock) -> None:
        self.store = disk.store()
        self.store.faults = faults
        self.ports: Mapping[Side, Port] = {}
        self.number = 0
        self._disk = disk
        self._clock = clock
        self._until_end = ExitStack()

    def take_over(self, wait: Callable[[StateError], None] | None = None) -> None:
        """Take the lease. Raises what `wait` raises, and StateError where there is none and somebody has it."""
        self.number = self._until_end.enter_context(self.store.writing(self._clock, wait))

    def end(self) -> None:
        self._until_end.close()
        self._disk.give_back(self.store)


class Turnstile(threading.Event):
    """In the place of a stop request: lets a record begin only while the executor hasn't given up.

    The executor's thread could begin one record more before its caller hears of the failure that ends the cycle."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def is_set(self) -> bool:
        if threading.current_thread().name.startswith("record"):
            return self._faults.record_begins()
        self._faults.observing()
        return False
