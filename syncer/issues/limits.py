"""Which of Jira's limits a request is under, and of which one an answer speaks.

| limit | holds for | is told by |
|---|---|---|
| `account` | all requests | Data Center: each answer |
| `quota` | all requests | `RateLimit-Reason: jira-quota-...`; answers with X-RateLimit-Reset that show a quota |
| `burst` | one endpoint and method | `RateLimit-Reason: jira-burst-based`; all others that refuse or say what is left |
| `issue` | writes to one issue | `RateLimit-Reason: jira-per-issue-on-write` |
| `503` | one endpoint and method | a 5xx with `Retry-After` |

A refusal without a reason that we know counts for its endpoint: where one endpoint refuses everything for ever, the
others go on, and where the account was meant, each endpoint learns its share. Assumed: on Cloud an answer that isn't
refused speaks of the limit of its endpoint unless it shows the signs of a quota; Jira's documents give the same three
headers for both.
"""

import re
from dataclasses import dataclass

from syncer.issues.routes import route
from syncer.rate_told import Told
from syncer.turnstile import Limit

ACCOUNT = Limit("account")
QUOTA = Limit("quota")

PAUSE = "503"

_BELOW_ISSUE = "/rest/api/2/issue/{}"
_ISSUE = re.compile(r".*/issue/([^/]+)(?:/.*)?$")

SENTENCES = {
    "account": "it asks for fewer requests",
    "quota": "its quota of requests is used up",
    "burst": "it takes no more requests of this kind",
    "issue": "it takes no more changes of this issue",
    PAUSE: "it asks for a pause",
}
"""What a limit means, by its kind, in the middle of a sentence about Jira."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, as far as limits are concerned. `path` is that of its URL; `writes`: it changes something."""

    method: str
    path: str
    writes: bool

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All that it may be under; those of its endpoint only where its path is known before it leaves."""
        endpoint = f"{self.method} {route(self.path)}"
        own = (Limit("burst", endpoint), Limit(PAUSE, endpoint)) if self.path else ()
        issue = self.issue
        return (ACCOUNT, QUOTA, *own, *(() if issue is None else (issue,)))

    @property
    def issue(self) -> Limit | None:
        """The limit of the issue that it writes to."""
        below = route(self.path).startswith(_BELOW_ISSUE)
        found = _ISSUE.match(self.path) if self.writes and below else None
        return None if found is None else Limit("issue", found[1])

    def spoken_of(self, told: Told) -> Limit | None:
        """The limit of which an answer to this request speaks; None where it speaks of none."""
        endpoint = f"{self.method} {route(self.path)}"
        if told.asks_for_pause:
            return Limit(PAUSE, endpoint)
        if told.interval is not None:
            return ACCOUNT
        if "per-issue" in told.reason and self.issue is not None:
            return self.issue
        if "quota" in told.reason:
            return QUOTA
        if told.remaining is None and not told.refused:
            return None
        return QUOTA if told.of_quota and not told.refused else Limit("burst", endpoint)
