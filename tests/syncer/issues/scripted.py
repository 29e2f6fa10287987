"""A web server that answers what a test tells it to: for answers that no sane Jira gives."""

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from requests.structures import CaseInsensitiveDict

from syncer.issues import AccessToken, JiraClient, Login

SERVER_INFO = {
    "deploymentType": "Cloud",
    "version": "1001.0.0",
    "baseUrl": "https://people.example",
    "serverTime": "2025-07-24T13:05:26.000+0200",
}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """`body` is sent as JSON, a text as an HTML page; `drop` closes the connection instead, `late` waits first."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    late: float = 0.0


class Scripted:
    """Answers each request with `script(request)`, and `GET serverInfo` by itself where that gives None."""

    def __init__(self, script: Callable[[Request], Answer | None]) -> None:
        self.requests: list[Request] = []
        outer, self._script, self._over = self, script, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def answer(self) -> None:
                outer.answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Not on the test's output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._clients: list[JiraClient] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def client(self, credentials: Login | AccessToken | None = None, timeout: float = 5.0) -> JiraClient:
        """A client that doesn't pause; closed with the server."""
        account = credentials or Login("syncer@example.com", "sesame")
        client = JiraClient(self.url, account, timeout=(5.0, timeout), pauses=(0.0, 0.0))
        self._clients.append(client)
        return client

    def counted(self, method: str, path: str) -> int:
        return sum((each.method, each.path) == (method, f"/rest/api/2/{path}") for each in self.requests)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler)
        self.requests.append(request)
        answer = self._script(request)
        if answer is None:
            answer = Answer(body=SERVER_INFO) if request.path.endswith("/serverInfo") else Answer(404, {})
        if answer.late:
            self._over.wait(answer.late)
        if answer.drop:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        page = isinstance(answer.body, str)
        content = b"" if answer.body is None else (answer.body if page else json.dumps(answer.body)).encode()
        handler.send_response(answer.status)
        headers = {"Content-Type": "text/html" if page else "application/json", **answer.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for client in self._clients:
            client.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _request(handler: BaseHTTPRequestHandler) -> Request:
    content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    parts = urlsplit(handler.path)
    return Request(
        method=handler.command,
        path=parts.path,
        query={name: values[-1] for name, values in parse_qs(parts.query).items()},
        headers=CaseInsensitiveDict(handler.headers.items()),
        body=json.loads(content) if content else None,
    )
