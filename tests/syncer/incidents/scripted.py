"""A real HTTP server whose answers a test writes down: for what no sandbox would do by itself."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PATH = "/EnterpriseTester"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived; `path` is what follows `/api/`."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `body` is sent as JSON unless it is a string. A `status` of 0 hangs up instead."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


HANG_UP = Reply(0)
Script = Callable[[Asked], Reply]


@dataclass(slots=True)
class Scripted:
    """The running server: its address with the application path, and what it was asked."""

    url: str
    asked: list[Asked]

    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """Serve `script` until the block ends."""
    asked: list[Asked] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script, asked))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_address[1]}{PATH}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*replies: Reply) -> Script:
    """Give the replies one after another; the last one for ever."""
    waiting = list(replies)
    return lambda _asked: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _handler(script: Script, asked: list[Asked]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = Asked(
                self.command,
                unquote(parts.path).removeprefix(f"{PATH}/api/"),
                {name: values[0] for name, values in parse_qs(parts.query).items()},
                json.loads(raw) if raw else None,
                dict(self.headers.items()),
            )
            asked.append(given)
            reply = script(given)
            if reply.status == 0:
                self.close_connection = True
                return
            text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: pytest shows what went wrong."""

    return Handler
