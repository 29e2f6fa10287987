"""The fields' table of the design: one row a case, then the laws behind it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.lenses import AddLens, ChoiceLens, Relation
from mappings.policies import Conflict, Direction
from mappings.scalars import ScalarLens
from mappings.values import Value
from syncer.core.bind import BoundField
from syncer.core.merge import Agreed, Held, Push, Stuck, merge
from syncer.core.reasons import Reason
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


@pytest.mark.parametrize("known", [(True, False), (False, True), (False, False)])
def test_without_a_baseline_on_both_sides_nobody_is_said_to_have_changed_anything(known: tuple[bool, bool]) -> None:
    left, right = (Held(now, "A" if each else None, each) for now, each in zip("IJ", known, strict=True))
    (outcome,) = merge(copied(), left, right, None)
    assert isinstance(outcome, Stuck)
    assert "the two differ and never agreed" in outcome.reason


def test_adoption_without_a_baseline_follows_the_conflict_policy_and_not_newest_blindly() -> None:
    unknown = Held("I", None, False), Held("J", None, False)
    (outcome,) = merge(copied(conflict=Conflict.ASK), *unknown, Side.ISSUE)
    assert isinstance(outcome, Stuck)


@pytest.mark.parametrize("to", Side)
def test_a_computed_element_that_stands_among_others_needs_no_writing(to: Side) -> None:
    direction = Direction.TO_ISSUE if to is Side.ISSUE else Direction.TO_INCIDENT
    field = BoundField("Tags", "labels", AddLens(), direction, Conflict.ASK, frozenset({"mirrored"}))
    computed = Held(frozenset({"mirrored"}), None, False)
    there = Held(frozenset({"mirrored", "urgent"}), None, False)
    incident, issue = (computed, there) if to is Side.ISSUE else (there, computed)
    assert merge(field, incident, issue, None) == (Agreed(incident.now, issue.now),)


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

    def test_the_other_side_wins_where_it_is_the_other_way(self) -> None:
        field = copied(direction=Direction.TO_INCIDENT, conflict=Conflict.INCIDENT)
        assert merge(field, Held("I", "A", True), Held("J", "A", True), None) == (Push(Side.INCIDENT, "I", "J", "J"),)

    def test_several_options_that_one_stands_for_fit_it_seen_from_the_sending_side(self) -> None:
        """The default stands for all that no row has: an incident of any such option fits it, and is left alone."""
        lens = ChoiceLens(Relation((("i-high", "1"),), default_incident="i-odd"))
        field = BoundField("Priority", "priority", lens, Direction.TO_INCIDENT, Conflict.ASK)
        assert merge(field, Held("i-odd", "i-high", True), Held("7", "1", True), None) == (Agreed("i-odd", "7"),)
        assert merge(field, Held("i-high", "i-high", True), Held("7", "1", True), None) == (
            Push(Side.INCIDENT, "i-high", "i-odd", "7"),
        )

    @pytest.mark.parametrize("direction", [Direction.TO_ISSUE, Direction.TO_INCIDENT])
    def test_one_that_is_read_only_puts_back_what_the_receiving_side_changed(self, direction: Direction) -> None:
        field = replace(copied(direction=direction), read_only=True)
        to = Side.ISSUE if direction is Direction.TO_ISSUE else Side.INCIDENT
        mine, theirs = Held("A", "A", True), Held("J", "A", True)
        left, right = (mine, theirs) if to is Side.ISSUE else (theirs, mine)
        assert merge(field, left, right, None) == (Push(to, "J", "A", "A"),)

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
        assert outcome.code is Reason.UNMAPPED

    def test_a_value_that_the_other_side_can_not_hold_is_told_apart_from_one_without_a_row(self) -> None:
        field = BoundField(
            "FieldValues.Text", "customfield_1", ScalarLens("text", "number"), Direction.BOTH, Conflict.ASK
        )
        (outcome,) = merge(field, Held("many", "1", True), Held("1", "1", True), None)
        assert isinstance(outcome, Stuck)
        assert outcome.code is Reason.UNFIT

    def test_a_value_that_the_mapping_omits_is_agreed_on_as_it_stands(self) -> None:
        lens = ChoiceLens(Relation((("i-high", "1"),), omit=True))
        field = BoundField("Priority", "priority", lens, Direction.BOTH, Conflict.ASK)
        assert merge(field, Held("i-low", "i-high", True), Held("1", "1", True), None) == (Agreed("i-low", "1"),)


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

    def test_what_may_only_add_takes_nothing_away(self) -> None:
        left = Held(frozenset[str](), frozenset({"v1"}), True)
        right = Held(frozenset({"101"}), frozenset({"101"}), True)
        outcomes = merge(replace(versions(), only_add=True), left, right, None)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Push)]
        theirs = Held(frozenset({"v1"}), frozenset({"v1"}), True), Held(frozenset[str](), frozenset({"101"}), True)
        outcomes = merge(replace(versions(), only_add=True), *theirs, None)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Push)]

    @pytest.mark.parametrize("direction", [Direction.TO_ISSUE, Direction.TO_INCIDENT])
    def test_of_a_one_way_set_only_what_ought_to_travel_is_missed(self, direction: Direction) -> None:
        left = Held(frozenset({"v1", "v9"}), frozenset({"v1"}), True)
        right = Held(frozenset({"101", "104"}), frozenset({"101"}), True)
        *_, stuck = merge(versions(direction), left, right, None)
        assert isinstance(stuck, Stuck)
        assert stuck.code is Reason.UNMAPPED
        assert ("'Nightly'" in stuck.reason, "'104'" in stuck.reason) == (
            direction is Direction.TO_ISSUE,
            direction is Direction.TO_INCIDENT,
        )

    def test_what_has_no_counterpart_on_either_side_is_agreed_on_by_neither(self) -> None:
        left = Held(frozenset({"v1", "v9"}), frozenset({"v1"}), True)
        right = Held(frozenset({"101", "104"}), frozenset({"101"}), True)
        agreed, _ = merge(versions(), left, right, None)
        assert agreed == Agreed(frozenset({"v1"}), frozenset({"101"}))


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
