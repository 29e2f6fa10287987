"""The incident side's bench: `IncidentProject` before the sandbox's Enterprise Tester, or its recorded answers."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx
from starlette.types import Receive, Scope, Send

from mappings.values import Values
from syncer.core.records import StepResult
from syncer.incidents import IncidentClient, IncidentProject
from syncer.incidents.values import members
from syncer.sandbox import cast
from syncer.sandbox.faults import Fault, Switchboard
from syncer.sandbox.tester import READS, TesterModel, records, tester_app
from syncer.serving import Serving
from tests.contract.bench import Fields

Profile = Literal["4.6", "6.x"]

PERSON = next(person for person in cast.PEOPLE if person.login == "joeb")
MARK_FIELD = "Jira key"
MAPPED = frozenset(
    {"Summary", "Description", "Type", "Status", "Priority", "Resolution", "AssignedTo", "Components"}
    | {"AffectedVersions", "FixedVersions", "FieldValues.Cycle", "FieldValues.Severity"}
)
APPLICATION_PATH = "/EnterpriseTester"


class TesterServer:
    """The sandbox's Enterprise Tester alone, on a free port; `renew` gives it one empty project again."""

    __test__ = False

    def __init__(self, profile: Profile = "6.x") -> None:
        # With its protocol named: else asyncio leaves Nagle's algorithm on, which costs 40 ms a request.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}{APPLICATION_PATH}"
        self.renew(profile)
        self._serving: Serving | None = Serving([(self._serve, listener)])
        self._serving.start()

    def renew(self, profile: Profile) -> None:
        """Begin anew, with nothing left of what was there; quicker than another server."""
        self.model = TesterModel(profile=profile, application_path=APPLICATION_PATH)
        self.model.base_url = self.url
        self.switchboard = Switchboard(tester_app(self.model), self.model.behaviour, reads=READS)

    def change(self, how: Callable[[], object]) -> None:
        """Touch model or switchboard between two requests."""
        assert self._serving is not None
        self._serving.call(how)

    def stop(self) -> None:
        if self._serving is not None:
            self._serving.stop()
            self._serving = None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.switchboard(scope, receive, send)


class IncidentBench:
    """See `tests.contract.bench.Bench`. Without a `server` its answers come from a recording."""

    def __init__(self, url: str, server: TesterServer | None) -> None:
        self.url = url
        self.server = server
        self.port = self.bound()
        self.fields = Fields("Summary", "Description", "Priority", "priority", "AffectedVersions", "version")
        self.person = PERSON.display_name
        self.absent_id = "00000000-0000-4000-8000-000000000000"
        self.creates_options = False
        self._hands = httpx.Client(auth=(PERSON.login, cast.PASSWORD), verify=False)

    def bound(self, password: str = cast.PASSWORD, **wanted: Any) -> IncidentProject:
        """The adapter, bound to the sandbox's project; `wanted` replaces what the suite needs."""
        client = IncidentClient(self.url, (cast.SERVICE, password), pauses=(0.01, 0.02))
        settings = {
            "project": cast.PROJECT_NAME,
            "only": None,
            "mark_field": MARK_FIELD,
            "installation": "demo",
            "fields": MAPPED,
        }
        return IncidentProject(client, **{**settings, **wanted})

    def close(self) -> None:
        self.port.close()
        self._hands.close()

    def now(self) -> datetime:
        return parsedate_to_datetime(self._person("GET", "systeminfo").headers["Date"])

    def intruder(self) -> IncidentProject:
        return self.bound(password="guessed")

    def person_creates(self, title: str) -> str:
        project_id = self._person("GET", "projects").json()["Items"][0]["Id"]
        made = self._person("POST", "incidents", {"ProjectId": project_id, "Summary": title}).json()
        return str(made["Id"])

    def person_edits(self, record_id: str, changes: Values) -> None:
        self._person("PUT", f"incident/{record_id}", members(changes))

    def person_comments(self, record_id: str, body: str) -> str:
        made = self._person("PUT", f"incident/{record_id}", {"Comments": [{"Body": body}]}).json()
        return str(made["Comments"][-1]["Id"])

    def rename_option(self, kind: str, option_id: str, name: str) -> None:
        def rename(model: TesterModel) -> None:
            model.rename_version(model.catalogue.picks[option_id].text, name)

        assert kind == "version"
        self._switch(lambda server: rename(server.model))

    def remove(self, record_id: str) -> None:
        self._person("DELETE", f"incident/{record_id}")

    def lag(self, seconds: float) -> None:
        self.behave(index_lag_seconds=seconds)

    def hide(self, record_id: str) -> None:
        self._switch(lambda server: server.model.behaviour.hidden_incidents.append(record_id))

    def garble(self, record_id: str) -> None:
        self.fault(Fault(effect="status", status=500, method="GET", path=f"/incident/{record_id}", times=None))

    def garble_listings(self) -> None:
        self.fault(Fault(effect="status", status=500, method="GET", path="/incidents$", times=None))

    def cap_pages(self, size: int) -> None:
        self.behave(page_cap=size)

    def normalise(self) -> None:
        self.behave(normalise="lower")

    def drop_next_answer(self) -> None:
        assert self.server is not None
        for method in ("POST", "PUT", "DELETE"):
            self.fault(Fault(effect="drop_after", method=method))

    def stop(self) -> None:
        assert self.server is not None
        self.server.stop()

    def behave(self, **switches: object) -> None:
        """Set switches of `TesterBehaviour`."""

        def turn(server: TesterServer) -> None:
            for name, value in switches.items():
                setattr(server.model.behaviour, name, value)

        self._switch(turn)

    def fault(self, fault: Fault) -> None:
        self._switch(lambda server: server.switchboard.add_fault(fault))

    def _switch(self, how: Callable[[TesterServer], object]) -> None:
        server = self.server
        if server is not None:
            server.change(lambda: how(server))

    def _person(self, method: str, path: str, body: object = None) -> httpx.Response:
        answer = self._hands.request(method, f"{self.url}/api/{path}", json=body)
        answer.raise_for_status()
        return answer


def logged_step(server: TesterServer, description: str = "Open the report", run: str = "Smoke test") -> StepResult:
    """A failed step of a new script run that no incident is linked with; as the adapter shows it with one."""
    model = server.model
    made_at, tester = model.now(), model.catalogue.user_named(PERSON.login).id
    made = records.ScriptRun(
        id=model.new_id(),
        number=len(model.runs.runs) + 1,
        name=run,
        status="Failed",
        assigned_to=tester,
        created_at=made_at,
        updated_at=made_at,
    )
    step = records.StepResult(
        id=model.new_id(),
        run_id=made.id,
        number=1,
        description=description,
        expected="All pages",
        actual="The first page only",
        outcome="Fail",
    )
    server.change(lambda: model.runs.add(made, [step]))
    return StepResult(step.id, "", f"{run}: {description}", f"{server.url}/api/stepresult/{step.id}")


@contextmanager
def bench_before(server: TesterServer, profile: Profile) -> Iterator[IncidentBench]:
    """A bench before a server that is made anew first."""
    server.renew(profile)
    bench = IncidentBench(server.url, server)
    try:
        yield bench
    finally:
        bench.close()
