"""Lenses for values that are no prose and no choice: numbers, dates, times, and words in a text.

What one side can't hold is `Untranslatable`; what says the same in another form is left as it is.

| from / to | text | number | date | moment |
|---|---|---|---|---|
| text | as it is | if it is a number | if it is one | if it is one |
| number | its digits | the same | - | - |
| date | 2026-11-22 | - | the same | midnight, UTC |
| moment | ISO 8601 | - | its day, UTC | the same |
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from mappings.fields import Shape, noun
from mappings.lenses import Untranslatable, members
from mappings.values import Value

_SEPARATORS = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class ScalarLens:
    """One value, of a shape of its own on each side."""

    incident: Shape
    issue: Shape

    def get(self, incident: Value, issue: Value) -> Value:
        return _carried(incident, issue, self.incident, self.issue)

    def put(self, issue: Value, incident: Value) -> Value:
        return _carried(issue, incident, self.issue, self.incident)


@dataclass(frozen=True, slots=True)
class WordsLens:
    """Free words: a text on the incident side, which separates them by commas; a set on the issue side.

    A word holds no blanks where it is a label (Jira refuses them), so blanks become underscores."""

    def get(self, incident: Value, issue: Value) -> Value:
        return words(incident)

    def put(self, issue: Value, incident: Value) -> Value:
        labels = members(issue)
        if words(incident) == labels:
            return incident
        odd = sorted(label for label in labels if words(label) != {label})
        if odd:
            raise Untranslatable(f"the label '{odd[0]}' can't stand in a list with commas; rename it in Jira")
        return ", ".join(sorted(labels)) or None


def words(text: Value) -> frozenset[str]:
    """The words of a text, as labels."""
    if text is None or isinstance(text, frozenset):
        return members(text)
    return frozenset(word for part in _SEPARATORS.split(text) if (word := as_word(part)))


def as_word(name: str) -> str:
    """A name as a label: without blanks."""
    return "_".join(name.split())


def in_shape(text: str, shape: Shape) -> str | None:
    """The text in the one form that values of `shape` have, `None` where it is no such value."""
    match shape:
        case "number":
            return _number(text)
        case "date":
            moment = _moment(text)
            return moment.date().isoformat() if moment else None
        case "moment":
            moment = _moment(text)
            return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z" if moment else None
        case _:
            return text


def _carried(value: Value, held: Value, own: Shape, shape: Shape) -> Value:
    if not isinstance(value, str):
        return None
    made = in_shape(value, shape)
    if made is None:
        raise Untranslatable(f"'{value[:40]}' is not {noun(shape)}, which the other side wants; correct it")
    same = isinstance(held, str) and (in_shape(held, own) == value or _alike(value, held))
    return held if same else made


def _alike(value: str, held: str) -> bool:
    """Whether a day stands beside a time of that day: neither side says anything else than the other."""
    if {len(value), len(held)} != {len("2026-11-22"), len("2026-11-22T14:03:05Z")}:
        return False
    days = (in_shape(value, "date"), in_shape(held, "date"))
    return days[0] is not None and days[0] == days[1]


def _number(text: str) -> str | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return None
    told = format(number.normalize(), "f")
    return "0" if told == "-0" else told


def _moment(text: str) -> datetime | None:
    """A day counts as its midnight; what names no zone is in UTC."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None
