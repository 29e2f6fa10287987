"""Lenses: translate a field's value one way, and back without losing what the other side can't say.

A lens stands for a relation between incident values and issue values. Each direction is given the value that the
receiving side holds now, and keeps it wherever it already fits:

    get(incident, issue)    the issue's value that fits the incident's
    put(issue, incident)    the incident's value that fits the issue's

Two laws, both ways round, tested by hypothesis in `tests/mappings/test_lenses.py`:

    fitting     get(put(y, x), y) == y          what was carried over needs no carrying back
    stability   get(x, get(x, y)) == get(x, y)  a second pass changes nothing

Both hold for values that can be translated at all; for others `Untranslatable` says which value and why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mappings.values import Value


class Untranslatable(Exception):
    """A value that the mapping can't carry; the message names it and says what would help."""


class Lens(Protocol):
    """One field's translation; raises `Untranslatable` and nothing else."""

    def get(self, incident: Value, issue: Value) -> Value: ...

    def put(self, issue: Value, incident: Value) -> Value: ...


@dataclass(frozen=True, slots=True)
class CopyLens:
    """The same text on both sides."""

    def get(self, incident: Value, issue: Value) -> Value:
        return incident

    def put(self, issue: Value, incident: Value) -> Value:
        return issue


@dataclass(frozen=True, slots=True)
class Relation:
    """Which incident option fits which issue option, as pairs of ids; earlier pairs are preferred.

    `names` gives ids their display names and `advice` ends the sentence about a value without a counterpart.
    """

    rows: tuple[tuple[str, str], ...]
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    advice: str = "add it to the mapping"

    def issues_of(self, incident_id: str) -> tuple[str, ...]:
        """The issue options that fit one incident option, preferred first."""
        return tuple(issue for incident, issue in self.rows if incident == incident_id)

    def incidents_of(self, issue_id: str) -> tuple[str, ...]:
        """The incident options that fit one issue option, preferred first."""
        return tuple(incident for incident, issue in self.rows if issue == issue_id)

    def complaint(self, option_ids: Iterable[str], other: str) -> str:
        """The sentence about values that have no counterpart on the `other` side."""
        listed = ", ".join(f"'{self.names.get(option_id, option_id)}'" for option_id in sorted(option_ids))
        return f"{listed} has no counterpart on the {other} side; {self.advice}"


@dataclass(frozen=True, slots=True)
class ChoiceLens:
    """A single option on each side, related by a value table, a table of users, or by name."""

    relation: Relation

    def get(self, incident: Value, issue: Value) -> Value:
        return self._translate(incident, issue, self.relation.issues_of(_one(incident)), "issue")

    def put(self, issue: Value, incident: Value) -> Value:
        return self._translate(issue, incident, self.relation.incidents_of(_one(issue)), "incident")

    def _translate(self, value: Value, held: Value, fitting: tuple[str, ...], other: str) -> Value:
        if value is None:
            return None
        if not fitting:
            raise Untranslatable(self.relation.complaint([_one(value)], other))
        return held if held in fitting else fitting[0]


@dataclass(frozen=True, slots=True)
class SetLens:
    """A set of options on each side. Elements without a counterpart stay where they are and don't travel."""

    relation: Relation

    def get(self, incident: Value, issue: Value) -> Value:
        rel = self.relation
        return _fit(members(incident), members(issue), rel.issues_of, rel.incidents_of)

    def put(self, issue: Value, incident: Value) -> Value:
        rel = self.relation
        return _fit(members(issue), members(incident), rel.incidents_of, rel.issues_of)

    def stranded(self, incident: Value, issue: Value) -> str | None:
        """The sentence about elements that can't travel, `None` when all can."""
        rel = self.relation
        lost = [
            rel.complaint(ids, other)
            for ids, other in (
                ([i for i in members(incident) if not rel.issues_of(i)], "issue"),
                ([i for i in members(issue) if not rel.incidents_of(i)], "incident"),
            )
            if ids
        ]
        return "; ".join(lost) or None


class _Related(Protocol):
    def __call__(self, option_id: str, /) -> tuple[str, ...]: ...


def members(value: Value) -> frozenset[str]:
    """A set-shaped value as a set; nothing chosen is the empty set."""
    if isinstance(value, str):
        raise TypeError(f"a set was due, not the text {value!r}")
    return value if value is not None else frozenset()


def _one(value: Value) -> str:
    if isinstance(value, frozenset):
        raise TypeError(f"a single option was due, not the set {sorted(value)!r}")
    return value if value is not None else ""


def _fit(wanted: frozenset[str], held: frozenset[str], there: _Related, back: _Related) -> frozenset[str]:
    """`held`, less what nothing in `wanted` stands for, plus what `wanted` asks for and isn't there."""
    kept = {option for option in held if not back(option) or wanted & set(back(option))}
    added = {there(option)[0] for option in wanted if there(option) and not kept & set(there(option))}
    return frozenset(kept | added)
