"""How many requests one limit of a server allows, as far as its answers tell, and how long the next one has to wait.

A limit is taken for a bucket: each request takes a token out of it, and it fills again. How it fills is learnt:

| the answers tell | then |
|---|---|
| what is left (Jira Cloud, bursts) | the level is known after each answer; the rate is what came back in between |
| what is left, and when it is full again (Jira Cloud, quotas) | used up to the end, then nothing before that time |
| what is left, and what comes each interval (Jira Data Center) | likewise, with each interval |
| nothing but refusals | the rate is halved at the first one; from then on it is what was carried out between two |
| nothing at all | nothing is held back |

A rate that was learnt of refusals grows again, slowly, until the next one: limits are raised, too, and other programs
that share them end. Times are seconds of one monotonic clock; whoever takes a token waits first, so a level below 0 is
promised to requests that wait.
"""

import math
from dataclasses import dataclass, replace

from syncer.rate_told import LONGEST, Told

LEARN_SECONDS = 0.25
LEARN_REQUESTS = 25
"""What came back is measured over so long and so many requests at least, as answers tell whole numbers; the first time
over a fifth of that."""

PROBE_SECONDS = 0.2
"""With nothing left, and no rate known, one request is tried each so often."""

GROWTH = 0.015
GUESS_GROWTH = 0.2
"""By this share of itself a rate that was learnt of refusals grows each second; as long as there was but one, the rate
is a guess, and grows faster."""

SLOWEST = 0.02
"""Requests a second; no limit is taken for tighter than that."""

LONGEST_BACKOFF = 30.0
"""Refusals that name no time are waited for twice as long each time, up to this."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment from which on requests are counted: that of request `number`, with so many `left` after it."""

    at: float
    number: int
    left: float = 0.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is known of one limit at the time `at`.

    `given` counts the tokens taken so far, so each request has a number. The level rises by `rate` each second, or by
    `fill` at `fills_at` and then each `interval`. Nothing leaves before `closed_until`. `told_of` is the latest request
    whose answer told what was left, `seen` the last such answer that the rate was measured by, `busy` since when
    requests have been leaving as fast as they may."""

    at: float = 0.0
    given: int = 0
    level: float = math.inf
    capacity: float = math.inf
    rate: float | None = None
    fills_at: float = math.inf
    fill: float = 0.0
    interval: float = math.inf
    closed_until: float = -math.inf
    refusals: int = 0
    refused_number: int = -1
    cuts: int = 0
    told_of: int = -1
    seen: Mark | None = None
    busy: Mark | None = None

    @property
    def _untold(self) -> bool:
        """Whether no answer has told anything yet: then no time counts, and there is nothing to work out."""
        return self.rate is None and math.isinf(self.level)

    def wait(self, now: float) -> float:
        """Seconds until one more request may leave, `LONGEST` at most."""
        here = self if self._untold else self._filled(now)
        return here._wait(now, 1)

    def wait_of(self, now: float, number: int) -> float:
        """Seconds until the request with that number may leave, which has its token; later ones stand behind it."""
        return self._filled(now)._wait(now, number - self.given)

    def taken(self, now: float) -> "Bucket":
        """With one token less; the request that has it is number `given`."""
        if self._untold:
            return replace(self, given=self.given + 1, busy=self.busy or Mark(now, self.given))
        here = self._filled(now)
        # What is measured is how fast requests may go: times in which nobody wanted to send don't count.
        if here.busy is None or (math.isfinite(here.level) and here.level >= here.capacity):
            here = replace(here, busy=Mark(now, here.given))
        return replace(here, given=here.given + 1, level=here.level - 1)

    def answered(self, now: float, number: int, told: Told, backoff: float = 1.0) -> "Bucket":
        """After the answer to the request with that number, when it speaks of this limit.

        `backoff` is the seconds to wait after the first of several refusals that name no time."""
        if self._untold and told.tells_nothing:
            here = self._recent(now, number)
            return replace(here, refusals=0) if here.refusals else here
        here = self._filled(now)._synced(now, number, told)
        if told.refused:
            return here._refused(now, number, told, backoff)
        if told.asks_for_pause:
            return here._closed(now, told.pause)
        return replace(here, refusals=0)

    def _closed(self, now: float, seconds: float) -> "Bucket":
        return replace(self, closed_until=max(self.closed_until, now + seconds))

    def _filled(self, now: float) -> "Bucket":
        """The same with what has come in by now."""
        passed = max(0.0, now - self.at)
        here = replace(self, at=max(now, self.at))
        if self.rate is not None:
            here = replace(here, level=min(self.capacity, self.level + passed * self.rate))
            if self.cuts and self.seen is None:
                growth = GROWTH if self.cuts > 1 else GUESS_GROWTH
                here = replace(here, rate=self.rate * (1 + growth * min(passed, 10.0)))
        elif self.level < 1 and math.isinf(self.fills_at):
            here = replace(here, level=min(1.0, self.level + passed / PROBE_SECONDS))
        if now >= self.fills_at:
            times = 1.0 if math.isinf(self.interval) else 1.0 + (now - self.fills_at) // self.interval
            following = math.inf if math.isinf(self.interval) else self.fills_at + times * self.interval
            here = replace(here, level=min(self.capacity, self.level + times * self.fill), fills_at=following)
        return here

    def _wait(self, now: float, place: int) -> float:
        """`place` is 1 for the next one that takes a token, 0 for the last that took one, less for those before it."""
        return min(LONGEST, max(0.0, self.closed_until - now, self._shortage(now, place)))

    def _shortage(self, now: float, place: int) -> float:
        lacking = place - self.level
        if lacking <= 0:
            return 0.0
        if math.isfinite(self.fills_at):
            more = max(0, math.ceil(lacking / self.fill) - 1) if math.isfinite(self.interval) else 0
            return self.fills_at - now + (more * self.interval if more else 0.0)
        return lacking / self.rate if self.rate is not None else lacking * PROBE_SECONDS

    def _synced(self, now: float, number: int, told: Told) -> "Bucket":
        """With the level that the answer tells, less what was promised to later requests."""
        if told.remaining is None:
            return self._recent(now, number)
        if number < self.told_of:
            return self  # an answer that was long under way: what it tells was left before all that was sent since
        level = told.remaining - max(0, self.given - number)
        here = replace(self, level=level, capacity=max(told.limit or 0.0, told.remaining, 1.0), told_of=number)
        if told.interval is not None:
            fill = max(told.fill or told.limit or 1.0, 1.0)
            # Each answer says by when the next ones come at the latest; a wait is rounded up to whole seconds. Only a
            # refusal shows that an earlier one of these was wrong.
            latest = now + min(told.wait or told.interval, told.interval)
            here = replace(here, fills_at=latest if told.refused else min(latest, self.fills_at))
            return replace(here, fill=fill, interval=told.interval, rate=None)
        if told.of_quota:
            return replace(here, fills_at=now + (told.reset or 0.0), fill=here.capacity, interval=math.inf, rate=None)
        return here._measured(now, number, told)

    def _recent(self, now: float, number: int) -> "Bucket":
        """Before the first refusal, only the latest second counts as how fast requests go."""
        if not self.cuts and self.busy is not None and now - self.busy.at >= 1.0:
            return replace(self, busy=Mark(now, number))
        return self

    def _measured(self, now: float, number: int, told: Told) -> "Bucket":
        """With the rate at which tokens came back since an answer last told what was left."""
        left, seen = told.remaining or 0.0, self.seen
        if told.refused or seen is None:
            return replace(self, seen=None if told.refused else Mark(now, number, left))
        passed = now - seen.at
        part = 1.0 if self.rate else 0.2
        if number - seen.number < part * LEARN_REQUESTS or passed < part * LEARN_SECONDS:
            return self
        back = (left - seen.left + number - seen.number) / passed
        full = max(left, seen.left) >= self.capacity - 1
        if full or back <= 0:
            # A full bucket loses what comes in, so no less than this comes in.
            rate = None if self.rate is None else max(self.rate, back, SLOWEST)
        else:
            rate = back if self.rate is None else (self.rate + back) / 2
        return replace(self, rate=rate, seen=Mark(now, number, left))

    def _refused(self, now: float, number: int, told: Told, backoff: float) -> "Bucket":
        """Closed for a while, and slower if nothing but refusals tells the rate."""
        longer = min(backoff * 2 ** min(self.refusals, 10), LONGEST_BACKOFF)
        here = self._closed(now, max(told.pause, longer if not told.pause else 0.0))
        if number <= self.refused_number:
            return here  # it had left before the last refusal was known, which was counted
        here = replace(here, refusals=self.refusals + 1, refused_number=self.given)
        if self.refusals:
            return here  # nothing was carried out since the last one, so there is no rate to be learnt
        if told.interval is not None or "quota" in told.reason:
            return here  # it says itself when there will be more
        return here._slowed(now, number)

    def _slowed(self, now: float, number: int) -> "Bucket":
        """With the rate at which requests were carried out since the last refusal, with half of it after the first."""
        busy = self.busy or Mark(now, number)
        carried_out = max(1, number - 1 - busy.number) / max(now - busy.at, 0.05)
        # Halved where nothing is known yet: what was carried out so far was what the server had in store.
        rate = carried_out / 2 if self.rate is None else min(carried_out, 0.95 * self.rate)
        rate = max(rate, SLOWEST)
        return replace(
            self,
            rate=rate,
            capacity=max(1.0, rate / 10),
            level=min(0.0, self.level),
            at=max(now, self.closed_until),
            cuts=self.cuts + 1,
            busy=Mark(now, self.given),
        )
