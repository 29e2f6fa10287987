"""A set of words that is written as a text on the incident's side: it merges word by word."""

from mappings.policies import Conflict, Direction
from mappings.scalars import WordsLens, words
from syncer.core.bind import BoundField
from syncer.core.merge import Agreed, Held, Push, merge
from syncer.core.records import Side

FIELD = BoundField("FieldValues.Tags", "labels", WordsLens(), Direction.BOTH, Conflict.ASK)


def test_what_both_sides_added_lands_in_the_text_and_in_the_set() -> None:
    left = Held("Pump;  night", "Pump", True)
    right = Held(frozenset({"Pump", "urgent"}), frozenset({"Pump"}), True)
    to_issue, to_incident = merge(FIELD, left, right, None)
    assert to_issue == Push(Side.ISSUE, right.now, frozenset({"Pump", "night", "urgent"}), left.now)
    assert isinstance(to_incident, Push)
    assert (to_incident.side, to_incident.before) == (Side.INCIDENT, left.now)
    assert (words(to_incident.after), to_incident.given) == (to_issue.after, to_issue.after)


def test_a_text_that_says_the_same_in_its_own_way_is_agreed_on_as_it_was_written() -> None:
    left = Held("night;Pump", "Pump", True)
    right = Held(frozenset({"Pump", "night"}), frozenset({"Pump"}), True)
    assert merge(FIELD, left, right, None) == (Agreed("night;Pump", right.now),)
