"""What all steps of one cycle share: the project link's two ports, its bound mapping, the state DB, the clock."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from mappings.model import Mapping as LinkMapping
from state import Store
from syncer.core.records import Side
from syncer.errors import SyncerError
from syncer.meter import Meter, NoMeter
from syncer.ports import Port


class Stopped(SyncerError):
    """The process was asked to stop. What is under way settles; what is left is planned again by the next cycle."""


class Progress(Protocol):
    """Told how far long steps have come, of which several may be under way; for people only, nothing depends on it."""

    def begin(self, step: str, total: int | None) -> None: ...

    def advance(self, step: str, count: int = 1) -> None: ...


class NoProgress:
    """Nobody is watching."""

    def begin(self, step: str, total: int | None) -> None:
        return None

    def advance(self, step: str, count: int = 1) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take to show, and how often what failed is tried again.

    `settle_after`: how long a create of unknown outcome may still surface on a side (its search index lags).
    `overlap`: how far behind the watermark each poll reads again, for the same reason.
    `confirm_after`: how long something must stay missing before it counts as deleted.
    """

    settle_after: Mapping[Side, timedelta]
    overlap: Mapping[Side, timedelta]
    retry_after: timedelta
    retry_at_most: timedelta
    confirm_after: timedelta = timedelta(minutes=5)

    def delay(self, tries: int) -> timedelta:
        """The wait before the next try of an item that has failed `tries` times: doubling, up to a limit."""
        doublings = min(max(tries - 1, 0), 20)
        return min(self.retry_after * (1 << doublings), self.retry_at_most)


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """One incident project coupled with one tracker project, ready to run cycles.

    Once `stopping` is set, no page and no record is begun any more. `touch` is called whenever one is: it gets on.
    """

    mapping: LinkMapping
    installation: str
    ports: Mapping[Side, Port]
    store: Store
    pace: Pace
    now: Callable[[], datetime]
    workers: int = 4
    stopping: threading.Event = field(default_factory=threading.Event)
    touch: Callable[[], None] = lambda: None
    meter: Meter = field(default_factory=NoMeter)

    @property
    def name(self) -> str:
        return self.mapping.name

    def go_on(self) -> None:
        """Raises `Stopped` once the process was asked to stop: called before each page and each record."""
        self.touch()
        if self.stopping.is_set():
            raise Stopped("stopped on request; what is left is done by the next cycle")

    def rest(self, seconds: float) -> None:
        """Wait, as a side holds requests back. Raises `Stopped` like `go_on`."""
        self.touch()
        if self.stopping.wait(seconds):
            self.go_on()

    def close(self) -> None:
        for port in self.ports.values():
            port.close()
