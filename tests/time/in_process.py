"""Requests that reach a sandbox server without a socket: the adapters' own HTTP libraries on the one side, the server's
own application on the other, and nothing between them that waits. So virtual time may pass, and thousands of histories
are run in a minute."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


Exchange: TypeAlias = Callable[[Request], Reply]


def answered(app: ASGIApp, request: Request) -> Reply:
    """What the application answers. It must not wait for anything."""
    began: list[Message] = []
    body: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            began.append(message)
        else:
            body.append(message.get("body", b""))

    running = app(_scope(request), receive, send).__await__()
    try:
        next(running)
    except StopIteration:
        headers = {name.decode(): value.decode() for name, value in began[0]["headers"]}
        return Reply(began[0]["status"], headers, b"".join(body))
    raise RuntimeError(f"{request.method} {request.path} waits for something")


def _scope(request: Request) -> dict[str, Any]:
    parts = urlsplit(request.url)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


class ForRequests(BaseAdapter):
    """In the place of a connection pool of `requests`."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self._exchange = exchange

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        reply = self._exchange(Request(str(request.method), str(request.url), dict(request.headers), content))
        response = Response()
        response.status_code, response._content = reply.status, reply.body
        response.headers = CaseInsensitiveDict(reply.headers)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        return None


class ForHttpx(httpx.BaseTransport):
    """In the place of a connection pool of `httpx`; `exchange` may be replaced."""

    def __init__(self) -> None:
        self.exchange: Exchange | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert self.exchange is not None
        reply = self.exchange(Request(request.method, str(request.url), dict(request.headers), request.read()))
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)
