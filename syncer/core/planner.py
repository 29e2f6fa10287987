"""From what was seen to what is to be done: the presence table of the design, one function a row.

| link | incident | issue | plan |
|---|---|---|---|
| any | either side `Unknown`, or an intent in doubt | | nothing; say why |
| none | present | - | create the issue |
| none | - | present | create the incident, where the direction allows |
| none | both present, marks point at each other | | adopt, then merge |
| yes | present | present | merge fields and comments, complete the marks |
| yes | present, mark removed by a person | present | unlinked: the other mark goes, tombstone |
| yes | unchanged | gone | by the mapping's deletion policy (`syncer.core.vanished`) |
| yes | changed | gone | edit beats delete: tombstone |
| yes | gone | unchanged / changed | the mirror image |
| yes | gone | gone | tombstone |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mappings.expressions import ExpressionError
from syncer.core.absence import MARK, RECORD
from syncer.core.actions import (
    Action,
    Adopt,
    CatalogueAction,
    CreateOption,
    CreateRecord,
    PairVersions,
    UpdateRecord,
    WriteMark,
)
from syncer.core.bind import Bound
from syncer.core.comments import plan_comments, plan_lost_comments
from syncer.core.express import in_scope
from syncer.core.fields import initial_changes, merge_fields
from syncer.core.plan import Plan, RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Cause, Mark, Record, Side, Unknown
from syncer.core.removals import ShowResult
from syncer.core.results import plan_results
from syncer.core.situation import Situation
from syncer.core.vanished import plan_vanished, twin_of, unlink

LATE_FIELDS = frozenset({"status", "resolution"})
"""Issue fields that a new issue gets from its workflow: written right after the create, by a transition.
(Jira REST v2, POST /issue: a status can't be given.)"""

CODES = {
    Cause.MISSING: Reason.MISSING,
    Cause.DENIED: Reason.DENIED,
    Cause.MOVED: Reason.MOVED,
    Cause.ARCHIVED: Reason.ARCHIVED,
    Cause.UNREADABLE: Reason.UNREADABLE,
}


def plan(situations: Iterable[Situation], bound: Bound, installation: str) -> Plan:
    """What is to be done about everything that was seen. Pure: the same input gives the same plan."""
    records = [plan_record(situation, bound, installation) for situation in situations]
    return Plan(bound.mapping.name, tuple(plan_catalogue(bound)), tuple(_one_twin_each(records)))


def _one_twin_each(records: Sequence[RecordPlan]) -> Iterator[RecordPlan]:
    """Where several records would be adopted by the same twin, as clones of one another are, none is."""
    claims = Counter(claim for record in records for claim in _claims(record))
    reason = "another record carries the same mark, as clones do; a person must look"
    for record in records:
        contested = {side for side, record_id in _claims(record) if claims[side, record_id] > 1}
        if Side.INCIDENT in contested:
            # A pair waits under its incident, which they share. Each issue waits by itself besides: who that is must be
            # known the next time, or the incident would get yet another one.
            yield _held_back(replace(record.situation, issue=None), reason, Reason.CLONE)
            yield _held_back(replace(record.situation, incident=None), reason, Reason.CLONE)
        elif contested:
            yield _held_back(record.situation, reason, Reason.CLONE)
        else:
            yield record


def _claims(record: RecordPlan) -> tuple[tuple[Side, str], ...]:
    adopt = next((action for action in record.actions if isinstance(action, Adopt)), None)
    return ((Side.INCIDENT, adopt.incident_id), (Side.ISSUE, adopt.issue_id)) if adopt else ()


def plan_catalogue(bound: Bound) -> Iterator[CatalogueAction]:
    """Options to create and versions to pair; they come before all records, which may need them."""
    for kind, name in bound.missing:
        yield CreateOption(kind, name)
    for incident, issue in bound.pairings:
        yield PairVersions(incident.id, issue.id, incident.name, issue.name)


def plan_record(situation: Situation, bound: Bound, installation: str) -> RecordPlan:
    """The presence table, for one link or one record without a link."""
    if situation.waiting is not None:
        return RecordPlan(situation, reason=situation.waiting, code=Reason.IN_DOUBT)
    for side in Side:
        seen = situation.observation(side)
        if isinstance(seen, Unknown):
            return _held_back(situation, f"the {side} can't be judged: {seen.reason}", CODES[seen.cause])
    if situation.link is not None:
        return _plan_linked(situation, bound, installation)
    if situation.tombstone is not None:
        reason = f"the link was dissolved: {situation.tombstone.reason}"
        return RecordPlan(situation, reason=reason, code=Reason.DISSOLVED)
    incident, issue = situation.record(Side.INCIDENT), situation.record(Side.ISSUE)
    if incident is not None and issue is not None:
        return _plan_marked(situation, incident, issue, bound, installation)
    for record in (incident, issue):
        if record is not None:
            return _plan_new(situation, record, bound, installation)
    return RecordPlan(situation)


def _held_back(situation: Situation, reason: str, code: Reason) -> RecordPlan:
    """Nothing is done to the record, and it is looked at again until that changes."""
    return RecordPlan(situation, waiting=(Waiting("record", reason, code),))


def _plan_new(situation: Situation, record: Record, bound: Bound, installation: str) -> RecordPlan:
    """A record that has no twin yet."""
    to = record.side.other
    if record.mark is not None:
        whose = "this" if record.mark.installation == installation else f"installation '{record.mark.installation}'"
        reason = f"it carries a mark of {whose} and its twin {record.mark.twin_id} is not linked to it"
        return _held_back(situation, reason, Reason.FOREIGN_MARK)
    if not bound.mapping.direction.carries(to.word):
        return RecordPlan(situation, code=Reason.ONE_WAY)
    try:
        if not in_scope(bound, record):
            return RecordPlan(situation, code=Reason.OUT_OF_SCOPE)
    except ExpressionError as error:
        place = bound.mapping.place((f"{record.side}s", "when"))
        return _held_back(situation, f"{place}: {error}", Reason.EXPRESSION)
    changes, waiting = initial_changes(record, bound)
    late = tuple(change for change in changes if to is Side.ISSUE and change.name in LATE_FIELDS)
    at_birth = tuple(change for change in changes if change not in late)
    actions: list[Action] = [CreateRecord(to, at_birth, twin_of(record, installation))]
    if late:
        actions.append(UpdateRecord(to, late))
    actions += plan_comments(situation, bound, installation)
    actions += _first_marks(record, bound, installation)
    if to is Side.ISSUE:
        actions += [ShowResult(result) for result in situation.results or ()]
    return RecordPlan(situation, tuple(actions), waiting)


def _first_marks(record: Record, bound: Bound, installation: str) -> Iterator[Action]:
    """The marks of a new link, less the one that the new record carries from birth. A new issue is marked for
    machines from birth, and for people by this."""
    own = twin_of(record, installation)
    yield WriteMark(Side.ISSUE, own if record.side is Side.INCIDENT else None)
    if record.side is Side.INCIDENT and bound.mapping.incidents.mark_field is not None:
        yield WriteMark(Side.INCIDENT, None)


def _plan_marked(situation: Situation, incident: Record, issue: Record, bound: Bound, installation: str) -> RecordPlan:
    """Two records without a link of which at least one names the other."""
    claims = {record.side: record.mark for record in (incident, issue)}
    expected = {Side.INCIDENT: Mark(installation, issue.id), Side.ISSUE: Mark(installation, incident.id)}
    for side in Side:
        if claims[side] not in (None, expected[side]):
            reason = f"the {side} carries the mark of another record; a person must look"
            return _held_back(situation, reason, Reason.FOREIGN_MARK)
    actions: list[Action] = [Adopt(incident.id, issue.id, incident.key, issue.key)]
    merged, waiting = merge_fields(situation, incident, issue, bound)
    actions += merged
    actions += plan_comments(situation, bound, installation)
    actions += plan_marks(situation, bound, installation)
    return RecordPlan(situation, tuple(actions), waiting)


def _plan_linked(situation: Situation, bound: Bound, installation: str) -> RecordPlan:
    incident, issue = situation.record(Side.INCIDENT), situation.record(Side.ISSUE)
    if incident is None or issue is None:
        return plan_vanished(situation, bound, installation)
    unlinking = next((side for side in Side if (side, MARK) in situation.lost), None)
    if unlinking is not None:
        return RecordPlan(
            situation, tuple(unlink(situation, f"a person removed the mark from the {unlinking}", installation))
        )
    actions, waiting = merge_fields(situation, incident, issue, bound)
    actions += plan_comments(situation, bound, installation)
    actions += plan_lost_comments(situation, bound, installation)
    actions += plan_results(situation, bound.mapping.direction)
    actions += plan_marks(situation, bound, installation)
    return RecordPlan(situation, tuple(actions), (*waiting, *_questions(situation)))


def _questions(situation: Situation) -> Iterator[Waiting]:
    """What is missing, and must be missing still at a later look before anything follows from it."""
    for side, item in sorted(situation.questioned):
        if item != RECORD:
            yield Waiting(item, f"it is gone on the {side} side; to be confirmed by a later look", Reason.TO_CONFIRM)


def plan_marks(situation: Situation, bound: Bound, installation: str) -> Iterator[Action]:
    """Marks that are still to be written on the records of a link."""
    marked = situation.link.marked if situation.link else frozenset()
    for side in Side:
        twin = situation.record(side.other)
        can = side is Side.ISSUE or bound.mapping.incidents.mark_field is not None
        if can and side.word not in marked and twin is not None:
            yield WriteMark(side, twin_of(twin, installation))
