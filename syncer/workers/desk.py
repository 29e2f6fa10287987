"""The turn of one project link in one worker: its lease, one cycle, and what the next turn has to know."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from config.model import Settings
from mappings import Mapping
from state import StateError, Store
from state.lease import LOOK_SECONDS
from state.turns import Turn
from syncer.activity import Activity
from syncer.context import ProjectLink, Stopped
from syncer.meter import Meter
from syncer.runner import LinkRunner, Rhythm
from syncer.wiring import Linker

MOST_KEPT = 100
"""So many project links keep their connections and what they know of their servers between two turns."""

log = structlog.get_logger("syncer")


@dataclass(frozen=True, slots=True)
class Office:
    """What all desks of a worker share. `lost` is told who has taken over, a link or all of them."""

    settings: Settings
    store: Store
    rhythm: Rhythm
    activity: Activity
    meter: Meter
    stopping: threading.Event
    lost: Callable[[str], None]


class Desks:
    """The desks of one worker. Safe to use from many threads."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lock = threading.Lock()
        self._idle: OrderedDict[str, Desk] = OrderedDict()

    def work(self, mapping: Mapping) -> None:
        """One turn of that project link. Raises nothing: what goes wrong is told, and planned again."""
        with self._lock:
            desk = self._idle.pop(mapping.name, None) or Desk(self._office)
        try:
            desk.work(mapping)
        finally:
            self._put_back(mapping.name, desk)

    def close(self) -> None:
        """Let go of all connections to servers; none may be at work."""
        while self._idle:
            self._idle.popitem()[1].linker.close()

    def _put_back(self, name: str, desk: "Desk") -> None:
        with self._lock:
            dropped = [self._idle.pop(name, None)]
            self._idle[name] = desk
            if len(self._idle) > MOST_KEPT:
                dropped.append(self._idle.popitem(last=False)[1])
        for each in dropped:
            if each is not None:
                each.linker.close()


class Desk:
    """Where one project link is worked on: the state DB seen through that link's lease, and clients of its own, which
    ask that lease before each request that writes."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._store = office.store.beside()
        self.linker = Linker(office.settings, self._store, office.meter)
        self._link: ProjectLink | None = None

    def work(self, mapping: Mapping) -> None:
        """One cycle, unless another worker is at that project link."""
        office, patience = self._office, _Patience(self._office)
        seconds = office.settings.state.lease_seconds
        turn = self._store.turn_of(
            mapping.name, office.store, lease_seconds=seconds, wait=patience.wait, lost=office.lost
        )
        try:
            with turn:
                self._cycle(mapping)
        except Stopped:
            return
        except StateError as error:
            log.warning(str(error), link=mapping.name)

    def _cycle(self, mapping: Mapping) -> None:
        before = self._store.turn(mapping.name)
        self._store.begin_turn(mapping.name)
        runner = _TurnRunner(self._linked(mapping), self._office, before)
        runner()
        self._store.end_turn(mapping.name, census=runner.was_census, refusals=runner.refusals, rest=runner.rest)

    def _linked(self, mapping: Mapping) -> ProjectLink:
        if self._link is None or self._link.mapping != mapping:
            self._link = replace(self.linker.link(mapping), stopping=self._office.stopping)
        return self._link


class _TurnRunner(LinkRunner):
    """The runner of a single cycle: it goes on from what earlier turns left behind, wherever they were."""

    def __init__(self, link: ProjectLink, office: Office, turn: Turn) -> None:
        super().__init__(link, office.rhythm, office.activity)
        if turn.since_census is not None:
            self._census_due += office.rhythm.census_every_of(link) - turn.since_census.total_seconds()
        self._rest_until += turn.rest.total_seconds()
        self._refusals = turn.refusals
        self._first_due = self._census_due

    @property
    def was_census(self) -> bool:
        """Whether it looked at everything, and ended well."""
        return self._census_due != self._first_due

    @property
    def refusals(self) -> int:
        return self._refusals

    @property
    def rest(self) -> timedelta:
        return timedelta(seconds=max(0.0, self._rest_until - self._clock()))


class _Patience:
    """How long a worker waits for a project link that another one holds: until that one's lease would have run out, as
    it may be frozen. Whoever lives then still has it."""

    def __init__(self, office: Office) -> None:
        self._stopping = office.stopping
        self._deadline = time.monotonic() + 1.5 * office.settings.state.lease_seconds + 4 * LOOK_SECONDS

    def wait(self, refusal: StateError) -> None:
        """Raises the refusal when it has waited long enough, and `Stopped` once the process was asked to stop."""
        if time.monotonic() > self._deadline:
            raise refusal
        if self._stopping.wait(LOOK_SECONDS):
            raise Stopped("stopped on request")
