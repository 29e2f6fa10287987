"""The issue side's bench: `IssueProject` before the sandbox's Jira, or its recorded answers."""

import base64
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

import httpx
from starlette.types import Message, Receive, Scope, Send

from mappings.values import Values
from syncer.issues import IssueProject, JiraClient, Login
from syncer.issues.fields import BUILT_IN
from syncer.issues.shapes import moment, writable
from syncer.sandbox import cast
from syncer.sandbox.faults import Fault, Switchboard
from syncer.sandbox.jira import READS, JiraModel, jira_app
from syncer.serving import Serving
from tests.contract.bench import Fields
from tests.jira_spec import SpecChecker
from tests.jira_traffic import Tap, hold

Deployment = Literal["cloud", "datacenter"]

SERVICE = next(person for person in cast.PEOPLE if person.login == cast.SERVICE)
PERSON = next(person for person in cast.PEOPLE if person.login == "joeb")
MAPPED = frozenset(
    {"summary", "description", "issuetype", "status", "priority", "resolution", "assignee", "labels"}
    | {"components", "versions", "fixVersions", "customfield_10011", "customfield_10013"}
)
WRITES = r"^(?!.*(/search|/search/jql|/bulkfetch|/comment/list)$)"
"""Paths under which a POST writes."""


@dataclass(frozen=True)
class Sent:
    """One request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    authorization: str
    body: Any


class JiraServer:
    """The sandbox's Jira alone, on a free port; `renew` gives it its starting data again."""

    def __init__(self, deployment: Deployment) -> None:
        # With its protocol named: else asyncio leaves Nagle's algorithm on, which costs 40 ms a request.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.renew(deployment)
        self._serving: Serving | None = Serving([(self._serve, listener)])
        self._serving.start()

    def renew(self, deployment: Deployment) -> None:
        """Begin anew, with nothing left of what was there; quicker than another server."""
        self.model = JiraModel(deployment)
        self.model.base_url = self.url
        self.tap = Tap(jira_app(self.model))
        self.switchboard = Switchboard(self.tap, self.model.behaviour, reads=READS)
        self.sent: list[Sent] = []

    def change(self, how: Callable[[], object]) -> None:
        """Touch model or switchboard between two requests."""
        assert self._serving is not None
        self._serving.call(how)

    def stop(self) -> None:
        if self._serving is not None:
            self._serving.stop()
            self._serving = None

    def adapters_requests(self) -> list[Sent]:
        """What the adapter's account sent; people and intruders are left out."""
        right = {_basic(SERVICE.email), _basic(SERVICE.login)}
        return [each for each in self.sent if each.authorization in right]

    def hold_against(self, spec: SpecChecker) -> None:
        """Assert that Jira Cloud knows every request that the adapter sent, and could give every answer."""
        for each in self.adapters_requests():
            spec.check_request(each.method, each.path, each.query, each.body)
        hold(spec, self.tap.exchanges)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = b""

        async def noting() -> Message:
            nonlocal content
            message = await receive()
            content += message.get("body", b"")
            if message["type"] == "http.request" and not message.get("more_body"):
                self.sent.append(_sent(scope, content))
            return message

        await self.switchboard(scope, noting, send)


def _sent(scope: Scope, content: bytes) -> Sent:
    headers = dict(scope["headers"])
    query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
    authorization = headers.get(b"authorization", b"").decode()
    return Sent(scope["method"], scope["path"], query, authorization, json.loads(content) if content else None)


def _basic(name: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{cast.PASSWORD}".encode()).decode()


class IssueBench:
    """See `tests.contract.bench.Bench`. Without a `server` its answers come from a recording."""

    def __init__(self, url: str, server: JiraServer | None, deployment: Deployment) -> None:
        self.url = url
        self.server = server
        self.cloud = deployment == "cloud"
        self._made: list[IssueProject] = []
        self.port = self.bound()
        self.fields = Fields("summary", "description", "priority", "priority", "versions", "version")
        self.person = PERSON.display_name
        self.absent_id = "99999999"
        self.creates_options = True
        self._hands = httpx.Client(auth=(self._account(PERSON), cast.PASSWORD))

    def client(self, password: str = cast.PASSWORD) -> JiraClient:
        return JiraClient(self.url, Login(self._account(SERVICE), password), pauses=(0.01, 0.02))

    def bound(self, password: str = cast.PASSWORD, **wanted: Any) -> IssueProject:
        """The adapter, bound to the sandbox's project; `wanted` replaces what the suite needs."""
        settings: dict[str, Any] = {
            "project": cast.PROJECT_KEY,
            "only": None,
            "issue_type": "Bug",
            "installation": "demo",
            "fields": MAPPED,
            "transition_fields": {},
        }
        port = IssueProject(self.client(password), **{**settings, **wanted})
        self._made.append(port)
        return port

    def close(self) -> None:
        for port in self._made:
            port.close()
        self._hands.close()

    def now(self) -> datetime:
        return moment(self.person_sends("GET", "serverInfo").json()["serverTime"])

    def intruder(self) -> IssueProject:
        return self.bound(password="guessed")

    def person_creates(self, title: str, **fields: Any) -> str:
        named = {"project": {"key": cast.PROJECT_KEY}, "issuetype": {"name": "Bug"}, "summary": title, **fields}
        return str(self.person_sends("POST", "issue", {"fields": named}).json()["id"])

    def person_edits(self, record_id: str, changes: Values) -> None:
        fields = writable(changes, cloud=self.cloud, kinds=BUILT_IN)
        self.person_sends("PUT", f"issue/{record_id}", {"fields": fields})

    def person_comments(self, record_id: str, body: str, **members: Any) -> str:
        made = self.person_sends("POST", f"issue/{record_id}/comment", {"body": body, **members}).json()
        return str(made["id"])

    def rename_option(self, kind: str, option_id: str, name: str) -> None:
        self.person_sends("PUT", f"{kind}/{option_id}", {"name": name})

    def remove(self, record_id: str) -> None:
        self.person_sends("DELETE", f"issue/{record_id}")

    def lag(self, seconds: float) -> None:
        self.behave(search_lag_seconds=seconds)

    def hide(self, record_id: str) -> None:
        self._switch(lambda server: server.model.behaviour.hidden_issues.add(record_id))

    def garble(self, record_id: str) -> None:
        """With an issue that breaks its page, the bulk that it stands in is broken too."""
        self.fault(Fault(effect="status", status=500, path=rf"/issue/({record_id}|bulkfetch)$", times=None))

    def garble_listings(self) -> None:
        self.fault(Fault(effect="status", status=500, path="/search(/jql)?$", times=None))

    def cap_pages(self, size: int) -> None:
        self.behave(page_cap=size)

    def normalise(self) -> None:
        self.behave(normalise="lower")

    def drop_next_answer(self) -> None:
        assert self.server is not None
        for method in ("POST", "PUT", "DELETE"):
            self.fault(Fault(effect="drop_after", method=method, path=WRITES))

    def stop(self) -> None:
        assert self.server is not None
        self.server.stop()

    def behave(self, **switches: object) -> None:
        """Set switches of `JiraBehaviour`."""

        def turn(server: JiraServer) -> None:
            for name, value in switches.items():
                setattr(server.model.behaviour, name, value)

        self._switch(turn)

    def fault(self, fault: Fault) -> None:
        self._switch(lambda server: server.switchboard.add_fault(fault))

    def person_sends(self, method: str, path: str, body: object = None) -> httpx.Response:
        """A request as the person, who is no concern of the adapter."""
        answer = self._hands.request(method, f"{self.url}/rest/api/2/{path}", json=body)
        answer.raise_for_status()
        return answer

    def _switch(self, how: Callable[[JiraServer], object]) -> None:
        server = self.server
        if server is not None:
            server.change(lambda: how(server))

    def _account(self, person: cast.Person) -> str:
        return person.email if self.cloud else person.login


@contextmanager
def bench_before(server: JiraServer, deployment: Deployment) -> Iterator[IssueBench]:
    """A bench before a server that is made anew first."""
    server.renew(deployment)
    bench = IssueBench(server.url, server, deployment)
    try:
        yield bench
    finally:
        bench.close()
