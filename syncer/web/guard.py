"""What every request passes and every answer carries, whatever page it is for.

| what comes | what happens |
|---|---|
| a page asked for by a `Host` that isn't ours | 421: somebody else's page, whose name was made to lead here |
| an answer of ours | no script but our own file, no frame around it, no guessing of types, kept nowhere |
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.model import Http

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked by machines, by an address that nobody knows beforehand; they tell no record."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY = frozenset({"0.0.0.0", "::"})


class Guard:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, http: Http) -> None:
        self._app = app
        self._hosts = known_hosts(http)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
        if self._hosts is not None and host not in self._hosts and scope["path"] not in PROBES:
            said = "This name isn't one of the console's; SYNCER_HTTP__URL says under which it is opened.\n"
            await PlainTextResponse(said, 421)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def known_hosts(http: Http) -> frozenset[str] | None:
    """The names under which the console may be opened; None for any, where it listens on all addresses and nobody said
    under which it is opened: a probe asks by the address of a container, which nobody knows beforehand."""
    listens = http.listen.rpartition(":")[0].strip("[]").lower()
    if http.url is None and listens in ANY:
        return None
    told = urlsplit(http.url).hostname if http.url else None
    return LOOPBACK | {listens} | ({told} if told else set())
