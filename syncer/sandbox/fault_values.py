"""What the switchboard of a sandbox server is made of: faults, and the requests it has seen."""

import re
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

Effect = Literal["status", "drop_before", "drop_after", "delay"]
Method = Literal["*", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong for matching requests.

    `path` is a regular expression searched in the path (without the query). The first `skip` matching
    requests pass unharmed, the next `times` are hit (None: all of them). A `status` without a `body` is
    answered with an HTML page, as a web server in front of the application would do.
    Raises ValueError for a `path` that is no regular expression.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    effect: Effect
    method: Method = "*"
    path: str = ""
    status: Annotated[int, Field(ge=200, le=599)] = 503
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: Annotated[float, Field(ge=0)] = 0.5
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = 1

    def __post_init__(self) -> None:
        try:
            re.compile(self.path)
        except re.error as problem:
            raise ValueError(f"path must be a regular expression, {self.path!r} is none: {problem}.") from None
        if any(name.lower() == "content-length" for name in self.headers):
            raise ValueError("headers must not hold Content-Length: it is worked out from the body.")

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and re.search(self.path, path) is not None


@dataclass(slots=True)
class Armed:
    """A fault in force: how many requests it has let through and how many it has hit."""

    id: str
    fault: Fault
    passed: int = 0
    hit: int = 0

    def takes(self, method: str, path: str) -> bool:
        """True if the fault hits this request; counts it either way."""
        spent = self.fault.times is not None and self.hit >= self.fault.times
        if spent or not self.fault.matches(method, path):
            return False
        if self.passed < self.fault.skip:
            self.passed += 1
            return False
        self.hit += 1
        return True


@dataclass(slots=True)
class Seen:
    """One request that arrived; `status` is None while it is answered and where no answer left."""

    method: str
    path: str
    status: int | None = None
