"""The guard: what would take away too much is held, and everything else flows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.actions import Agree
from syncer.core.guard import Limits, guard, remapped, removals_of
from syncer.core.plan import Plan, RecordPlan
from syncer.core.records import Gone, Present, Side
from syncer.core.removals import Bury, DeleteRecord
from syncer.core.situation import Situation
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
    assert passed(verdict.plan) == 1


def test_a_changed_mapping_that_would_touch_many_linked_records_is_held() -> None:
    many = plan_of(8)
    verdict = guard(many, Limits(100, 100, 3), links=100, removed_lately=0, approved=())
    held = remapped(verdict, "f" * 64, LIMITS, ())
    assert all(each.actions == () for each in held.plan.records)
    assert len(held.remapping) == 16
    assert remapped(verdict, "f" * 64, LIMITS, ["f" * 12]) == verdict


@given(st.integers(0, 60), st.integers(1, 200), st.integers(0, 20))
def test_never_more_than_the_cap_passes_without_an_approval(removals: int, links: int, lately: int) -> None:
    verdict = guard(plan_of(removals), LIMITS, links=links, removed_lately=lately, approved=())
    assert passed(verdict.plan) == 0 or passed(verdict.plan) + lately <= LIMITS.at_most
    assert passed(verdict.plan) + len(verdict.held) == removals
