"""How a request to Jira gets an answer: it waits for the limits it is under, and may be sent again.

| what came | reading | writing |
|---|---|---|
| 429: turned away, not carried out | sent again after the wait, as long as the limit opens at all | likewise |
| what is often over a moment later (`Passing`) | sent again after each of the `pauses` | never |
| the same with `Retry-After` | likewise, and not before that | never; those that follow wait |

What would have to wait longer than `syncer.turnstile` allows is not sent: `HeldBack`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore, Event
from typing import TypeVar
from urllib.parse import urlsplit

from requests import Response
from requests.exceptions import RequestException

from syncer.core.records import Side
from syncer.errors import HeldBack, SideError, Unavailable
from syncer.issues.answers import Passing, Unwelcome, breakdown, refusal
from syncer.issues.limits import SENTENCES, Call
from syncer.meter import SLOW_DOWN, Meter
from syncer.rate_told import told
from syncer.turnstile import READ_WAITS, WRITE_WAITS, Limit, Ticket, TooLong, Turnstile

T = TypeVar("T")


class Sender:
    """Sends the requests of one client; safe to use from any thread.

    `pauses` are the seconds before each repetition of a read; the last of them is also the first wait after a refusal
    that names no time. At most `connections` requests are under way at the same time. `before_write` is called right
    before a request that writes leaves, after all waiting. Once `stopping` is set, nothing waits any longer."""

    def __init__(
        self, meter: Meter, pauses: Sequence[float], connections: int, before_write: Callable[[], None] | None
    ) -> None:
        self.stopping = Event()
        self._pauses = tuple(pauses)
        self._connections = BoundedSemaphore(connections)
        self._before_write = before_write
        self._meter = meter
        self._gate = Turnstile(Side.ISSUE.word, meter, self._pause, backoff=pauses[-1] if pauses else 1.0)

    def get(self, call: Call, send: Callable[[], tuple[T, Response | None]]) -> T:
        """What `send` gives, with the answer whose headers are worth reading. Raises a `SideError`."""
        deadline = time.monotonic() + (WRITE_WAITS if call.writes else READ_WAITS)
        failed = 0
        while True:
            ticket = self._enter(call, deadline)
            try:
                given, answer = self._send(call, send)
                self._learn(call, ticket, answer)
                return given
            except Unwelcome as unwelcome:
                call = _named(call, unwelcome.response)
                if self._learn(call, ticket, unwelcome.response):
                    continue
                error: SideError = refusal(unwelcome.response, writing=call.writes)
            except RequestException as problem:
                error = breakdown(problem, writing=call.writes)
            except OSError as problem:
                # All that can still come here comes before anything is sent: a certificate bundle that isn't there.
                raise Unavailable(Side.ISSUE, f"no connection to Jira can be made: {problem}") from None
            if call.writes or not isinstance(error, Passing) or failed >= len(self._pauses):
                raise error from None
            if self._rest(self._pauses[failed], error.status):
                raise error from None
            failed += 1

    def _send(self, call: Call, send: Callable[[], T]) -> T:
        with self._connections:
            if call.writes and self._before_write is not None:
                self._before_write()
            return send()

    def _enter(self, call: Call, deadline: float) -> Ticket:
        try:
            return self._gate.enter(call.limits, max(0.0, deadline - time.monotonic()))
        except TooLong as held:
            raise _held_back(held.limit, held.seconds, stopping=held.stopping) from None

    def _pause(self, seconds: float) -> bool:
        """Wait; True where the process is to stop."""
        return self.stopping.wait(seconds)

    def _rest(self, seconds: float, status: int | None) -> bool:
        """Let a moment pass before a read is repeated; True where the process is to stop."""
        stopping = self._pause(seconds)
        if status in SLOW_DOWN:
            self._meter.waited(Side.ISSUE.word, str(status), seconds)
        return stopping

    def _learn(self, call: Call, ticket: Ticket, answer: Response | None) -> bool:
        """Whether the request was turned away and may be sent again. Raises `HeldBack` where it should not."""
        if answer is None:
            return False
        hint = told(answer.status_code, answer.headers, datetime.now(UTC))
        limit = call.spoken_of(hint)
        closed_for = self._gate.note(ticket, hint, limit)
        if limit is not None and closed_for is not None:
            raise _held_back(limit, closed_for)
        return hint.refused


def _named(call: Call, answer: Response) -> Call:
    """The call with its method and path, which only the answer tells where the library asked."""
    if call.path:
        return call
    asked = answer.request
    return replace(call, method=asked.method or call.method, path=urlsplit(asked.url or "").path)


def _held_back(limit: Limit, seconds: float, *, stopping: bool = False) -> HeldBack:
    kind = limit.kind
    if stopping:
        said = f"the process was asked to stop while a request waited for Jira: {SENTENCES[kind]}"
    else:
        until = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
        said = f"Jira holds requests back until {until:%H:%M:%S} UTC: {SENTENCES[kind]}"
    said = f"{said}; nothing was done, a later cycle goes on"
    return HeldBack(Side.ISSUE, said, seconds=seconds, everything=kind != "issue")
