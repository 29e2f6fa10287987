"""What counts as deleted: all of the evidence, or nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.rows import Absence
from syncer.core.absence import Footing, Patience, classify, missing_items, review
from syncer.core.records import Cause, Gone, Present, Side, Unknown
from syncer.core.situation import Situation
from tests.syncer.core.builders import INCIDENT_ID, NOW, incident, issue, link, linked

SOUND = Footing(project_read=True, siblings_read=3, marks_shown=True, hides_single_records=False)
MISSING = Unknown("404", Cause.MISSING)
PATIENCE = Patience(NOW, timedelta(minutes=5))


def seen_before(minutes: float, item: str = "record") -> Absence:
    first = NOW - timedelta(minutes=minutes)
    return Absence("shop", "incident", INCIDENT_ID, item, "missing", first, first, 1)


def test_gone_needs_a_404_a_sound_side_and_an_earlier_look() -> None:
    assert isinstance(classify(MISSING, SOUND, seen_before(6), PATIENCE), Gone)


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
    from dataclasses import replace

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
