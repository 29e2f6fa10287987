"""What can go wrong with one request or one transaction, by name, and what its sender is told of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from syncer.core.records import Side
from syncer.errors import Denied, InDoubt, Rejected, SideError, Unavailable

Kind: TypeAlias = Literal[
    "unavailable",
    "throttled",
    "throttled for long",
    "outage",
    "denied",
    "forbidden",
    "rejected",
    "lost request",
    "lost answer",
    "timeout before",
    "timeout after",
    "error before",
    "error after",
    "late",
    "slow",
    "stale",
    "page again",
    "crash before",
    "crash after",
    "crash before journal",
    "crash after journal",
    "pause before",
    "pause under way",
    "pause after",
    "pause before journal",
    "pause after journal",
    "person",
]
"""`before` and `after` say whether the server, or the state DB, had done its part by then. `person` is somebody's hand,
or a clock that is set, right before a request."""

LATE_SECONDS = 20.0
LATE = frozenset({"create", "add_comment"})
"""Requests that may still be carried out after their answer was lost: the recovery waits for them."""

SLOW_SECONDS = 15.0
TIMEOUT_SECONDS = 30.0
STALE_SECONDS = 5.0
"""How old an answer to a read may be, as that of a server's copy: our own writes it always shows."""

RUN_CALLS = 8
"""So many calls in a row meet an outage, or are too many for a server."""

RUNS: dict[Kind, Kind] = {"outage": "unavailable", "throttled for long": "throttled"}

UNDONE: frozenset[Kind] = frozenset({"lost request", "timeout before", "error before"})
DONE: frozenset[Kind] = frozenset({"lost answer", "timeout after", "error after"})
"""Writes of unknown outcome: those that were not carried out, and those that were."""

TIMEOUTS: frozenset[Kind] = frozenset({"timeout before", "timeout after"})
STATUS: dict[Kind, int] = {"error before": 500, "error after": 502}


def refusal(kind: Kind | None, side: Side, writes: bool) -> SideError | None:
    """The error after which nothing was done, and its sender knows it; `None` where the kind is of another sort."""
    match kind:
        case "unavailable":
            return Unavailable(side, "no connection")
        case "throttled":
            return Unavailable(side, "too many requests", status=429)
        case "denied":
            return Denied(side, "wrong password", status=401)
        case "forbidden":
            return Denied(side, "no permission", status=403)
        case "rejected" if writes:
            return Rejected(side, "the server doesn't take that now", status=400)
        case _ if kind in UNDONE | DONE and not writes:
            return Unavailable(side, "no answer", status=STATUS.get(kind))
        case _:
            return None


def doubt(kind: Kind, side: Side) -> InDoubt:
    """What the sender of a write is told that was or wasn't carried out."""
    return InDoubt(side, f"no answer that tells: {kind}", status=STATUS.get(kind))


class Crash(BaseException):
    """The process ends here. Nothing that it does any more has an effect."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What happens at the `at`-th call of a cycle, or `write`. `doing` is what a person's hand does, or what goes on
    in the world while the process stands still."""

    at: int
    kind: Kind
    doing: Callable[[], None] | None = None
    write: bool = False


@dataclass(slots=True)
class Run:
    """One cycle of one process, as far as it has come. `process` is the fencing number that it began with."""

    process: int = 0
    due: Sequence[Disturbance] = ()
    calls: int = 0
    writes: int = 0
    streak: Kind | None = None
    left_of_streak: int = 0
    dead: bool = False
    overtaken: bool = False
    failing: bool = False
    in_a_row: int = 0
    met: set[int] = field(default_factory=set)
    """Which of those that are due have come to pass, by place: each does so once."""
