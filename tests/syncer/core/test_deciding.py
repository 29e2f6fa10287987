"""A person's word in a conflict: carried out for just the two values that were shown, void for any others."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.policies import Conflict, Direction
from mappings.values import Value, Values
from state.rows import BothSides, Decision
from syncer.core.actions import Action, Change, UpdateRecord
from syncer.core.bind import Bound, BoundField
from syncer.core.deciding import both_in, digest_of, merge_decided
from syncer.core.fields import merge_fields
from syncer.core.merge import Agreed, Held, Push, Stuck
from syncer.core.plan import RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Record, Side
from syncer.core.removals import EndDecision
from syncer.core.situation import Situation
from tests.syncer.core.builders import NOW, bound, copied, incident, issue, linked, priority

BASE: tuple[Values, Values] = ({"Summary": "Old"}, {"summary": "Old"})
NO_CONFLICT = "there is no conflict any more"


def word(choice: Side, left: Value, right: Value, item: str = "Summary") -> Decision:
    return Decision(1, item, choice.word, digest_of(left), digest_of(right), "Anna", NOW)


def in_conflict(left: str = "Mine", right: str = "Theirs", *decisions: Decision) -> Situation:
    both = incident(Summary=left), issue(summary=right)
    return replace(linked(*both, BASE), decisions=decisions)


def merged(situation: Situation, *fields: BoundField) -> tuple[list[Action], tuple[Waiting, ...]]:
    left, right = situation.record(Side.INCIDENT), situation.record(Side.ISSUE)
    assert isinstance(left, Record)
    assert isinstance(right, Record)
    return merge_fields(situation, left, right, bound(*fields or (copied(),)))


class TestAConflict:
    def test_it_shows_what_both_sides_hold(self) -> None:
        actions, (waiting,) = merged(in_conflict())
        assert actions == []
        assert waiting.both == BothSides("Mine", "Theirs", digest_of("Mine"), digest_of("Theirs"))

    def test_what_waits_for_another_reason_shows_nothing_to_choose_from(self) -> None:
        left, right = incident(Priority="i-none"), issue(priority="3")
        agreed = ({**left.values, "Priority": "i-low"}, right.values)
        _, (waiting,) = merge_fields(linked(left, right, agreed), left, right, bound(priority()))
        assert (waiting.code, waiting.both) == (Reason.UNMAPPED, None)


class TestADecision:
    @pytest.mark.parametrize(
        ("choice", "change"),
        [
            (Side.INCIDENT, Change("Summary", "summary", "Theirs", "Mine", "Mine", "Theirs", "Mine", decided="Anna")),
            (Side.ISSUE, Change("Summary", "Summary", "Mine", "Theirs", "Theirs", "Mine", "Theirs", decided="Anna")),
        ],
    )
    def test_the_chosen_sides_value_is_written_and_nothing_waits(self, choice: Side, change: Change) -> None:
        actions, waiting = merged(in_conflict("Mine", "Theirs", word(choice, "Mine", "Theirs")))
        assert (actions, waiting) == ([UpdateRecord(choice.other, (change,))], ())

    def test_it_comes_before_the_policy_which_an_edit_of_another_field_may_turn(self) -> None:
        field, values = copied(conflict=Conflict.NEWEST), (Held("I", "A", True), Held("J", "A", True))
        outcomes, void = merge_decided(field, *values, Side.ISSUE, word(Side.INCIDENT, "I", "J"))
        assert (outcomes, void) == ((Push(Side.ISSUE, "J", "I", "I"),), None)

    def test_it_is_about_its_own_field_only(self) -> None:
        situation = in_conflict("Mine", "Theirs", word(Side.ISSUE, "Mine", "Theirs", "Description"))
        actions, (waiting,) = merged(situation, copied(), copied("Description", "description"))
        assert (actions, waiting.item, waiting.code) == ([], "Summary", Reason.CONFLICT)


class TestAVoidDecision:
    @pytest.mark.parametrize(
        ("left", "right", "who"),
        [
            ("Mine, edited", "Theirs", "the incident"),
            ("Mine", "Theirs, edited", "the issue"),
            ("Mine, edited", "Theirs, edited", "both sides"),
        ],
    )
    @pytest.mark.parametrize("choice", Side)
    def test_a_value_that_nobody_saw_is_never_taken_or_overwritten(
        self, choice: Side, left: str, right: str, who: str
    ) -> None:
        actions, (waiting,) = merged(in_conflict(left, right, word(choice, "Mine", "Theirs")))
        assert actions == [EndDecision("Summary", choice, f"{who} changed since")]
        why = f"it was decided to take the {choice}'s, but {who} changed since, so nothing was written"
        assert waiting.reason == f"conflict: {why}; decide anew with 'syncer settle'"
        assert waiting.both == BothSides(left, right, digest_of(left), digest_of(right))

    @pytest.mark.parametrize(
        ("left", "right", "rest"),
        [
            ("Same", "Same", 1),  # agreed
            ("Old", "Theirs", 1),  # only one moved, and it is carried as always
            ("Old", "Old", 0),
        ],
    )
    def test_it_is_forgotten_where_there_is_no_conflict_any_more(self, left: str, right: str, rest: int) -> None:
        actions, waiting = merged(in_conflict(left, right, word(Side.INCIDENT, "Mine", "Theirs")))
        assert actions[-1] == EndDecision("Summary", Side.INCIDENT, NO_CONFLICT)
        assert (len(actions) - 1, waiting) == (rest, ())

    def test_both_taken_back_to_what_was_agreed_need_none_either(self) -> None:
        outcomes, void = merge_decided(
            copied(), Held("I", "I", True), Held("J", "J", True), None, word(Side.ISSUE, "I", "J")
        )
        assert (outcomes, void) == ((), NO_CONFLICT)

    def test_where_the_mapping_carries_one_way_only_by_now_its_way_is_gone(self) -> None:
        field = copied(direction=Direction.TO_ISSUE)
        outcomes, void = merge_decided(
            field, Held("I", "A", True), Held("J", "A", True), None, word(Side.ISSUE, "I", "J")
        )
        assert (outcomes, void) == ((Push(Side.ISSUE, "J", "I", "I"),), NO_CONFLICT)

    def test_a_value_that_the_other_side_can_not_hold_is_told_and_the_other_may_be_chosen(self) -> None:
        left, right = incident(Priority="i-none"), issue(priority="3")
        agreed = ({**left.values, "Priority": "i-high"}, {**right.values, "priority": "1"})
        decided = word(Side.INCIDENT, "i-none", "3", "Priority")
        situation = replace(linked(left, right, agreed), decisions=(decided,))
        actions, (waiting,) = merge_fields(situation, left, right, bound(priority()))
        assert actions == [EndDecision("Priority", Side.INCIDENT, "it can't be carried to the issue")]
        assert waiting.reason.startswith("conflict: it was decided to take the incident's, but it can't be carried")
        assert "'Odd' has no counterpart" in waiting.reason
        assert waiting.both is not None

    def test_a_field_that_left_the_mapping_takes_its_decision_with_it(self) -> None:
        actions, _ = merged(in_conflict("Old", "Old", word(Side.ISSUE, "a", "b", "Description")))
        assert actions == [EndDecision("Description", Side.ISSUE, "the mapping doesn't carry it any more")]

    def test_what_is_not_observed_says_nothing_about_it(self) -> None:
        situation = in_conflict("Mine", "Theirs", word(Side.ISSUE, "Mine", "Theirs"))
        left = incident()
        unsent = replace(left, values={})
        assert merge_fields(situation, unsent, issue(summary="Theirs"), bound()) == ([], ())

    def test_it_says_so_without_the_texts(self) -> None:
        said = EndDecision("Summary", Side.ISSUE, "the incident changed since").sentence()
        assert said == "forget the decision to take the issue's Summary: the incident changed since"


class TestARefusedDecision:
    def plan(self, *decisions: Decision) -> tuple[RecordPlan, Bound]:
        situation = in_conflict("Mine", "Theirs", *decisions)
        actions, waiting = merged(situation)
        return RecordPlan(situation, tuple(actions), waiting), bound()

    @pytest.mark.parametrize("choice", Side)
    def test_both_sides_stay_to_be_shown(self, choice: Side) -> None:
        planned, ready = self.plan(word(choice, "Mine", "Theirs"))
        shown = BothSides("Mine", "Theirs", digest_of("Mine"), digest_of("Theirs"))
        assert both_in(planned, "Summary", ready) == shown

    def test_nothing_is_shown_of_what_nobody_decided(self) -> None:
        planned, ready = self.plan(word(Side.ISSUE, "Mine", "Theirs"))
        assert both_in(planned, "record", ready) is None
        void, ready = self.plan(word(Side.ISSUE, "Other", "Theirs"))
        assert both_in(void, "Summary", ready) is None


VALUES = st.none() | st.text(max_size=3) | st.frozensets(st.text(max_size=2), max_size=3)


@given(VALUES, VALUES)
def test_digests_tell_values_apart_and_only_those(left: Value, right: Value) -> None:
    assert (digest_of(left) == digest_of(right)) == (left == right)


TEXTS = st.sampled_from(["", "a", "b", "c"])


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(Side), TEXTS, TEXTS)
def test_a_decision_changes_what_happens_only_in_the_very_conflict_that_it_is_about(
    left: str, right: str, left_base: str, right_base: str, choice: Side, seen_left: str, seen_right: str
) -> None:
    values = Held(left, left_base, True), Held(right, right_base, True)
    plain, _ = merge_decided(copied(), *values, None, None)
    decided, void = merge_decided(copied(), *values, None, word(choice, seen_left, seen_right))
    stuck = any(isinstance(each, Stuck) for each in plain)
    assert (void is None and stuck) == (stuck and (left, right) == (seen_left, seen_right))
    if not stuck:
        assert decided == plain
    elif void is not None:
        assert all(isinstance(each, Stuck) for each in decided)
    else:
        (push,) = decided
        assert isinstance(push, Push)
        assert push.after == (left if choice is Side.INCIDENT else right)
    assert not any(isinstance(each, Agreed) for each in decided) or left == right
