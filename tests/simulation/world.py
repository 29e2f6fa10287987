"""One simulated world: both servers, their users, the real synchronizer with a real state DB, and one virtual clock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeAlias

from state.errors import StateError
from state.rows import Tombstone
from syncer.adopt import adopt
from syncer.context import NoProgress, ProjectLink
from syncer.core.records import Side
from syncer.cycle import CycleReport, run_cycle
from syncer.errors import SyncerError
from syncer.holding import approvals_of
from tests.simulation.clock import Clock, ClockOfOne
from tests.simulation.disks import Disk
from tests.simulation.faults import Faults
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.mapped import mapping, pace
from tests.simulation.mishaps import Crash, Disturbance
from tests.simulation.model import ModelPort
from tests.simulation.model_incidents import ModelIncidents
from tests.simulation.model_issues import ModelIssues
from tests.simulation.mortal_store import MortalStore
from tests.simulation.people import People
from tests.simulation.process import LOOK_SECONDS, Process, Turnstile
from tests.simulation.rows import Deed
from tests.simulation.server import Server
from tests.simulation.steps import (
    PAUSE_SECONDS,
    Backup,
    Cycle,
    Deal,
    Jump,
    Loss,
    Remap,
    Step,
    Terms,
    Upset,
    Weather,
)

Models: TypeAlias = tuple[type[ModelPort], type[ModelPort]]

MODELS: Models = (ModelIncidents, ModelIssues)
INSTALLATION = "sim"


class Woken(Exception):
    """The process that was to be succeeded goes on after all."""


class World:
    """`name` is the project link's: `disk` may hold those of other worlds too. `models` are the ports' classes."""

    def __init__(
        self,
        terms: Terms,
        name: str,
        disk: Disk,
        models: Models = MODELS,
    ) -> None:
        self.terms = terms
        self.clock = Clock()
        self.deeds: list[Deed] = []
        self.faults = Faults(self.clock, terms.tick_seconds)
        self.own_time = ClockOfOne(self.clock, timedelta(microseconds=1), timedelta(seconds=terms.own_skew))
        self.servers = {
            side: Server(flavour, self.clock, self.deeds, timedelta(seconds=skew), counts=terms.counts_versions)
            for side, flavour, skew in zip(Side, (INCIDENTS, ISSUES), terms.skews, strict=True)
        }
        for side, normaliser in zip(Side, terms.normalisers, strict=True):
            self.servers[side].normalise = normaliser
            self.servers[side].page_size = terms.page_size
        self.servers[Side.ISSUE].secures_single_records = terms.secures_single_records
        self.people = People(self.servers)
        self._models = models
        self._name = name
        self._disk = disk
        self._kept = False
        self.mapping = mapping(name, terms, terms.conflict)
        self.policies = {terms.conflict}
        self.broken: list[str] = []
        """What the state DB refused, although nobody else writes to it."""
        self.stood = timedelta()
        """The longest time that a process stood still and went on."""
        self.forgotten_pairs: set[tuple[str, str]] = set()
        self.forgotten_graves: list[Tombstone] = []
        """What was linked, and dissolved, when the state DB was lost."""
        self.process = self._succeeded()

    @property
    def store(self) -> MortalStore:
        """The state DB, as the process that writes now has opened it."""
        return self.process.store

    @property
    def lost_state(self) -> bool:
        return any(deed.what == "amnesia" for deed in self.deeds)

    def close(self) -> None:
        self.process.end()

    def do(self, step: Step) -> None:
        """Carry out one step."""
        match step:
            case Deal() | Jump():
                self.clock.tick(7)
                self._let(step)
            case Cycle():
                self.clock.tick(step.after_seconds)
                self.cycle(step)
            case Weather():
                self.servers[step.side].lag = timedelta(seconds=step.lag_seconds)
            case Remap():
                self.mapping = mapping(self._name, self.terms, step.conflict)
                self.policies.add(step.conflict)
            case Backup():
                self._disk.keep()
                self._kept = True
            case Loss():
                self._lose(step)

    def cycle(self, step: Cycle) -> CycleReport | None:
        """One cycle; `None` for one that failed. After a crash, or where another process has taken over, that one goes
        on with the state DB."""
        process = self.process
        self.faults.begin(process.number, [self._disturbance(process, upset) for upset in step.upsets])
        self.faults.note("cycle" + (" (census)" if step.census else ""))
        crashed = False
        try:
            with self._looking():
                return run_cycle(self._link(), NoProgress(), census=step.census)
        except SyncerError as error:
            self.faults.note(f"cycle failed: {type(error).__name__}")
        except StateError as error:
            if process is self.process:
                self.broken.append(str(error))
            self.faults.note(f"ended: {error}" if process is self.process else "taken over")
        except Crash:
            crashed = True
        finally:
            self.faults.begin(process.number, [])
            if crashed or process is not self.process:
                process.end()
            if process is self.process and crashed:
                self.process = self._succeeded()
        return None

    @contextmanager
    def _looking(self) -> Iterator[None]:
        self.deeds.append(Deed(self.clock.now(), Side.INCIDENT, "", "look begins", "us"))
        yield
        self.deeds.append(Deed(self.clock.now(), Side.INCIDENT, "", "look ends", "us"))

    @property
    def undecided(self) -> bool:
        """Whether something waits for a second look, or for an approval."""
        name = self.mapping.name
        return bool(self.store.absences(name) or self.store.held(name))

    def approve(self) -> None:
        """A person looks at what is held, and approves what nobody would be sorry about."""
        for held in self.store.held(self.mapping.name):
            digests = approvals_of(held)
            lines = held.lines if held.kind == "removals" else ("",)
            for line, digest in zip(lines, digests, strict=True):
                if not any(f"{row.key}:" in line or f"{row.key} " in line for row in self._hidden()):
                    self.faults.note(f"approve {line}")
                    self.store.approve(self.mapping.name, digest, "Anna", self.own_time.now())

    def _hidden(self) -> list[Any]:
        return [row for server in self.servers.values() for row in server.rows.values() if row.state == "hidden"]

    def _let(self, doing: Deal | Jump) -> None:
        if isinstance(doing, Deal):
            self.faults.note("person: " + self.people.do(doing))
            return
        if doing.side is None and self.terms.steady:
            return
        clock = self.own_time if doing.side is None else self.servers[doing.side].time
        clock.skew = timedelta(seconds=doing.skew_seconds)
        self.faults.count("clock set")
        self.faults.note(f"clock of {doing.side or 'ours'} is off by {doing.skew_seconds:.0f} s")

    def _disturbance(self, process: Process, upset: Upset) -> Disturbance:
        deal = upset.deal
        if upset.seconds:
            return Disturbance(upset.at, upset.kind, lambda: self._stand_still(process, upset), upset.write)
        doing = None if deal is None else lambda: self._let(deal)
        return Disturbance(upset.at, upset.kind, doing, upset.write)

    def _stand_still(self, process: Process, upset: Upset) -> None:
        """The process stands still. Another one has been waiting, and may take over; this one then wakes,
        and knows nothing of it."""
        woken_at = self.clock.now() + timedelta(seconds=upset.seconds)

        def wait(_: StateError) -> None:
            if self.clock.now() >= woken_at:
                raise Woken
            self.clock.tick(LOOK_SECONDS)

        if process is not self.process:
            return  # somebody has taken over already, and is well
        self.faults.note("stands still")
        if upset.deal is not None:
            self._let(upset.deal)
        successor = Process(self._disk, self.faults, self.clock)
        with self.faults.aside():
            try:
                successor.take_over(wait)
            except Woken:
                successor.end()
                self.stood = max(self.stood, timedelta(seconds=upset.seconds + LOOK_SECONDS))
                return
            self._begin(successor)
            self.faults.count("taken over")
            self._cycle_beside(Cycle(0, census=True))
            if upset.seconds == max(PAUSE_SECONDS):
                self.clock.tick(pace(self.terms).settle_after[Side.ISSUE].total_seconds())
                self._cycle_beside(Cycle(0, census=False))
        self.faults.note("wakes")

    def _cycle_beside(self, cycle: Cycle) -> None:
        """In a thread of its own: what goes on in the executor's threads is counted, and this isn't that one's."""
        with ThreadPoolExecutor(1, thread_name_prefix="successor") as pool:
            pool.submit(self.cycle, cycle).result()

    def _succeeded(self) -> Process:
        """A new process, after the one before has ended."""
        process = Process(self._disk, self.faults, self.clock)
        process.take_over()
        return self._begin(process)

    def _begin(self, process: Process) -> Process:
        process.ports = {
            side: model(self.servers[side], self.faults, INSTALLATION, process.store.require_turn)
            for side, model in zip(Side, self._models, strict=True)
        }
        self.process = process
        self.faults.newest = process.number
        return process

    def _lose(self, loss: Loss) -> None:
        """The state DB is gone. A person puts another in its place, once nothing of ours is under way any more."""
        name = self.mapping.name
        self.forgotten_pairs |= {(link.incident_id, link.issue_id) for link in self.store.links(name)}
        self.forgotten_graves += self.store.tombstones(name)
        self.process.end()
        restored = loss.restored and self._kept
        if restored:
            self._disk.put_back()
        else:
            self._disk.lose()
        self.clock.tick(pace(self.terms).settle_after[Side.ISSUE].total_seconds())
        self.deeds.append(Deed(self.clock.now(), Side.INCIDENT, "", "amnesia", "person"))
        self.process = self._succeeded()
        self.faults.count("state put back" if restored else "state lost")
        self.faults.note("the state DB is " + ("put back" if restored else "lost"))
        if loss.by_hand:
            self.faults.begin(self.process.number, [])
            with self._looking():
                adopt(self._link(), NoProgress())

    def _link(self) -> ProjectLink:
        return ProjectLink(
            mapping=self.mapping,
            installation=INSTALLATION,
            ports=self.process.ports,
            store=self.store,
            pace=pace(self.terms),
            now=self.own_time.now,
            workers=1,
            stopping=Turnstile(self.faults),
        )
