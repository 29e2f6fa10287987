"""The one place where requests to Enterprise Tester leave, and where a lost answer gets its meaning.

A read is asked again, twice, after short pauses. A write never is: when its request may have left, the outcome is
in doubt, and only looking can tell. What was turned away with 429 was not carried out, so it is sent again, also a
write, after the time that the server names. `answers.py` says what each status means.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore, Event
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import quote, urlencode

import httpx

from syncer.core.records import Side
from syncer.errors import HeldBack, InDoubt, SideError, Unavailable
from syncer.exchange import Exchange, Listener
from syncer.incidents.answers import Answer, Json, Request, json_object, message_of, refusal, server_time
from syncer.incidents.routes import route
from syncer.incidents.signing import OAuthLogin, Signing
from syncer.meter import NO_ANSWER, SLOW_DOWN, Meter, NoMeter
from syncer.rate_told import Told, told
from syncer.server_clock import ServerClock
from syncer.turnstile import READ_WAITS, WRITE_WAITS, Limit, Ticket, TooLong, Turnstile

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
PAUSES = (0.5, 2.0)

CONNECTIONS = 8
"""How many requests of one client are under way at the same time, where nobody says otherwise."""

ACCOUNT = Limit("account")
PAUSE = Limit(str(httpx.codes.SERVICE_UNAVAILABLE.value))
"""Assumed: Enterprise Tester itself has no limits on requests; what stands in front of it limits the whole account."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


Credentials: TypeAlias = tuple[str, str] | OAuthLogin
"""A login and its password, or OAuth 1.0a."""


class IncidentClient:
    """One Enterprise Tester server as one user; may be shared by projects and threads.

    At most `connections` requests are under way at the same time; others wait.
    `base_url` includes the application path, as in `https://tests.example/EnterpriseTester`. `timeouts` are the
    seconds to connect and the seconds without a sign of life; `pauses` the seconds before a read is asked again, the
    last of them also the first wait after a refusal that names no time.
    `before_write` is called right before each request that writes; what it raises keeps the request from leaving.
    `meter` is told of every request, the repeated ones too.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        pauses: Sequence[float] = PAUSES,
        connections: int = CONNECTIONS,
        before_write: Callable[[], None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.user, self._secrets, auth = _way_to_log_in(credentials)
        self._signs = isinstance(auth, Signing)
        self.base_url = str(httpx.URL(base_url).copy_with(username=None, password=None)).rstrip("/")
        self._pauses = tuple(pauses)
        self.connections = connections
        self._lines = BoundedSemaphore(connections)
        self._before_write = before_write
        self._meter = meter or NoMeter()
        self._stopping = Event()
        self.clock = ServerClock()
        backoff = pauses[-1] if pauses else 1.0
        self._gate = Turnstile(Side.INCIDENT.word, self._meter, self._wait, backoff=backoff)
        connect, read = timeouts
        self._http = httpx.Client(
            auth=auth,
            headers={"Accept": "application/json"},
            timeout=httpx.Timeout(read, connect=connect),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=connections),
        )

    def heed(self, stopping: Event) -> None:
        """Let no request wait any longer once this is set."""
        self._stopping = stopping

    def overhear(self, listener: Listener) -> None:
        """Tell `listener` of every exchange from now on."""

        def heard(response: httpx.Response) -> None:
            request, answered = response.request, response.read()
            url = str(request.url)
            listener(Exchange(request.method, url, request.content, response.status_code, response.headers, answered))

        self._http.event_hooks["response"].append(heard)

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """GET `/api/<path>`. Raises `Unavailable`, `Denied`, `Rejected` or `Missing`."""
        return self._ask(Request("GET", path), params, None)

    def post(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Answer:
        """POST `/api/<path>`, carried out once at most. Raises what `get` raises, and `InDoubt`."""
        return self._ask(Request("POST", path), params, body)

    def put(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Answer:
        """PUT `/api/<path>`, likewise. Raises what `get` raises, and `InDoubt`."""
        return self._ask(Request("PUT", path), params, body)

    def delete(self, path: str) -> Answer:
        """DELETE `/api/<path>`, likewise. Raises what `get` raises, and `InDoubt`."""
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
        deadline = time.monotonic() + (WRITE_WAITS if request.writes else READ_WAITS)
        failed = 0
        while True:
            ticket = self._enter(deadline)
            try:
                response = self._send(request, params, body)
                if self._turned_away(ticket, response):
                    continue
                return self._read(request, response)
            except HeldBack:
                raise
            except Unavailable as passing:
                if request.writes or failed >= len(self._pauses) or self._rest(self._pauses[failed], passing.status):
                    raise
                failed += 1

    def _enter(self, deadline: float) -> Ticket:
        try:
            return self._gate.enter((ACCOUNT, PAUSE), max(0.0, deadline - time.monotonic()))
        except TooLong as held:
            raise _held_back(held.seconds, stopping=held.stopping) from None

    def _turned_away(self, ticket: Ticket, response: httpx.Response) -> bool:
        """Whether the request was not carried out and may be sent again. Raises `HeldBack` where it should not."""
        hint = told(response.status_code, response.headers, datetime.now(UTC))
        closed_for = self._gate.note(ticket, hint, _spoken_of(hint))
        if closed_for is not None:
            raise _held_back(closed_for)
        return hint.refused

    def _wait(self, seconds: float) -> bool:
        """True where the process is to stop."""
        return self._stopping.wait(seconds)

    def _rest(self, seconds: float, status: int | None) -> bool:
        """Let a moment pass before a read is repeated; True where the process is to stop."""
        stopping = self._wait(seconds)
        if status in SLOW_DOWN:
            self._meter.waited(Side.INCIDENT.word, str(status), seconds)
        return stopping

    def _send(self, request: Request, params: Mapping[str, str | int] | None, body: Json | None) -> httpx.Response:
        with self._lines:
            if request.writes and self._before_write is not None:
                self._before_write()
            return self._exchanged(request, params, body)

    def _exchanged(self, request: Request, params: Mapping[str, str | int] | None, body: Json | None) -> httpx.Response:
        # The library's own way to put parameters into an address takes as long as all else before the request leaves.
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        url = f"{self.base_url}/api/{request.path}{query}"
        began, status = time.monotonic(), NO_ANSWER
        try:
            response = self._http.request(request.method, url, json=body)
            status = str(response.status_code)
        except httpx.RequestError as problem:
            # Not chained: an exception of the transport holds the request with its credentials.
            raise self._lost(request, problem) from None
        finally:
            took = time.monotonic() - began
            self._meter.exchanged(Side.INCIDENT.word, request.method, route(request.path), status, took)
        return response

    def _read(self, request: Request, response: httpx.Response) -> Answer:
        body_read = json_object(response.text) if response.is_success else None
        if body_read is not None:
            at = server_time(response.headers.get("Date"))
            if at is not None:
                self.clock.told(at)
            return Answer(response.status_code, body_read, at)
        message = message_of(response.text, self._without_secrets)
        raise refusal(request, response.status_code, message, response.headers.get("Location"), signed=self._signs)

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


def _way_to_log_in(credentials: Credentials) -> tuple[str, tuple[str, ...], httpx.Auth]:
    """The user, what no line may show, and what goes with each request."""
    if isinstance(credentials, OAuthLogin):
        return credentials.user, credentials.secrets, Signing(credentials)
    user, password = credentials
    encoded = b64encode(f"{user}:{password}".encode()).decode()
    return user, (password, encoded), httpx.BasicAuth(user, password)


def _spoken_of(hint: Told) -> Limit | None:
    if hint.asks_for_pause:
        return PAUSE
    return ACCOUNT if hint.refused or hint.remaining is not None else None


def _held_back(seconds: float, *, stopping: bool = False) -> HeldBack:
    if stopping:
        said = "the process was asked to stop while a request waited for Enterprise Tester"
    else:
        until = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
        said = f"Enterprise Tester holds requests back until {until:%H:%M:%S} UTC, as it asked for"
    return HeldBack(Side.INCIDENT, f"{said}; nothing was done, a later cycle goes on", seconds=seconds)
