"""Serves one fresh Enterprise Tester after the other on one real socket, so that each test has its own."""

from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.types import Receive, Scope, Send

from syncer.sandbox import cast
from syncer.sandbox.faults import Switchboard
from syncer.sandbox.story import tell
from syncer.sandbox.tester import READS, TesterModel, tester_app
from syncer.sandbox.tester.behaviour import Profile
from syncer.serving import Serving, bind

PROJECT = "27dcaff0-1f8a-4dff-b49a-bb3d9f7153b3"
VENDOR = "4bb709c2-e0e7-4af3-9f60-a045016a9610"
NOBODY = "00000000-0000-4000-8000-000000000000"


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, 0, 0, 750_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Played:
    """One served model, and a client that is logged in as the service account."""

    def __init__(self, profile: Profile, incidents: int, client: httpx.Client, root: str) -> None:
        self.clock = Clock()
        self.model = TesterModel(profile=profile, seed=7)
        self.model.clock = self.clock
        self.model.base_url = f"{root}{self.model.application_path}"
        tell(self.model, incidents=incidents, seed=7)
        self.switchboard = Switchboard(tester_app(self.model), self.model.behaviour, reads=READS)
        self.behaviour = self.model.behaviour
        self.root = root
        self.client = client

    def call(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """Send a request to a path below the application path."""
        return self.client.request(method, f"{self.model.base_url}{path}", **rest)

    def get(self, path: str, **params: str | int) -> httpx.Response:
        """Read; a parameter `top` is sent as `$top`, and so are skip, expand, filter, orderby, inlinecount."""
        plain = ("tql", "query", "q", "id")
        sent = {name if name in plain else f"${name}": value for name, value in params.items()}
        return self.call("GET", path, params=sent)

    def read(self, path: str, **params: str | int) -> Any:
        """The JSON of a successful read."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, **params: str | int) -> list[str]:
        """The ids in a listing of incidents."""
        return [item["Id"] for item in self.read("/api/incidents", **params)["Items"]]

    def post(self, **members: Any) -> httpx.Response:
        """Create an incident of the project."""
        return self.call("POST", "/api/incidents", json={"ProjectId": PROJECT, **members})

    def put(self, incident_id: str, **members: Any) -> httpx.Response:
        """Change an incident."""
        return self.call("PUT", f"/api/incident/{incident_id}", json=members)

    def pick(self, kind: Any, text: str) -> str:
        """The id of a pick-list value."""
        return self.model.catalogue.pick_named(kind, text).id


class Stage:
    """One socket on which the tests of a module play in turn."""

    def __enter__(self) -> Self:
        listener = bind("127.0.0.1", 0, "Enterprise Tester")
        self.root = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.playing: Played | None = None
        self.client = httpx.Client(auth=(cast.SERVICE, cast.PASSWORD), timeout=5)
        self._serving = Serving([(self._app, listener)])
        self._serving.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self._serving.stop()

    def play(self, profile: Profile = "6.x", incidents: int = 2) -> Played:
        """A fresh server with the first incidents of the story."""
        self.playing = Played(profile, incidents, self.client, self.root)
        return self.playing

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.playing is not None
        await self.playing.switchboard(scope, receive, send)
