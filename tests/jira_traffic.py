"""What a Jira server of a test was asked and what it answered, to be held against Atlassian's document afterwards.

    tap = Tap(jira_app(model))      in place of the application
    ...
    hold(spec, tap.exchanges)       AssertionError, if Jira Cloud would not say one of these answers

A tap stands behind the switchboard: what a fault answers in the server's place is not the server's. A request that its
sender broke off in the middle, as one that is killed does, is none.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.jira_spec import SpecChecker

APIS = ("/rest/api/2/", "/rest/api/latest/")
_NO_SUCH_RESOURCE = (404, 405, 410)


@dataclass(frozen=True)
class Exchange:
    """One request that reached the server, and its answer. `status` is None where the server broke off."""

    method: str
    path: str
    query: list[tuple[str, str]]
    authorization: str
    body: Any
    status: int | None
    answer: Any


class Tap:
    """An ASGI layer that notes the exchanges of the application behind it."""

    def __init__(self, app: ASGIApp) -> None:
        self.exchanges: list[Exchange] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope.get("path", "").startswith(APIS):
            await self._app(scope, receive, send)
            return
        sent, given = bytearray(), bytearray()
        begun: list[Message] = []
        whole = broken_off = False

        async def receiving() -> Message:
            nonlocal whole, broken_off
            message = await receive()
            sent.extend(message.get("body", b""))
            whole = whole or (message["type"] == "http.request" and not message.get("more_body"))
            broken_off = not whole and message["type"] == "http.disconnect"
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
            given.extend(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        finally:
            if not broken_off:
                self.exchanges.append(_exchange(scope, bytes(sent), begun, bytes(given)))


def hold(spec: SpecChecker, exchanges: Iterable[Exchange], senders: Collection[str] = ()) -> None:
    """Assert that Jira Cloud could give all the answers, and that it knows what `senders` asked.

    `senders` are the values of the header Authorization of those whose requests are held against the document too:
    what a test does in a person's place may be wrong on purpose."""
    for each in exchanges:
        if each.authorization in senders:
            spec.check_request(each.method, each.path, each.query, each.body)
        if each.status is None or (each.status in _NO_SUCH_RESOURCE and not spec.knows(each.method, each.path)):
            continue
        spec.check_response(each.method, each.path, each.status, each.answer)


def _exchange(scope: Scope, sent: bytes, begun: list[Message], given: bytes) -> Exchange:
    authorization = dict(scope["headers"]).get(b"authorization", b"").decode()
    headers = dict(begun[0].get("headers", ())) if begun else {}
    is_json = given and b"json" in headers.get(b"content-type", b"")
    return Exchange(
        method=scope["method"],
        path=scope["path"],
        query=parse_qsl(scope["query_string"].decode(), keep_blank_values=True),
        authorization=authorization,
        body=_parsed(sent) if sent else None,
        status=begun[0]["status"] if begun else None,
        answer=_parsed(given) if is_json else None,
    )


def _parsed(content: bytes) -> Any:
    """The JSON; what is none stays a text, which no schema of the document's takes."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")
