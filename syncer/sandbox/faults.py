"""Counts the traffic of one sandbox server and breaks it on request.

A mirror is only as good as its behaviour on the bad days, so every sandbox server can have them. The
switchboard is the outermost layer of a server: what it drops, the application behind it never learns.

    client --- Switchboard --- application
                 |  |
                 |  +-- faults: the first one that matches decides
                 +----- /_sandbox/...: answered here, never counted (see `faults_control`)

| effect        | the application | the client sees                                  |
|---------------|-----------------|--------------------------------------------------|
| `status`      | never runs      | the given status, headers and body               |
| `drop_before` | never runs      | a lost connection                                |
| `drop_after`  | runs completely | a lost connection, although its writes applied   |
| `delay`       | runs, later     | the real answer after `seconds`                  |

Apart from faults, every request can be made to wait as it would on its way to a distant server: see `latency`.
"""

import asyncio
import itertools
import re
from collections import deque
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncer.sandbox.fault_values import Armed, Fault, Seen
from syncer.sandbox.faults_control import CONTROL_PREFIX, answer_control
from syncer.sandbox.latency import Latency

__all__ = ["Fault", "Seen", "Switchboard"]

KEPT_REQUESTS = 5000
"""How many requests the traffic log remembers."""

READING_METHODS = ("GET", "HEAD", "OPTIONS")


class Switchboard:
    """The outermost ASGI layer of a sandbox server: traffic counters, faults, control endpoints.

    `behaviour` is a mutable dataclass of the server whose fields the control endpoint may set.
    `reads` are regular expressions of paths where a POST only searches, so that it counts as a read.
    """

    def __init__(self, app: ASGIApp, behaviour: Any, *, reads: Sequence[str] = ()) -> None:
        self.behaviour = behaviour
        self.armed: list[Armed] = []
        self.latency = Latency()
        self.reads = 0
        self.writes = 0
        self._app = app
        self._reads = tuple(re.compile(pattern) for pattern in reads)
        self._requests: deque[Seen] = deque(maxlen=KEPT_REQUESTS)
        self._ids = itertools.count(1)

    @property
    def requests(self) -> list[Seen]:
        """The last requests, newest last, at most `KEPT_REQUESTS`."""
        return list(self._requests)

    def add_fault(self, fault: Fault) -> str:
        """Put a fault in force behind those already there; returns its id."""
        armed = Armed(str(next(self._ids)), fault)
        self.armed.append(armed)
        return armed.id

    def clear(self) -> None:
        """Lift all faults."""
        self.armed.clear()

    def reset_traffic(self) -> None:
        """Forget all requests and set the counters to 0."""
        self.reads = self.writes = 0
        self._requests.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(CONTROL_PREFIX):
            await answer_control(self, scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        reading = self._only_reads(method, path)
        seen = self._note(method, path, reading=reading)
        await self.latency.wait(reading=reading)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        hit = next((armed.fault for armed in tuple(self.armed) if armed.takes(method, path)), None)
        if hit is None:
            await self._app(scope, receive, noting)
        elif hit.effect == "status":
            await _error_page(hit)(scope, receive, noting)
        elif hit.effect == "delay":
            await asyncio.sleep(hit.seconds)
            await self._app(scope, receive, noting)
        else:
            if hit.effect == "drop_after":
                await self._app(scope, receive, _swallow)
            await _hang_up(receive)

    def _only_reads(self, method: str, path: str) -> bool:
        searches = method == "POST" and any(pattern.search(path) for pattern in self._reads)
        return method in READING_METHODS or searches

    def _note(self, method: str, path: str, *, reading: bool) -> Seen:
        if reading:
            self.reads += 1
        else:
            self.writes += 1
        seen = Seen(method, path)
        self._requests.append(seen)
        return seen


def _error_page(fault: Fault) -> Response:
    if fault.body is not None:
        return Response(fault.body, fault.status, fault.headers)
    try:
        phrase = HTTPStatus(fault.status).phrase
    except ValueError:
        phrase = "Error"
    title = f"{fault.status} {phrase}"
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(page, fault.status, fault.headers, media_type="text/html")


async def _swallow(message: Message) -> None:
    """Stands where the client would be when its connection is already lost."""


async def _hang_up(receive: Receive) -> None:
    """Abort the connection; the last `receive` keeps uvicorn from answering before it has noticed."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionAbortedError("This server gives no access to its connection, so a fault ended the request.")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
