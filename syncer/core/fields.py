"""All fields of a record, or of a record and its twin: what is written, what is agreed on, and what waits."""

from collections.abc import Mapping

from mappings.lenses import Omitted, SetLens, Untranslatable
from mappings.values import Value
from syncer.core.actions import Action, Agree, Change, UpdateRecord
from syncer.core.bind import Bound, BoundField
from syncer.core.express import View, view
from syncer.core.merge import Agreed, Push, Stuck, held, merge, stuck
from syncer.core.plan import Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Record, Side
from syncer.core.situation import Situation


def initial_changes(record: Record, bound: Bound) -> tuple[tuple[Change, ...], tuple[Waiting, ...]]:
    """What a new twin of the record is to hold, and which fields wait."""
    return _carried(record, before_birth(record, bound), bound)


def before_birth(record: Record, bound: Bound) -> View:
    """What the mapping sees of a record that has no twin yet: a condition that names the twin is asked of what the
    twin is going to hold."""
    seen = view(bound, {record.side: record})
    if any(field.when is not None and not field.when.sides <= {record.side.word} for field in bound.fields):
        planned, _ = _carried(record, seen, bound)
        twin = Record(record.side.other, "", "", "", {change.name: change.after for change in planned})
        both = view(bound, {record.side: record, twin.side: twin})
        # What the twin isn't known to hold yet leaves a condition open: no failure, it is asked again once it is there.
        seen = View(both.values, seen.failed, both.resting | (both.failed.keys() - seen.failed.keys()))
    return seen


def _carried(record: Record, seen: View, bound: Bound) -> tuple[tuple[Change, ...], tuple[Waiting, ...]]:
    to = record.side.other
    changes: list[Change] = []
    waiting = [Waiting(item, reason, Reason.EXPRESSION) for item, reason in seen.failed.items()]
    for field in bound.fields:
        value = seen.values[record.side].get(field.on(record.side))
        if value is None or not field.carries_to(to) or not seen.carries(field.item):
            continue
        try:
            after = field.translate(to, value, frozenset() if isinstance(value, frozenset) else None)
        except Omitted:
            continue
        except Untranslatable as untranslatable:
            waiting.append(Waiting(field.item, str(untranslatable), stuck(untranslatable).code))
            continue
        stranded = _stranded(field, record.side, value)
        if stranded:
            waiting.append(Waiting(field.item, stranded, Reason.UNMAPPED))
        if after not in (None, frozenset()):
            changes.append(_change(field, Push(to, None, after, value), bound))
    return tuple(changes), tuple(waiting)


def merge_fields(
    situation: Situation, incident: Record, issue: Record, bound: Bound
) -> tuple[list[Action], tuple[Waiting, ...]]:
    """All fields of two present records: one update a side, one agreement, and what waits."""
    pushes: Mapping[Side, list[Change]] = {side: [] for side in Side}
    agreed: Mapping[Side, dict[str, Value]] = {side: {} for side in Side}
    seen = view(bound, {Side.INCIDENT: incident, Side.ISSUE: issue})
    waiting = [Waiting(item, reason, Reason.EXPRESSION) for item, reason in seen.failed.items()]
    base = {side: situation.baseline(side).values for side in Side}
    newer = _newer(incident, issue)
    for field in bound.fields:
        mine = held(field, Side.INCIDENT, seen.values[Side.INCIDENT], base[Side.INCIDENT])
        theirs = held(field, Side.ISSUE, seen.values[Side.ISSUE], base[Side.ISSUE])
        if mine is None or theirs is None or not seen.carries(field.item):
            continue
        outcomes = merge(field, mine, theirs, newer)
        half = sum(isinstance(outcome, Push) for outcome in outcomes) > 1
        for outcome in outcomes:
            match outcome:
                case Push():
                    pushes[outcome.side].append(_change(field, outcome, bound, half=half))
                case Agreed():
                    both = (outcome.incident, outcome.issue)
                    if both != (mine.base, theirs.base) or not (mine.known and theirs.known):
                        agreed[Side.INCIDENT][field.incident] = outcome.incident
                        agreed[Side.ISSUE][field.issue] = outcome.issue
                case Stuck():
                    waiting.append(Waiting(field.item, outcome.reason, outcome.code))
    actions: list[Action] = [UpdateRecord(side, tuple(changes)) for side, changes in pushes.items() if changes]
    if agreed[Side.INCIDENT]:
        actions.append(Agree(agreed))
    return actions, tuple(waiting)


def _stranded(field: BoundField, side: Side, value: Value) -> str | None:
    """The sentence about elements of a set that stay behind."""
    if not isinstance(field.lens, SetLens):
        return None
    return field.lens.stranded(value, None) if side is Side.INCIDENT else field.lens.stranded(None, value)


def _newer(incident: Record, issue: Record) -> Side | None:
    """The side that was updated last, by the servers' own clocks; `None` when they say the same or nothing."""
    if incident.updated_at is None or issue.updated_at is None or incident.updated_at == issue.updated_at:
        return None
    return Side.INCIDENT if incident.updated_at > issue.updated_at else Side.ISSUE


def _change(field: BoundField, push: Push, bound: Bound, *, half: bool = False) -> Change:
    name = field.on(push.side)
    return Change(
        item=field.item,
        name=name,
        before=push.before,
        after=push.after,
        given=push.given,
        half=half,
        shown_before=bound.show(push.side, name, push.before),
        shown_after=bound.show(push.side, name, push.after),
    )
