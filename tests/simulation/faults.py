"""What a call of a port meets on its way: nothing, a fault of the network or of the server, a crash, a person's hand.

Every call and every write to the journal passes here, and is noted in the trace, so that a run replays exactly.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from syncer.core.records import Side
from syncer.errors import Denied, InDoubt, Rejected, SideError, Unavailable
from syncer.execute import PATIENCE
from tests.simulation.clock import Clock

Answer = TypeVar("Answer")

Kind: TypeAlias = Literal[
    "unavailable",
    "throttled",
    "denied",
    "forbidden",
    "rejected",
    "lost request",
    "lost answer",
    "late",
    "crash before",
    "crash after",
    "crash before journal",
    "crash after journal",
    "outage",
    "person",
]
LATE_SECONDS = 20.0
OUTAGE_CALLS = 8
LATE = frozenset({"create", "add_comment"})
"""Requests that may still be carried out after their answer was lost: the recovery waits for them."""


class Crash(BaseException):
    """The process ends here. Nothing that it does any more has an effect."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What happens at the `at`-th call of a cycle, or `write`; a person's hand comes before it, and does `doing`."""

    at: int
    kind: Kind
    doing: Callable[[], None] | None = None
    write: bool = False


@dataclass(slots=True)
class Faults:
    """The one gate of a world. `met` counts what calls have met, by kind."""

    clock: Clock
    tick_seconds: float = 0.05
    trace: list[str] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    doubts: set[datetime] = field(default_factory=set)
    """When an answer didn't come, or wasn't put down any more."""
    dead: bool = False
    down: bool = False
    drop_next_answer: bool = False
    _due: Sequence[Disturbance] = ()
    _call: int = 0
    _write: int = 0
    _outage: int = 0
    _failing: bool = False
    _in_a_row: int = 0

    def begin(self, disturbances: Sequence[Disturbance]) -> None:
        """A cycle of a living process begins; these will happen in it."""
        self._due = disturbances
        self._call = self._write = self._outage = self._in_a_row = 0
        self.dead = self._failing = False

    def call(self, side: Side, name: str, writes: bool, act: Callable[[], Answer]) -> Answer:
        """One request. Raises what it meets."""
        self._live()
        self.clock.tick(self.tick_seconds)
        kind = self._called(writes)
        try:
            answer = self._meet(kind, side, name, writes, act)
        except SideError as error:
            if isinstance(error, InDoubt):
                self.doubts.add(self.clock.now())
            self._failing |= isinstance(error, (Unavailable, InDoubt)) or error.status == 401
            self.note(f"{side} {name}: {type(error).__name__}")
            raise
        self.note(f"{side} {name}")
        return answer

    def journal(self, name: str, act: Callable[[], Answer]) -> Answer:
        """One transaction of the state DB."""
        self._live()
        kind = next((each.kind for each in self._due if _at_journal(each) and self._is_due(each)), None)
        if kind == "crash before journal":
            self._die(name)
        answer = act()
        self.note(f"journal {name}")
        if kind == "crash after journal":
            self._die(name)
        return answer

    def note(self, line: str) -> None:
        self.trace.append(f"{self.clock.now():%d %H:%M:%S.%f} {line}")

    def record_begins(self) -> bool:
        """Whether the executor has given up by now: it may find out a moment later, which no replay could repeat."""
        self._in_a_row = self._in_a_row + 1 if self._failing else 0
        self._failing = False
        return self.dead or self._in_a_row >= PATIENCE

    def observing(self) -> None:
        """No record has begun yet: what failed so far is none of the executor's failures."""
        self._in_a_row, self._failing = 0, False

    def _live(self) -> None:
        if self.dead:
            raise Crash

    def _called(self, writes: bool) -> Kind | None:
        """What the next call meets; a person's hand is done with here."""
        self._call += 1
        self._write += writes
        found: Kind | None = None
        for each in [each for each in self._due if self._is_due(each, writes) and not _at_journal(each)]:
            if each.doing is not None:
                each.doing()
                self._count(each.kind)
            else:
                found = each.kind
        if found == "outage":
            self._outage = OUTAGE_CALLS
        if self._outage:
            self._outage -= 1
            return "unavailable"
        return found

    def _is_due(self, each: Disturbance, writes: bool = True) -> bool:
        return writes and each.at == self._write if each.write else each.at == self._call

    def _meet(self, kind: Kind | None, side: Side, name: str, writes: bool, act: Callable[[], Answer]) -> Answer:
        self._refuse(kind, side, writes)
        if kind == "crash before":
            self._die(name)
        if kind == "lost request" and writes:
            self._count(kind)
            raise InDoubt(side, "the request was lost on its way")
        if kind == "late" and name in LATE:
            self._count(kind)
            self.clock.later(LATE_SECONDS, lambda: self._carry_out_late(side, name, act))
            raise InDoubt(side, "the request is still under way")
        answer = act()
        if kind == "crash after":
            self._die(name)
        if writes and (self.drop_next_answer or kind == "lost answer"):
            self.drop_next_answer = False
            self._count("lost answer")
            raise InDoubt(side, "the answer was lost on its way")
        return answer

    def _refuse(self, kind: Kind | None, side: Side, writes: bool) -> None:
        """Faults after which nothing was done, and their sender knows it."""
        refusals: dict[str, SideError] = {
            "unavailable": Unavailable(side, "no connection"),
            "throttled": Unavailable(side, "too many requests", status=429),
            "denied": Denied(side, "wrong password", status=401),
            "forbidden": Denied(side, "no permission", status=403),
        }
        if writes:
            refusals["rejected"] = Rejected(side, "the server doesn't take that now", status=400)
        else:
            refusals |= {"lost request": refusals["unavailable"], "lost answer": refusals["unavailable"]}
        if self.down or kind in refusals:
            self._count(kind or "down")
            raise refusals[kind or "unavailable"]

    def _carry_out_late(self, side: Side, name: str, act: Callable[[], object]) -> None:
        self.doubts.add(self.clock.now())
        self.note(f"{side} {name}: carried out late")
        try:
            act()
        except SideError as error:
            self.note(f"{side} {name}: refused late, {type(error).__name__}")

    def _die(self, name: str) -> None:
        self.dead = True
        self.doubts.add(self.clock.now())
        self._count("crash")
        self.note(f"crash at {name}")
        raise Crash

    def _count(self, kind: str) -> None:
        self.met[kind] = self.met.get(kind, 0) + 1


def _at_journal(disturbance: Disturbance) -> bool:
    return disturbance.kind.endswith("journal")


class Turnstile(threading.Event):
    """In the place of a stop request: lets a record begin only while the executor hasn't given up.

    The executor's thread could begin one record more before its caller hears of the failure that ends the cycle."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def is_set(self) -> bool:
        if threading.current_thread().name.startswith("record"):
            return self._faults.record_begins()
        self._faults.observing()
        return False
