"""Both sandbox servers in virtual time, and what each has shown of its records to whom asked."""

import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

import httpx
from starlette.types import ASGIApp

from syncer.core.records import Side
from syncer.incidents import IncidentClient, IncidentProject
from syncer.issues import IssueProject, JiraClient, Login
from syncer.ports import Port
from syncer.sandbox import cast
from syncer.sandbox.jira import JiraModel, jira_app
from syncer.sandbox.tester import TesterModel, tester_app
from syncer.server_clock import ServerClock
from tests.simulation.clock import Clock
from tests.time.drawn import History, Terms
from tests.time.in_process import ForHttpx, ForRequests, Reply, Request, answered

INSTALLATION = "lab"
SOON, SLOW, HELD = (0.01, 0.3), (1.0, 20.0), (20.0, 55.0)
"""How many seconds a request may be under way before it is answered: held back by a limit is the longest."""


class Observed(ABC):
    """One server. `writes` are the server's times of each record's changes, by id; `shown` is how many of them the
    listings of a poll had seen; `requests` is how many there were.

    Its index takes up one change sooner than another, and all of them late: together no later than the terms say."""

    side: Side

    def __init__(self, terms: Terms, clock: Clock, random: Random, app: ASGIApp) -> None:
        self.terms = terms
        self.writes: dict[str, list[datetime]] = defaultdict(list)
        self.shown: dict[str, int] = {}
        self.requests = 0
        self._clock = clock
        self._random = random
        self._app = app
        self._indexed: dict[str, list[datetime]] = defaultdict(list)
        self._lag = 0.0

    def begin(self) -> None:
        """A poll begins; the index is as late as it happens to be."""
        self.shown, self.requests = {}, 0
        # Without any lag a sandbox asks no index, and with this one it can't be told.
        self._lag = max(0.001, self._random.choice((1, self._random.random())) * self.terms.lag / 2)
        self._let_lag(self._lag)

    def edit(self, pick: int | None) -> None:
        """Somebody creates a record, or changes one that is there."""
        ids = list(self.writes)
        record_id = self._write(None if pick is None or not ids else ids[pick % len(ids)])
        self._wrote(record_id, self.now(), self._random.choice((0, self._random.random())) * self.terms.lag / 2)

    def exchange(self, request: Request) -> Reply:
        """Answer a request, which takes its time on its way and back."""
        self.requests += 1
        self._clock.tick(self._random.uniform(*self._random.choices((SOON, SLOW, HELD), (30, 3, 1))[0]))
        horizon = self.now() - timedelta(seconds=self._lag)
        reply = answered(self._app, request)
        for record_id in self._listed(request, reply):
            taken_up = [number for number, at in enumerate(self._indexed[record_id], 1) if at <= horizon]
            seen = max(taken_up, default=0)
            self.shown[record_id] = max(seen, self.shown.get(record_id, 0))
        dated = {**reply.headers, "Date": format_datetime(self.now().astimezone(UTC), usegmt=True)}
        self._clock.tick(self._random.uniform(*self._random.choices((SOON, SLOW), (30, 1))[0]))
        return Reply(reply.status, dated, reply.body)

    def time(self) -> datetime:
        """By the server's clock, as fine as it goes."""
        return self._clock.now() + self.terms.skew

    def _wrote(self, record_id: str, at: datetime, late: float) -> None:
        """A record was changed, which the index takes up so many seconds later."""
        taken_up = at + timedelta(seconds=late)
        self.writes[record_id].append(at)
        self._indexed[record_id].append(taken_up)
        self._take_up(record_id, taken_up)

    @abstractmethod
    def port(self) -> Port: ...

    @abstractmethod
    def now(self) -> datetime:
        """The time as the index takes it."""

    @abstractmethod
    def _let_lag(self, seconds: float) -> None: ...

    @abstractmethod
    def _take_up(self, record_id: str, at: datetime) -> None:
        """Let the index know of the record's last change only then."""

    @abstractmethod
    def _write(self, record_id: str | None) -> str:
        """Change that record, or create one; gives its id."""

    @abstractmethod
    def _listed(self, request: Request, reply: Reply) -> Sequence[str]:
        """The ids that a listing holds; of other answers none."""


class Issues(Observed):
    side = Side.ISSUE

    def __init__(self, history: History, clock: Clock, random: Random) -> None:
        self.model = JiraModel(history.deployment, history.seed, clock=self.time_at(clock, history))
        super().__init__(history.terms[Side.ISSUE], clock, random, jira_app(self.model))
        self.model.behaviour.time_zone = history.zone
        self.model.behaviour.page_cap = self.terms.page
        there = [issue for issue in self.model.issues.values() if issue.key.startswith(f"{cast.PROJECT_KEY}-")]
        for issue in there:
            self._wrote(issue.id, issue.moment("updated") or self.now(), 0)
        self.client = JiraClient("http://jira.example", Login(self._login(), cast.PASSWORD), pauses=())
        self.client.clock = ServerClock(clock.seconds)
        self.client._session.mount("http://", ForRequests(self.exchange))

    @staticmethod
    def time_at(clock: Clock, history: History) -> Any:
        return lambda: clock.now() + history.terms[Side.ISSUE].skew

    def port(self) -> IssueProject:
        return IssueProject(
            self.client,
            project=cast.PROJECT_KEY,
            only=None,
            issue_type="Bug",
            installation=INSTALLATION,
            fields={"summary"},
            transition_fields={},
        )

    def now(self) -> datetime:
        return self.model.now()

    def _login(self) -> str:
        account = self.model.users[cast.SERVICE]
        return account.email if self.model.cloud else account.login

    def _let_lag(self, seconds: float) -> None:
        self.model.behaviour.search_lag_seconds = seconds

    def _take_up(self, record_id: str, at: datetime) -> None:
        pictures = self.model.index._pictures[record_id]
        pictures[-1] = replace(pictures[-1], since=at)

    def _write(self, record_id: str | None) -> str:
        if record_id is None:
            return self.model.create(by="annak", summary="It fails").id
        count = len(self.writes[record_id])
        return self.model.edit(record_id, by="annak", summary=f"It fails, {count}").id

    def _listed(self, request: Request, reply: Reply) -> Sequence[str]:
        if "/search" not in request.path:
            return ()
        return [issue["id"] for issue in json.loads(reply.body)["issues"]]


class Tester(Observed):
    side = Side.INCIDENT

    def __init__(self, history: History, clock: Clock, random: Random, client: IncidentClient) -> None:
        self.model = TesterModel(seed=history.seed)
        super().__init__(history.terms[Side.INCIDENT], clock, random, tester_app(self.model))
        self.model.clock = self.time
        self.model.behaviour.page_cap = self.terms.page
        self.client = client
        self.client.clock = ServerClock(clock.seconds)
        self._project = random.choice((cast.PROJECT_NAME, self.model.catalogue.project_id))

    def port(self) -> IncidentProject:
        return IncidentProject(
            self.client,
            project=self._project,
            only=None,
            mark_field=None,
            installation=INSTALLATION,
            fields={"Summary"},
        )

    def now(self) -> datetime:
        return self.time()

    def _let_lag(self, seconds: float) -> None:
        self.model.behaviour.index_lag_seconds = seconds

    def _take_up(self, record_id: str, at: datetime) -> None:
        states = self.model._states[record_id]
        states[-1] = (at, states[-1][1])

    def _write(self, record_id: str | None) -> str:
        if record_id is None:
            return self.model.create_incident("joeb", Summary="It fails").id
        return self.model.edit(record_id, "joeb", Summary=f"It fails, {len(self.writes[record_id])}").id

    def _listed(self, request: Request, reply: Reply) -> Sequence[str]:
        if not request.path.endswith("/incidents"):
            return ()
        return [item["Id"] for item in json.loads(reply.body)["Items"]]


@contextmanager
def tester_client() -> Iterator[tuple[IncidentClient, ForHttpx]]:
    """One for many histories, as it takes longer to make than a history to run; and what its requests reach."""
    wire = ForHttpx()
    url = f"http://tester.example{TesterModel().application_path}"
    with IncidentClient(url, (cast.SERVICE, cast.PASSWORD), pauses=()) as client:
        client._http.close()
        client._http = httpx.Client(auth=httpx.BasicAuth(cast.SERVICE, cast.PASSWORD), transport=wire)
        yield client, wire
