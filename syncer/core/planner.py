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
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mappings.lenses import Untranslatable
from mappings.values import Value
from syncer.core.absence import MARK, RECORD
from syncer.core.actions import (
    Action,
    Adopt,
    Agree,
    CatalogueAction,
    Change,
    CreateOption,
    CreateRecord,
    PairVersions,
    UpdateRecord,
    WriteMark,
)
from syncer.core.bind import Bound, BoundField
from syncer.core.comments import plan_comments, plan_lost_comments
from syncer.core.merge import Agreed, Push, Stuck, held, merge
from syncer.core.plan import Plan, RecordPlan, Waiting
from syncer.core.records import Mark, Record, Side, Unknown
from syncer.core.removals import ShowResult
from syncer.core.results import plan_results
from syncer.core.situation import Situation
from syncer.core.vanished import plan_vanished, twin_of, unlink

LATE_FIELDS = frozenset({"status", "resolution"})
"""Issue fields that a new issue gets from its workflow: written right after the create, by a transition.
(Jira REST v2, POST /issue: a status can't be given.)"""


def plan(situations: Iterable[Situation], bound: Bound, installation: str) -> Plan:
    """What is to be done about everything that was seen. Pure: the same input gives the same plan."""
    records = [plan_record(situation, bound, installation) for situation in situations]
    return Plan(bound.mapping.name, tuple(plan_catalogue(bound)), tuple(_one_twin_each(records)))


def _one_twin_each(records: Sequence[RecordPlan]) -> Iterator[RecordPlan]:
    """Where several records would be adopted by the same twin, as clones of one another are, none is."""
    claims = Counter(claim for record in records for claim in _claims(record))
    for record in records:
        if any(claims[claim] > 1 for claim in _claims(record)):
            yield _held_back(
                record.situation, "another record carries the same mark, as clones do; a person must look"
            )
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
        return RecordPlan(situation, reason=situation.waiting)
    for side in Side:
        seen = situation.observation(side)
        if isinstance(seen, Unknown):
            return _held_back(situation, f"the {side} can't be judged: {seen.reason}")
    if situation.link is not None:
        return _plan_linked(situation, bound, installation)
    if situation.tombstone is not None:
        return RecordPlan(situation, reason=f"the link was dissolved: {situation.tombstone.reason}")
    incident, issue = situation.record(Side.INCIDENT), situation.record(Side.ISSUE)
    if incident is not None and issue is not None:
        return _plan_marked(situation, incident, issue, bound, installation)
    for record in (incident, issue):
        if record is not None:
            return _plan_new(situation, record, bound, installation)
    return RecordPlan(situation)


def _held_back(situation: Situation, reason: str) -> RecordPlan:
    """Nothing is done to the record, and it is looked at again until that changes."""
    return RecordPlan(situation, waiting=(Waiting("record", reason),))


def _plan_new(situation: Situation, record: Record, bound: Bound, installation: str) -> RecordPlan:
    """A record that has no twin yet."""
    to = record.side.other
    if record.mark is not None:
        whose = "this" if record.mark.installation == installation else f"installation '{record.mark.installation}'"
        return _held_back(
            situation, f"it carries a mark of {whose} and its twin {record.mark.twin_id} is not linked to it"
        )
    if not bound.mapping.direction.carries(to.word):
        return RecordPlan(situation)
    changes, waiting = _initial_changes(record, bound)
    late = tuple(change for change in changes if to is Side.ISSUE and change.name in LATE_FIELDS)
    at_birth = tuple(change for change in changes if change not in late)
    actions: list[Action] = [CreateRecord(to, at_birth, twin_of(record, installation))]
    if late:
        actions.append(UpdateRecord(to, late))
    actions += plan_comments(situation, bound.mapping.comments.direction, installation)
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


def _initial_changes(record: Record, bound: Bound) -> tuple[tuple[Change, ...], tuple[Waiting, ...]]:
    to = record.side.other
    changes: list[Change] = []
    waiting: list[Waiting] = []
    for field in bound.fields:
        value = record.values.get(field.on(record.side))
        if value is None or not field.carries_to(to):
            continue
        try:
            after = field.translate(to, value, frozenset() if isinstance(value, frozenset) else None)
        except Untranslatable as untranslatable:
            waiting.append(Waiting(field.incident, str(untranslatable)))
            continue
        if field.agreeable(record.side, value) != value:
            waiting.append(Waiting(field.incident, _stranded(field, record.side, value)))
        if after not in (None, frozenset()):
            changes.append(_change(field, Push(to, None, after, value), bound))
    return tuple(changes), tuple(waiting)


def _stranded(field: BoundField, side: Side, value: Value) -> str:
    kept = field.agreeable(side, value)
    lost = value - kept if isinstance(value, frozenset) and isinstance(kept, frozenset) else frozenset()
    relation = getattr(field.lens, "relation", None)
    return str(relation.complaint(lost, side.other.word)) if relation else ""


def _plan_marked(situation: Situation, incident: Record, issue: Record, bound: Bound, installation: str) -> RecordPlan:
    """Two records without a link of which at least one names the other."""
    claims = {record.side: record.mark for record in (incident, issue)}
    expected = {Side.INCIDENT: Mark(installation, issue.id), Side.ISSUE: Mark(installation, incident.id)}
    for side in Side:
        if claims[side] not in (None, expected[side]):
            return _held_back(situation, f"the {side} carries the mark of another record; a person must look")
    actions: list[Action] = [Adopt(incident.id, issue.id, incident.key, issue.key)]
    merged, waiting = _merge(situation, incident, issue, bound)
    actions += merged
    actions += plan_comments(situation, bound.mapping.comments.direction, installation)
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
    actions, waiting = _merge(situation, incident, issue, bound)
    actions += plan_comments(situation, bound.mapping.comments.direction, installation)
    actions += plan_lost_comments(situation, bound, installation)
    actions += plan_results(situation, bound.mapping.direction)
    actions += plan_marks(situation, bound, installation)
    return RecordPlan(situation, tuple(actions), (*waiting, *_questions(situation)))


def _questions(situation: Situation) -> Iterator[Waiting]:
    """What is missing, and must be missing still at a later look before anything follows from it."""
    for side, item in sorted(situation.questioned):
        if item != RECORD:
            yield Waiting(item, f"it is gone on the {side} side; to be confirmed by a later look")


def plan_marks(situation: Situation, bound: Bound, installation: str) -> Iterator[Action]:
    """Marks that are still to be written on the records of a link."""
    marked = situation.link.marked if situation.link else frozenset()
    for side in Side:
        twin = situation.record(side.other)
        can = side is Side.ISSUE or bound.mapping.incidents.mark_field is not None
        if can and side.word not in marked and twin is not None:
            yield WriteMark(side, twin_of(twin, installation))


def _merge(
    situation: Situation, incident: Record, issue: Record, bound: Bound
) -> tuple[list[Action], tuple[Waiting, ...]]:
    """All fields of two present records: one update a side, one agreement, and what waits."""
    pushes: Mapping[Side, list[Change]] = {side: [] for side in Side}
    agreed: Mapping[Side, dict[str, Value]] = {side: {} for side in Side}
    waiting: list[Waiting] = []
    base = {side: situation.baseline(side).values for side in Side}
    newer = _newer(incident, issue)
    for field in bound.fields:
        mine = held(field, Side.INCIDENT, incident.values, base[Side.INCIDENT])
        theirs = held(field, Side.ISSUE, issue.values, base[Side.ISSUE])
        if mine is None or theirs is None:
            continue
        for outcome in merge(field, mine, theirs, newer):
            match outcome:
                case Push():
                    pushes[outcome.side].append(_change(field, outcome, bound))
                case Agreed():
                    if (outcome.incident, outcome.issue) != (mine.base, theirs.base) or not (
                        mine.known and theirs.known
                    ):
                        agreed[Side.INCIDENT][field.incident] = outcome.incident
                        agreed[Side.ISSUE][field.issue] = outcome.issue
                case Stuck():
                    waiting.append(Waiting(field.incident, outcome.reason))
    actions: list[Action] = [UpdateRecord(side, tuple(changes)) for side, changes in pushes.items() if changes]
    if agreed[Side.INCIDENT]:
        actions.append(Agree(agreed))
    return actions, tuple(waiting)


def _newer(incident: Record, issue: Record) -> Side | None:
    """The side that was updated last, by the servers' own clocks; `None` when they say the same or nothing."""
    if incident.updated_at is None or issue.updated_at is None or incident.updated_at == issue.updated_at:
        return None
    return Side.INCIDENT if incident.updated_at > issue.updated_at else Side.ISSUE


def _change(field: BoundField, push: Push, bound: Bound) -> Change:
    name = field.on(push.side)
    return Change(
        item=field.incident,
        name=name,
        before=push.before,
        after=push.after,
        given=push.given,
        shown_before=bound.show(push.side, name, push.before),
        shown_after=bound.show(push.side, name, push.after),
    )
