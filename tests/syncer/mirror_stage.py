"""A stage for tests of the whole: both sandboxes over real sockets, a real state DB, and cycles run at will.

with MirrorStage(tmp_path) as stage:
    stage.sync()

On Cloud, all that was said to and by Jira is held against Atlassian's own document at the end, where that is present.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from config.model import Settings
from config.settings import load_settings
from mappings.load import load_mapping
from mappings.model import Mapping as LinkMapping
from state import Store
from syncer.context import NoProgress
from syncer.core.plan import Plan
from syncer.core.records import Side
from syncer.cycle import CycleReport, preview, run_cycle
from syncer.incidents import IncidentClient
from syncer.issues import JiraClient
from syncer.sandbox.cast import JIRA_ONLY_VERSION, PASSWORD, SERVICE
from syncer.sandbox.fault_values import Fault
from syncer.sandbox.faults import Switchboard
from syncer.sandbox.jira import READS, jira_app
from syncer.sandbox.server import Sandbox
from syncer.sandbox.tester.records import Incident
from syncer.wiring import Linker, Servers, credentials, incident_credentials
from tests.fresh_state import lay
from tests.jira_spec import SpecChecker
from tests.jira_traffic import Tap, hold

SPEC = SpecChecker.load()
FULL = Path("mappings/examples/full.yaml")

MAIL = "syncer@example.com"
CREDENTIALS = f"Basic {b64encode(f'{MAIL}:{PASSWORD}'.encode()).decode()}"
"""What the Jira side sends on Cloud with each request."""

PAUSES = (0.01, 0.02)
"""Seconds before a read is asked again: what a server refuses here it refuses for as long as the test says."""


@cache
def full_mapping() -> LinkMapping:
    """The full example. It is loaded once: each load tries all expressions in a process of its own."""
    return load_mapping(FULL)


class _PromptServers(Servers):
    """Both servers through clients that hardly wait before they ask again; the ports are those of the product."""

    def __init__(self, settings: Settings, before_write: Callable[[], None]) -> None:
        self._installation = settings.installation
        account = incident_credentials(settings.incidents)
        self._incidents = IncidentClient(settings.incidents.url, account, pauses=PAUSES, before_write=before_write)
        self._jira = JiraClient(settings.jira.url, credentials(settings.jira), pauses=PAUSES, before_write=before_write)


class _PromptLinker(Linker):
    def __init__(self, settings: Settings, store: Store) -> None:
        super().__init__(settings, store)
        self._servers.close()
        self._servers = _PromptServers(settings, store.require_turn)


class MirrorStage:
    """Both servers, one project link, one state DB. Both projects are empty, but for so many `incidents`, and for the
    six `issues` of Jira's own where they are asked for: to mirror them takes longer than most tests."""

    ports = (0, 0)
    """Those of both servers, 0 for any free one."""

    def __init__(
        self,
        folder: Path,
        *,
        incidents: int = 0,
        issues: bool = False,
        profile: Literal["4.6", "6.x"] = "6.x",
        deployment: Literal["cloud", "datacenter"] = "cloud",
        settle_after: float = 0,
    ) -> None:
        tester_port, jira_port = self.ports
        self.sandbox = Sandbox(
            incidents=incidents,
            profile=profile,
            deployment=deployment,
            tester_port=tester_port,
            jira_port=jira_port,
        )
        jira = self.sandbox.jira
        self.jira_tap = Tap(jira_app(jira))
        self.sandbox.jira_switchboard = Switchboard(self.jira_tap, jira.behaviour, reads=READS)
        self._deployment = deployment
        self.folder = folder
        self._settle_after = settle_after
        if not issues:
            for issue in [each for each in self.sandbox.jira.issues.values() if each.key.startswith("TEST-")]:
                self.sandbox.jira.delete(issue.id)

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.sandbox.tester.add_version(JIRA_ONLY_VERSION)
        self.store = Store.open(lay(self.folder / "state.db"))
        self._linker = self._start()
        self.link = self._linker.link(full_mapping())
        return self

    def __exit__(self, kind: type[BaseException] | None = None, *_: object) -> None:
        self._linker.close()
        self.store.close()
        self.sandbox.stop()
        # A test that failed says what failed it, not what came of that.
        if SPEC is not None and self._deployment == "cloud" and kind is None:
            hold(SPEC, self.jira_tap.exchanges, senders={CREDENTIALS})

    def environment(self) -> dict[str, str]:
        """Settings that fit the stage."""
        cloud = self._deployment == "cloud"
        return {
            "SYNCER_INSTALLATION": "lab",
            "SYNCER_HTTP__LISTEN": "off",
            "SYNCER_INCIDENTS__URL": self.sandbox.tester_url,
            "SYNCER_INCIDENTS__USER": SERVICE,
            "SYNCER_INCIDENTS__PASSWORD": PASSWORD,
            "SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS": str(self._settle_after),
            "SYNCER_JIRA__URL": self.sandbox.jira_url,
            "SYNCER_JIRA__USER": MAIL if cloud else SERVICE,
            "SYNCER_JIRA__TOKEN" if cloud else "SYNCER_JIRA__PASSWORD": PASSWORD,
            "SYNCER_JIRA__SETTLE_AFTER_SECONDS": str(self._settle_after),
        }

    def sync(self, *, census: bool = False) -> CycleReport:
        """One cycle."""
        return run_cycle(self.link, NoProgress(), census=census)

    def plan(self) -> Plan:
        return preview(self.link, NoProgress())

    def remap(self, **changes: Any) -> None:
        """Go on with another mapping of the same project link."""
        mapping = LinkMapping.model_validate({**self.link.mapping.model_dump(mode="json"), **changes})
        self.link = replace(self._linker.link(mapping), now=self.link.now)

    def reopen(self) -> None:
        """Go on with what `store` is now, as a new process would."""
        self._linker.close()
        self._linker = self._start()
        self.link = replace(self._linker.link(self.link.mapping), now=self.link.now)

    def twin(self, record_id: str) -> str:
        """The id of the record's twin, by the state DB."""
        row = self.store.link_of(self.link.name, incident_id=record_id) or self.store.link_of(
            self.link.name, issue_id=record_id
        )
        assert row is not None, f"{record_id} has no link"
        return row.issue_id if row.incident_id == record_id else row.incident_id

    def later(self, **time: float) -> None:
        """Go on as if that much time had passed, by the synchronizer's own clock."""
        now = self.link.now
        self.link = replace(self.link, now=lambda: now() + timedelta(**time))

    def waiting(self) -> list[tuple[str, str]]:
        """What is parked: items and reasons."""
        return [(row.item, row.reason) for row in self.store.parked(self.link.name)]

    @contextmanager
    def fault(self, side: Side, **fault: Any) -> Iterator[None]:
        """One server misbehaves meanwhile."""
        board = self.sandbox.tester_switchboard if side is Side.INCIDENT else self.sandbox.jira_switchboard
        board.add_fault(Fault(**fault))
        try:
            yield
        finally:
            board.clear()

    @staticmethod
    def make_fault(**fault: Any) -> Fault:
        return Fault(**fault)

    def writes(self) -> int:
        """How many writing requests both servers have had."""
        return self.sandbox.tester_switchboard.writes + self.sandbox.jira_switchboard.writes

    def log(self, **members: Any) -> Incident:
        """A tester logs an incident."""
        return self.sandbox.call(lambda: self.sandbox.tester.create_incident("joeb", **members))

    def _start(self) -> Linker:
        """What a process makes first, of its settings and its state DB."""
        return _PromptLinker(load_settings(self.environment(), env_file=None), self.store)
