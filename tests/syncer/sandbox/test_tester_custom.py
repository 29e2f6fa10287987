"""The sandbox's custom fields: every kind is defined, validated, kept and shown, in every form that it can take."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from syncer.sandbox.tester.custom import TYPE_NAMES
from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage

FORMS: dict[str, dict[str, Any]] = {
    "assumed": {},
    "joined": {"lists": "joined", "dates": "day", "booleans": "text", "numbers": "text"},
    "objects": {"lists": "objects"},
}
WRITTEN: dict[str, dict[str, Any]] = {
    "assumed": {
        "Found on": "2026-11-22T00:00:00Z",
        "Story points": 2.5,
        "Platforms": ["Linux", "iOS"],
        "Affected areas": ["Login"],
        "Region": ["Europe", "Germany"],
        "Reproducible": True,
        "Severity": "Major",
        "Risk": "High",
        "Time spent": "4d,2h",
        "Notes": "One\ntwo",
        "Steps": "<p>Log <b>in</b></p>",
        "Page": "https://example.com/login",
        "Reported by": "Anna",
    },
    "joined": {
        "Found on": "2026-11-22",
        "Story points": "2.5",
        "Platforms": "Linux, iOS",
        "Affected areas": "Login",
        "Region": "Europe, Germany",
        "Reproducible": "True",
    },
    "objects": {
        "Platforms": [{"Value": "Linux", "Text": "Linux"}, {"Value": "iOS", "Text": "iOS"}],
        "Region": [{"Value": "Europe", "Text": "Europe"}],
    },
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def behave(tester: Played, form: str) -> None:
    for name, value in FORMS[form].items():
        setattr(tester.behaviour, name, value)


def held(tester: Played) -> dict[str, Any]:
    """The values of the vendor's own incident."""
    seen: dict[str, Any] = tester.read(f"/api/incident/{VENDOR}", expand="FieldValues")["FieldValues"]
    return seen


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
def test_every_kind_is_defined_with_its_type_and_its_options(stage: Stage, profile: Any) -> None:
    tester = stage.play(profile)
    listed = tester.read("/api/customfields", expand="Options,Type,Configuration", top=100)["Items"]
    assert {one["CustomFieldTypeName"] for one in listed} == set(TYPE_NAMES.values())
    assert all(one["Entities"] == ["Incident"] and one["Expands"] == [] for one in listed)
    region = next(one for one in listed if one["Name"] == "Region")
    assert [one["Text"] for one in region["Options"]] == ["Europe", "Asia"]
    assert [one["Text"] for one in region["Options"][0]["Options"]] == ["Germany", "France"]
    assert tester.read("/api/customfield/Found%20on")["CustomFieldTypeName"] == "Date"
    assert tester.read("/api/customfields", filter="Name eq 'Risk'")["Items"][0]["Expands"] == [
        *("Configuration", "Options", "Type")
    ]
    assert tester.get("/api/customfield/Colour").status_code == 404


def test_definitions_may_be_hidden_from_those_who_only_test(tester: Played) -> None:
    tester.behaviour.definitions_forbidden = True
    for path in ("/api/customfields", "/api/customfield/Risk"):
        assert tester.get(path).status_code == 403


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
@pytest.mark.parametrize("form", FORMS)
def test_each_kind_is_shown_in_the_form_in_which_it_is_written(stage: Stage, profile: Any, form: str) -> None:
    tester = stage.play(profile)
    behave(tester, form)
    assert tester.put(VENDOR, FieldValues=WRITTEN[form]).status_code == 200
    after = held(tester)
    assert {name: after[name] for name in WRITTEN[form]} == WRITTEN[form]
    cleared = tester.put(VENDOR, FieldValues=dict.fromkeys(WRITTEN[form], ""))
    assert cleared.status_code == 200
    assert not any(held(tester).get(name) for name in WRITTEN[form])


@pytest.mark.parametrize("form", FORMS)
def test_what_a_person_enters_is_shown_in_the_form_of_the_server(tester: Played, form: str) -> None:
    behave(tester, form)
    tester.model.edit(VENDOR, FieldValues=WRITTEN["assumed"])
    after = held(tester)
    assert after["Platforms"] == WRITTEN[form]["Platforms"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"Risk": "Huge"}, "Risk must be one of Low, Medium, High, not 'Huge'."),
        ({"Platforms": ["Linux", "BeOS"]}, "Platforms must be one of Windows, Linux, Android, iOS, not 'BeOS'."),
        ({"Platforms": "Linux"}, "Platforms must be an array, not a text."),
        ({"Platforms": [{"Value": "Linux"}]}, "Platforms must be an array of texts."),
        ({"Region": ["Asia", "Germany"]}, "Region must be one of Japan, not 'Germany'."),
        ({"Region": ["Europe", "Germany", "Berlin"]}, "Region has two levels, not 3."),
        ({"Found on": "2026-11-22"}, "Found on must be a date such as 2026-11-22T00:00:00Z"),
        ({"Found on": "2026-11-31T00:00:00Z"}, "Found on must be a date"),
        ({"Story points": "3"}, "Story points must be a number, not '3'."),
        ({"Story points": True}, "Story points must be a number"),
        ({"Reproducible": "True"}, "Reproducible must be true or false, not 'True'."),
        ({"Time spent": "soon"}, "Time spent must be a span of time such as 2h 30m, not 'soon'."),
        ({"Notes": 7}, "Notes must be a text, not a number."),
    ],
)
def test_a_value_that_its_field_can_not_hold_is_403_and_changes_nothing(
    tester: Played, values: dict[str, Any], sentence: str
) -> None:
    before = tester.model.incident(VENDOR)
    answer = tester.put(VENDOR, FieldValues={"Cycle": "changed", **values})
    assert answer.status_code == 403
    assert sentence in answer.json()["Message"]
    assert tester.model.incident(VENDOR) is before


def test_a_required_field_is_demanded_of_new_incidents_and_a_locked_one_of_nobody(tester: Played) -> None:
    fields = tester.model.catalogue.fields
    fields["Risk"] = replace(fields["Risk"], required=True)
    fields["Notes"] = replace(fields["Notes"], read_only=True)
    assert tester.post(Summary="x").json()["Message"] == "You must specify a value for Risk."
    assert tester.post(Summary="x", FieldValues={"Risk": "Low"}).status_code == 201
    assert tester.put(VENDOR, FieldValues={"Notes": "x"}).json()["Message"] == "Notes can not be changed."
    widgets = tester.read(f"/api/project/{tester.model.catalogue.project_id}/widgets")["Incident"]["Widgets"]
    told = {widget["Name"]: (widget["Required"], widget["ReadOnly"]) for widget in widgets}
    assert (told["Risk"], told["Notes"], told["Page"]) == ((True, False), (False, True), (False, False))


def test_tql_finds_an_incident_by_any_of_its_options(tester: Played) -> None:
    tester.put(VENDOR, FieldValues={"Platforms": ["Linux", "iOS"], "Story points": 3})
    assert tester.ids(tql="Platforms = iOS") == [VENDOR]
    assert tester.ids(tql="'Story points' = 3") == [VENDOR]
    assert tester.ids(tql="Platforms = Windows") == []
