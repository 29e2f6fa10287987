"""Recorded answers, given again to whoever asks the same: a small server of our own, and both adapters before it."""

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from syncer.incidents import IncidentClient
from syncer.issues import AccessToken, JiraClient
from syncer.recording.calls import Ports, bound
from syncer.recording.file import Kept, Recording
from syncer.serving import Serving, bind

Json: TypeAlias = Any
Key: TypeAlias = tuple[str, str, str, tuple[tuple[str, str], ...], str]

NOT_RECORDED = 501
"""Answered to what the recording has no answer for; passed on by no adapter as anything but a failure."""


class Player:
    """An ASGI application; `/incident` and `/issue` are its two servers. `strange` is what was asked in vain."""

    def __init__(self, recording: Recording) -> None:
        self.strange: list[str] = []
        self._answers: dict[Key, deque[Kept]] = defaultdict(deque)
        for kept in recording.exchanges:
            self._answers[_key(kept.side, kept.method, kept.path, kept.query, kept.asked)].append(kept)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await self._answer(request, await request.body())(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        _, side, path = request.url.path.split("/", 2) if request.url.path.count("/") > 1 else ("", "", "")
        query = parse_qsl(request.url.query, keep_blank_values=True)
        answers = self._answers.get(_key(side, request.method, f"/{path}", query, _parsed(body)))
        if not answers:
            self.strange.append(f"{request.method} /{path}{f'?{request.url.query}' if query else ''}")
            return Response("This recording has no answer to that.", NOT_RECORDED)
        # What was asked more often then than now is asked in the same order; the last answer holds from there on.
        kept = answers.popleft() if len(answers) > 1 else answers[0]
        answer = Response(_content(kept.answered), kept.status)
        for name, value in kept.headers.items():
            answer.headers[name] = value
        return answer


@contextmanager
def replaying(recording: Recording) -> Iterator[tuple[Ports, Player]]:
    """Both adapters before the recorded answers."""
    player = Player(recording)
    listener = bind("127.0.0.1", 0, "The server of recorded answers")
    serving = Serving([(player, listener)])
    serving.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    incidents = IncidentClient(f"{url}/incident", ("nobody", "nothing"), pauses=())
    issues = JiraClient(f"{url}/issue", AccessToken("nothing"), pauses=())
    try:
        yield bound(recording.bindings, incidents, issues), player
    finally:
        incidents.close()
        issues.close()
        serving.stop()


def _key(side: str, method: str, path: str, query: Any, asked: Json) -> Key:
    return (side, method, path, tuple(sorted(query)), json.dumps(asked, sort_keys=True))


def _parsed(body: bytes) -> Json:
    return {"json": json.loads(body)} if body else None


def _content(answered: Json) -> bytes:
    if answered is None:
        return b""
    return str(answered["text"]).encode() if "text" in answered else json.dumps(answered["json"]).encode()
