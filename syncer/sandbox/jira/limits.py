"""Limits on requests, as both deployments have them; none is in force before `JiraBehaviour.limits` names one.

| limit | on Cloud | on Data Center |
|---|---|---|
| `burst` | tokens for each endpoint and method, which come back one by one | tokens for each account, back in steps |
| `issue_writes` | so many writes to one issue each `issue_seconds` | - |
| `quota` | so many requests each `quota_seconds` | - |

What is refused is answered with 429 and is not carried out. `told` is whether answers that aren't refused speak of the
limits, too. Assumed: of a burst and a quota they tell the one of which the smaller share is left, and the quota with
X-RateLimit-NearLimit, which Jira's documents know of quotas alone.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from starlette.responses import HTMLResponse, Response

from syncer.sandbox.jira.call import answer
from syncer.sandbox.jira.limit_values import Limits
from syncer.sandbox.jira.store import Store

BURST = "jira-burst-based"
ISSUE = "jira-per-issue-on-write"
QUOTA = "jira-quota-tenant-based"
PAGE = "<!doctype html><html><body><h1>HTTP Status 429</h1><p>Rate limit exceeded.</p></body></html>"


class Asked(NamedTuple):
    """A request, as far as limits are concerned: who sends it, to which endpoint, and to which issue it writes."""

    login: str
    endpoint: str
    written: str | None


@dataclass(slots=True)
class Bucket:
    """`left` tokens at `at`; `steps` seconds after which some come back, 0 where they do so all the time."""

    size: float
    rate: float
    steps: float
    left: float
    at: datetime

    def fill(self, now: datetime) -> None:
        passed = (now - self.at).total_seconds()
        if self.steps:
            passed = passed // self.steps * self.steps
        self.left = min(self.size, self.left + passed * self.rate)
        self.at += timedelta(seconds=passed)

    def empty_for(self, now: datetime) -> float:
        """Seconds until there is a token."""
        if self.left >= 1:
            return 0.0
        if self.steps:
            return (self.at - now).total_seconds() + self.steps * math.ceil((1 - self.left) / (self.rate * self.steps))
        return (1 - self.left) / self.rate


class Limiter:
    """Enforces the limits of one server. `refused` counts what it turned away, by reason."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._limits: Limits | None = None
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.refused: dict[str, int] = {}

    def admit(self, asked: Asked) -> Response | None:
        """None for a request that may be carried out, its tokens taken; else the refusal."""
        limits = self._store.behaviour.limits
        if limits != self._limits:
            self._limits, self._buckets = limits, {}
        if limits is None:
            return None
        now = self._store.clock().astimezone(UTC)
        mine = self._of(asked, limits, now)
        for bucket in mine.values():
            bucket.fill(now)
        for reason, bucket in mine.items():
            wait = bucket.empty_for(now)
            if wait > 0:
                self.refused[reason] = self.refused.get(reason, 0) + 1
                return self._refusal(limits, reason, bucket, wait, now)
        for bucket in mine.values():
            bucket.left -= 1
        return None

    def tell(self, response: Response, asked: Asked) -> Response:
        """Add to an answer what it tells of the limits."""
        limits = self._store.behaviour.limits
        if limits is None or not limits.told:
            return response
        now = self._store.clock().astimezone(UTC)
        mine = {reason: each for reason, each in self._of(asked, limits, now).items() if reason != ISSUE}
        if mine:
            reason, bucket = min(mine.items(), key=lambda each: each[1].left / each[1].size)
            response.headers.update(self._told(limits, reason, bucket, now))
        return response

    def _of(self, asked: Asked, limits: Limits, now: datetime) -> Mapping[str, Bucket]:
        """The buckets of a request, by the reason with which they refuse."""
        found: dict[str, Bucket] = {}
        cloud = self._store.cloud
        if limits.burst is not None:
            steps = 0.0 if cloud else limits.burst_interval
            whose = asked.endpoint if cloud else asked.login
            found[BURST] = self._bucket(BURST, whose, (limits.burst, limits.burst_rate, steps), now)
        if limits.issue_writes is not None and asked.written is not None and cloud:
            each = limits.issue_seconds
            found[ISSUE] = self._bucket(
                ISSUE, asked.written, (limits.issue_writes, limits.issue_writes / each, each), now
            )
        if limits.quota is not None and cloud:
            each = limits.quota_seconds
            found[QUOTA] = self._bucket(QUOTA, "", (limits.quota, limits.quota / each, each), now)
        return found

    def _bucket(self, kind: str, whose: str, made: tuple[float, float, float], now: datetime) -> Bucket:
        size, rate, steps = made
        return self._buckets.setdefault((kind, whose), Bucket(size, rate, steps, size, now))

    def _refusal(self, limits: Limits, reason: str, bucket: Bucket, wait: float, now: datetime) -> Response:
        cloud = self._store.cloud
        whole = max(1, math.ceil(wait))
        headers = dict(self._told(limits, reason, bucket, now)) if limits.told or reason != BURST else {}
        if limits.retry_after == "date":
            # To the second, and never before the time itself.
            headers["Retry-After"] = format_datetime(now + timedelta(seconds=whole), usegmt=True)
        elif limits.retry_after == "seconds":
            headers["Retry-After"] = str(whole)
        else:
            headers.pop("Retry-After", None)
        if cloud and limits.reason_told:
            headers["RateLimit-Reason"] = reason
        if not cloud:
            return HTMLResponse(PAGE, 429, headers)
        refused = answer({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429)
        refused.headers.update(headers)
        return refused

    def _told(self, limits: Limits, reason: str, bucket: Bucket, now: datetime) -> Mapping[str, str]:
        headers = {"X-RateLimit-Limit": f"{bucket.size:.0f}", "X-RateLimit-Remaining": str(int(max(0.0, bucket.left)))}
        if not self._store.cloud:
            wait = math.ceil(bucket.empty_for(now))
            return {
                **headers,
                "X-RateLimit-Interval-Seconds": f"{bucket.steps:g}",
                "X-RateLimit-FillRate": f"{bucket.rate * bucket.steps:g}",
                "Retry-After": str(wait),
            }
        if reason == QUOTA:
            reset = bucket.at + timedelta(seconds=bucket.steps)
            headers["X-RateLimit-Reset"] = reset.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            headers["X-RateLimit-NearLimit"] = str(bucket.left < bucket.size / 5).lower()
        return headers
