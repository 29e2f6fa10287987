"""The outermost layer of a sandbox server in the bench: keeps every request, whole, so that it can be asked again.

It costs a server some microseconds a request, and the replay is recorded as well, so that both are slowed alike.
"""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Side: TypeAlias = Literal["incident", "issue"]


@dataclass(slots=True)
class Asked:
    """One request and what came of it. Times are seconds of a clock that all processes of a machine share.

    `path` includes the query. `answer` is kept of writes only: it names what they have made. `status` is 0 where no
    answer left."""

    side: Side
    method: str
    path: str
    content_type: str
    body: str
    begun: float
    ended: float = 0.0
    status: int = 0
    answer: str = ""


class Recorder:
    """Passes everything on to the application, and remembers it in `asked` in the order of arrival."""

    def __init__(self, app: ASGIApp, side: Side) -> None:
        self.asked: list[Asked] = []
        self._app = app
        self._side = side

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("ascii")
        path = scope["raw_path"].decode("ascii") + (f"?{query}" if query else "")
        kind = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"content-type"), "")
        asked = Asked(self._side, scope["method"], path, kind, "", time.monotonic())
        self.asked.append(asked)
        sent, answer = bytearray(), _Answer(asked, send)

        async def listening() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        try:
            await self._app(scope, listening, answer.send)
        finally:
            asked.body, asked.answer = sent.decode(), answer.body.decode()
            asked.ended = time.monotonic()


class _Answer:
    """What the application answers. A fault that loses it wants the connection itself, in `transport`."""

    def __init__(self, asked: Asked, send: Send) -> None:
        self.body = bytearray()
        self.transport = getattr(getattr(send, "__self__", None), "transport", None)
        self._asked = asked
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._asked.status = message["status"]
        elif self._asked.method != "GET":
            self.body.extend(message.get("body", b""))
        await self._send(message)


def write_recording(asked: Iterable[Asked], path: Path) -> None:
    """Write requests to a file, a JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(each)) + "\n" for each in asked)


def read_recordings(paths: Iterable[Path]) -> list[Asked]:
    """The requests of several servers in the one order in which they arrived."""
    return sorted((each for path in paths for each in _read(path)), key=lambda each: each.begun)


def _read(path: Path) -> Iterator[Asked]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Asked(**json.loads(line))
