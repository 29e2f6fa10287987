"""What counts as deleted: all of the evidence, or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.rows import Absence
from syncer.core.absence import Footing, Patience, classify, missing_items, review
from syncer.core.records import Cause, Gone, Observation, Present, Side, Unknown
from syncer.core.situation import Situation
from tests.syncer.core.builders import INCIDENT_ID, NOW, incident, issue, link, linked

SOUND = Footing(project_read=True, siblings_read=3, marks_shown=True, hides_single_records=False)
MISSING = Unknown("404", Cause.MISSING)
PATIENCE = Patience(NOW, timedelta(minutes=5))


def seen_before(minutes: float, item: str = "record") -> Absence:
    first = NOW - timedelta(minutes=minutes)
    return Absence("shop", "incident", INCIDENT_ID, item, "missing", first, first, 1)


def test_gone_needs_a_404_a_sound_side_and_an_earlier_look() -> None:
    judged = classify(MISSING, SOUND, seen_before(6), PATIENCE)
    readable = "while its project and 3 linked siblings are readable"
    assert judged == Gone(f"404 since 2026-01-02 02:58 UTC, {readable}", certain=True)


def test_an_absence_is_believed_as_soon_as_it_has_lasted_long_enough() -> None:
    assert isinstance(classify(MISSING, SOUND, seen_before(5), PATIENCE), Gone)


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.MISSING])
def test_no_other_answer_than_a_404_ever_becomes_a_deletion(cause: Cause) -> None:
    seen = Unknown("whatever the server said", cause)
    assert classify(seen, SOUND, seen_before(9_999), PATIENCE) == seen


@pytest.mark.parametrize("minutes", [None, 0, 4.9])
def test_a_first_or_too_recent_look_is_to_be_confirmed(minutes: float | None) -> None:
    earlier = None if minutes is None else seen_before(minutes)
    judged = classify(MISSING, SOUND, earlier, PATIENCE)
    assert isinstance(judged, Unknown)
    assert "to be confirmed" in judged.reason
    assert judged.cause is Cause.MISSING


@pytest.mark.parametrize("footing", [Footing(False, 3, True, False), Footing(True, 0, True, False)])
def test_a_side_where_nothing_else_can_be_read_proves_nothing(footing: Footing) -> None:
    judged = classify(MISSING, footing, seen_before(9_999), PATIENCE)
    assert isinstance(judged, Unknown)
    assert "access may be lost" in judged.reason


def test_where_single_records_can_be_hidden_a_person_must_approve() -> None:
    hiding = Footing(True, 3, True, hides_single_records=True)
    judged = classify(MISSING, hiding, seen_before(6), PATIENCE)
    assert isinstance(judged, Gone)
    assert not judged.certain


@given(
    st.sampled_from(Cause),
    st.booleans(),
    st.integers(0, 3),
    st.booleans(),
    st.none() | st.integers(0, 20),
)
def test_gone_never_comes_without_all_of_the_evidence(
    cause: Cause, project: bool, siblings: int, hides: bool, minutes: int | None
) -> None:
    earlier = None if minutes is None else seen_before(minutes)
    judged = classify(Unknown("?", cause), Footing(project, siblings, True, hides), earlier, PATIENCE)
    evidence = cause is Cause.MISSING and project and siblings > 0 and minutes is not None and minutes >= 5
    assert isinstance(judged, Gone) == evidence


def test_a_record_that_was_not_read_is_missing_nothing() -> None:
    situation = Situation(link(), Unknown("403", Cause.DENIED), Unknown("timeout"))
    assert missing_items(situation) == frozenset()


def test_a_mark_is_lost_only_while_other_records_show_theirs() -> None:
    bare = linked(replace(incident(), shows_mark=False), issue())
    missing = missing_items(bare)
    assert missing == {(Side.INCIDENT, "mark")}
    earlier = {(Side.INCIDENT, "mark"): seen_before(6, "mark")}
    nobody = Footing(True, 3, marks_shown=False, hides_single_records=False)
    assert review(bare, missing, {Side.INCIDENT: nobody, Side.ISSUE: SOUND}, earlier, PATIENCE).lost == frozenset()
    assert review(bare, missing, dict.fromkeys(Side, SOUND), earlier, PATIENCE).lost == missing


def test_a_present_record_stays_present() -> None:
    both = linked(incident(), issue())
    judged = review(both, missing_items(both), dict.fromkeys(Side, SOUND), {}, PATIENCE)
    assert (judged.incident, judged.issue) == (Present(incident()), Present(issue()))


@pytest.mark.parametrize("side", Side)
def test_each_record_is_judged_by_its_own_side_and_by_what_was_seen_of_it_before(side: Side) -> None:
    seen: dict[Side, Observation] = {side: MISSING, side.other: Present(incident())}
    situation = Situation(link(), seen[Side.INCIDENT], seen[Side.ISSUE])
    missing = missing_items(situation)
    assert missing == {(side, "record")}
    dark = Footing(project_read=False, siblings_read=0, marks_shown=False, hides_single_records=False)
    earlier = {(side, "record"): seen_before(6)}
    judged = review(situation, missing, {side: SOUND, side.other: dark}, earlier, PATIENCE)
    assert isinstance(judged.observation(side), Gone)
    assert judged.observation(side.other) == seen[side.other]
    for footings, before in (({side: dark, side.other: SOUND}, earlier), ({side: SOUND, side.other: dark}, {})):
        assert isinstance(review(situation, missing, footings, before, PATIENCE).observation(side), Unknown)


def test_what_was_not_gone_long_enough_is_in_question() -> None:
    bare = linked(replace(incident(), shows_mark=False), issue())
    judged = review(bare, missing_items(bare), dict.fromkeys(Side, SOUND), {}, PATIENCE)
    assert not judged.lost
    assert judged.questioned == {(Side.INCIDENT, "mark")}
