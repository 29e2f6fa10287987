"""The guard: what would take away too much is held, and everything else flows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.actions import Agree, CreateRecord
from syncer.core.guard import Limits, Verdict, guard, remapped, removals_of
from syncer.core.plan import Plan, RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import CommentDraft, Gone, Mark, Present, Side
from syncer.core.removals import Bury, DeleteComment, DeleteRecord
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from tests.syncer.core.builders import incident, issue, link

LIMITS = Limits(at_most=10, at_most_percent=10, exempt=3)


def record(number: int, *, certain: bool = True, removal: bool = True) -> RecordPlan:
    row = replace(link(), id=number, incident_key=f"INC-{number}", issue_key=f"SHOP-{number}")
    situation = Situation(row, Gone("404 twice", certain), Present(issue()))
    if not removal:
        situation = replace(situation, incident=Present(incident()))
        return RecordPlan(situation, (Agree({side: {} for side in Side}),))
    delete = DeleteRecord(Side.ISSUE, str(number), f"SHOP-{number}", "the incident was deleted")
    return RecordPlan(situation, (delete, Bury("the incident was deleted, and its issue with it")))


def plan_of(removals: int, others: int = 0) -> Plan:
    numbers = range(removals + others)
    return Plan("shop", (), tuple(record(number, removal=number < removals) for number in numbers))


def passed(plan: Plan) -> int:
    return sum(len(removals_of(each)) for each in plan.records)


@pytest.mark.parametrize(
    ("removals", "links", "lately", "flows"),
    [
        (3, 5, 0, True),  # few: the share of a small project doesn't count
        (4, 5, 0, False),  # more than the exemption, and 80 % of all
        (10, 1_000, 0, True),
        (11, 1_000, 0, False),
        (2, 1_000, 9, False),  # with what went in the last 24 hours over the cap
        (2, 1_000, 8, True),  # just within it
        (10, 100, 0, True),  # just within the share
        (4, 40, 0, True),
        (4, 39, 0, False),
        (2, 5, 8, True),  # few, and just within the cap
        (99, 100, 0, False),
    ],
)
def test_the_caps_in_number_share_and_time(removals: int, links: int, lately: int, flows: bool) -> None:
    verdict = guard(plan_of(removals), LIMITS, links=links, removed_lately=lately, approved=())
    assert passed(verdict.plan) == (removals if flows else 0)
    assert len(verdict.held) == (0 if flows else removals)


def test_above_the_cap_everything_but_the_removals_flows() -> None:
    verdict = guard(plan_of(20, others=5), LIMITS, links=100, removed_lately=0, approved=())
    assert [each.actions != () for each in verdict.plan.records] == [False] * 20 + [True] * 5
    assert "20 removals are over the cap of 10" in verdict.reason


def test_the_only_link_is_all_of_them() -> None:
    verdict = guard(plan_of(1), Limits(10, 60, 0), links=1, removed_lately=0, approved=())
    assert verdict.reason == "1 removals of 1 links, 100 %, are over the cap of 60 %"


def test_an_approval_releases_exactly_what_was_approved() -> None:
    first = guard(plan_of(20), LIMITS, links=100, removed_lately=0, approved=())
    approved = [removal.digest for removal in first.held]
    assert passed(guard(plan_of(20), LIMITS, links=100, removed_lately=0, approved=approved).plan) == 20
    grown = guard(plan_of(40), LIMITS, links=100, removed_lately=0, approved=approved)
    assert (passed(grown.plan), len(grown.held)) == (20, 20)


def test_a_record_that_was_edited_meanwhile_drops_out_of_an_approved_set() -> None:
    first = guard(plan_of(20), LIMITS, links=100, removed_lately=0, approved=())
    approved = [removal.digest for removal in first.held]
    fewer = Plan("shop", (), (*plan_of(19).records, record(19, removal=False)))
    verdict = guard(fewer, LIMITS, links=100, removed_lately=0, approved=approved)
    assert (passed(verdict.plan), verdict.held) == (19, ())


def test_a_removal_that_the_server_may_be_feigning_is_held_however_few() -> None:
    doubtful = Plan("shop", (), (record(1, certain=False), record(2)))
    verdict = guard(doubtful, LIMITS, links=100, removed_lately=0, approved=())
    assert [removal.line.split(":")[0] for removal in verdict.held] == ["INC-1 = SHOP-1"]
    assert verdict.reason == "it can't be told from a record that is only hidden from us; a person must look"
    assert passed(verdict.plan) == 1


def test_what_is_held_says_why_and_its_record_waits_for_a_person() -> None:
    verdict = guard(plan_of(4), LIMITS, links=5, removed_lately=3, approved=())
    assert verdict.reason == "4 removals of 5 links, 80 %, are over the cap of 10 %"
    assert guard(plan_of(8), LIMITS, links=5, removed_lately=3, approved=()).reason == (
        "8 removals after 3 in the last 24 hours are over the cap of 10"
    )
    (waiting,) = verdict.plan.records[0].waiting
    assert (waiting.item, waiting.code) == ("removal", Reason.HELD_REMOVAL)
    assert waiting.reason == f"held: {verdict.reason}; see 'syncer held'"


def test_a_record_that_keeps_its_link_goes_on_with_all_but_the_held_removal() -> None:
    """A mirrored comment waits to be deleted; an edit of the record travels meanwhile, and what waited still waits."""
    notice = CommentDraft("Somebody", "...", Mark("lab", "c1"))
    agree = Agree({side: {} for side in Side})
    earlier = Waiting("Summary", "conflict", Reason.CONFLICT)
    situation = Situation(link(), Present(incident()), Present(issue()))
    mixed = RecordPlan(situation, (agree, DeleteComment(Side.ISSUE, 5, "900", notice)), (earlier,))
    verdict = guard(Plan("shop", (), (mixed,)), Limits(0, 0, 0), links=100, removed_lately=0, approved=())
    (left,) = verdict.plan.records
    assert left.actions == (agree,)
    assert [waiting.item for waiting in left.waiting] == ["Summary", "removal"]


def test_a_changed_mapping_that_would_touch_many_linked_records_is_held() -> None:
    many = plan_of(8)
    verdict = guard(many, Limits(100, 100, 3), links=100, removed_lately=0, approved=())
    held = remapped(verdict, "f" * 64, LIMITS, ())
    assert all(each.actions == () for each in held.plan.records)
    assert len(held.remapping) == 16
    assert remapped(verdict, "f" * 64, LIMITS, ["f" * 12]) == verdict
    reason = "the mapping was changed, and would change 8 linked records; see 'syncer plan'"
    assert held.remapping_reason == reason
    (waiting,) = held.plan.records[0].waiting
    assert (waiting.item, waiting.code) == ("mapping", Reason.HELD_MAPPING)
    assert waiting.reason == "held: the mapping was changed; see 'syncer held'"


def test_a_changed_mapping_holds_back_neither_a_few_changes_nor_new_records_nor_what_is_only_noted() -> None:
    alone = Situation(None, Present(incident()), None)
    create = RecordPlan(alone, (CreateRecord(Side.ISSUE, (), twin_of(incident(), "lab")),))
    noting = record(50, removal=False)
    few = Verdict(Plan("shop", (), (*plan_of(3).records, *[create] * 9, *[noting] * 9)))
    assert remapped(few, "f" * 64, LIMITS, ()) == few
    many = Verdict(Plan("shop", (), (*plan_of(4).records, create, noting)))
    left = remapped(many, "f" * 64, LIMITS, ()).plan.records
    assert left[4:] == (create, noting)
    assert all(each.actions == () for each in left[:4])


@given(st.integers(0, 60), st.integers(1, 200), st.integers(0, 20))
def test_never_more_than_the_cap_passes_without_an_approval(removals: int, links: int, lately: int) -> None:
    verdict = guard(plan_of(removals), LIMITS, links=links, removed_lately=lately, approved=())
    assert passed(verdict.plan) == 0 or passed(verdict.plan) + lately <= LIMITS.at_most
    assert passed(verdict.plan) + len(verdict.held) == removals
