"""Runs ASGI applications over real sockets in one background thread: the sandbox's two servers, the daemon's console.

One event loop serves all of them. Their handlers never wait in the middle of a change, so each request is
atomic; whoever else wants to touch what they serve goes through `Serving.call` and is as atomic as they are.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal, TypeVar

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")

START_SECONDS = 10.0
STOP_SECONDS = 10.0
GRACE_SECONDS = 1
"""How long a request may go on when its server is stopped."""

IDLE_SECONDS = 60
"""How long a connection is kept open between two requests. A client that takes one from its pool in the moment in which
it is closed never learns whether its request arrived: rare, if clients wait for less than this."""


def bind(host: str, port: int, name: str) -> socket.socket:
    """A socket bound to `host` and `port` (0: any free one). Raises OSError with a sentence for people.

    `name` says who can't listen: "The Jira server of the sandbox"."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol asyncio does not switch Nagle's algorithm off: each answer would take 40 ms more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as problem:
        listener.close()
        raise OSError(
            problem.errno,
            f"{name} cannot listen on {host} port {port} ({problem.strerror}). "
            "Choose another port, or 0 for any free one.",
        ) from None
    return listener


def dated(app: ASGIApp, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> ASGIApp:
    """The application, with the time by `clock` in each answer that doesn't tell it already."""

    async def telling_the_time(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Date", format_datetime(clock().astimezone(UTC), usegmt=True))
                message = {**message, "headers": headers.raw}
            await send(message)

        await app(scope, receive, sending)

    return telling_the_time


class _Server(uvicorn.Server):
    """Ends at once when it is told to: uvicorn's own looks ten times a second whether it was."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        if not self.should_exit:
            await self.told.wait()


class Serving:
    """Applications with their bound sockets, served from `start` to `stop`.

    `parser`: "h11" lets nobody send headers without end, "httptools" takes half the time."""

    def __init__(
        self, sites: Sequence[tuple[ASGIApp, socket.socket]], *, parser: Literal["h11", "httptools"] = "h11"
    ) -> None:
        self._sites = tuple(sites)
        self._servers = [_Server(_quiet(dated(app), parser)) for app, _ in self._sites]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serving", daemon=True)

    def start(self) -> None:
        """Return when all applications answer. Raises RuntimeError if they do not."""
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or not all(server.started for server in self._servers):
            self.stop()
            raise RuntimeError(f"no answer from the server that was just started, within {START_SECONDS:.0f} seconds")

    def stop(self) -> None:
        """Close all connections and sockets and end the thread."""
        for server in self._servers:
            server.should_exit = True
        # One that hasn't begun yet sees by `should_exit` that it need not; one that has failed has closed its loop.
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._leave)
        self._thread.join(STOP_SECONDS)
        for _, listener in self._sites:
            listener.close()

    def call(self, function: Callable[[], T]) -> T:
        """Run `function` between two requests and return its result, or raise what it raises."""
        if threading.current_thread() is self._thread or self._loop is None or not self._thread.is_alive():
            return function()

        async def on_the_loop() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(on_the_loop(), self._loop).result()

    def _leave(self) -> None:
        for server in self._servers:
            server.told.set()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        serving = [
            asyncio.create_task(server.serve(sockets=[listener]))
            for server, (_, listener) in zip(self._servers, self._sites, strict=True)
        ]
        while not all(server.started for server in self._servers) and not any(t.done() for t in serving):
            await asyncio.sleep(0.005)
        self._ready.set()
        await asyncio.gather(*serving)


def _quiet(app: ASGIApp, parser: Literal["h11", "httptools"]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=parser,
        log_config=None,
        log_level="error",
        access_log=False,
        interface="asgi3",
        lifespan="off",
        proxy_headers=False,
        date_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
