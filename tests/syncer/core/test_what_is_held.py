"""What the receiving side holds counts: it is kept where it fits, and never lost to what is carried over."""

import pytest

from mappings.lenses import AddLens, ChoiceLens, Relation, SetLens
from mappings.policies import Conflict, Direction
from mappings.values import Value
from syncer.core.bind import BoundField
from syncer.core.merge import Agreed, Held, Push, Stuck, merge
from syncer.core.records import Side

SEVERAL = Relation((("v1", "101"), ("v1", "102"), ("v1b", "101")))


def sets(relation: Relation) -> BoundField:
    return BoundField("FixedVersions", "fixVersions", SetLens(relation), Direction.BOTH, Conflict.ASK)


def some(*elements: str) -> frozenset[str]:
    return frozenset(elements)


@pytest.mark.parametrize("direction", [Direction.TO_ISSUE, Direction.TO_INCIDENT])
def test_elements_that_a_mapping_adds_take_none_away_that_people_put_there(direction: Direction) -> None:
    field = BoundField("=labels", "labels", AddLens(), direction, Conflict.ASK, source=some("mirrored"))
    mine, theirs = Held(some("mirrored"), None, False), Held(some("urgent"), some("urgent"), True)
    to = Side.ISSUE if direction is Direction.TO_ISSUE else Side.INCIDENT
    left, right = (mine, theirs) if to is Side.ISSUE else (theirs, mine)
    after = some("mirrored", "urgent")
    assert merge(field, left, right, None) == (Push(to, theirs.now, after, mine.now),)


def test_of_several_options_that_stand_for_one_the_receiving_side_keeps_its_own() -> None:
    lens = ChoiceLens(Relation((("i-low", "3"), ("i-lowest", "3"))))
    field = BoundField("Priority", "priority", lens, Direction.TO_INCIDENT, Conflict.ASK)
    assert merge(field, Held("i-lowest", "i-low", True), Held("3", "1", True), None) == (Agreed("i-lowest", "3"),)


def test_an_element_that_another_one_still_stands_for_is_not_removed() -> None:
    left = Held(some("v1b"), some("v1", "v1b"), True)
    right = Held(some("101"), some("101"), True)
    assert not [each for each in merge(sets(SEVERAL), left, right, None) if isinstance(each, Push)]


def test_an_element_for_which_any_counterpart_is_there_gets_no_second_one() -> None:
    left, right = Held(some("v1"), some(), True), Held(some("102"), some("102"), True)
    assert not [each for each in merge(sets(SEVERAL), left, right, None) if isinstance(each, Push)]


def test_where_the_newest_wins_and_none_is_newer_a_person_is_asked() -> None:
    field = BoundField("Summary", "summary", ChoiceLens(Relation((("A", "A"),))), Direction.BOTH, Conflict.NEWEST)
    values: tuple[Value, Value] = "I", "J"
    (outcome,) = merge(field, Held(values[0], "A", True), Held(values[1], "A", True), None)
    assert isinstance(outcome, Stuck)
    advice = "decide with 'syncer settle', or make both sides equal"
    assert outcome.reason == f"conflict: both sides changed it and neither is newer; {advice}"
