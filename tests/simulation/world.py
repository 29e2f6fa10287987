"""One simulated world: both servers, their users, the real synchronizer with a real state DB, and one virtual clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from mappings.model import Mapping as LinkMapping
from state import Store
from state.effects import Effect
from state.rows import HistoryEntry, Intent, Link
from syncer.context import NoProgress, Pace, ProjectLink
from syncer.core.records import Side
from syncer.cycle import CycleReport, run_cycle
from syncer.errors import SyncerError
from syncer.holding import approvals_of
from tests.simulation.clock import Clock
from tests.simulation.faults import Crash, Disturbance, Faults, Turnstile
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.model import ModelPort
from tests.simulation.model_incidents import ModelIncidents
from tests.simulation.model_issues import ModelIssues
from tests.simulation.people import People
from tests.simulation.rows import Deed
from tests.simulation.server import Server
from tests.simulation.steps import Cycle, Deal, Remap, Step, Terms, Upset, Weather

Models: TypeAlias = tuple[type[ModelPort], type[ModelPort]]

MODELS: Models = (ModelIncidents, ModelIssues)
INSTALLATION = "sim"
PACE = Pace(
    settle_after=dict.fromkeys(Side, timedelta(seconds=60)),
    overlap=dict.fromkeys(Side, timedelta(seconds=120)),
    retry_after=timedelta(seconds=60),
    retry_at_most=timedelta(minutes=8),
    confirm_after=timedelta(minutes=5),
)
"""`settle_after` is longer than an index ever lags here and a request ever takes, together."""

MATCHES = {"Priority": [("High", "High"), ("Low", "Low"), ("Low", "Lowest")]}
MATCHES["Status"] = [("New", "To Do"), ("Open", "To Do"), ("In Progress", "In Progress"), ("Closed", "Done")]
"""Which names stand for one another, by the mapping of every world."""


def mapping(name: str, terms: Terms, conflict: str) -> LinkMapping:
    """The mapping of a world."""

    def rows(item: str) -> list[dict[str, str]]:
        return [{"incident": incident, "issue": issue} for incident, issue in MATCHES[item]]

    incident, issue = terms.deletions
    content: dict[str, Any] = {
        "name": name,
        "conflict": conflict,
        "incidents": {"project": "Sim", "mark_field": "Jira key"},
        "issues": {"project": "SIM", "type": "Bug"},
        "fields": [
            {"incident": "Summary", "issue": "summary", "kind": "copy"},
            {"incident": "Description", "issue": "description", "kind": "copy"},
            {"incident": "Priority", "issue": "priority", "kind": "table", "values": rows("Priority")},
            {"incident": "Status", "issue": "status", "kind": "status", "values": rows("Status")},
            {"incident": "AffectedVersions", "issue": "versions", "kind": "versions"},
        ],
        "deletions": {
            "incident": incident,
            "issue": issue,
            "close_issue_as": "Done",
            "close_incident_as": "Closed",
            "comments": terms.comments,
            "at_most": terms.at_most,
            "at_most_percent": 100,
            "exempt": terms.at_most,
        },
    }
    return LinkMapping.model_validate(content)


class MortalStore(Store):
    """The real state DB of a process that may end around each of its transactions."""

    faults: Faults

    def intend(self, project_link: str, **wish: Any) -> Intent:
        return self.faults.journal("intend", lambda: super(MortalStore, self).intend(project_link, **wish))

    def settle(
        self, intent_id: int | None, effects: Sequence[Effect], history: Sequence[HistoryEntry] = ()
    ) -> list[Link]:
        act = super().settle
        return self.faults.journal("settle", lambda: act(intent_id, effects, history))

    def finish_cycle(self, cycle: str, at: datetime, outcome: Any, detail: str, counts: Mapping[str, int]) -> None:
        act = super().finish_cycle
        self.faults.journal("finish cycle", lambda: act(cycle, at, outcome, detail, counts))


class Disk:
    """A state DB's file. Worlds that come one after the other share it, as project links of one process do: to open
    one takes longer than to run some cycles."""

    def __init__(self, path: Path) -> None:
        self._url = f"sqlite:///{path}"
        self._store = MortalStore.open(self._url)

    def store_of(self, faults: Faults) -> MortalStore:
        store = self._store
        assert isinstance(store, MortalStore)
        store.faults = faults
        return store

    def reopen(self) -> None:
        """The process that had it open is gone, and another one goes on."""
        self.close()
        self._store = MortalStore.open(self._url)

    def close(self) -> None:
        self._store.close()


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
        self.servers = {
            side: Server(flavour, self.clock, self.deeds, timedelta(seconds=skew), counts=terms.counts_versions)
            for side, flavour, skew in zip(Side, (INCIDENTS, ISSUES), terms.skews, strict=True)
        }
        for side, normaliser in zip(Side, terms.normalisers, strict=True):
            self.servers[side].normalise = normaliser
        self.servers[Side.ISSUE].secures_single_records = terms.secures_single_records
        self.ports = {
            side: model(self.servers[side], self.faults, INSTALLATION) for side, model in zip(Side, models, strict=True)
        }
        self.people = People(self.servers)
        self._name = name
        self._disk = disk
        self.mapping = mapping(name, terms, terms.conflict)
        self.policies = {terms.conflict}

    @property
    def store(self) -> MortalStore:
        """The state DB, as the process that lives now has opened it."""
        return self._disk.store_of(self.faults)

    def do(self, step: Step) -> None:
        """Carry out one step."""
        match step:
            case Deal():
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

    def cycle(self, step: Cycle) -> CycleReport | None:
        """One cycle; `None` for one that failed. After a crash another process goes on with the state DB."""
        self.faults.begin([self._disturbance(upset) for upset in step.upsets])
        self.faults.note("cycle" + (" (census)" if step.census else ""))
        try:
            return run_cycle(self._link(), NoProgress(), census=step.census)
        except SyncerError as error:
            self.faults.note(f"cycle failed: {type(error).__name__}")
        except Crash:
            self._disk.reopen()
        finally:
            self.faults.begin([])
        return None

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
                    self.store.approve(self.mapping.name, digest, "Anna", self.clock.now())

    def _hidden(self) -> list[Any]:
        return [row for server in self.servers.values() for row in server.rows.values() if row.state == "hidden"]

    def _let(self, deal: Deal) -> None:
        self.faults.note("person: " + self.people.do(deal))

    def _disturbance(self, upset: Upset) -> Disturbance:
        deal = upset.deal
        doing = None if deal is None else lambda: self._let(deal)
        return Disturbance(upset.at, upset.kind, doing, upset.write)

    def _link(self) -> ProjectLink:
        return ProjectLink(
            mapping=self.mapping,
            installation=INSTALLATION,
            ports=self.ports,
            store=self.store,
            pace=PACE,
            now=self.clock.now,
            workers=1,
            stopping=Turnstile(self.faults),
        )
