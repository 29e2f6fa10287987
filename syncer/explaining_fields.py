"""Each mapped field of an explanation, with what is decided on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mappings.model import Mapping as LinkMapping
from mappings.policies import Direction
from mappings.values import Value, Values
from state.rows import SideName
from syncer.core.actions import (
    Action,
    Agree,
    Change,
    UpdateRecord,
    excerpt,
)
from syncer.core.bind import Bound, BoundField
from syncer.core.express import View, view
from syncer.core.merge import held
from syncer.core.reasons import Reason
from syncer.core.records import Side
from syncer.looking import Known, Seen
from syncer.reasoning import BY_SERVERS, WHOLE, Why, as_planned
from syncer.trying import Trial, trials


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One mapped field: its rule, what both sides hold and last agreed on, and what is decided.

    Values are for people; `None` is nothing, or not observed. `agreed` is empty where there was no agreement."""

    incident: str
    issue: str
    kind: str
    place: str
    direction: Direction
    now: dict[SideName, str | None]
    agreed: dict[SideName, str | None]
    code: Reason
    decision: str


def remembered_fields(mapping: LinkMapping, known: Known, why: Why) -> tuple[FieldLine, ...]:
    """The fields as far as the state DB knows them: ids stand where only a server could tell names."""
    lines: list[FieldLine] = []
    for number, each in enumerate(mapping.fields):
        agreed = {
            side.word: _plain(base.values[name])
            for side, base in known.baselines.items()
            if (name := each.on(side.word)) in base.values
        }
        incident, issue = each.on("incident"), each.on("issue")
        place, direction = mapping.place(("fields", number)), mapping.direction_of(each)
        lines.append(FieldLine(incident, issue, each.kind, place, direction, {}, agreed, why.code, "not looked at"))
    return tuple(lines)


def _plain(value: Value) -> str | None:
    return ", ".join(sorted(value)) or None if isinstance(value, frozenset) else value


def field_lines(seen: Seen, known: Known, why: Why) -> tuple[FieldLine, ...]:
    """All mapped fields, in the mapping's order."""
    bound, records = seen.bound, {side: r for side in Side if (r := seen.situation.record(side)) is not None}
    values = view(bound, records)
    alone = next(iter(records.values())) if len(records) == 1 and seen.situation.link is None else None
    tried = trials(alone, bound) if alone is not None else None
    lines: list[FieldLine] = []
    for number, field in enumerate(bound.fields):
        if tried is not None:
            said = _of_trial(tried[number], bound, why)
        elif len(records) == len(Side):
            said = _decided(field, seen, known, values, why)
        else:
            said = Why(why.code, WHOLE)
        lines.append(_line(field, number, seen, known, values, said))
    return tuple(lines)


def _line(field: BoundField, number: int, seen: Seen, known: Known, values: View, said: Why) -> FieldLine:
    bases = {side: base.values for side, base in known.baselines.items() if field.on(side) in base.values}
    return FieldLine(
        incident=field.incident,
        issue=field.issue,
        kind=seen.bound.mapping.fields[number].kind,
        place=field.place,
        direction=field.direction,
        now={side.word: _shown(seen.bound, field, side, each) for side, each in values.values.items()},
        agreed={side.word: _shown(seen.bound, field, side, each) for side, each in bases.items()},
        code=said.code,
        decision=said.sentence or said.code.sentence,
    )


def _shown(bound: Bound, field: BoundField, side: Side, values: Values) -> str | None:
    """A value for people; that of a computed field is one of the side that it is computed for."""
    value = values.get(field.on(side))
    if value in (None, frozenset()):
        return None
    shown_on = side if field.target is None else field.target
    return str(bound.show(shown_on, field.on(shown_on), value))


def _of_trial(trial: Trial, bound: Bound, why: Why) -> Why:
    """What a field means for the twin that a record may get."""
    to, name = trial.side.other, trial.field.on(trial.side.other)
    if trial.why.code is not None:
        return Why(trial.why.code, trial.why.sentence)
    if why.whole:
        return Why(why.code, WHOLE)
    if trial.value in (None, frozenset()):
        return Why(Reason.IN_STEP, "it holds nothing to carry" if trial.sent else "the server doesn't tell it")
    code = why.code if why.code in BY_SERVERS else Reason.PLANNED
    return Why(code, f"the new {to} gets {name}: {excerpt(bound.show(to, name, trial.after))}")


def _decided(field: BoundField, seen: Seen, known: Known, values: View, why: Why) -> Why:
    """What is decided on a field of two records that were both read."""
    if why.whole and not seen.planned.actions:
        return Why(why.code, WHOLE)
    waits = next((each for each in seen.planned.waiting if each.item == field.item), None)
    if waits is not None:
        return Why(waits.code, waits.reason.removeprefix(f"{waits.code}: "))
    if field.item in values.resting:
        return Why(Reason.CONDITION)
    if pushes := list(_pushes(field, seen.planned.actions)):
        return _of_pushes(field, pushes, seen, known, why)
    bases = {side: known.baselines[side].values if side in known.baselines else {} for side in Side}
    both = {side: held(field, side, values.values[side], bases[side]) for side in Side}
    for side, each in both.items():
        if each is None:
            return Why(Reason.UNOBSERVED, f"the {side}'s server doesn't send it: what isn't seen is no change")
    moved = [side for side, each in both.items() if each is not None and each.moved]
    if any(isinstance(action, Agree) and field.issue in action.values[Side.ISSUE] for action in seen.planned.actions):
        return Why(Reason.IN_STEP, "both sides fit; the next cycle notes it as agreed")
    if moved and field.direction is not Direction.BOTH:
        return Why(Reason.ONE_WAY, f"changed on the {' and the '.join(moved)} side; it is carried {_way(field)} only")
    return Why(Reason.IN_STEP)


def _way(field: BoundField) -> str:
    return f"to the {Side.ISSUE if field.direction is Direction.TO_ISSUE else Side.INCIDENT}"


def _pushes(field: BoundField, actions: Iterable[Action]) -> Iterator[tuple[Side, Change]]:
    for action in actions:
        if isinstance(action, UpdateRecord):
            yield from (
                (action.side, c) for c in action.changes if (c.item, c.name) == (field.item, field.on(action.side))
            )


def _as_decided(side: Side, change: Change) -> str:
    """What a person decided, where that is why it is written."""
    return f"decided by {change.decided}: take the {side.other}'s; " if change.decided else ""


def _moved(change: Change) -> str:
    return f"{excerpt(change.shown_before)} -> {excerpt(change.shown_after)}"


def _of_pushes(field: BoundField, pushes: Sequence[tuple[Side, Change]], seen: Seen, known: Known, why: Why) -> Why:
    source = ", computed" if field.source is not None else ""
    told = "; ".join(
        f"{_as_decided(side, change)}to be written to the {side}{source}: {_moved(change)}" for side, change in pushes
    )
    passed = any(_pushes(field, seen.passed.actions))
    return as_planned(told, field.item, known, None if passed else why)
