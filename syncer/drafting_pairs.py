"""Which options of two lists stand for each other: by name, else by words that mean the same nearly everywhere. Pure.

| a row comes from | and is |
|---|---|
| the same name; capitals and blanks don't matter | certain |
| words of one group (`TYPES`, `PRIORITIES`, `RESOLUTIONS`, `STEPS`) | guessed |
| for priorities: the nearest group on the scale | guessed |
| for statuses: how far along a record is; Jira tells it by the status category | guessed |

In a table the first row that fits counts, so the best row for an option comes before all others of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from syncer.core.records import Option, Side
from syncer.core.relate import fold

Groups: TypeAlias = tuple[tuple[str, ...], ...]
Place: TypeAlias = tuple[int, int]
Couple: TypeAlias = tuple[Option, Option]

TYPES: Groups = (
    ("bug", "defect", "fault", "error"),
    ("improvement", "enhancement", "new feature", "feature", "feature request", "change request", "story"),
    ("task", "work item"),
)
PRIORITIES: Groups = (
    ("highest", "critical", "blocker", "urgent", "immediate", "showstopper", "very high"),
    ("high", "major", "important"),
    ("medium", "normal", "moderate", "average"),
    ("low", "minor"),
    ("lowest", "trivial", "very low", "cosmetic"),
)
RESOLUTIONS: Groups = (
    ("fixed", "done", "resolved", "completed"),
    ("wont fix", "wont do", "will not fix", "declined", "rejected"),
    ("duplicate", "duplicated"),
    ("cannot reproduce", "cant reproduce", "not reproducible", "unable to reproduce"),
    ("by design", "as designed", "works as designed", "not a bug", "invalid"),
)
ANSWERS: Groups = (("yes", "true", "on"), ("no", "false", "off"))
STEPS: Groups = (
    (
        "new", "to do", "todo", "open", "backlog", "submitted", "reported", "created", "draft", "triage",
        "unconfirmed", "reopened", "reopen", "selected for development",
    ),
    (
        "in progress", "in development", "in work", "started", "doing", "active", "assigned", "accepted", "confirmed",
        "on hold", "blocked", "deferred", "postponed", "waiting", "pending",
    ),
    (
        "fixed", "resolved", "in review", "review", "code review", "ready to test", "ready for test",
        "ready for testing", "ready for qa", "in test", "in testing", "testing", "in qa", "qa", "retest", "to verify",
    ),
    (
        "closed", "done", "completed", "complete", "finished", "verified", "released", "rejected", "declined",
        "cancelled", "canceled", "wont fix", "wont do", "duplicate", "invalid", "not a bug", "archived",
    ),
)  # fmt: skip
"""The steps of a record's life, and what statuses at each of them are called."""

GROUPS: Mapping[str, Groups] = {"type": TYPES, "priority": PRIORITIES, "resolution": RESOLUTIONS, "status": STEPS}
CUSTOM: Groups = (*ANSWERS, *PRIORITIES)
"""Words for the options of custom fields."""

RANKS = (0, 1, 1, 2)
OVER = 2
"""The rank of each step; Jira knows the three status categories to do, in progress and done, here 0 to 2."""
CHECKED = 2
"""The step between being worked on and being over."""
_NOWHERE: Place = (len(STEPS) + len(CUSTOM), 0)


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a table: two options by what a mapping calls them."""

    incident: str
    issue: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """The rows for two lists of options, and the names that nothing stands for."""

    rows: tuple[Pair, ...]
    open: Mapping[Side, tuple[str, ...]]

    @property
    def all_by_name(self) -> bool:
        """Whether names alone relate all options."""
        return not any(self.open.values()) and not any(row.guessed for row in self.rows)


def pairs(kind: str, incidents: Sequence[Option], issues: Sequence[Option], ranks: Mapping[str, int]) -> Pairs:
    """The rows for options of `kind`: type, priority, resolution, status; all else is a custom field's.

    `ranks` are those of the issue side's statuses by id. Of statuses all get a row, those switched off too."""
    return _Matching(kind, _distinct(incidents), _distinct(issues), ranks).pairs()


def calling(option: Option, options: Sequence[Option]) -> str:
    """The name by which a mapping finds the option; its id where several have that name."""
    return option.name if sum(each.name == option.name for each in options) < 2 else option.id


@dataclass(frozen=True, slots=True)
class _Matching:
    """Two lists of options without names that stand in them twice."""

    kind: str
    incidents: Sequence[Option]
    issues: Sequence[Option]
    ranks: Mapping[str, int]

    def pairs(self) -> Pairs:
        by_name = {fold(option.name): option for option in self.issues}
        named = [(each, by_name[fold(each.name)]) for each in self.incidents if fold(each.name) in by_name]
        taken = {option.id for pair in named for option in pair}
        lone = [each for each in self.incidents if each.id not in taken and self._counts(each)]
        guessed = self._guessed(lone, self.issues, taken)
        first = sorted([*named, *guessed], key=lambda pair: self._order(pair, guessed))
        covered = taken | {option.id for pair in guessed for option in pair}
        left = [each for each in self.issues if each.id not in covered and self._counts(each)]
        # What has a row already keeps it as its first one: these come after all others.
        late = [(incident, issue) for issue, incident in self._guessed(left, self.incidents, taken)]
        covered |= {option.id for pair in late for option in pair}
        return Pairs(
            tuple(self._row(pair, guessed=pair not in named) for pair in [*first, *late]),
            {
                Side.INCIDENT: tuple(each.name for each in lone if each.id not in covered),
                Side.ISSUE: tuple(each.name for each in left if each.id not in covered),
            },
        )

    def _counts(self, option: Option) -> bool:
        return option.active or self.kind == "status"

    def _row(self, pair: Couple, *, guessed: bool) -> Pair:
        return Pair(calling(pair[0], self.incidents), calling(pair[1], self.issues), guessed)

    def _order(self, pair: Couple, guessed: Sequence[Couple]) -> tuple[object, ...]:
        incident, issue = pair
        place = self._place(incident) or _NOWHERE
        return self.issues.index(issue), pair in guessed, not incident.active, place, self.incidents.index(incident)

    def _guessed(self, lone: Sequence[Option], others: Sequence[Option], taken: set[str]) -> list[Couple]:
        offered = [each for each in others if each.active]
        found = ((each, self._partner(each, offered, taken)) for each in lone)
        return [(each, partner) for each, partner in found if partner is not None]

    def _partner(self, option: Option, offered: Sequence[Option], taken: set[str]) -> Option | None:
        """The best of the offered options for a lone one: one that has no namesake of its own, if there is one. Of
        statuses the most usual word: "New" is "Open", which is there already, and not "Reopened"."""
        place = self._place(option)
        placed = [(each, there) for each in offered if (there := self._place(each)) is not None]
        if place is not None:
            near = [
                (each.id in taken and self.kind != "status", there, each)
                for each, there in placed
                if there[0] == place[0]
            ]
            if near:
                return _least(near)
            if self.kind == "priority" and placed:
                return _least([(abs(there[0] - place[0]), there, each) for each, there in placed])
        return self._at_the_same_stage(option, offered) if self.kind == "status" else None

    def _at_the_same_stage(self, option: Option, offered: Sequence[Option]) -> Option | None:
        if not offered:
            return None
        rank, place = self._rank(option), self._place(option)
        nearest = min(abs(self._rank(each) - rank) for each in offered)
        fitting = [each for each in offered if abs(self._rank(each) - rank) == nearest]
        return fitting[-1] if place is not None and place[0] == CHECKED and rank == 1 else fitting[0]

    def _rank(self, option: Option) -> int:
        return rank_of(option, self.ranks)

    def _place(self, option: Option) -> Place | None:
        return _place_in(GROUPS.get(self.kind, CUSTOM), option)


def rank_of(status: Option, ranks: Mapping[str, int]) -> int:
    """How far along a status is: by what is known of its id, else by its name; in between where both say nothing."""
    place = _place_in(STEPS, status)
    return ranks.get(status.id, 1 if place is None else RANKS[place[0]])


def _place_in(groups: Groups, option: Option) -> Place | None:
    """The group of an option's name and its place in there."""
    name = _word(option.name)
    return next(((number, group.index(name)) for number, group in enumerate(groups) if name in group), None)


def _least(ranked: Sequence[tuple[int, Place, Option]]) -> Option:
    return min(ranked, key=lambda each: each[:2])[2]


def _distinct(options: Sequence[Option]) -> Sequence[Option]:
    """The options without those that have the name of another one; of namesakes an active one stays."""
    first: dict[str, Option] = {}
    for option in sorted(options, key=lambda each: not each.active):
        first.setdefault(fold(option.name), option)
    return [option for option in options if first[fold(option.name)] is option]


def _word(name: str) -> str:
    """A name without what is written one way here and another way there: "Won't-Do" is "wont do"."""
    return " ".join(re.sub(r"[-_]", " ", re.sub(r"['’]", "", name)).casefold().split())  # noqa: RUF001
