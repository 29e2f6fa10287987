"""Both sandboxes, a state DB and a clock: a world that can be taken as it is, and put back.

What is taken is what outlasts a process: the servers' memory, the files of the state DB and the time. To end a process
at a moment is to go on with the world as it was at that moment.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from mappings.model import Mapping as LinkMapping
from syncer.core.records import Side
from syncer.sandbox.cast import JIRA_ONLY_VERSION, PASSWORD, SERVICE
from syncer.sandbox.fault_values import Fault
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.server import Sandbox
from syncer.sandbox.tester.records import Incident
from tests.crash.boundaries import Watch, WatchedStore, unwatched
from tests.crash.clock import Clock
from tests.crash.instance import Instance, Means, Place, open_store
from tests.crash.pictures import Picture, Words, picture_of
from tests.crash.remembered import Remembered
from tests.crash.states import Content, StateDb
from tests.syncer.mirror_stage import full_mapping

T = TypeVar("T")

Servers = Literal["new", "old"]
"""Enterprise Tester 6.x and Jira Cloud, or Enterprise Tester 4.6 and Jira Data Center."""

SETTLE_SECONDS = "480"

_NOT_HELD = ("lock", "clock", "base_url")
_NOT_TOLD = ("index", "_states", "_random")
"""How servers lag and make up ids, which follows from what they hold."""


@dataclass(frozen=True, slots=True)
class World:
    """What is there at one moment; worlds of one `key` have the same future."""

    servers: bytes
    state: Content
    at: int
    key: str


class Stage:
    """Two servers with a linked pair of records; what a scenario's people need is here by short names."""

    def __init__(self, folder: Path, state: StateDb, servers: Servers = "new") -> None:
        new = servers == "new"
        self.folder = folder
        self.state = state
        self.clock = Clock(folder / "clock")
        self.clock.at = int(datetime.now(UTC).replace(minute=0, second=0, microsecond=0).timestamp() + 3600) * 1000
        self.sandbox = Sandbox(
            incidents=0, profile="6.x" if new else "4.6", deployment="cloud" if new else "datacenter"
        )
        self.tester, self.jira = self.sandbox.tester, self.sandbox.jira
        self.sandbox.start()
        self._cloud = new
        self.jira.clock = self.tester.clock = self.clock
        for issue in [each for each in self.jira.issues.values() if each.key.startswith("TEST-")]:
            self.jira.delete(issue.id)
        self.tester.add_version(JIRA_ONLY_VERSION)
        self.place = Place(self._environment(), full_mapping())
        self._means = Means(self.place.environment)
        self._remembered = Remembered(self._catalogues)
        self.fields: list[dict[str, Any]] = self.place.mapping.model_dump(mode="json")["fields"]
        self._last: World | None = None
        self._stores: dict[str, WatchedStore] = {}
        self._synced: dict[tuple[str, int, str], World] = {}
        self._remap()
        self.log("A sibling", Type="Task")
        self.sync()
        self._first = self.take()

    def close(self) -> None:
        self._means.close()
        self.sandbox.stop()
        self.clock.close()
        self.state.close()

    @contextmanager
    def kept_in(self, state: StateDb) -> Iterator[None]:
        """Meanwhile the state DB has another place."""
        before, self.state = self.state, state
        try:
            yield
        finally:
            self.state = before

    def begin(self) -> None:
        """As it was at first: one linked pair, so that something is left when others are deleted."""
        self._remap()
        self.put(self._first)

    def _remap(self) -> None:
        """Without the custom fields of the full example, which cost every cycle a dozen requests."""
        plain = [each for each in self.fields if not str(each["issue"]).startswith("customfield_")]
        self.place = replace(self.place, mapping=full_mapping())
        self.remap(fields=[each for each in plain if each["kind"] != "set"])

    # What a scenario's people do

    def log(self, summary: str, **members: Any) -> Incident:
        """A tester logs an incident."""
        return self.person(
            lambda: self.tester.create_incident("joeb", **{"Type": "Defect", "Summary": summary, **members})
        )

    def report(self, summary: str, **fields: Any) -> Issue:
        """A developer creates an issue."""
        return self.person(lambda: self.jira.create(by="annak", summary=summary, **fields))

    def edit(self, incident: Incident, **members: Any) -> None:
        self.person(lambda: self.tester.edit(incident.id, **members))

    def change(self, issue: Issue, **fields: Any) -> None:
        self.person(lambda: self.jira.edit(issue.id, by="annak", **fields))

    def person(self, deed: Callable[[], T]) -> T:
        """Somebody does something, and not in the same moment as somebody else."""
        self.clock.go_on(minutes=1)
        return self.sandbox.call(deed)

    def issue_of(self, incident: Incident) -> Issue:
        return self.jira.issue(self.state.twin("incident_id", "issue_id", incident.id))

    def incident_of(self, issue: Issue) -> Incident:
        return self.tester.incident(self.state.twin("issue_id", "incident_id", issue.id))

    def step(self) -> str:
        """A step result that incidents can be linked with."""
        return next(iter(self.tester.runs.steps))

    def remap(self, **changes: Any) -> None:
        """Go on with another mapping of the same project link."""
        mapping = {**self.place.mapping.model_dump(mode="json"), **changes}
        self.place = replace(self.place, mapping=LinkMapping.model_validate(mapping))

    def remap_field(self, incident_field: str, **changes: Any) -> None:
        """Go on with one field's entry changed."""
        fields = self.place.mapping.model_dump(mode="json")["fields"]
        self.remap(fields=[{**each, **changes} if each["incident"] == incident_field else each for each in fields])

    def forget_state(self) -> None:
        """The state DB is lost."""
        self.state.forget()

    # The synchronizer

    def start(self, watch: Watch = unwatched, *, remembers: bool = False) -> Instance:
        """A new process of the synchronizer. One that `remembers` need not ask again what the catalogues hold."""
        self._means.remembered = self._remembered if remembers else None
        url = self.state.url
        if url not in self._stores or not self.state.exists:
            self._stores[url] = open_store(url)
        return Instance(self.place, self._stores[url], self.clock, self._means, watch)

    def sync(self) -> None:
        """Mirror until nothing changes any more. Many scenarios begin alike, so that it is known what comes of it."""
        begun = self.take().key, self.clock.at, self.place.mapping.model_dump_json()
        if begun not in self._synced:
            self._mirror()
            self._synced[begun] = replace(self.take(), at=self.clock.at)
        self.put(self._synced[begun])

    def _mirror(self) -> None:
        instance = self.start(remembers=True)
        before: Picture | None = None
        for _ in instance.live():
            now = self.picture(instance)
            if now == before:
                break
            before = now
        instance.close()

    def picture(self, instance: Instance) -> Picture:
        """What stands on both servers and in the state DB, in words that don't depend on ids."""
        return picture_of(Words(self.tester, self.jira), instance.store, instance.link.name)

    def lose_answer(self, side: Side) -> None:
        """The next request to that server is carried out, and its connection lost."""
        boards = {Side.INCIDENT: self.sandbox.tester_switchboard, Side.ISSUE: self.sandbox.jira_switchboard}
        boards[side].add_fault(Fault(effect="drop_after"))

    # Worlds

    def take(self) -> World:
        """The world as it is now; the one that was taken last, where nothing has changed since but the time."""
        models = [_held(self.tester), _held(self.jira)]
        told = repr((*map(_told, models), self.state.rows()))
        key = hashlib.sha256(told.encode()).hexdigest()
        if self._last is None or self._last.key != key:
            self._last = World(pickle.dumps(models), self.state.take(), self.clock.at, key)
        return self._last

    def put(self, world: World) -> None:
        """Go on with that world; no instance may be running."""
        for model, held in zip((self.tester, self.jira), pickle.loads(world.servers), strict=True):
            self.sandbox.call(partial(model.__dict__.update, held))
        self.sandbox.tester_switchboard.clear()
        self.sandbox.jira_switchboard.clear()
        self.state.put(world.state)
        self._last = None
        self.clock.at = world.at

    def _catalogues(self) -> str:
        """All that reading both catalogues may depend on."""
        jira, tester = self.jira, self.tester
        told = jira.behaviour, jira.users, jira.projects, jira.versions, jira.components, tester.behaviour
        return repr((told, vars(tester.catalogue)))

    def _environment(self) -> dict[str, str]:
        return {
            "SYNCER_INSTALLATION": "lab",
            "SYNCER_INCIDENTS__URL": self.sandbox.tester_url,
            "SYNCER_INCIDENTS__USER": SERVICE,
            "SYNCER_INCIDENTS__PASSWORD": PASSWORD,
            "SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS": SETTLE_SECONDS,
            "SYNCER_JIRA__SETTLE_AFTER_SECONDS": SETTLE_SECONDS,
            "SYNCER_JIRA__URL": self.sandbox.jira_url,
            "SYNCER_JIRA__USER": "syncer@example.com" if self._cloud else SERVICE,
            "SYNCER_JIRA__TOKEN" if self._cloud else "SYNCER_JIRA__PASSWORD": PASSWORD,
        }


def _held(model: object) -> dict[str, Any]:
    return {name: value for name, value in vars(model).items() if name not in _NOT_HELD}


def _told(held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if is_dataclass(value) or not hasattr(value, "__dict__") else vars(value)
        for name, value in held.items()
        if name not in _NOT_TOLD
    }
