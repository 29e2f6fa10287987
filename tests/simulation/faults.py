"""The gate that every call of a port and every write to the journal passes: here it meets nothing, a fault of the
network or of the server, a crash, a pause, a person's hand. All is noted in the trace, so that a run replays exactly.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar

from syncer.core.records import Side
from syncer.errors import InDoubt, SideError, Unavailable
from syncer.execute import PATIENCE
from tests.simulation.clock import Clock
from tests.simulation.mishaps import (
    DONE,
    LATE,
    LATE_SECONDS,
    RUN_CALLS,
    RUNS,
    SLOW_SECONDS,
    TIMEOUT_SECONDS,
    TIMEOUTS,
    UNDONE,
    Crash,
    Disturbance,
    Kind,
    Run,
    doubt,
    refusal,
)

Answer = TypeVar("Answer")
Turn: TypeAlias = Callable[[], None]
"""Asked right before a request that writes leaves; what it raises keeps the request from leaving."""


@dataclass(slots=True)
class Faults:
    """The one gate of a world. `met` counts what calls have met, by kind; `odd` is what the last answer was, where it
    is good but not what it should be. `newest` is the process that took over last, `trespasses` what others wrote."""

    clock: Clock
    tick_seconds: float = 0.05
    trace: list[str] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    doubts: set[datetime] = field(default_factory=set)
    """When an answer didn't come, or wasn't put down any more."""
    noted: list[tuple[datetime, str]] = field(default_factory=list)
    """When which record was put down as linked, or as one to be kept apart."""
    down: bool = False
    drop_next_answer: bool = False
    odd: Kind | None = None
    newest: int = 0
    trespasses: list[str] = field(default_factory=list)
    _run: Run = field(default_factory=Run)

    def begin(self, process: int, disturbances: Sequence[Disturbance]) -> None:
        """A cycle of a living process begins; these will happen in it."""
        self._run = Run(process, disturbances)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Another process runs meanwhile; then the one that stood still goes on where it was."""
        before = self._run
        try:
            yield
        finally:
            self._run = before

    def call(self, side: Side, name: str, act: Callable[[], Answer], turn: Turn | None = None) -> Answer:
        """One request, which writes where there is a turn to ask for. Raises what it meets."""
        self._live()
        self.clock.tick(self.tick_seconds)
        met = self._called(turn is not None)
        try:
            if turn is not None:
                turn()
            answer = self._meet(met, side, name, act, turn is not None)
        except SideError as error:
            if isinstance(error, InDoubt):
                self.doubts.add(self.clock.now())
            self._run.failing |= isinstance(error, (Unavailable, InDoubt)) or error.status == 401
            self.note(f"{side} {name}: {type(error).__name__}")
            raise
        self.note(f"{side} {name}")
        return answer

    def journal(self, name: str, act: Callable[[], Answer]) -> Answer:
        """One transaction of the state DB."""
        self._live()
        met = next(iter(self._come(at_journal=True)), None)
        self._interrupt(met, name, "before journal")
        answer = act()
        self._check_turn(name)
        self.note(f"journal {name}")
        self._interrupt(met, name, "after journal")
        return answer

    def note(self, line: str) -> None:
        self.trace.append(f"{self.clock.now():%d %H:%M:%S.%f} {line}")

    def record_begins(self) -> bool:
        """Whether the executor has given up by now, or the process learnt that another one has taken over: it may find
        out a moment later, which no replay could repeat."""
        run = self._run
        run.in_a_row = run.in_a_row + 1 if run.failing else 0
        run.failing = False
        return run.dead or run.overtaken or run.in_a_row >= PATIENCE

    def observing(self) -> None:
        """No record has begun yet: what failed so far is none of the executor's failures."""
        self._run.in_a_row, self._run.failing = 0, False

    def overtake(self, _: str) -> None:
        """The process that runs has just learnt that it was overtaken: it begins nothing more."""
        self._run.overtaken = True

    def count(self, kind: str) -> None:
        self.met[kind] = self.met.get(kind, 0) + 1

    def _live(self) -> None:
        if self._run.dead:
            raise Crash

    def _called(self, writes: bool) -> Disturbance | None:
        """What the next call meets; a person's hand, and standing still before it, are done with here."""
        run, found = self._run, None
        run.calls += 1
        run.writes += writes
        for each in self._come(at_journal=False, writes=writes):
            if each.doing is not None and each.kind in ("person", "pause before"):
                self.count(each.kind)
                each.doing()
            else:
                found = each
        if found is not None and found.kind in RUNS:
            run.streak, run.left_of_streak = RUNS[found.kind], RUN_CALLS
        if run.streak is not None and run.left_of_streak:
            run.left_of_streak -= 1
            return Disturbance(0, run.streak)
        return found

    def _come(self, *, at_journal: bool, writes: bool = True) -> list[Disturbance]:
        """Those whose time has come, each once."""
        run = self._run
        places = [
            place
            for place, each in enumerate(run.due)
            if place not in run.met and _at_journal(each) is at_journal and self._is_due(each, writes)
        ]
        run.met.update(places)
        return [run.due[place] for place in places]

    def _is_due(self, each: Disturbance, writes: bool) -> bool:
        return writes and each.at == self._run.writes if each.write else each.at == self._run.calls

    def _meet(self, met: Disturbance | None, side: Side, name: str, act: Callable[[], Answer], writes: bool) -> Answer:
        kind = "unavailable" if self.down else met.kind if met else None
        if kind in TIMEOUTS or (kind == "slow" and not writes):
            self.clock.tick(TIMEOUT_SECONDS if kind in TIMEOUTS else SLOW_SECONDS)
        if (refused := refusal(kind, side, writes)) is not None:
            self.count(kind or "down")
            raise refused
        self._interrupt(met, name, "before")
        if kind in UNDONE:
            self.count(kind)
            raise doubt(kind, side)
        if kind == "late" and name in LATE:
            self.count(kind)
            self.clock.later(LATE_SECONDS, lambda: self._carry_out_late(side, name, act))
            raise doubt(kind, side)
        if kind == "pause under way" and met is not None and name in LATE:
            return self._stand_under_way(met, act)
        answer = act()
        if writes:
            self._check_turn(f"{side} {name}")
        self._interrupt(met, name, "after")
        return self._answered(kind, side, answer, writes)

    def _answered(self, kind: Kind | None, side: Side, answer: Answer, writes: bool) -> Answer:
        if writes and (self.drop_next_answer or kind in DONE):
            kind = "lost answer" if self.drop_next_answer or kind is None else kind
            self.drop_next_answer = False
            self.count(kind)
            raise doubt(kind, side)
        self.odd = kind if kind in ("stale", "page again") else None
        if kind == "slow":
            self.count(kind)
            # What is written is written before the answer takes its time.
            self.doubts.add(self.clock.now())
            self.clock.tick(SLOW_SECONDS if writes else 0)
        return answer

    def _stand_under_way(self, met: Disturbance, act: Callable[[], Answer]) -> Answer:
        """The request arrives at the server while its sender stands still, who finds the answer when it wakes."""
        came: Future[Answer] = Future()

        def arrive() -> None:
            self.doubts.add(self.clock.now())
            try:
                came.set_result(act())
            except SideError as error:
                came.set_exception(error)

        self.clock.later(LATE_SECONDS, arrive)
        self._interrupt(met, "", "under way")
        if not came.done():
            self.clock.tick(LATE_SECONDS)
        return came.result()

    def _carry_out_late(self, side: Side, name: str, act: Callable[[], object]) -> None:
        self.doubts.add(self.clock.now())
        self.note(f"{side} {name}: carried out late")
        try:
            act()
        except SideError as error:
            self.note(f"{side} {name}: refused late, {type(error).__name__}")

    def _interrupt(self, met: Disturbance | None, name: str, when: str) -> None:
        """End the process here, or let it stand still."""
        if met is not None and met.kind == f"crash {when}":
            self._run.dead = True
            self.doubts.add(self.clock.now())
            self.count("crash")
            self.note(f"crash at {name}")
            raise Crash
        if met is not None and met.kind == f"pause {when}" and met.doing is not None and when != "before":
            self.doubts.add(self.clock.now())
            self.count(met.kind)
            met.doing()

    def _check_turn(self, name: str) -> None:
        """Something was written: note it where another process had taken over by then."""
        if self._run.process != self.newest:
            self.trespasses.append(name)


def _at_journal(disturbance: Disturbance) -> bool:
    return disturbance.kind.endswith("journal")
