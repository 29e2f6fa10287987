"""A chat tool's end of a webhook: a real HTTP server that keeps what it took, and behaves as it is told."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self, TypeAlias

KEY = "c4nary-key-of-the-channel"

Manner: TypeAlias = Literal["takes", "refuses", "redirects", "hangs", "garbles", "hangs up", "echoes"]


class Receiver:
    """`messages` are those that it took, as sent; `requests` counts all that came."""

    def __init__(self) -> None:
        self.manner: Manner = "takes"
        self.messages: list[dict[str, Any]] = []
        self.requests = 0
        self._released = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.requests += 1
                content = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._answer(self, content)

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/{KEY}?token={KEY}-2"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def of(self, event: str) -> list[str]:
        """The states that were told of such an event, in order."""
        return [message["state"] for message in list(self.messages) if message["event"] == event]

    def wait(self, event: str, states: list[str], seconds: float = 40) -> None:
        """Until these states of the event have been told, and no others."""
        deadline = time.monotonic() + seconds
        while self.of(event) != states:
            assert time.monotonic() < deadline, f"{event}: {self.messages}"
            time.sleep(0.02)

    def _answer(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        match self.manner:
            case "takes":
                self.messages.append(json.loads(content))
                self._say(handler, 200, b"ok")
            case "echoes":
                self.messages.append(json.loads(content))
                self._say(handler, 200, (f"posted to {self.url}\x1b[31m " * 200).encode())
            case "refuses":
                self._say(handler, 404, f"no such channel: {KEY}".encode())
            case "redirects":
                handler.send_response(307)
                handler.send_header("Location", self.url)
                handler.send_header("Content-Length", "0")
                handler.end_headers()
            case "hangs":
                self._released.wait(30)
            case "garbles":
                handler.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
            case "hangs up":
                handler.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, handler: BaseHTTPRequestHandler, status: int, said: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)
