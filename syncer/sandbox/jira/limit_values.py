"""What limits on requests a Jira sandbox can have; `limits.py` enforces them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`burst` tokens at once, of which `burst_rate` come back each second, on Data Center each `burst_interval`.

    So many `issue_writes` to one issue each `issue_seconds`, and so many requests, the `quota`, each `quota_seconds`.
    `told`: answers that aren't refused speak of the limits, too. `reason_told`: refusals on Cloud name the limit."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    burst: Count | None = None
    burst_rate: Positive = 10.0
    burst_interval: Positive = 1.0
    issue_writes: Count | None = None
    issue_seconds: Positive = 2.0
    quota: Count | None = None
    quota_seconds: Positive = 3600.0
    told: bool = True
    reason_told: bool = True
    retry_after: Literal["seconds", "date", "none"] = "seconds"
