"""What a person decided in a conflict, weighed against what both sides hold now.

| since it was decided | then |
|---|---|
| neither side's value changed, and both are in conflict still | the value of the side that was chosen is carried |
| the same, but that value can't be carried | void: the field waits anew, and says so |
| a value changed, and both are in conflict | void: the field waits anew, and says so |
| the conflict is over: both fit, only one moved, the mapping decides | void: there is nothing to decide any more |

A decision is about two values, by their digests. It is never stretched to others, for nobody has seen those.
"""

import hashlib
import json

from mappings.values import Value
from state.rows import BothSides, Decision
from syncer.core.actions import UpdateRecord
from syncer.core.bind import Bound, BoundField
from syncer.core.merge import Held, Outcome, Push, Stuck, merge
from syncer.core.plan import RecordPlan
from syncer.core.reasons import Reason
from syncer.core.records import Side


def digest_of(value: Value) -> str:
    """What stands for a field's value: enough to see that it changed, too little to read it."""
    plain = sorted(value) if isinstance(value, frozenset) else value
    return hashlib.sha256(json.dumps(plain).encode("ascii")).hexdigest()


def both_sides(field: BoundField, incident: Held, issue: Held, bound: Bound) -> BothSides:
    """What both sides of a conflict hold, to be shown to a person and known again."""
    shown = {side: bound.show(side, field.on(side), each.now) for side, each in _sides(incident, issue)}
    return BothSides(shown[Side.INCIDENT], shown[Side.ISSUE], digest_of(incident.now), digest_of(issue.now))


def both_in(plan: RecordPlan, item: str, bound: Bound) -> BothSides | None:
    """What both sides hold where the plan carries a decision on that item: it can be decided otherwise as long as that
    isn't done, for a server may refuse it for good. `None` where the plan carries none."""
    decision = next((each for each in plan.situation.decisions if each.item == item), None)
    field = next((each for each in bound.fields if each.item == item), None)
    if decision is None or field is None:
        return None
    for update in (action for action in plan.actions if isinstance(action, UpdateRecord)):
        for change in update.changes:
            if change.item == item and change.decided:
                held_by = {update.side: change.before, update.side.other: change.given}
                shown = {side: bound.show(side, field.on(side), value) for side, value in held_by.items()}
                digests = (decision.incident_digest, decision.issue_digest)
                return BothSides(shown[Side.INCIDENT], shown[Side.ISSUE], *digests)
    return None


def merge_decided(
    field: BoundField, incident: Held, issue: Held, newer: Side | None, decision: Decision | None
) -> tuple[tuple[Outcome, ...], str | None]:
    """What is to be done about one field, as a person decided where somebody did; and why that decision is void, `None`
    where it isn't."""
    if decision is None:
        return merge(field, incident, issue, newer), None
    choice, changed = Side(decision.choice), _changed(decision, incident, issue)
    if changed:
        outcomes = merge(field, incident, issue, newer)
        why = f"{changed} changed since"
        return tuple(_anew(each, choice, why) for each in outcomes), _void(outcomes, why)
    outcomes = merge(field, incident, issue, newer, choice)
    if any(isinstance(each, Push) and each.side is choice.other for each in outcomes):
        return outcomes, None
    stuck = next((each for each in outcomes if isinstance(each, Stuck)), None)
    if stuck is None:
        return outcomes, "there is no conflict any more"
    why = f"it can't be carried to the {choice.other}"
    return (Stuck(f"conflict: {_nothing(choice, why)}: {stuck.reason}", Reason.CONFLICT),), why


def _changed(decision: Decision, incident: Held, issue: Held) -> str:
    """Which sides hold something else than what was decided about, in words."""
    then = {Side.INCIDENT: decision.incident_digest, Side.ISSUE: decision.issue_digest}
    changed = [side for side, each in _sides(incident, issue) if digest_of(each.now) != then[side]]
    return "both sides" if len(changed) == len(Side) else "".join(f"the {side}" for side in changed)


def _sides(incident: Held, issue: Held) -> tuple[tuple[Side, Held], ...]:
    return (Side.INCIDENT, incident), (Side.ISSUE, issue)


def _anew(outcome: Outcome, choice: Side, why: str) -> Outcome:
    if not _in_conflict(outcome):
        return outcome
    return Stuck(f"conflict: {_nothing(choice, why)}; decide anew with 'syncer settle'", Reason.CONFLICT)


def _nothing(choice: Side, why: str) -> str:
    return f"it was decided to take the {choice}'s, but {why}, so nothing was written"


def _void(outcomes: tuple[Outcome, ...], why: str) -> str:
    return why if any(map(_in_conflict, outcomes)) else "there is no conflict any more"


def _in_conflict(outcome: Outcome) -> bool:
    return isinstance(outcome, Stuck) and outcome.code is Reason.CONFLICT
