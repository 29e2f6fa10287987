"""Tests and the demo act on the sandbox as a person in a browser does, and clients see it."""

from collections.abc import Iterator

import pytest

from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def test_an_incident_found_by_a_person_says_who_wrote_it(tester: Played) -> None:
    made = tester.model.create_incident(by="annak", Summary="Drawer sticks", Status="Open", Components=["Checkout"])
    seen = tester.read(f"/api/incident/{made.id}", expand="Status,Components")
    assert (seen["CreatedBy"], seen["Status"]["Text"], seen["Components"]["Text"]) == ("annak", "Open", "Checkout")


def test_a_person_can_clear_what_the_api_cannot(tester: Played) -> None:
    tester.model.edit(
        VENDOR, by="annak", AssignedTo=None, Resolution=None, FixedVersions=[], FieldValues={"Cycle": None}
    )
    seen = tester.read(f"/api/incident/{VENDOR}", expand="FieldValues")
    assert (seen["AssignedTo"], seen["ResolutionId"], seen["FixedVersionIds"]) == (None, None, None)
    assert (seen["FieldValues"]["Cycle"], seen["LastUpdatedBy"]) == (None, "annak")


def test_a_person_who_misspells_is_told_what_there_is(tester: Played) -> None:
    with pytest.raises(Exception, match="There is no IncidentStatus 'Opened'; there are: New, Open,"):
        tester.model.edit(VENDOR, Status="Opened")
    with pytest.raises(Exception, match="An incident has no member 'Colour'"):
        tester.model.edit(VENDOR, Colour="red")


def test_a_renamed_version_keeps_its_id(tester: Played) -> None:
    before = tester.read(f"/api/incident/{VENDOR}")["AffectedVersionIds"]
    tester.model.rename_version("2.0", "2.0 LTS")
    seen = tester.read(f"/api/incident/{VENDOR}", expand="AffectedVersions")
    assert (seen["AffectedVersionIds"], seen["AffectedVersions"]["Text"]) == (before, "2.0 LTS")
    assert tester.model.add_version("2.0") not in before
