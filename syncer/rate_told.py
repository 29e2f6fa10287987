"""What an answer tells of a server's limits on requests: its headers, read into seconds and numbers.

| header | told by | says |
|---|---|---|
| `Retry-After` | both servers, proxies | nothing before so many seconds, or before that date |
| `RateLimit-Reason` | Jira Cloud, with 429 | which limit it was |
| `X-RateLimit-Limit`, `-Remaining` | Jira | how many requests the limit allows at once, and how many are left |
| `X-RateLimit-Reset` | Jira Cloud | when it is full again, to the minute or the second |
| `X-RateLimit-NearLimit` | Jira Cloud, of quotas | less than a fifth is left |
| `X-RateLimit-Interval-Seconds`, `-FillRate` | Jira Data Center | so many requests more each interval |

What can't be read counts as not told. A date is taken relative to the answer's own `Date`, so that no clock here has
to agree with the server's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

REFUSED = 429

LONGEST = 3600.0
"""No wait is believed beyond an hour, the longest that Jira's quotas last: then it is asked again."""


FAR = 60.0
"""A limit that is full again in more seconds than this is no burst's."""

_SPEAKING = {
    "retry-after",
    "ratelimit-reason",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-nearlimit",
    "x-ratelimit-interval-seconds",
    "x-ratelimit-fillrate",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Seconds count from the answer. `fill` requests more are allowed each `interval`."""

    status: int
    wait: float | None = None
    reason: str = ""
    limit: float | None = None
    remaining: float | None = None
    reset: float | None = None
    near: bool | None = None
    interval: float | None = None
    fill: float | None = None

    @property
    def refused(self) -> bool:
        """Whether the request was turned away by a limit, and not carried out."""
        return self.status == REFUSED

    @property
    def of_quota(self) -> bool:
        """Whether what is left is left until the reset, where a burst's comes back all the time.

        Jira's documents give the same three headers for both, and X-RateLimit-NearLimit for quotas alone."""
        return self.reset is not None and (self.near is not None or self.reset > FAR)

    @property
    def asks_for_pause(self) -> bool:
        """Whether a server that is in trouble says when to come back."""
        return self.status >= 500 and bool(self.wait)

    @property
    def tells_nothing(self) -> bool:
        """Whether it speaks of no limit at all."""
        return self.remaining is None and not self.refused and not self.asks_for_pause

    @property
    def pause(self) -> float:
        """The seconds that it asks for, 0 where it names none."""
        return self.wait or self.reset or 0.0


def told(status: int, headers: Mapping[str, str], now: datetime) -> Told:
    """What an answer tells; `now` is our own time, for an answer without a date."""
    here = {name.lower(): value.strip() for name, value in headers.items()}
    if here.keys().isdisjoint(_SPEAKING):
        return Told(status)
    at = _date(here.get("date", "")) or now
    near = here.get("x-ratelimit-nearlimit")
    return Told(
        status=status,
        wait=_wait(here.get("retry-after", ""), at),
        reason=here.get("ratelimit-reason", "").lower(),
        limit=_number(here.get("x-ratelimit-limit", "")),
        remaining=_number(here.get("x-ratelimit-remaining", "")),
        reset=_until(_instant(here.get("x-ratelimit-reset", "")), at),
        near=None if near is None else near.lower() == "true",
        interval=_number(here.get("x-ratelimit-interval-seconds", "")) or None,
        fill=_number(here.get("x-ratelimit-fillrate", "")) or None,
    )


def _wait(text: str, at: datetime) -> float | None:
    seconds = _number(text)
    return _until(_date(text), at) if seconds is None else min(seconds, LONGEST)


def _until(then: datetime | None, at: datetime) -> float | None:
    return None if then is None else min(max(0.0, (then - at).total_seconds()), LONGEST)


def _number(text: str) -> float | None:
    """A number that is neither negative nor endless."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _date(text: str) -> datetime | None:
    """A date as HTTP writes it, "Wed, 21 Oct 2026 07:28:00 GMT"."""
    try:
        return _aware(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _instant(text: str) -> datetime | None:
    """A time as Jira writes it, "2026-10-21T07:28Z"."""
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
