"""The one place where requests to Enterprise Tester leave, and where a lost answer gets its meaning.

A read is asked again, twice, after short pauses. A write never is: when its request may have left, the outcome is
in doubt, and only looking can tell. `answers.py` says what each status means.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import httpx

from syncer.core.records import Side
from syncer.errors import InDoubt, SideError, Unavailable
from syncer.incidents.answers import Answer, Json, Request, json_object, message_of, refusal, server_time
from syncer.incidents.routes import route
from syncer.meter import NO_ANSWER, SLOW_DOWN, Meter, NoMeter

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
PAUSES = (0.5, 2.0)

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class IncidentClient:
    """One Enterprise Tester server as one user; may be shared by projects and threads.

    `base_url` includes the application path, as in `https://tests.example/EnterpriseTester`. `timeouts` are the
    seconds to connect and the seconds without a sign of life; `pauses` the seconds before a read is asked again.
    `before_write` is called right before each request that writes; what it raises keeps the request from leaving.
    `meter` is told of every request, the repeated ones too.
    """

    def __init__(
        self,
        base_url: str,
        credentials: tuple[str, str],
        *,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        pauses: Sequence[float] = PAUSES,
        before_write: Callable[[], None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.user, password = credentials
        self.base_url = str(httpx.URL(base_url).copy_with(username=None, password=None)).rstrip("/")
        self._secrets = (password, b64encode(f"{self.user}:{password}".encode()).decode())
        self._pauses = tuple(pauses)
        self._before_write = before_write
        self._meter = meter or NoMeter()
        connect, read = timeouts
        self._http = httpx.Client(
            auth=httpx.BasicAuth(self.user, password),
            headers={"Accept": "application/json"},
            timeout=httpx.Timeout(read, connect=connect),
            follow_redirects=False,
        )

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """GET `/api/<path>`. Raises `Unavailable`, `Denied`, `Rejected` or `Missing`."""
        request = Request("GET", path)
        for pause in self._pauses:
            try:
                return self._ask(request, params, None)
            except Unavailable as passing:
                time.sleep(pause)
                if passing.status in SLOW_DOWN:
                    self._meter.waited(Side.INCIDENT.word, str(passing.status), pause)
        return self._ask(request, params, None)

    def post(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Answer:
        """POST `/api/<path>`, once. Raises what `get` raises, and `InDoubt`."""
        return self._ask(Request("POST", path), params, body)

    def put(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Answer:
        """PUT `/api/<path>`, once. Raises what `get` raises, and `InDoubt`."""
        return self._ask(Request("PUT", path), params, body)

    def delete(self, path: str) -> Answer:
        """DELETE `/api/<path>`, once. Raises what `get` raises, and `InDoubt`."""
        return self._ask(Request("DELETE", path), None, None)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, request: Request, params: Mapping[str, str | int] | None, body: Json | None) -> Answer:
        url = f"{self.base_url}/api/{request.path}"
        if request.writes and self._before_write is not None:
            self._before_write()
        began, status = time.monotonic(), NO_ANSWER
        try:
            response = self._http.request(request.method, url, params=params, json=body)
            status = str(response.status_code)
        except httpx.RequestError as problem:
            # Not chained: an exception of the transport holds the request with its credentials.
            raise self._lost(request, problem) from None
        finally:
            took = time.monotonic() - began
            self._meter.exchanged(Side.INCIDENT.word, request.method, route(request.path), status, took)
        body_read = json_object(response.text) if response.is_success else None
        if body_read is not None:
            return Answer(response.status_code, body_read, server_time(response.headers.get("Date")))
        message = self._without_secrets(message_of(response.text))
        raise refusal(request, response.status_code, message, response.headers.get("Location"))

    def _lost(self, request: Request, problem: httpx.RequestError) -> SideError:
        cause = self._without_secrets(str(problem)) or type(problem).__name__
        if isinstance(problem, _NEVER_SENT):
            return Unavailable(Side.INCIDENT, f"Enterprise Tester can't be reached at {self.base_url}: {cause}")
        said = f"No answer from Enterprise Tester to {request}: {cause}"
        if request.writes:
            return InDoubt(Side.INCIDENT, f"{said}; it may have been carried out")
        return Unavailable(Side.INCIDENT, said)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            if secret:
                text = text.replace(secret, "***")
        return text
