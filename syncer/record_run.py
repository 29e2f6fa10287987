"""Execute the plan of one record: its actions in order, each carried out before the next is tried.

| what an action meets | then |
|---|---|
| `Rejected`, `Missing` | its item is parked, the record's other actions go on; without its twin a record stops |
| `InDoubt` | nothing more is done to this record before a later cycle has looked |
| `HeldBack` for long | nothing more is done, nothing is parked, no try counts: the cycle ends, a later one goes on |
| any other `Unavailable`, `Denied` | the rest of the record is parked |
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import TypeAlias

from state import effects
from state.rows import Link, Parked
from syncer import journal, removing
from syncer.context import ProjectLink
from syncer.core.actions import (
    Action,
    Adopt,
    CreateRecord,
    Noted,
    UpdateRecord,
    action_item,
    writes,
)
from syncer.core.bind import Bound
from syncer.core.deciding import both_in
from syncer.core.plan import RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Draft, Record, Side
from syncer.core.removals import Bury, DeleteComment, DeleteRecord, EndDecision, HideResult, RemoveMark, ShowResult
from syncer.errors import Denied, HeldBack, InDoubt, Missing, Rejected, SideError
from syncer.joined import Joined, write_of
from syncer.journalled import Birth, Ids, Scribe, Write
from syncer.updating import Updating, born_with

SOON = 60.0
RESTS = 3
"""A limit on requests that opens within so many seconds is waited for, so many times for each action."""

IN_A_ROW = 10
"""So many actions at most are journalled together: before the last of them leaves, its intent grows old."""

Alone: TypeAlias = (
    CreateRecord
    | UpdateRecord
    | DeleteRecord
    | DeleteComment
    | ShowResult
    | HideResult
    | RemoveMark
    | EndDecision
    | Noted
)
"""All other actions: each is settled before the next one begins."""


class RecordRun:
    """One record's way through its plan. `waiting` are the items that could not be done, and why."""

    def __init__(
        self, link: ProjectLink, bound: Bound, scribe: Scribe, plan: RecordPlan, observed_at: datetime
    ) -> None:
        self._link = link
        self._bound = bound
        self._scribe = scribe
        self._plan = plan
        self._row: Link | None = plan.situation.link
        self._records = {side: record for side in Side if (record := plan.situation.record(side)) is not None}
        self._updating = Updating(link, bound, scribe, self._records, frozenset(self._records), observed_at)
        self._void: list[EndDecision] = []
        self.born: tuple[Record, list[Link]] | SideError | None = None
        self.waiting: list[Waiting] = list(plan.waiting)

    @property
    def step(self) -> str:
        """What it counts as, for those who are told how far the cycle has come."""
        return self._plan.step

    def run(self, parked: Mapping[tuple[str, str], Sequence[Parked]]) -> SideError | None:
        """Carry out what can be; gives the error that stopped the record before its end, if one did."""
        stopped: SideError | None = None
        rest = self._plan.actions
        while rest:
            done, error = self._patiently(rest[: _together(rest)])
            rest = rest[done:]
            if error is None:
                continue
            if isinstance(error, (InDoubt, HeldBack)):
                return error
            rest_flows = isinstance(error, Rejected) and self._row is not None and not self._dissolves()
            self._wait(action_item(rest[0]) if rest_flows else "record", error)
            if not rest_flows:
                stopped = error
                break
            rest = rest[1:]
        self._finish(parked, stopped)
        return stopped

    def _dissolves(self) -> bool:
        """Whether the plan ends the link: then each step needs the one before it, and a refusal ends the record."""
        return any(isinstance(action, Bury) for action in self._plan.actions)

    def _wait(self, item: str, error: SideError) -> None:
        both = both_in(self._plan, item, self._bound)
        self.waiting.append(Waiting(item, str(error), code_of(error), both))

    def _patiently(self, actions: Sequence[Action]) -> tuple[int, SideError | None]:
        """Carry out actions that go together; gives how many were done, and the error of the next one if it failed.

        What a limit on requests holds back is tried again when that opens, if it does so soon: here no intent grows
        old, and what is to be overwritten is looked at again."""
        done = rests = 0
        while True:
            more, error = self._carry_out_all(actions[done:])
            done += more
            rests = 0 if more else rests + 1
            if not isinstance(error, HeldBack) or error.seconds > SOON or rests > RESTS:
                return done, error
            self._link.rest(error.seconds)

    def _carry_out_all(self, actions: Sequence[Action]) -> tuple[int, SideError | None]:
        first = actions[0]
        if isinstance(first, Joined):
            joined = [action for action in actions if isinstance(action, Joined)]
            return self._scribe.write_row([self._write(action) for action in joined])
        try:
            self._carry_out(first)
        except SideError as error:
            return 0, error
        return 1, None

    def _carry_out(self, action: Alone) -> None:
        match action:
            case CreateRecord():
                self._create(action)
            case UpdateRecord():
                self._updating.carry_out(action, self._link_row(), self._wait)
            case DeleteRecord() | DeleteComment() | ShowResult() | HideResult() | RemoveMark():
                removing.carry_out(action, self._link, self._scribe, self._ids(), self._records)
            case EndDecision():
                self._void.append(action)
            case _:
                self._note(action)

    def _create(self, action: CreateRecord) -> None:
        port, birth = self._link.ports[action.side], self._birth(action)
        if isinstance(self.born, SideError):
            # Held back together, each may be tried again by itself.
            error, self.born = self.born, None
            raise error
        new, links = self.born or self._scribe.write(
            action, birth.ids, birth.body, lambda: port.create(birth.draft), birth.settle
        )
        self._records[action.side] = new
        self._row = links[0]

    def birth(self) -> Birth | None:
        """The create that the plan begins with, if it does: who carries it out says in `born` what became of it."""
        first = next(iter(self._plan.actions), None)
        return self._birth(first) if isinstance(first, CreateRecord) else None

    def _birth(self, action: CreateRecord) -> Birth:
        origin = self._records[action.side.other]
        draft = Draft({change.name: change.after for change in action.changes}, action.twin)

        def settled(new: Record) -> list[effects.Effect]:
            changes = (*action.changes, *born_with(new, self._plan.actions))
            return [journal.created(self._link.name, action.side, changes, origin, new, self._bound, self._link.now())]

        return Birth(action, draft, self._ids(), journal.payload(action), settled)

    def _write(self, action: Joined) -> Write:
        return write_of(action, self._link, self._records, self._ids())

    def _note(self, action: Noted) -> None:
        """Actions that change nothing but the state DB."""
        if isinstance(action, Adopt):
            change: list[effects.Effect] = [journal.adopted(self._link.name, action, self._link.now())]
        else:
            change = journal.noted(action, self._link_id(), self._link.now(), self._link.installation)
        before = journal.link_image(self._row) if isinstance(action, Bury) and self._row else None
        links = self._scribe.note(action, change, self._ids(), before)
        self._row = None if isinstance(action, Bury) else next(iter(links), self._row)

    def _finish(self, parked: Mapping[tuple[str, str], Sequence[Parked]], stopped: SideError | None) -> None:
        """Park what waits, release what no longer does, forget void decisions, and remember the revisions that need no
        second look."""
        changes = self._parking(parked, stopped)
        changes += [effects.ForgetDecision(self._link_id(), decision.item) for decision in self._void]
        quiet = stopped is None and not any(map(writes, self._plan.actions))
        if self._row is not None and quiet and len(self._records) == len(Side):
            changes += [
                effects.SetStamp(self._row.id, side.word, record.stamp)
                for side, record in self._records.items()
                if self._plan.situation.baseline(side).stamp != record.stamp
            ]
        if changes:
            self._scribe.end(self._void, changes, self._ids())

    def _parking(
        self, parked: Mapping[tuple[str, str], Sequence[Parked]], stopped: SideError | None
    ) -> list[effects.Effect]:
        """A linked record's items are parked under its incident; where the whole record waits, nothing is released."""
        if not self._records:
            return []
        anchor = self._records[min(self._records)]
        before = [row for record in self._records.values() for row in parked.get((record.side.word, record.id), ())]
        tries = {row.item: row.tries for row in before}
        still = {waiting.item for waiting in self.waiting}
        healed = stopped is None and "record" not in still
        parking: list[effects.Effect] = [
            self._scribe.parking(anchor.side, anchor.id, anchor.key, w, tries.get(w.item, 0)) for w in self.waiting
        ]
        released = [row for row in before if row.item not in still] if healed else []
        return parking + [effects.Unpark(self._link.name, row.side, row.record_id, row.item) for row in released]

    def _link_row(self) -> Link:
        if self._row is None:
            raise RuntimeError(f"{self._plan.situation.key} has no link yet: its create comes first in every plan")
        return self._row

    def _link_id(self) -> int:
        return self._link_row().id

    def _ids(self) -> Ids:
        incident, issue = self._records.get(Side.INCIDENT), self._records.get(Side.ISSUE)
        return Ids(self._row.id if self._row else None, incident.id if incident else None, issue.id if issue else None)


def _together(actions: Sequence[Action]) -> int:
    """How many of the actions, from the first on, go together."""
    joined = takewhile(lambda action: isinstance(action, Joined), actions[:IN_A_ROW])
    return max(1, sum(1 for _ in joined))


def code_of(error: SideError) -> Reason:
    """Why an item waits that a server did not take."""
    match error:
        case Denied():
            return Reason.DENIED
        case Missing():
            return Reason.MISSING
        case Rejected():
            return Reason.REFUSED
        case _:
            return Reason.UNAVAILABLE
