"""Three-way merge of one field: both sides now, and what each held when they last agreed.

`moved` = differs from its own side's baseline; a field without a baseline was never agreed on, and counts as moved.
An empty value that was never agreed on always loses: it is nobody's wish that a field be emptied.

| incident moved | issue moved | outcome |
|---|---|---|
| no | no | nothing, even if the texts differ: a server normalised one, and that was agreed |
| any, and get(incident) = issue | | agree |
| yes | no | push to the issue |
| no | yes | push to the incident |
| yes | yes | what a person chose, else the conflict policy: `incident`, `issue`, `newest`, `ask` |

Sets have no conflicts: they merge element by element (`merge_sets`), and so do words in a text. A one-way field lets
its own side win and leaves alone what only the other side changed; one that is `read_only` puts it back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mappings.lenses import NoCounterpart, Omitted, Sameness, SetLens, Untranslatable, members
from mappings.policies import Conflict, Direction
from mappings.scalars import WordsLens, words
from mappings.values import Value, Values
from syncer.core.bind import BoundField
from syncer.core.reasons import Reason
from syncer.core.records import Side


@dataclass(frozen=True, slots=True)
class Push:
    """Write `after` to `side`, where `before` stands now; `given` is what the other side holds."""

    side: Side
    before: Value
    after: Value
    given: Value


@dataclass(frozen=True, slots=True)
class Agreed:
    """Both sides fit: what they hold becomes the baseline, nothing is written."""

    incident: Value
    issue: Value


@dataclass(frozen=True, slots=True)
class Stuck:
    """The field waits for a person, or for a change of the mapping."""

    reason: str
    code: Reason


Outcome: TypeAlias = Push | Agreed | Stuck


@dataclass(frozen=True, slots=True)
class Held:
    """What one side holds in one field: now, and at the last agreement (`known` is False where there was none)."""

    now: Value
    base: Value
    known: bool

    @property
    def moved(self) -> bool:
        return not self.known or self.now != self.base


def held(field: BoundField, side: Side, values: Values, baseline: Values) -> Held | None:
    """One side of a field, `None` where the server did not send the member: not observed is no change."""
    name = field.on(side)
    if name not in values:
        return None
    return Held(values[name], baseline.get(name), name in baseline)


def merge(
    field: BoundField, incident: Held, issue: Held, newer: Side | None, choice: Side | None = None
) -> tuple[Outcome, ...]:
    """What is to be done about one field. `newer` is the side that was updated last, `None` when that can't be told;
    `choice` the side that a person chose for just these two values."""
    if not incident.moved and not issue.moved:
        return ()
    try:
        if isinstance(field.lens, SetLens) and not field.read_only:
            return merge_sets(field, field.lens, incident, issue)
        if isinstance(field.lens, WordsLens) and not field.read_only:
            return merge_words(field, field.lens, incident, issue)
        return merge_values(field, incident, issue, newer, choice)
    except Omitted:
        return (Agreed(incident.now, issue.now),)
    except Untranslatable as untranslatable:
        return (stuck(untranslatable),)


def stuck(untranslatable: Untranslatable) -> Stuck:
    """A field whose value can't be carried."""
    code = Reason.UNMAPPED if isinstance(untranslatable, NoCounterpart) else Reason.UNFIT
    return Stuck(str(untranslatable), code)


def merge_values(
    field: BoundField, incident: Held, issue: Held, newer: Side | None, choice: Side | None = None
) -> tuple[Outcome, ...]:
    """The table above, for a field that holds one value. Raises `Untranslatable`."""
    if _fits(field, incident.now, issue.now):
        return (Agreed(incident.now, issue.now),)
    winner = _winner(field, incident, issue, newer, choice)
    if isinstance(winner, Stuck):
        return (winner,)
    if not field.carries_to(winner.other):
        return ()
    mine, theirs = (incident, issue) if winner is Side.INCIDENT else (issue, incident)
    after = field.translate(winner.other, mine.now, theirs.now)
    return (Push(winner.other, theirs.now, after, mine.now),)


def _fits(field: BoundField, incident: Value, issue: Value) -> bool:
    """Whether nothing would have to be carried over; a value that can't be translated fits nothing."""
    try:
        if field.direction is Direction.TO_INCIDENT:
            return field.lens.put(issue, incident) == incident
        return field.lens.get(incident, issue) == issue
    except Untranslatable:
        return False


def _winner(field: BoundField, incident: Held, issue: Held, newer: Side | None, choice: Side | None) -> Side | Stuck:
    if field.read_only:
        return Side.INCIDENT if field.direction is Direction.TO_ISSUE else Side.ISSUE
    for side, held_by in ((Side.INCIDENT, incident), (Side.ISSUE, issue)):
        if held_by.now in (None, frozenset()) and not held_by.known:
            return side.other
    if not (incident.moved and issue.moved):
        return Side.INCIDENT if incident.moved else Side.ISSUE
    if field.direction is Direction.TO_ISSUE:
        return Side.INCIDENT
    if field.direction is Direction.TO_INCIDENT:
        return Side.ISSUE
    if choice is not None:
        return choice
    # Without a baseline nobody need have changed it: a new issue's workflow may have set what we weren't let to.
    how = "both sides changed it" if incident.known and issue.known else "the two differ and never agreed"
    return _by_policy(field, newer, how)


def _by_policy(field: BoundField, newer: Side | None, how: str) -> Side | Stuck:
    match field.conflict:
        case Conflict.INCIDENT:
            return Side.INCIDENT
        case Conflict.ISSUE:
            return Side.ISSUE
        case Conflict.NEWEST if newer is not None:
            return newer
        case Conflict.NEWEST:
            return _conflict(f"{how} and neither is newer", "or make both sides equal")
        case Conflict.ASK:
            return _conflict(how, "make both sides equal, or change the conflict policy")


def _conflict(what: str, remedies: str) -> Stuck:
    return Stuck(f"conflict: {what}; decide with 'syncer settle', {remedies}", Reason.CONFLICT)


def merge_sets(field: BoundField, lens: SetLens, incident: Held, issue: Held) -> tuple[Outcome, ...]:
    """Element by element: what one side added or removed since the baseline is added or removed on the other.

    Without a baseline nothing counts as removed, so that both sides end with all elements. Elements that have no
    counterpart stay where they are; where they ought to travel they are reported.
    """
    relation = lens.relation
    issue_after, incident_after = members(issue.now), members(incident.now)
    if field.carries_to(Side.ISSUE):
        issue_after = _carry(incident, issue_after, relation.issues_of, field.only_add)
    if field.carries_to(Side.INCIDENT):
        incident_after = _carry(issue, incident_after, relation.incidents_of, field.only_add)
    outcomes: list[Outcome] = []
    if issue_after != issue.now:
        outcomes.append(Push(Side.ISSUE, issue.now, issue_after, incident.now))
    if incident_after != incident.now:
        outcomes.append(Push(Side.INCIDENT, incident.now, incident_after, issue_after))
    if not outcomes:
        outcomes.append(Agreed(field.agreeable(Side.INCIDENT, incident.now), field.agreeable(Side.ISSUE, issue.now)))
    complaint = lens.stranded(
        incident.now if field.carries_to(Side.ISSUE) else None,
        issue.now if field.carries_to(Side.INCIDENT) else None,
    )
    return (*outcomes, Stuck(complaint, Reason.UNMAPPED)) if complaint else tuple(outcomes)


def merge_words(field: BoundField, lens: WordsLens, incident: Held, issue: Held) -> tuple[Outcome, ...]:
    """As sets merge, where one of the two sets is written as a text."""
    listed = Held(words(incident.now), words(incident.base), incident.known)
    outcomes: list[Outcome] = []
    for outcome in merge_sets(field, SetLens(Sameness()), listed, issue):
        match outcome:
            case Push(side=Side.INCIDENT):
                text = lens.put(outcome.after, incident.now)
                outcomes.append(Push(Side.INCIDENT, incident.now, text, outcome.given))
            case Push():
                outcomes.append(Push(Side.ISSUE, issue.now, outcome.after, incident.now))
            case Agreed():
                outcomes.append(Agreed(incident.now, issue.now))
            case Stuck():
                outcomes.append(outcome)
    return tuple(outcomes)


def _carry(
    mine: Held, theirs: frozenset[str], fitting: Callable[[str], tuple[str, ...]], only_add: bool
) -> frozenset[str]:
    """`theirs` with my additions and, unless `only_add`, my removals since the baseline; an element that another one
    of mine still stands for is not removed."""
    now = members(mine.now)
    base = members(mine.base) if mine.known else frozenset[str]()
    standing = {option for element in now for option in fitting(element)}
    gone = frozenset[str]() if only_add else base - now
    removed = {option for element in gone for option in fitting(element)} - standing
    added = {fitting(element)[0] for element in now - base if fitting(element) and not theirs & set(fitting(element))}
    return theirs - removed | added
