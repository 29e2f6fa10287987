"""The sandbox's project is believable, awkward where a mirror may stumble, and the same for the same seed."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from syncer.sandbox import cast, tester
from syncer.sandbox.story import tell
from syncer.sandbox.tester.records import Incident

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def told(incidents: int = 200, seed: int = 1, now: datetime = NOW) -> tester.TesterModel:
    model = tester.TesterModel(seed=seed)
    model.clock = lambda: now
    tell(model, incidents=incidents, seed=seed)
    return model


@pytest.fixture(scope="module")
def model() -> tester.TesterModel:
    return told()


@pytest.fixture(scope="module")
def incidents(model: tester.TesterModel) -> list[Incident]:
    return model.incidents()


def links(model: tester.TesterModel) -> list[tuple[str, str]]:
    return [(step, incident) for step in model.runs.steps for incident in model.runs.incidents_of(step)]


def test_the_same_seed_tells_the_same_story_with_the_same_ids(model: tester.TesterModel) -> None:
    again = told(now=NOW + timedelta(hours=3))
    assert again.incidents() == model.incidents()
    assert again.runs.steps == model.runs.steps
    assert links(again) == links(model)
    assert again.new_id() == told().new_id()


def test_another_seed_tells_another_story_about_the_same_catalogue(model: tester.TesterModel) -> None:
    other = told(seed=2)
    assert {one.id for one in other.incidents()[2:]}.isdisjoint(one.id for one in model.incidents())
    assert other.catalogue.picks == model.catalogue.picks


@pytest.mark.parametrize("number", [0, 1, 2, 3, 50, 300])
def test_there_are_as_many_incidents_as_asked_for(number: int) -> None:
    model = told(number)
    assert len(model.incidents()) == number
    assert [one.number for one in model.incidents()] == list(range(number))
    assert len(model.runs.runs) == 15
    known = {one.id for one in model.incidents()}
    assert {incident for _, incident in links(model)} <= known


def test_ids_are_unique(incidents: list[Incident]) -> None:
    ids = [one.id for one in incidents] + [comment.id for one in incidents for comment in one.comments]
    assert len(set(ids)) == len(ids)


def test_everything_of_the_catalogue_is_used_and_some_is_left_out(
    model: tester.TesterModel, incidents: list[Incident]
) -> None:
    catalogue = model.catalogue
    assert {catalogue.text(one.status) for one in incidents} == set(cast.INCIDENT_STATUSES)
    assert {catalogue.text(one.type) for one in incidents} == set(cast.INCIDENT_TYPES)
    assert {catalogue.text(one.priority) for one in incidents} == set(cast.PRIORITIES)
    assert {catalogue.text(one.resolution) for one in incidents} == {None, *cast.RESOLUTIONS}
    versions = {catalogue.text(pick) for one in incidents for pick in (*one.affected_versions, *one.fixed_versions)}
    assert versions == {*cast.VERSIONS, cast.TESTER_ONLY_VERSION}
    assert {catalogue.text(pick) for one in incidents for pick in one.components} == set(cast.COMPONENTS)
    assert any(not one.components for one in incidents)
    assert any(not one.affected_versions for one in incidents)
    assignees = {catalogue.login(one.assigned_to) for one in incidents}
    assert assignees >= {None, "testeronly", "leftus", "joeb", "annak"}


def test_whoever_is_closed_has_a_resolution_and_the_open_have_none(
    model: tester.TesterModel, incidents: list[Incident]
) -> None:
    for one in incidents:
        if model.catalogue.text(one.status) in ("Closed", "Rejected"):
            assert one.resolution is not None
        if model.catalogue.text(one.status) in ("New", "Open", "In Progress"):
            assert one.resolution is None or one.number < 2


def test_summaries_are_single_lines_of_at_most_255_characters(incidents: list[Incident]) -> None:
    assert max(len(one.summary) for one in incidents) == 255
    for one in incidents:
        assert one.summary == one.summary.strip()
        assert one.summary
        assert not re.search(r"[\r\n]", one.summary)


def test_descriptions_are_html_and_plain_short_and_very_long(incidents: list[Incident]) -> None:
    texts = [one.description or "" for one in incidents]
    assert sum(29_000 <= len(text) <= 32_000 for text in texts) == 2
    assert max(map(len, texts)) <= 32_000
    assert any(one.description is None for one in incidents)
    for tag in ("<p>", "<ol>", "<ul>", "<b>", "<code>", "<pre>", "<a href=", "<table>"):
        assert any(tag in text for text in texts)
    for plain in ("{code}", "[x|y]", "* first", "   at Shop.", "ERROR [http-8]"):
        assert any(plain in text and "<p>" not in text for text in texts)


def test_letters_of_many_scripts_occur(incidents: list[Incident]) -> None:
    letters = {letter for one in incidents for letter in one.summary + (one.description or "")}
    names = {unicodedata.name(letter, "") for letter in letters}
    for part in ("WITH DIAERESIS", "CJK UNIFIED", "HIRAGANA", "CYRILLIC", "ROCKET", "COMBINING ACUTE"):
        assert any(part in name for name in names), part
    assert any(ord(letter) > 0xFFFF for letter in letters)


def test_threads_have_up_to_eight_comments_by_several_people_in_order(incidents: list[Incident]) -> None:
    assert {len(one.comments) for one in incidents} == set(range(9))
    assert any(len({comment.created_by for comment in one.comments}) >= 3 for one in incidents)
    for one in incidents:
        moments = [comment.created_at for comment in one.comments]
        assert moments == sorted(moments)
        assert all(moment >= one.created_at for moment in moments)
    edited = [c for one in incidents for c in one.comments if c.updated_at is not None]
    assert 0 < len(edited) < 100


def test_the_story_spans_two_years_and_ended_some_weeks_ago(incidents: list[Incident]) -> None:
    told_ones = incidents[2:]
    assert min(one.created_at for one in told_ones) >= NOW - timedelta(days=730 + 22)
    assert max(one.created_at for one in told_ones) - min(one.created_at for one in told_ones) > timedelta(days=600)
    assert max(one.updated_at for one in told_ones) <= NOW - timedelta(weeks=3)
    for one in incidents:
        assert one.updated_at >= one.created_at
        assert one.updated_at.microsecond == 0


def test_some_incidents_were_found_in_test_runs(model: tester.TesterModel) -> None:
    assert len(model.runs.runs) == 15
    assert len(links(model)) == 30
    assert {model.runs.step(step).outcome for step, _ in links(model)} == {"Fail"}


def test_the_vendors_examples_are_part_of_it(model: tester.TesterModel) -> None:
    page = model.incident("4bb709c2-e0e7-4af3-9f60-a045016a9610")
    assert page.comments[0].id == "36f8985c-040e-44e6-9340-17a5ce68a086"
    assert page.field_values == {"Cycle": "V2.1 Cycle 1"}
    assert [model.catalogue.text(one) for one in page.fixed_versions] == ["2.1", "3.0 beta"]
    link = ("0f61b42d-87f9-40b8-89ee-1bc12a6b5dba", "b849f98e-62b2-460c-97ef-49e6c478a3f9")
    assert link in links(model)
