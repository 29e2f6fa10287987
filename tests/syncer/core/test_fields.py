"""All fields of a record and its twin: what a change says, what is agreed on, and that no field hinders another."""

from datetime import timedelta
from typing import Any

import pytest

from mappings.lenses import ChoiceLens, Relation
from mappings.policies import Conflict, Direction
from mappings.values import Values
from syncer.core.actions import Action, Agree, Change, UpdateRecord
from syncer.core.bind import Bound, BoundField
from syncer.core.fields import initial_changes, merge_fields
from syncer.core.records import Record, Side
from tests.syncer.core.builders import NOW, bound, copied, incident, issue, linked, priority, versions

CHANGE = Change("Priority", "priority", "1", "3", "i-low", shown_before="1", shown_after="3")
OMITTING = BoundField(
    "Priority", "priority", ChoiceLens(Relation((("i-high", "1"),), omit=True)), Direction.BOTH, Conflict.ASK
)
TEXT = copied("Description", "description")


def merged(
    left: Record, right: Record, agreed: tuple[Values, Values], *fields: BoundField
) -> tuple[list[Action], list[str]]:
    actions, waiting = merge_fields(linked(left, right, agreed), left, right, bound(*fields))
    return actions, [each.item for each in waiting]


def born(record: Record, ready: Bound) -> dict[str, Any]:
    changes, _ = initial_changes(record, ready)
    return {change.name: (change.before, change.after, change.given) for change in changes}


class TestAChange:
    def test_it_names_what_stands_there_what_comes_and_what_it_was_made_of(self) -> None:
        left, right = incident(Priority="i-low"), issue(priority="1")
        agreed = ({**left.values, "Priority": "i-high"}, right.values)
        ((update,), _) = merged(left, right, agreed, priority())
        assert update == UpdateRecord(Side.ISSUE, (CHANGE,))

    def test_where_both_sides_get_something_each_change_says_that_it_is_half_of_it(self) -> None:
        left = incident(Summary="New", FixedVersions=frozenset({"v1", "v2"}))
        right = issue(fixVersions=frozenset({"101", "103"}))
        base: tuple[Values, Values] = {"FixedVersions": frozenset({"v1"})}, {"fixVersions": frozenset({"101"})}
        agreed = {**incident().values, **base[0]}, {**issue().values, **base[1]}
        actions, _ = merged(left, right, agreed, copied(), versions())
        updates = [action for action in actions if isinstance(action, UpdateRecord)]
        halves = {(update.side, change.item): change.half for update in updates for change in update.changes}
        assert halves == {
            (Side.ISSUE, "Summary"): False,
            (Side.ISSUE, "FixedVersions"): True,
            (Side.INCIDENT, "FixedVersions"): True,
        }

    def test_of_a_new_record_nothing_stood_there(self) -> None:
        assert born(incident(Priority="i-low"), bound(priority())) == {"priority": (None, "3", "i-low")}


class TestAgreement:
    def test_equal_edits_are_agreed_on_by_both_values_and_nothing_is_written(self) -> None:
        left, right = incident(Summary="New", Priority="i-low"), issue(summary="New", priority="4")
        agreed = ({"Summary": "Old", "Priority": "i-low"}, {"summary": "Old", "priority": "3"})
        actions, _ = merged(left, right, agreed, copied(), priority())
        values = {
            Side.INCIDENT: {"Summary": "New", "Priority": "i-low"},
            Side.ISSUE: {"summary": "New", "priority": "4"},
        }
        assert actions == [Agree(values)]

    @pytest.mark.parametrize("known", Side)
    def test_what_fits_without_a_baseline_on_either_side_gets_one(self, known: Side) -> None:
        agreed: dict[Side, Values] = {Side.INCIDENT: {}, Side.ISSUE: {}}
        agreed[known] = {"Summary": "Pump fails"} if known is Side.INCIDENT else {"summary": "Pump fails"}
        actions, _ = merged(incident(), issue(), (agreed[Side.INCIDENT], agreed[Side.ISSUE]), copied())
        both = {Side.INCIDENT: {"Summary": "Pump fails"}, Side.ISSUE: {"summary": "Pump fails"}}
        assert actions == [Agree(both)]

    @pytest.mark.parametrize("known", Side)
    def test_that_both_are_empty_is_agreed_on_too(self, known: Side) -> None:
        """Else the first value that somebody enters would not be told from one that was never agreed on."""
        own = {Side.INCIDENT: {"Description": None}, Side.ISSUE: {"description": None}}
        agreed = own[Side.INCIDENT] if known is Side.INCIDENT else {}, own[Side.ISSUE] if known is Side.ISSUE else {}
        actions, _ = merged(incident(Description=None), issue(description=None), agreed, TEXT)
        assert actions == [Agree(own)]

    def test_what_is_agreed_on_already_is_not_agreed_on_again(self) -> None:
        """A set with an element that can't travel counts as moved in each cycle, and must not be written down each."""
        left, right = incident(FixedVersions=frozenset({"v1", "v9"})), issue(fixVersions=frozenset({"101"}))
        agreed = ({"FixedVersions": frozenset({"v1"})}, {"fixVersions": frozenset({"101"})})
        assert merged(left, right, agreed, versions()) == ([], ["FixedVersions"])

    def test_what_the_mapping_leaves_alone_is_agreed_on_as_it_stands(self) -> None:
        left, right = incident(Priority="i-low"), issue(priority="1")
        agreed = ({"Priority": "i-high"}, {"priority": "1"})
        actions, waiting = merged(left, right, agreed, OMITTING)
        assert actions == [Agree({Side.INCIDENT: {"Priority": "i-low"}, Side.ISSUE: {"priority": "1"}})]
        assert waiting == []


class TestEachFieldByItself:
    """One that can't be carried, wasn't observed or is left alone keeps none behind it from travelling."""

    def test_between_two_records(self) -> None:
        left, right = incident(Priority="i-low", Description="new"), issue(description="old")
        agreed = ({"Priority": "i-low", "Description": "old"}, {"description": "old"})
        ((update,), _) = merged(left, right, agreed, priority(), TEXT)
        assert isinstance(update, UpdateRecord)
        assert [change.item for change in update.changes] == ["Description"]

    @pytest.mark.parametrize("first", [priority(), OMITTING], ids=["no counterpart", "left alone"])
    def test_into_a_new_record(self, first: BoundField) -> None:
        lone = incident(Priority="i-none", Description="words")
        assert born(lone, bound(first, TEXT)) == {"description": (None, "words", "words")}

    def test_a_field_of_the_other_direction_is_not_given_to_a_new_record(self) -> None:
        ready = bound(copied(direction=Direction.TO_INCIDENT), TEXT)
        assert set(born(incident(Description="words"), ready)) == {"description"}


@pytest.mark.parametrize("side", Side)
def test_what_of_a_set_stays_behind_is_told_whichever_side_has_it(side: Side) -> None:
    record = (
        incident(FixedVersions=frozenset({"v1", "v9"}))
        if side is Side.INCIDENT
        else issue(fixVersions=frozenset({"101", "104"}))
    )
    changes, (waiting,) = initial_changes(record, bound(versions()))
    assert [change.after for change in changes] == [frozenset({"101"}) if side is Side.INCIDENT else frozenset({"v1"})]
    left, there = ("Nightly", "issue") if side is Side.INCIDENT else ("104", "incident")
    assert waiting.reason == f"'{left}' has no counterpart on the {there} side; add it to the mapping"


def test_a_record_whose_times_are_not_told_is_not_newer() -> None:
    left, right = incident(Summary="Mine", updated=None), issue(summary="Theirs")  # type: ignore[arg-type]  # not told
    agreed = ({"Summary": "Old"}, {"summary": "Old"})
    actions, waiting = merged(left, right, agreed, copied(conflict=Conflict.NEWEST))
    assert (actions, waiting) == ([], ["Summary"])


def test_newest_is_the_issue_where_it_was_edited_last() -> None:
    left, right = incident(Summary="Mine"), issue(summary="Theirs", updated=NOW + timedelta(seconds=1))
    ((update,), _) = merged(left, right, ({"Summary": "Old"}, {"summary": "Old"}), copied(conflict=Conflict.NEWEST))
    assert isinstance(update, UpdateRecord)
    assert (update.side, update.changes[0].after) == (Side.INCIDENT, "Theirs")
