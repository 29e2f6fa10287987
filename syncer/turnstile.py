"""Where requests wait for a server's limits: one turnstile a server, passed by all threads that share its client.

`syncer.pacing` decides how long; here it is waited. A request may be under several limits at once (its route, its
issue, the account), and waits for the one that takes longest. A limit that nobody has told of holds nothing back.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from syncer.meter import Meter
from syncer.pacing import Bucket
from syncer.rate_told import Told

READ_WAITS = 60.0
WRITE_WAITS = 10.0
"""Seconds that one request waits at most, all its waits together. A write waits so little since what it is based on
grows old, and since the age of its intent says whether it can still be under way."""

MOST_REFUSALS = 5
"""After more refusals than this in a row a limit is taken for one that doesn't open soon, however short the waits."""

LOOK_AGAIN = 0.05
"""Seconds after which who stands before a limit looks again at what is known of it."""

REMEMBERED = 1000
"""So many limits are remembered, those of single records among them; the least used one is forgotten first."""

Pause = Callable[[float], bool]
"""Waits for so many seconds, or until the process is to stop; True in that case."""


class Limit(NamedTuple):
    """What a limit is called where waits are counted, and what tells it from others of its kind."""

    kind: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that may leave: its number under each of its limits."""

    numbers: Mapping[Limit, int]


class TooLong(Exception):
    """The request would have to wait for longer than it may, or the process is to stop: it has not left."""

    def __init__(self, limit: Limit, seconds: float, *, stopping: bool = False) -> None:
        super().__init__(f"{limit.kind}: {seconds:.1f} s")
        self.limit = limit
        self.seconds = seconds
        self.stopping = stopping


class Turnstile:
    """The limits of one server towards one account; safe to use from any thread.

    `backoff` is the seconds waited after a refusal that names no time, twice as long after each further one. `meter` is
    told of each wait, under `side` and the limit's kind."""

    def __init__(self, side: str, meter: Meter, pause: Pause, *, backoff: float) -> None:
        self._side = side
        self._meter = meter
        self._pause = pause
        self._backoff = backoff
        self._buckets: OrderedDict[Limit, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, limits: Iterable[Limit], within: float) -> Ticket:
        """Wait until a request under these limits may leave. Raises `TooLong` beyond `within` seconds."""
        limits, deadline = tuple(limits), time.monotonic() + within
        with self._lock:
            now = time.monotonic()
            wait, slowest = self._longest(limits, now)
            if wait > within:
                raise TooLong(slowest, wait)
            refusals = {limit: self._bucket(limit).refusals for limit in limits}
            ticket = Ticket({limit: self._take(limit, now) for limit in limits})
        if wait > 0:
            self._stand(ticket, wait, slowest, deadline, refusals)
        return ticket

    def _stand(
        self, ticket: Ticket, wait: float, slowest: Limit, deadline: float, refusals: Mapping[Limit, int]
    ) -> None:
        """Wait with the ticket in hand. Answers that come meanwhile tell more: a refusal closes the limit for those who
        stand before it."""
        stood: dict[Limit, float] = {}
        try:
            while wait > 0:
                began = time.monotonic()
                stopping = self._pause(min(wait, LOOK_AGAIN))
                stood[slowest] = stood.get(slowest, 0.0) + time.monotonic() - began
                if stopping:
                    raise TooLong(slowest, wait, stopping=True)
                with self._lock:
                    now = time.monotonic()
                    wait, slowest = self._longest_of(ticket, now)
                    hopeless = self._bucket(slowest).refusals > max(MOST_REFUSALS, refusals[slowest])
                if now + wait > deadline or (wait and hopeless):
                    raise TooLong(slowest, wait)
        finally:
            for limit, seconds in stood.items():
                self._meter.waited(self._side, limit.kind, seconds)

    def note(self, ticket: Ticket, told: Told, spoken_of: Limit | None) -> float | None:
        """Learn of an answer, which speaks of one limit or of none. That it was not refused tells of all others.

        Gives the seconds before anything else should be sent, where the limit doesn't seem to open soon."""
        with self._lock:
            now = time.monotonic()
            if spoken_of is not None:
                bucket = self._bucket(spoken_of)
                number = ticket.numbers.get(spoken_of, bucket.given)
                self._buckets[spoken_of] = bucket.answered(now, number, told, self._backoff)
            if not told.refused:
                for limit in ticket.numbers.keys() - {spoken_of}:
                    passed = self._bucket(limit).answered(now, ticket.numbers[limit], Told(told.status))
                    self._buckets[limit] = passed
            if spoken_of is None or self._buckets[spoken_of].refusals <= MOST_REFUSALS:
                return None
            return self._buckets[spoken_of].wait(now)

    def _longest(self, limits: Iterable[Limit], now: float) -> tuple[float, Limit]:
        return max((self._bucket(limit).wait(now), limit) for limit in limits)

    def _longest_of(self, ticket: Ticket, now: float) -> tuple[float, Limit]:
        return max((self._bucket(limit).wait_of(now, number), limit) for limit, number in ticket.numbers.items())

    def _take(self, limit: Limit, now: float) -> int:
        self._buckets[limit] = taken = self._bucket(limit).taken(now)
        self._buckets.move_to_end(limit)
        return taken.given

    def _bucket(self, limit: Limit) -> Bucket:
        if limit not in self._buckets:
            self._buckets[limit] = Bucket()
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return self._buckets[limit]
