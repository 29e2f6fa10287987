"""All fields of a record, or of a record and its twin: what is written, what is agreed on, and what waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from mappings.lenses import Omitted, SetLens, Untranslatable
from mappings.values import Value
from syncer.core.actions import Action, Agree, Change, UpdateRecord
from syncer.core.bind import Bound, BoundField
from syncer.core.deciding import both_sides, merge_decided
from syncer.core.express import View, view
from syncer.core.merge import Agreed, Held, Outcome, Push, Stuck, held, stuck
from syncer.core.plan import Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Record, Side
from syncer.core.removals import EndDecision
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
    """All fields of two present records: one update a side, one agreement, decisions that are void, and what waits."""
    seen = view(bound, {Side.INCIDENT: incident, Side.ISSUE: issue})
    merged = _Merged(bound, [Waiting(item, reason, Reason.EXPRESSION) for item, reason in seen.failed.items()])
    base = {side: situation.baseline(side).values for side in Side}
    newer = _newer(incident, issue)
    decided = {decision.item: decision for decision in situation.decisions}
    for field in bound.fields:
        mine = held(field, Side.INCIDENT, seen.values[Side.INCIDENT], base[Side.INCIDENT])
        theirs = held(field, Side.ISSUE, seen.values[Side.ISSUE], base[Side.ISSUE])
        if mine is None or theirs is None or not seen.carries(field.item):
            continue
        decision = decided.get(field.item)
        outcomes, void = merge_decided(field, mine, theirs, newer, decision)
        merged.take(field, mine, theirs, outcomes, decision.by if decision is not None and void is None else "")
        if decision is not None and void is not None:
            merged.ended.append(EndDecision(decision.item, Side(decision.choice), void))
    for item in sorted(decided.keys() - {field.item for field in bound.fields}):
        merged.ended.append(EndDecision(item, Side(decided[item].choice), "the mapping doesn't carry it any more"))
    return list(merged.actions()), tuple(merged.waiting)


@dataclass(slots=True)
class _Merged:
    """What comes of the fields, one after the other."""

    bound: Bound
    waiting: list[Waiting]
    ended: list[EndDecision] = dataclass_field(default_factory=list)
    pushes: Mapping[Side, list[Change]] = dataclass_field(default_factory=lambda: {side: [] for side in Side})
    agreed: Mapping[Side, dict[str, Value]] = dataclass_field(default_factory=lambda: {side: {} for side in Side})

    def take(self, field: BoundField, mine: Held, theirs: Held, outcomes: Sequence[Outcome], decided: str) -> None:
        """`decided` is who decided on the field, if somebody did."""
        half = sum(isinstance(outcome, Push) for outcome in outcomes) > 1
        for outcome in outcomes:
            match outcome:
                case Push():
                    change = _change(field, outcome, self.bound)
                    self.pushes[outcome.side].append(replace(change, half=half, decided=decided))
                case Agreed():
                    both = (outcome.incident, outcome.issue)
                    if both != (mine.base, theirs.base) or not (mine.known and theirs.known):
                        self.agreed[Side.INCIDENT][field.incident] = outcome.incident
                        self.agreed[Side.ISSUE][field.issue] = outcome.issue
                case Stuck():
                    conflict = outcome.code is Reason.CONFLICT
                    sides = both_sides(field, mine, theirs, self.bound) if conflict else None
                    self.waiting.append(Waiting(field.item, outcome.reason, outcome.code, sides))

    def actions(self) -> Iterator[Action]:
        for side, changes in self.pushes.items():
            if changes:
                yield UpdateRecord(side, tuple(changes))
        if self.agreed[Side.INCIDENT]:
            yield Agree(self.agreed)
        yield from self.ended


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


def _change(field: BoundField, push: Push, bound: Bound) -> Change:
    name = field.on(push.side)
    return Change(
        item=field.item,
        name=name,
        before=push.before,
        after=push.after,
        given=push.given,
        shown_before=bound.show(push.side, name, push.before),
        shown_after=bound.show(push.side, name, push.after),
    )
