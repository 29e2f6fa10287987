"""What is done instead of a removal that a person discarded: what is left stays, and nobody is asked again."""

from dataclasses import replace

import pytest

from mappings.policies import Direction
from state.rows import CommentLink, ResultLink
from syncer.core.actions import Action, UpdateRecord, WriteMark
from syncer.core.guard import Limits, guard, removals_of, without_discarded
from syncer.core.plan import Plan, RecordPlan
from syncer.core.planner import plan_record
from syncer.core.records import CommentDraft, Gone, Mark, Observation, Present, Side
from syncer.core.removals import Bury, DeleteComment, DropComment, DropResult, HideResult, RemoveMark
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from tests.syncer.core.builders import (
    INCIDENT_ID,
    INSTALLATION,
    ISSUE_ID,
    baselines,
    bound,
    copied,
    incident,
    issue,
    link,
    linked,
)

NONE = Limits(0, 0, 0)
KEPT = "the incident was deleted; a person decided that the issue stays"


def vanished(side: Side, *, certain: bool = True, **deletions: str) -> RecordPlan:
    """The plan for a link of which one record is gone."""
    gone = Gone("404 twice", certain)
    seen: dict[Side, Observation] = {Side.INCIDENT: Present(incident()), Side.ISSUE: Present(issue()), side: gone}
    held = baselines(incident().values, issue().values)
    return plan_record(
        Situation(link(), seen[Side.INCIDENT], seen[Side.ISSUE], held), bound(deletions=deletions), INSTALLATION
    )


def discarded(record: RecordPlan, *others: RecordPlan) -> list[tuple[Action, ...]]:
    """What is left to do about each record where all removals of the first are discarded."""
    digests = {removal.digest for removal in removals_of(record)}
    assert digests
    plan = without_discarded(Plan("shop", (), (record, *others)), digests, INSTALLATION)
    verdict = guard(plan, NONE, links=10, removed_lately=99, approved=())
    assert all(not removals_of(each) for each in plan.records[:1])
    return [each.actions for each in verdict.plan.records]


@pytest.mark.parametrize("policy", [{"incident": "delete"}, {"incident": "unlink"}])
@pytest.mark.parametrize("certain", [True, False])
def test_the_issue_of_a_deleted_incident_stays_unmarked(policy: dict[str, str], certain: bool) -> None:
    (actions,) = discarded(vanished(Side.INCIDENT, certain=certain, **policy))
    assert actions == (
        RemoveMark(Side.ISSUE, Mark(INSTALLATION, INCIDENT_ID), "INC-7"),
        Bury(KEPT, removal=False),
    )


def test_so_does_the_incident_of_a_deleted_issue() -> None:
    (actions,) = discarded(vanished(Side.ISSUE, issue="delete"))
    assert actions == (
        RemoveMark(Side.INCIDENT, Mark(INSTALLATION, ISSUE_ID), "SHOP-1"),
        Bury("the issue was deleted; a person decided that the incident stays", removal=False),
    )


def test_where_both_are_gone_nothing_is_left_but_the_link() -> None:
    situation = Situation(link(), Gone("404 twice", certain=False), Gone("404 twice"))
    (actions,) = discarded(plan_record(situation, bound(), INSTALLATION))
    assert actions == (Bury("both records were deleted", removal=False),)


@pytest.mark.parametrize("side", Side)
def test_a_mark_that_a_person_took_off_is_put_back(side: Side) -> None:
    situation = replace(linked(incident(), issue()), lost=frozenset({(side, "mark")}))
    (actions,) = discarded(plan_record(situation, bound(), INSTALLATION))
    twin = issue() if side is Side.INCIDENT else incident()
    assert actions == (WriteMark(side, twin_of(twin, INSTALLATION)),)


def test_a_mirrored_comment_is_tied_to_nothing_any_more_and_everything_else_flows() -> None:
    situation = linked(incident(Summary="New"), issue())
    row = CommentLink(7, 1, "incident", "c1", "d1", "x", "y")
    situation = replace(situation, comment_links=(row,))
    delete = DeleteComment(Side.ISSUE, 7, "d1", CommentDraft("Somebody", "gone", Mark(INSTALLATION, "c1")))
    update = UpdateRecord(Side.ISSUE, ())
    (actions,) = discarded(RecordPlan(situation, (update, delete)))
    reason = "its original was deleted; a person decided that this one stays"
    assert actions == (update, DropComment(7, reason))


@pytest.mark.parametrize("side", Side)
def test_a_step_result_link_is_tied_to_nothing_any_more(side: Side) -> None:
    situation = replace(
        linked(incident(), replace(issue(), results=frozenset())),
        result_links=(ResultLink(3, 1, "r1", "g"),),
        lost=frozenset({(side.other, "result r1")}),
    )
    planned = plan_record(situation, bound(copied(), direction=Direction.BOTH.value), INSTALLATION)
    assert planned.actions == (HideResult(side, 3, "r1"),)
    (actions,) = discarded(planned)
    reason = f"it was removed from the {side.other}; a person decided that the {side}'s stays"
    assert actions == (DropResult(3, "r1", reason),)
    assert DropResult(3, "r1", reason).sentence() == f"forget the link to step result r1: {reason}"


def test_the_removals_of_other_records_are_held_as_before() -> None:
    first = vanished(Side.INCIDENT, incident="delete")
    other = replace(first, situation=replace(first.situation, link=replace(link(), id=2, incident_key="INC-8")))
    kept, held = discarded(first, other)
    assert [action.kind for action in kept] == ["unmark", "bury"]
    assert held == ()


def test_of_two_removals_of_a_record_the_one_that_nobody_discarded_is_still_planned() -> None:
    record = RecordPlan(linked(incident(), issue()), (HideResult(Side.ISSUE, 3, "r1"), HideResult(Side.ISSUE, 4, "r2")))
    first = removals_of(record)[0]
    (left,) = without_discarded(Plan("shop", (), (record,)), {first.digest}, INSTALLATION).records
    assert [type(action) for action in left.actions] == [DropResult, HideResult]


def test_a_discard_of_what_is_not_planned_changes_nothing() -> None:
    plan = Plan("shop", (), (vanished(Side.INCIDENT, incident="delete"),))
    assert without_discarded(plan, {"0123456789ab"}, INSTALLATION) == plan
    assert without_discarded(plan, (), INSTALLATION) == plan
