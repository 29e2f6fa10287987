"""One Jira server over the `jira` library, with the library's habits that would hurt a mirror switched off.

| the library, left alone | here |
|---|---|
| repeats every request three times, also a POST that was carried out | `max_retries=0`; `sending.py` repeats |
| waits for ever for an answer | `timeout` |
| its constructor blocks for minutes while Jira is down | it asks for nothing; the first call does |
| follows redirects and the addresses that the server gives | redirects are refused, addresses are built here |
| its exceptions print headers and cookies | the session's hook is faster (`answers.py`) |

Metadata is read by the library's own methods (`ask`). What it can't do (properties in a create, token paging with
a guard, bulk reads) goes through its session (`get`, `fetch`, `post`, `put`, `delete`). `sending.py` has what they
share: how long a request waits, and when it is sent again.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Event
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote

from jira import JIRA
from jira.exceptions import JIRAError
from jira.resilientsession import ResilientSession
from requests import PreparedRequest, Response

from syncer.core.records import Side
from syncer.errors import HeldBack, SideError, Unavailable
from syncer.exchange import Exchange, Listener
from syncer.issues.answers import LONGEST_MESSAGE, hold_up
from syncer.issues.limits import Call
from syncer.issues.measuring import MeasuringAdapter
from syncer.issues.sending import Sender
from syncer.issues.shapes import moment, person_id
from syncer.meter import Meter, NoMeter
from syncer.server_clock import ServerClock

T = TypeVar("T")
Json: TypeAlias = Any
Parameter: TypeAlias = str | int | bool

CONNECTIONS = 8
"""How many requests of one client are under way at the same time, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Login:
    """Cloud: an e-mail address and an API token. Data Center: a login and its password."""

    name: str
    secret: str = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Basic authentication in UTF-8. requests would use Latin-1, in which not every password can be written."""
        pair = base64.b64encode(f"{self.name}:{self.secret}".encode())
        request.headers["Authorization"] = f"Basic {pair.decode()}"
        return request


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Data Center: a personal access token."""

    secret: str = field(repr=False)


def secrets_of(credentials: Login | AccessToken) -> tuple[str, ...]:
    """The secret as it is and as a header carries it."""
    if isinstance(credentials, AccessToken):
        return (credentials.secret,)
    return (credentials.secret, base64.b64encode(f"{credentials.name}:{credentials.secret}".encode()).decode())


@dataclass(frozen=True, slots=True)
class Deployment:
    """What kind of Jira this is. `site` is its address for people, without a slash at the end."""

    cloud: bool
    version: str
    site: str


def _settle_environment(session: ResilientSession, server: str) -> None:
    """Look up once what the environment says of proxies and certificates. requests would do so for each request, and
    put a password from ~/.netrc in the place of a token."""
    settings = session.merge_environment_settings(server, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = settings["proxies"], settings["verify"], False


class JiraClient:
    """One server and one account; safe to use from any thread.

    At most `connections` requests are under way at the same time; others wait. `timeout` is (connect, read) in seconds,
    `pauses` are the seconds before each repetition of a read. `before_write` is called right before each request that
    writes; what it raises keeps the request from leaving. `meter` is told of every request, the library's own and the
    repeated ones too. Proxies and certificates are those of the environment (HTTPS_PROXY, REQUESTS_CA_BUNDLE, ...).
    """

    def __init__(
        self,
        server: str,
        credentials: Login | AccessToken,
        *,
        timeout: tuple[float, float] = (5.0, 30.0),
        pauses: Sequence[float] = (0.3, 1.0),
        connections: int = CONNECTIONS,
        before_write: Callable[[], None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.server = server.rstrip("/")
        meter = meter or NoMeter()
        self.connections = connections
        self._sender = Sender(meter, pauses, connections, before_write)
        self._secrets = secrets_of(credentials)
        self.clock = ServerClock()
        self._library = JIRA(
            server=self.server,
            token_auth=credentials.secret if isinstance(credentials, AccessToken) else None,
            get_server_info=False,
            logging=False,
            max_retries=0,
            timeout=timeout,
        )
        self._session: ResilientSession = self._library._session
        if isinstance(credentials, Login):
            self._session.auth = credentials
        _settle_environment(self._session, self.server)
        self._session.hooks["response"].append(hold_up)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, MeasuringAdapter(meter, pool_maxsize=connections))

    def heed(self, stopping: Event) -> None:
        """Let no request wait any longer once this is set."""
        self._sender.stopping = stopping

    def overhear(self, listener: Listener) -> None:
        """Tell `listener` of every exchange from now on, the library's own too."""

        def heard(answer: Response, *_: Any, **__: Any) -> None:
            asked, url = answer.request.body or b"", answer.request.url or ""
            sent = asked.encode() if isinstance(asked, str) else asked
            listener(
                Exchange(answer.request.method or "", url, sent, answer.status_code, answer.headers, answer.content)
            )

        # Before the one that raises for what is unwelcome.
        self._session.hooks["response"].insert(0, heard)

    @cached_property
    def deployment(self) -> Deployment:
        """Read once. Raises what reading raises."""
        told = self._server_info()
        site = str(told.get("displayUrl") or told.get("baseUrl") or "").rstrip("/")
        return Deployment(
            cloud=told.get("deploymentType") == "Cloud",
            version=str(told.get("version", "?")),
            # Behind a gateway the address for programs is none for people; only http(s) becomes a link.
            site=site if site.startswith(("http://", "https://")) else self.server,
        )

    @cached_property
    def me(self) -> str:
        """The id of our own account, in the form that users have on this deployment."""
        return person_id(self.ask(JIRA.myself)) or ""

    def now(self) -> datetime:
        """The server's own time, asked now."""
        return moment(self._server_info()["serverTime"])

    def about_now(self) -> datetime:
        """The server's own time, never ahead of it: what it last said, and what passed here since."""
        return self.clock.now() or self.now()

    def ask(self, question: Callable[[JIRA], T]) -> T:
        """One of the library's reading methods; repeated like every read."""
        return self._send(Call("GET", "", writes=False), lambda: (self._put_to_library(question), None))

    def get(self, *path: str, **params: Parameter) -> Json:
        return self._exchange("GET", path, params, None, writes=False)

    def fetch(self, body: Json, *path: str, **params: Parameter) -> Json:
        """A POST that only reads; repeated like every read."""
        return self._exchange("POST", path, params, body, writes=False)

    def post(self, body: Json, *path: str, **params: Parameter) -> Json:
        """Carried out once at most. Raises `InDoubt` if it left and no answer came back."""
        return self._exchange("POST", path, params, body)

    def put(self, body: Json, *path: str, **params: Parameter) -> Json:
        """Like `post`: once carried out is enough, and whether it was is found out by looking."""
        return self._exchange("PUT", path, params, body)

    def delete(self, *path: str, **params: Parameter) -> Json:
        return self._exchange("DELETE", path, params, None)

    def close(self) -> None:
        self._session.close()

    def _exchange(
        self, method: str, path: Sequence[str], params: dict[str, Parameter], body: Json, *, writes: bool = True
    ) -> Json:
        below = "/".join(["/rest/api/2", *(quote(part, safe="") for part in path)])
        query = {name: str(value).lower() if isinstance(value, bool) else value for name, value in params.items()}
        sent = {} if body is None else {"json": body}

        def send() -> tuple[Json, Response]:
            response = self._session.request(method, f"{self.server}{below}", params=query, **sent)
            return (response.json() if response.content else None), response

        return self._send(Call(method, below, writes), send)

    def _send(self, call: Call, send: Callable[[], tuple[T, Response | None]]) -> T:
        try:
            return self._sender.get(call, send)
        except HeldBack:
            raise  # says nothing that the server said
        except SideError as error:
            raise self._presentable(error) from None

    def _presentable(self, error: SideError) -> SideError:
        """The same error at a bearable length, and without what a server or a proxy gives back in its words of what it
        was sent in a header. The order matters: of a secret that is cut first a part would stay."""
        said = str(error)
        for secret in self._secrets:
            said = said.replace(secret, "***")
        said = said if len(said) <= LONGEST_MESSAGE else said[: LONGEST_MESSAGE - 1] + "…"
        return type(error)(error.side, said, status=error.status)

    def _server_info(self) -> dict[str, Any]:
        def question(jira: JIRA) -> dict[str, Any]:
            told = jira.server_info()
            self.clock.told(moment(told["serverTime"]))
            return told

        return self.ask(question)

    def _put_to_library(self, question: Callable[[JIRA], T]) -> T:
        try:
            return question(self._library)
        except (JIRAError, LookupError, TypeError) as problem:
            # The library expects more of an answer than it checks.
            raise Unavailable(Side.ISSUE, f"Jira's answer has an unknown shape ({type(problem).__name__})") from None
