"""What one record becomes on the other side, field by field, with what stays behind and why: to be shown, not written.

It follows `syncer.core.fields.initial_changes`, which decides what a new twin holds, and tells more: what is empty,
what the mapping leaves alone on purpose, and which elements of a set have no counterpart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from mappings.expressions import ExpressionError, Template
from mappings.lenses import NoCounterpart, Omitted, SetLens, Untranslatable
from mappings.values import Value
from syncer.core.bind import Bound, BoundField
from syncer.core.comments import body_for
from syncer.core.express import View, in_scope
from syncer.core.fields import before_birth
from syncer.core.reasons import Reason
from syncer.core.records import Comment, Record, Side

Told: TypeAlias = "str | list[str] | None"

_LEFT_ALONE = "the mapping leaves values alone that nothing stands for (unmapped: omit)"


@dataclass(frozen=True, slots=True)
class Why:
    """Why something doesn't travel, or not all of it. Without a `code` nothing is amiss."""

    code: Reason | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One mapped field, tried on one record of `side`.

    `value` is what the record holds, or what the mapping makes of it; `sent` is False where the server told nothing of
    the field. `after` is what a new twin would hold. `unmapped` are the options that nothing stands for; with
    `on_purpose` the mapping wants what doesn't travel to be left alone.
    """

    field: BoundField
    side: Side
    value: Value
    sent: bool = True
    after: Value = None
    why: Why = Why()
    unmapped: frozenset[str] = frozenset()
    on_purpose: bool = False

    @property
    def here(self) -> str:
        """The record's field, or in words where its value comes from."""
        if self.field.source is not None and self.field.target is not self.side:
            return "(a template)" if isinstance(self.field.source, Template) else "(set by the mapping)"
        return self.field.on(self.side)

    @property
    def there(self) -> str:
        """The twin's field; empty where the mapping writes a computed value to this side."""
        return "" if self.field.target is self.side else self.field.on(self.side.other)


@dataclass(frozen=True, slots=True)
class CommentTrial:
    """One comment, and the text that it becomes; `None` where it isn't carried."""

    comment: Comment
    body: str | None
    why: Why = Why()


def trials(record: Record, bound: Bound) -> tuple[Trial, ...]:
    """All mapped fields, in the mapping's order."""
    seen = before_birth(record, bound)
    return tuple(_trial(each, record.side, seen) for each in bound.fields)


def _trial(each: BoundField, side: Side, seen: View) -> Trial:
    values, name = seen.values[side], each.on(side)
    trial = Trial(each, side, values.get(name), sent=name in values)
    if not each.carries_to(side.other):
        return replace(trial, why=_because(Reason.ONE_WAY))
    if each.item in seen.resting:
        return replace(trial, why=_because(Reason.CONDITION), on_purpose=True)
    if each.item in seen.failed:
        return replace(trial, why=Why(Reason.EXPRESSION, seen.failed[each.item]))
    if trial.value is None:
        return trial
    return _translated(trial, trial.value)


def _translated(trial: Trial, value: str | frozenset[str]) -> Trial:
    try:
        after = trial.field.translate(trial.side.other, value, frozenset() if isinstance(value, frozenset) else None)
    except Untranslatable as refusal:
        on_purpose = isinstance(refusal, Omitted)
        lacking = isinstance(refusal, NoCounterpart) or on_purpose
        why = Why(Reason.UNMAPPED if lacking else Reason.UNFIT, _LEFT_ALONE if on_purpose else str(refusal))
        unmapped = frozenset({value}) if lacking and isinstance(value, str) else frozenset[str]()
        return replace(trial, why=why, unmapped=unmapped, on_purpose=on_purpose)
    return _with_the_stranded(replace(trial, after=after), value)


def _with_the_stranded(trial: Trial, value: str | frozenset[str]) -> Trial:
    """The same, with the elements of a set that stay behind."""
    lens = trial.field.lens
    if not isinstance(lens, SetLens) or not isinstance(value, frozenset):
        return trial
    agreeable = trial.field.agreeable(trial.side, value)
    unmapped = value - (agreeable if isinstance(agreeable, frozenset) else frozenset())
    if not unmapped:
        return trial
    stranded = lens.stranded(value, None) if trial.side is Side.INCIDENT else lens.stranded(None, value)
    why = Why(Reason.UNMAPPED, stranded or _LEFT_ALONE)
    return replace(trial, why=why, unmapped=unmapped, on_purpose=stranded is None)


def scope(record: Record, bound: Bound) -> Why:
    """Why a record of its kind gets no twin; nothing for one that does."""
    if not bound.mapping.direction.carries(record.side.other.word):
        return _because(Reason.ONE_WAY)
    place = bound.mapping.place((f"{record.side}s", "when"))
    try:
        if in_scope(bound, record):
            return Why()
    except ExpressionError as error:
        return Why(Reason.EXPRESSION, f"{place}: {error}")
    return Why(Reason.OUT_OF_SCOPE, f"the condition at {place} doesn't hold for it")


def comment_trials(record: Record, bound: Bound) -> Iterator[CommentTrial]:
    """The record's comments, in the server's order."""
    to = record.side.other
    for comment in record.comments or ():
        if comment.mark is not None:
            yield CommentTrial(comment, None, Why(Reason.IN_STEP, f"it was mirrored from the {to}"))
        elif not bound.mapping.comments.direction.carries(to.word):
            yield CommentTrial(comment, None, _because(Reason.ONE_WAY))
        else:
            yield CommentTrial(comment, body_for(to, comment.body, bound))


def told(bound: Bound, side: Side, name: str, value: Value) -> Told:
    """A value as data for people: names for ids, a sorted list for a set."""
    if value is None:
        return None
    if isinstance(value, frozenset):
        return sorted(bound.show(side, name, frozenset({each})) for each in value)
    return bound.show(side, name, value)


def told_here(bound: Bound, trial: Trial) -> Told:
    """What the record holds, or what the mapping makes: a value that is set is one of the other side's."""
    if trial.field.source is not None and trial.field.target is not trial.side:
        return told(bound, trial.side.other, trial.there, trial.value)
    return told(bound, trial.side, trial.here, trial.value)


def _because(code: Reason) -> Why:
    return Why(code, code.sentence)
