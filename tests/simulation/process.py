"""The synchronizer's processes: each has the state DB open, and writes to it while it holds the lease."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from state.errors import StateError
from syncer.core.records import Side
from syncer.ports import Port
from tests.simulation.clock import Clock
from tests.simulation.disks import Disk
from tests.simulation.faults import Faults

LOOK_SECONDS = 2.0
"""How often somebody who waits looks."""


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
