"""Lenses: translate a field's value one way, and back without losing what the other side can't say.

A lens stands for a relation between incident values and issue values. Each direction is given the value that the
receiving side holds now, and keeps it wherever it already fits:

    get(incident, issue)    the issue's value that fits the incident's
    put(issue, incident)    the incident's value that fits the issue's

Two laws, both ways round, tested by hypothesis in `tests/mappings/test_lenses.py`:

    fitting     get(put(y, x), y) == y          what was carried over needs no carrying back
    stability   get(x, get(x, y)) == get(x, y)  a second pass changes nothing

Both hold for values that can be translated at all; for others `Untranslatable` says which value and why.
Texts have a module of their own (`mappings.prose`), and so have numbers, dates and words (`mappings.scalars`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mappings.values import Value


class Untranslatable(Exception):
    """A value that the mapping can't carry; the message names it and says what would help."""


class NoCounterpart(Untranslatable):
    """A value for which the other side has nothing."""


class Omitted(Untranslatable):
    """A value that the mapping leaves alone on purpose: nothing is carried, and nobody has to do anything."""


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


def _partners(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The second of each pair by the first, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for one, other in rows:
        found[one] = (*found.get(one, ()), other)
    return found


@dataclass(frozen=True, slots=True)
class Relation:
    """Which incident option fits which issue option, as pairs of ids; earlier pairs are preferred.

    `default_issue` fits all incident options that no pair has, `default_incident` the other way round. `names` gives
    ids their display names and `advice` ends the sentence about a value without a counterpart; with `omit` there is no
    such sentence, such values are left alone.
    """

    rows: tuple[tuple[str, str], ...]
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    advice: str = "add it to the mapping"
    default_incident: str | None = None
    default_issue: str | None = None
    omit: bool = False
    _issues: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _incidents: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Looked up for every value of every record: a project may have thousands of versions.
        object.__setattr__(self, "_issues", _partners(self.rows))
        object.__setattr__(self, "_incidents", _partners((issue, incident) for incident, issue in self.rows))

    def issues_of(self, incident_id: str) -> tuple[str, ...]:
        """The issue options that fit one incident option, preferred first."""
        return self._issues.get(incident_id) or ((self.default_issue,) if self.default_issue is not None else ())

    def incidents_of(self, issue_id: str) -> tuple[str, ...]:
        """The incident options that fit one issue option, preferred first."""
        found = self._incidents.get(issue_id)
        return found or ((self.default_incident,) if self.default_incident is not None else ())

    def fit(self, incident_id: str, issue_id: str) -> bool:
        """Whether the two may stand side by side."""
        return issue_id in self.issues_of(incident_id) or incident_id in self.incidents_of(issue_id)

    def complaint(self, option_ids: Iterable[str], other: str) -> str:
        """The sentence about values that have no counterpart on the `other` side."""
        listed = ", ".join(f"'{self.names.get(option_id, option_id)}'" for option_id in sorted(option_ids))
        return f"{listed} has no counterpart on the {other} side; {self.advice}"

    def refusal(self, option_ids: Iterable[str], other: str) -> Untranslatable:
        """What such values raise."""
        kind = Omitted if self.omit else NoCounterpart
        return kind(self.complaint(option_ids, other))


@dataclass(frozen=True, slots=True)
class Sameness(Relation):
    """Each option stands for itself: free words."""

    rows: tuple[tuple[str, str], ...] = ()

    def issues_of(self, incident_id: str) -> tuple[str, ...]:
        return (incident_id,)

    def incidents_of(self, issue_id: str) -> tuple[str, ...]:
        return (issue_id,)


@dataclass(frozen=True, slots=True)
class ChoiceLens:
    """A single option on each side, related by a value table, a table of users, or by name."""

    relation: Relation

    def get(self, incident: Value, issue: Value) -> Value:
        mine, held = _one(incident), _one(issue)
        if mine is None:
            return None
        if held is not None and self.relation.fit(mine, held):
            return held
        fitting = self.relation.issues_of(mine)
        if not fitting:
            raise self.relation.refusal([mine], "issue")
        return fitting[0]

    def put(self, issue: Value, incident: Value) -> Value:
        mine, held = _one(issue), _one(incident)
        if mine is None:
            return None
        if held is not None and self.relation.fit(held, mine):
            return held
        fitting = self.relation.incidents_of(mine)
        if not fitting:
            raise self.relation.refusal([mine], "incident")
        return fitting[0]


@dataclass(frozen=True, slots=True)
class SetLens:
    """A set of options on each side. Elements without a counterpart stay where they are and don't travel."""

    relation: Relation

    def get(self, incident: Value, issue: Value) -> Value:
        rel, wanted, held = self.relation, members(incident), members(issue)
        kept = {own for own in held if not rel.incidents_of(own) or any(rel.fit(other, own) for other in wanted)}
        lacking = (o for o in wanted if rel.issues_of(o) and not any(rel.fit(o, own) for own in kept))
        return frozenset(kept | {rel.issues_of(other)[0] for other in lacking})

    def put(self, issue: Value, incident: Value) -> Value:
        rel, wanted, held = self.relation, members(issue), members(incident)
        kept = {own for own in held if not rel.issues_of(own) or any(rel.fit(own, other) for other in wanted)}
        lacking = (o for o in wanted if rel.incidents_of(o) and not any(rel.fit(own, o) for own in kept))
        return frozenset(kept | {rel.incidents_of(other)[0] for other in lacking})

    def stranded(self, incident: Value, issue: Value) -> str | None:
        """The sentence about elements that can't travel, `None` when all can, or needn't."""
        rel = self.relation
        if rel.omit:
            return None
        lost = [
            rel.complaint(ids, other)
            for ids, other in (
                ([i for i in members(incident) if not rel.issues_of(i)], "issue"),
                ([i for i in members(issue) if not rel.incidents_of(i)], "incident"),
            )
            if ids
        ]
        return "; ".join(lost) or None


@dataclass(frozen=True, slots=True)
class AddLens:
    """Elements that the other side's set has to hold, whatever else it holds."""

    def get(self, incident: Value, issue: Value) -> Value:
        return members(issue) | members(incident)

    def put(self, issue: Value, incident: Value) -> Value:
        return members(incident) | members(issue)


@dataclass(frozen=True, slots=True)
class IfEmptyLens:
    """What `lens` gives, for a receiving side that holds nothing; what stands there already fits."""

    lens: Lens

    def get(self, incident: Value, issue: Value) -> Value:
        return self.lens.get(incident, issue) if issue in (None, frozenset()) else issue

    def put(self, issue: Value, incident: Value) -> Value:
        return self.lens.put(issue, incident) if incident in (None, frozenset()) else incident


def members(value: Value) -> frozenset[str]:
    """A set-shaped value as a set; nothing chosen is the empty set."""
    if isinstance(value, str):
        raise TypeError(f"a set was due, not the text {value!r}")
    return value if value is not None else frozenset()


def _one(value: Value) -> str | None:
    if isinstance(value, frozenset):
        raise TypeError(f"a single option was due, not the set {sorted(value)!r}")
    return value
