"""A Jira sandbox on a real socket, for tests; each test gets a site of its own behind the same socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import uvicorn
from jira import JIRA
from starlette.types import ASGIApp, Receive, Scope, Send

from syncer.sandbox.cast import PASSWORD, PEOPLE, SERVICE
from syncer.sandbox.jira import JiraModel, jira_app
from syncer.sandbox.jira.behaviour import Deployment
from tests.jira_spec import SpecChecker

MAIL = {person.login: person.email for person in PEOPLE}
SPEC = SpecChecker.load()


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2025, 7, 24, 11, 5, 26, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **size: float) -> None:
        self.now += timedelta(**size)


class Host:
    """A socket with an application behind it that can be exchanged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Site:
    """A site with its clock; `api` is the service account's client for /rest/api/2."""

    model: JiraModel
    clock: Clock
    url: str
    _open: list[httpx.Client | JIRA] = field(default_factory=list)

    def client(self, login: str = SERVICE, password: str = PASSWORD, **options: Any) -> httpx.Client:
        """A client with a person's credentials; on Cloud each answer is held against Atlassian's document."""
        hooks = [_check_answer] if self.model.cloud and SPEC is not None else []
        auth = options.pop("auth", (MAIL[login] if self.model.cloud else login, password))
        base = f"{self.url}/rest/api/2/"
        made = httpx.Client(base_url=base, auth=auth, event_hooks={"response": hooks}, verify=False, **options)
        self._open.append(made)
        return made

    def library(self) -> JIRA:
        """The `jira` library with the service account's credentials."""
        name = MAIL[SERVICE] if self.model.cloud else SERVICE
        made = JIRA(self.url, basic_auth=(name, PASSWORD), max_retries=0, timeout=5)
        self._open.append(made)
        return made

    def person(self, login: str) -> dict[str, str]:
        """How a request on this deployment names a person."""
        user = self.model.users[login]
        return {"accountId": user.account_id} if self.model.cloud else {"name": user.login}

    def close(self) -> None:
        for one in self._open:
            one.close()


@contextmanager
def running_host() -> Iterator[Host]:
    """A host on a free port of the loopback interface."""
    # Asyncio turns off the delay of small packets, 40 ms each, only for sockets that name their protocol.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        host = Host(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(host, lifespan="off", log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            assert thread.is_alive(), "The server didn't start."
            time.sleep(0.005)
        yield host
        server.should_exit = True
        thread.join()


def new_site(host: Host, deployment: Deployment) -> Site:
    """A fresh site behind the host."""
    clock = Clock()
    model = JiraModel(deployment, clock=clock)
    model.base_url = host.url
    host.app = jira_app(model)
    return Site(model, clock, host.url)


def new_bug(**fields: Any) -> dict[str, Any]:
    """A create request for a bug in TEST."""
    needed = {"project": {"key": "TEST"}, "issuetype": {"name": "Bug"}, "summary": "It breaks"}
    return {"fields": {**needed, **fields}}


def created(site: Site, **fields: Any) -> str:
    answer = site.client().post("issue", json=new_bug(**fields))
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def fields_of(site: Site, key: str) -> dict[str, Any]:
    shown: dict[str, Any] = site.client().get(f"issue/{key}").json()["fields"]
    return shown


def found_keys(site: Site, jql: str, **options: Any) -> list[str]:
    """The keys that a query finds, in its order."""
    path = "search/jql" if site.model.cloud else "search"
    answer = site.client().get(path, params={"jql": jql, "fields": "key", "maxResults": 100, **options})
    assert answer.status_code == 200, answer.text
    return [one["key"] for one in answer.json()["issues"]]


def jql_refusal(site: Site, jql: str) -> str:
    """What a query is refused with."""
    path = "search/jql" if site.model.cloud else "search"
    answer = site.client().get(path, params={"jql": jql})
    assert answer.status_code == 400, answer.text
    return messages(answer)[0]


def messages(answer: httpx.Response) -> list[str]:
    """What an error says in general."""
    found: list[str] = answer.json()["errorMessages"]
    return found


def field_errors(answer: httpx.Response) -> dict[str, str]:
    """What a 400 says of each field."""
    assert answer.status_code == 400, answer.text
    found: dict[str, str] = answer.json()["errors"]
    return found


def _check_answer(answer: httpx.Response) -> None:
    answer.read()
    if SPEC is not None and answer.status_code not in (404, 405, 410):
        body = answer.json() if answer.content and "json" in answer.headers["content-type"] else None
        SPEC.check_response(answer.request.method, answer.request.url.path, answer.status_code, body)
