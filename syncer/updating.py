"""Writing the fields of one record, so that nobody's edit is overwritten and one bad value keeps no other back.

An update of several fields that is refused is tried again field by field: one bad value parks one field.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from state import effects
from state.rows import Link
from syncer import journal
from syncer.context import ProjectLink
from syncer.core.actions import Action, Agree, Change, UpdateRecord, action_item
from syncer.core.bind import Bound
from syncer.core.planner import LATE_FIELDS
from syncer.core.records import Present, Record, Side
from syncer.errors import Rejected
from syncer.journalled import Ids, Scribe

FRESH = timedelta(seconds=10)
"""An observation older than this is read again before its record is overwritten: somebody may have edited it."""

Refused: TypeAlias = Callable[[str, Rejected], None]
"""Told which item a server refused, and why."""


@dataclass(slots=True)
class Updating:
    """The updates of one record's plan. `records` are the record and its twin as they were last seen, and are kept so;
    `observed` are the sides that were looked at, at `observed_at`: a record of another one was made since."""

    link: ProjectLink
    bound: Bound
    scribe: Scribe
    records: dict[Side, Record]
    observed: frozenset[Side]
    observed_at: datetime
    _halves: set[str] = field(default_factory=set)

    def carry_out(self, action: UpdateRecord, row: Link, refused: Refused) -> None:
        """Write what is still due. One field of several that can't be written is told to `refused`, and the others are;
        raises the refusal of a single one, and all else that the port raises."""
        changes = self._still_due(action)
        try:
            self._write(action.side, changes, row)
        except Rejected:
            if len(changes) == 1:
                self._keep_steps(action.side, changes[0], row)
                raise
            for change in changes:
                self._alone(UpdateRecord(action.side, (change,)), row, refused)

    def _alone(self, action: UpdateRecord, row: Link, refused: Refused) -> None:
        try:
            self.carry_out(action, row, refused)
        except Rejected as refusal:
            refused(action_item(action), refusal)

    def _still_due(self, action: UpdateRecord) -> tuple[Change, ...]:
        """The changes whose field still holds what was observed, where the observation is no longer fresh.

        A field that somebody edited meanwhile is left to the next cycle: the record's revision has moved, so it is
        looked at again by itself. A record that was made just now holds what it was born with."""
        if action.side not in self.observed:
            born = self.records[action.side].values
            return tuple(replace(change, before=born.get(change.name)) for change in action.changes)
        if self.link.now() - self.observed_at < FRESH:
            return action.changes
        now = self._read(action.side)
        if now is None:
            return action.changes
        return tuple(change for change in action.changes if now.values.get(change.name) == change.before)

    def _write(self, side: Side, changes: tuple[Change, ...], row: Link) -> None:
        """Write what isn't there already: a new issue may have been born with the status that it is to get."""
        record, ids = self.records[side], Ids(row.id, row.incident_id, row.issue_id)
        if self._halves:
            changes = journal.completed(changes, self._halves, self.records[side.other], self.bound)
        there = tuple(change for change in changes if record.values.get(change.name) == change.after)
        agreed = _agreed(there)
        # What a record was born with was agreed on together with its link.
        if agreed and side in self.observed:
            held = {change.name: change.after for change in agreed}
            agree = Agree({side: held, side.other: journal.given(agreed, side.other, self.bound)})
            self.scribe.note(agree, journal.noted(agree, row.id, self.link.now(), self.link.installation), ids)
        changes = tuple(change for change in changes if change not in there)
        if not changes:
            return
        action = UpdateRecord(side, changes)
        values = {change.name: change.after for change in changes}
        port = self.link.ports[side]
        written, _ = self.scribe.write(
            action,
            ids,
            journal.payload(action),
            lambda: port.update(record.id, values),
            lambda written: journal.updated(row.id, side, changes, written, self.bound),
        )
        self.records[side] = _with_the_rest(written, record)
        self._halves.update(change.item for change in changes if change.half)

    def _keep_steps(self, side: Side, change: Change, row: Link) -> None:
        """A status that was reached only half-way is ours, not a person's: make it the baseline of its own side, so
        that the way is continued later and nobody's status is overwritten by it."""
        if change.name not in LATE_FIELDS:
            return
        now = self._read(side)
        if now is not None and now.values.get(change.name) != change.before:
            values = {change.name: now.values.get(change.name)}
            self.link.store.settle(None, [effects.SetBaseline(row.id, side.word, values, None)])

    def _read(self, side: Side) -> Record | None:
        for _, seen in self.link.ports[side].read([self.records[side].id], whole=False):
            if isinstance(seen, Present):
                return seen.record
        return None


def born_with(new: Record, actions: Sequence[Action]) -> tuple[Change, ...]:
    """The changes of later actions that a new record holds already, such as the status that all begin with."""
    later = [change for action in actions if isinstance(action, UpdateRecord) for change in action.changes]
    return _agreed(change for change in later if new.values.get(change.name) == change.after)


def _agreed(there: Iterable[Change]) -> tuple[Change, ...]:
    """What both sides agree on once it is there: no half, which has no baseline (see `journal.updated`)."""
    return tuple(change for change in there if not change.half)


def _with_the_rest(written: Record, before: Record) -> Record:
    """What a write's answer tells, and of what it doesn't tell what was seen before."""
    return replace(
        written,
        comments=before.comments if written.comments is None else written.comments,
        mark=written.mark or before.mark,
        shows_mark=before.shows_mark if written.shows_mark is None else written.shows_mark,
        results=before.results if written.results is None else written.results,
    )
