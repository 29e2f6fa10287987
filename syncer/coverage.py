"""How much of many records a mapping can carry: counted field by field, one side at a time. Nothing is logged here,
and nothing may be: what no rule maps are words that people wrote, and their names.

| a value | counts as |
|---|---|
| of text, number, date, choice, person | one |
| of a set | one for each element |
| that the mapping leaves alone on purpose | none, and is told apart |
| that is cut or simplified | carried, and is told apart |
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mappings.expressions import Template
from mappings.kinds import UsersField
from mappings.markup import is_cut
from mappings.values import Value
from syncer.core.bind import Bound, BoundField
from syncer.core.reasons import Reason
from syncer.core.records import Record, Side
from syncer.simplified import simplified
from syncer.trying import Trial, scope, trials


@dataclass(slots=True)
class FieldCount:
    """What came of one field's values on their way from `side`.

    `unmapped` counts options without a counterpart by id, `unfit` and `failed` sentences about values that the other
    side can't hold and about expressions that failed, `lost` what simplified texts lose. `sent` is False while no
    server told anything of the field.
    """

    field: BoundField
    side: Side
    sent: bool = False
    values: int = 0
    carried: int = 0
    left_alone: int = 0
    unmapped: Counter[str] = dataclasses.field(default_factory=Counter)
    unfit: Counter[str] = dataclasses.field(default_factory=Counter)
    failed: Counter[str] = dataclasses.field(default_factory=Counter)
    simplified: int = 0
    lost: Counter[str] = dataclasses.field(default_factory=Counter)
    cut: int = 0
    longest: int = 0

    @property
    def never(self) -> bool:
        """Whether no record holds anything in this field."""
        return not (self.values or self.left_alone or self.failed)

    def add(self, trial: Trial) -> None:
        """Count the field of one more record."""
        self.sent = self.sent or trial.sent
        size, lost = _size(trial.value), len(trial.unmapped)
        match trial.why.code:
            case Reason.CONDITION:
                self.left_alone += size
            case Reason.EXPRESSION:
                self.values += 1
                self.failed[trial.why.sentence] += 1
            case Reason.UNMAPPED if trial.on_purpose:
                self.left_alone += lost
                self.values += size - lost
                self.carried += size - lost
            case Reason.UNMAPPED:
                self.values += size
                self.carried += size - lost
                self.unmapped.update(trial.unmapped)
            case Reason.UNFIT if _cut_by_us(trial.value):
                self.left_alone += 1
            case Reason.UNFIT if size:
                self.values += size
                self.unfit[trial.why.sentence] += size
            case _:
                self.values += size
                self.carried += size
        self._add_text(trial)

    def _add_text(self, trial: Trial) -> None:
        if not isinstance(trial.value, str) or not isinstance(trial.after, str):
            return
        if is_cut(trial.after) and not _cut_by_us(trial.value):
            self.cut += 1
            self.longest = max(self.longest, len(trial.value))
        lost = simplified(trial.field.lens, trial.side, trial.value)
        self.simplified += bool(lost)
        self.lost.update(lost)


@dataclass(slots=True)
class SideCount:
    """What came of the records of one side. `out_of_scope` are those that the mapping's own condition leaves out,
    `failed` sentences about records for which that condition failed."""

    side: Side
    fields: list[FieldCount]
    records: int = 0
    out_of_scope: int = 0
    failed: Counter[str] = dataclasses.field(default_factory=Counter)

    @property
    def values(self) -> int:
        return sum(each.values for each in self.fields)

    @property
    def carried(self) -> int:
        return sum(each.carried for each in self.fields)


def count(side: Side, bound: Bound, records: Iterable[Record]) -> SideCount:
    """Try the mapping on every record in scope."""
    carried = [place for place, each in enumerate(bound.fields) if _travels(each, side)]
    counts = SideCount(side, [FieldCount(bound.fields[place], side) for place in carried])
    for record in records:
        why = scope(record, bound)
        if why.code is Reason.EXPRESSION:
            counts.failed[why.sentence] += 1
        elif why.code is Reason.OUT_OF_SCOPE:
            counts.out_of_scope += 1
        else:
            counts.records += 1
            tried = trials(record, bound)
            for place, each in zip(carried, counts.fields, strict=True):
                each.add(tried[place])
    return counts


def travelling(bound: Bound) -> list[Side]:
    """The sides from which anything travels."""
    return [side for side in Side if any(_travels(each, side) for each in bound.fields)]


def about_people(each: FieldCount, bound: Bound) -> bool:
    """Whether the field holds people."""
    place = each.field.loc[1] if len(each.field.loc) > 1 else None
    return isinstance(place, int) and isinstance(bound.mapping.fields[place], UsersField)


def share(carried: int, values: int) -> str:
    """How much of all values is carried, as "98.5 % of 4,012 values"; never 100 % while one is missing."""
    if not values:
        return "no values"
    tenths = carried * 1000 // values
    percent = "100" if tenths == 1000 else f"{tenths // 10}.{tenths % 10}"
    return f"{percent} % of {values:,} values"


def _travels(each: BoundField, side: Side) -> bool:
    """Whether records of `side` have a say in the field: a value that stands in the mapping is always the same."""
    return each.carries_to(side.other) and (each.source is None or isinstance(each.source, Template))


def _cut_by_us(value: Value) -> bool:
    """Whether it is the part of a text that a twin had room for, which never goes back."""
    return isinstance(value, str) and is_cut(value)


def _size(value: Value) -> int:
    return len(value) if isinstance(value, frozenset) else int(value is not None)
