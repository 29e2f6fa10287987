"""The fields' table of the design: one row a case, then the laws behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.policies import Conflict, Direction
from mappings.values import Value
from syncer.core.merge import Agreed, Held, Push, Stuck, merge
from syncer.core.records import Side
from tests.syncer.core.builders import VERSIONS, copied, priority, versions

CASES = [
    # name, incident (now, base), issue (now, base), outcome
    ("neither moved", ("A", "A"), ("A", "A"), ()),
    ("neither moved, a server had normalised", ("A ", "A "), ("a", "a"), ()),
    ("both moved to the same", ("B", "A"), ("B", "A"), (Agreed("B", "B"),)),
    ("one moved to what the other holds", ("a", "A"), ("a", "a"), (Agreed("a", "a"),)),
    ("incident moved", ("B", "A"), ("A", "A"), (Push(Side.ISSUE, "A", "B", "B"),)),
    ("issue moved", ("A", "A"), ("B", "A"), (Push(Side.INCIDENT, "A", "B", "B"),)),
    ("incident cleared", (None, "A"), ("A", "A"), (Push(Side.ISSUE, "A", None, None),)),
]


@pytest.mark.parametrize(("name", "left", "right", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_fields_table(name: str, left: tuple[Value, Value], right: tuple[Value, Value], expected: object) -> None:
    assert merge(copied(), Held(*left, True), Held(*right, True), None) == expected


@pytest.mark.parametrize(
    ("policy", "newer", "expected"),
    [
        (Conflict.INCIDENT, None, Push(Side.ISSUE, "J", "I", "I")),
        (Conflict.ISSUE, None, Push(Side.INCIDENT, "I", "J", "J")),
        (Conflict.NEWEST, Side.INCIDENT, Push(Side.ISSUE, "J", "I", "I")),
        (Conflict.NEWEST, Side.ISSUE, Push(Side.INCIDENT, "I", "J", "J")),
    ],
)
def test_a_conflict_follows_the_mappings_policy(policy: Conflict, newer: Side | None, expected: Push) -> None:
    assert merge(copied(conflict=policy), Held("I", "A", True), Held("J", "A", True), newer) == (expected,)


@pytest.mark.parametrize("policy", [Conflict.ASK, Conflict.NEWEST])
def test_a_conflict_that_nobody_can_settle_waits_for_a_person(policy: Conflict) -> None:
    (outcome,) = merge(copied(conflict=policy), Held("I", "A", True), Held("J", "A", True), None)
    assert isinstance(outcome, Stuck)
    assert "conflict" in outcome.reason


def test_adoption_without_a_baseline_follows_the_conflict_policy_and_not_newest_blindly() -> None:
    unknown = Held("I", None, False), Held("J", None, False)
    (outcome,) = merge(copied(conflict=Conflict.ASK), *unknown, Side.ISSUE)
    assert isinstance(outcome, Stuck)


@pytest.mark.parametrize("policy", Conflict)
@pytest.mark.parametrize("newer", [*Side, None])
def test_an_empty_value_that_was_never_agreed_on_empties_nothing(policy: Conflict, newer: Side | None) -> None:
    """A field that joins the mapping later, or an adopted pair: what one side has is filled in on the other."""
    field = copied(conflict=policy)
    filled, empty = Held("Text", None, False), Held(None, None, False)
    assert merge(field, filled, empty, newer) == (Push(Side.ISSUE, None, "Text", "Text"),)
    assert merge(field, empty, filled, newer) == (Push(Side.INCIDENT, None, "Text", "Text"),)


class TestOneWay:
    def test_its_own_side_wins_a_conflict(self) -> None:
        field = copied(direction=Direction.TO_ISSUE, conflict=Conflict.ISSUE)
        assert merge(field, Held("I", "A", True), Held("J", "A", True), None) == (Push(Side.ISSUE, "J", "I", "I"),)

    def test_an_edit_on_the_receiving_side_alone_is_left_alone(self) -> None:
        field = copied(direction=Direction.TO_ISSUE)
        assert merge(field, Held("A", "A", True), Held("J", "A", True), None) == ()


class TestValueTables:
    def test_the_receiving_side_keeps_a_value_that_fits_already(self) -> None:
        """Low stands for both 3 and 4: an issue that moves from 3 to 4 changes nothing on the incident."""
        outcome = merge(priority(), Held("i-low", "i-low", True), Held("4", "3", True), None)
        assert outcome == (Agreed("i-low", "4"),)

    def test_a_value_without_a_row_parks_the_field_and_says_which(self) -> None:
        (outcome,) = merge(priority(), Held("i-none", "i-low", True), Held("3", "3", True), None)
        assert isinstance(outcome, Stuck)
        assert "'Odd' has no counterpart on the issue side" in outcome.reason


class TestSets:
    def test_additions_on_both_sides_both_land(self) -> None:
        left = Held(frozenset({"v1", "v2"}), frozenset({"v1"}), True)
        right = Held(frozenset({"101", "103"}), frozenset({"101"}), True)
        assert merge(versions(), left, right, None) == (
            Push(Side.ISSUE, frozenset({"101", "103"}), frozenset({"101", "102", "103"}), left.now),
            Push(
                Side.INCIDENT,
                frozenset({"v1", "v2"}),
                frozenset({"v1", "v2", "v3"}),
                frozenset({"101", "102", "103"}),
            ),
        )

    def test_a_removal_travels_and_an_addition_elsewhere_survives_it(self) -> None:
        left = Held(frozenset(), frozenset({"v1"}), True)
        right = Held(frozenset({"101", "103"}), frozenset({"101"}), True)
        to_issue, to_incident = merge(versions(), left, right, None)
        assert isinstance(to_issue, Push)
        assert isinstance(to_incident, Push)
        assert (to_issue.after, to_incident.after) == (frozenset({"103"}), frozenset({"v3"}))

    def test_an_element_without_counterpart_stays_is_reported_and_is_not_agreed_on(self) -> None:
        left = Held(frozenset({"v1", "v9"}), frozenset({"v1"}), True)
        right = Held(frozenset({"101"}), frozenset({"101"}), True)
        agreed, stuck = merge(versions(), left, right, None)
        assert agreed == Agreed(frozenset({"v1"}), frozenset({"101"}))
        assert isinstance(stuck, Stuck)
        assert "'Nightly'" in stuck.reason

    def test_a_one_way_set_never_removes_what_only_the_receiving_side_added(self) -> None:
        left = Held(frozenset({"v1", "v2"}), frozenset({"v1"}), True)
        right = Held(frozenset({"101", "103"}), frozenset({"101"}), True)
        (outcome,) = merge(versions(Direction.TO_ISSUE), left, right, None)
        assert isinstance(outcome, Push)
        assert outcome.after == frozenset({"101", "102", "103"})

    def test_without_a_baseline_both_sides_end_with_everything(self) -> None:
        left, right = Held(frozenset({"v1"}), None, False), Held(frozenset({"102"}), None, False)
        after = [outcome.after for outcome in merge(versions(), left, right, None) if isinstance(outcome, Push)]
        assert after == [frozenset({"101", "102"}), frozenset({"v1", "v2"})]


words = st.sampled_from([None, "A", "B", "C"])
incident_sets = st.frozensets(st.sampled_from(["v1", "v2", "v3", "v9"]))
issue_sets = st.frozensets(st.sampled_from(["101", "102", "103", "104"]))


def settle(left: Held, right: Held, outcomes: tuple[object, ...]) -> tuple[Held, Held]:
    """The two sides after exact servers have carried out the outcomes."""
    incident, issue = left.now, right.now
    for outcome in outcomes:
        if isinstance(outcome, Push):
            incident = outcome.after if outcome.side is Side.INCIDENT else incident
            issue = outcome.after if outcome.side is Side.ISSUE else issue
    return Held(incident, incident, True), Held(issue, issue, True)


@given(words, words, words, words, st.sampled_from(Conflict), st.sampled_from([*Side, None]))
def test_no_value_is_written_that_neither_side_held(
    now: Value, base: Value, other: Value, other_base: Value, policy: Conflict, newer: Side | None
) -> None:
    for outcome in merge(copied(conflict=policy), Held(now, base, True), Held(other, other_base, True), newer):
        if isinstance(outcome, Push):
            assert outcome.after == (now if outcome.side is Side.ISSUE else other)
            assert outcome.before != outcome.after


@given(incident_sets, incident_sets, issue_sets, issue_sets)
def test_merging_sets_again_writes_nothing(
    now: frozenset[str], base: frozenset[str], other: frozenset[str], other_base: frozenset[str]
) -> None:
    left, right = Held(now, base, True), Held(other, other_base, True)
    left, right = settle(left, right, merge(versions(), left, right, None))
    assert not [outcome for outcome in merge(versions(), left, right, None) if isinstance(outcome, Push)]


@given(incident_sets, issue_sets)
def test_after_a_first_merge_of_sets_each_element_with_a_counterpart_is_on_both_sides(
    now: frozenset[str], other: frozenset[str]
) -> None:
    left, right = Held(now, None, False), Held(other, None, False)
    left, right = settle(left, right, merge(versions(), left, right, None))
    assert isinstance(left.now, frozenset)
    assert isinstance(right.now, frozenset)
    for incident_id, issue_id in VERSIONS.rows:
        assert (incident_id in left.now) == (issue_id in right.now)
