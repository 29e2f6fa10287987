"""Incidents of the sandbox are read, written and refused as the vendor's pages say, in both profiles."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.syncer.sandbox.tester_stage import NOBODY, PROJECT, VENDOR, Played, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play()


def test_an_incident_is_read_by_its_id_in_any_case(tester: Played) -> None:
    assert tester.read(f"/API/Incident/{VENDOR.upper()}")["Id"] == VENDOR


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("unknown", [NOBODY, "not-a-guid"])
def test_an_unknown_incident_is_404(tester: Played, method: str, unknown: str) -> None:
    body: Any = {"update": {"customFields": []}} if method == "PATCH" else {"Summary": "x"}
    answer = tester.call(method, f"/api/incident/{unknown}", json=body)
    assert answer.status_code == 404
    assert unknown in answer.json()["Message"]


def test_answers_are_json_with_the_vendors_content_type(tester: Played) -> None:
    for answer in (tester.get(f"/api/incident/{VENDOR}"), tester.get("/api/incident/x")):
        assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_only_the_6x_profile_has_version_numbers_project_links_and_nulls(stage: Stage) -> None:
    old = stage.play("4.6")
    first = old.post(Summary="x").json()
    assert (first["AffectedVersionIds"], first["FixedVersionIds"], first["ComponentIds"]) == ([], [], [])
    assert not {"VersionNumber", "ExternalSystemLinkIds"} & first.keys()
    new = stage.play("6.x")
    second = new.post(Summary="x").json()
    assert (second["AffectedVersionIds"], second["FixedVersionIds"], second["ComponentIds"]) == (None, None, None)
    assert (second["VersionNumber"], second["ExternalSystemLinkIds"]) == (1, [])


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ("4.6", ["FieldControls", "FieldValues", "Project", "Comments"]),
        (
            "6.x",
            [
                *("Widgets", "FieldValues", "Project", "LastComment", "Status", "Priority", "Type", "Resolution"),
                *("Components", "FixedVersions", "AffectedVersions", "ExternalSystemLinks", "ExternalKeys"),
                *("Comments", "Attachments"),
            ],
        ),
    ],
)
def test_an_expansion_appears_when_asked_for_and_only_then(stage: Stage, profile: Any, names: list[str]) -> None:
    tester = stage.play(profile)
    plain = tester.read(f"/api/incident/{VENDOR}", expand="Unheard,Of")
    assert plain["Expands"] == names
    assert not plain.keys() & set(names)
    for name in names:
        one = tester.read(f"/api/incident/{VENDOR}", expand=name)
        assert one["Expands"] == [other for other in names if other != name]
        assert one.keys() - plain.keys() == {name}
    everything = tester.read(f"/api/incident/{VENDOR}", expand=", ".join(names))
    assert everything["Expands"] == []
    assert everything.keys() - plain.keys() == set(names)


def test_expansions_tell_names_for_ids(tester: Played) -> None:
    names = "Status,Priority,Type,Resolution,Components,FixedVersions,AffectedVersions,LastComment,Project"
    seen = tester.read(f"/api/incident/{VENDOR}", expand=names)
    assert [seen[name]["Text"] for name in ("Status", "Priority", "Type", "Resolution")] == [
        *("Fixed", "High", "Defect", "Fixed")
    ]
    assert seen["FixedVersions"]["Text"] == "2.1, 3.0 beta"
    assert [item["Id"] for item in seen["AffectedVersions"]["Items"]] == seen["AffectedVersionIds"]
    assert seen["LastComment"]["CreatedByUserName"] == "joeb"
    assert seen["Project"]["Id"] == PROJECT


def test_a_new_incident_is_201_and_starts_as_the_form_does(tester: Played) -> None:
    answer = tester.post(Summary="Till is closed")
    made = answer.json()
    assert answer.status_code == 201
    assert made["Summary"] == "Till is closed"
    assert made["StatusId"] == tester.pick("IncidentStatus", "New")
    assert (made["CreatedBy"], made["CreatedAt"]) == ("syncer", "2026-03-01T12:00:00Z")
    assert (made["LastUpdatedBy"], made["LastUpdatedAt"]) == ("syncer", "2026-03-01T12:00:00Z")
    assert made["Self"] == f"{tester.model.base_url}/api/incident/{made['Id']}"
    assert tester.read(f"/api/incident/{made['Id']}") == made


def test_a_new_incident_may_be_answered_with_200(tester: Played) -> None:
    tester.behaviour.post_status = 200
    assert tester.post(Summary="x").status_code == 200


def test_numbers_and_ids_are_never_used_again(tester: Played) -> None:
    first = tester.post(Summary="x").json()
    assert tester.call("DELETE", f"/api/incident/{first['Id']}").status_code == 200
    second = tester.post(Summary="x").json()
    assert second["Id"] != first["Id"]
    assert second["IncidentNumber"] == first["IncidentNumber"] + 1


def test_a_deleted_incident_stays_404(tester: Played) -> None:
    gone = tester.call("DELETE", f"/api/incident/{VENDOR}")
    assert (gone.status_code, gone.content) == (200, b"")
    for method in ("GET", "PUT", "DELETE"):
        assert tester.call(method, f"/api/incident/{VENDOR}", json={}).status_code == 404
    assert tester.get(f"/api/incident/{VENDOR}/comments").status_code == 404
    assert VENDOR not in tester.ids()


def test_a_change_touches_what_it_names_and_nothing_else(tester: Played) -> None:
    before = tester.read(f"/api/incident/{VENDOR}")
    tester.clock.pass_by(5)
    after = tester.put(VENDOR.upper(), StatusId=tester.pick("IncidentStatus", "Closed").upper()).json()
    touched = {name for name in before if before[name] != after[name]}
    assert touched == {"StatusId", "LastUpdatedAt", "LastUpdatedBy", "LastUpdatedById", "VersionNumber"}
    assert after["StatusId"] == tester.pick("IncidentStatus", "Closed")
    assert after["LastUpdatedAt"] == "2026-03-01T12:00:05Z"
    assert after["VersionNumber"] == before["VersionNumber"] + 1


def test_unknown_members_are_ignored(tester: Played) -> None:
    answer = tester.put(VENDOR, PackageId=NOBODY, EstimatedDuration="5m", Number=22, FieldControlValues=None)
    assert answer.status_code == 200
    assert answer.json()["IncidentNumber"] == 0


def test_null_means_unchanged_and_an_empty_array_clears(tester: Played) -> None:
    tester.put(VENDOR, AssignedToId=None, Description=None, ResolutionId=None, ComponentIds=None, FixedVersionIds=[])
    after = tester.read(f"/api/incident/{VENDOR}")
    assert after["AssignedTo"] == "joeb"
    assert after["Description"] == "The pages of a long report do not follow each other."
    assert after["ResolutionId"] is not None
    assert len(after["ComponentIds"]) == 1
    assert after["FixedVersionIds"] is None


def test_null_clears_where_the_server_is_of_that_kind(tester: Played) -> None:
    tester.behaviour.null_clears = True
    tester.put(
        VENDOR,
        AssignedToId=None,
        Description=None,
        ResolutionId=None,
        ComponentIds=None,
        FieldValues={"Cycle": None},
    )
    after = tester.read(f"/api/incident/{VENDOR}", expand="FieldValues")
    assert [after[name] for name in ("AssignedToId", "AssignedTo", "Description", "ResolutionId")] == [None] * 4
    assert after["ComponentIds"] is None
    assert after["FieldValues"]["Cycle"] is None
    assert tester.put(VENDOR, Summary=None).status_code == 403


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"Summary": ""}, "Summary must not be empty."),
        ({"Summary": " \n"}, "Summary must not be empty."),
        ({"Name": ""}, "Summary must not be empty."),
        ({"Summary": 5}, "Summary must be a text, not a number."),
        ({"Description": ["x"]}, "Description must be a text, not an array."),
        ({"StatusId": NOBODY}, f"There is no IncidentStatus with the id {NOBODY}"),
        ({"PriorityId": "High"}, "PriorityId must be a GUID, not 'High'."),
        ({"PriorityId": {"Id": NOBODY}}, "PriorityId must be a GUID"),
        ({"AssignedToId": NOBODY}, f"There is no user with the id {NOBODY}."),
        ({"ProjectId": NOBODY}, f"There is no project with the id {NOBODY}."),
        ({"FixedVersionIds": NOBODY}, "FixedVersionIds must be an array of GUIDs, not a text."),
        ({"ComponentIds": [NOBODY]}, f"There is no Component with the id {NOBODY}"),
        ({"ComponentIds": ["Reports"]}, "ComponentIds must be a GUID, not 'Reports'."),
        ({"ExternalSystemLinkIds": [NOBODY]}, "There is no external system link"),
        ({"FieldValues": {"Colour": "red"}}, "Incidents have no custom field 'Colour'; there are: Cycle,"),
        ({"FieldValues": {"Severity": "Huge"}}, "Severity must be one of Blocker, Major, Minor, not 'Huge'."),
        ({"FieldValues": {"Cycle": 7}}, "Cycle must be a text, not a number."),
        ({"FieldValues": "Cycle"}, "FieldValues must be an object, not a text."),
        ({"Comments": "hello"}, "Comments must be an array, not a text."),
        ({"Comments": ["hello"]}, "A comment must be an object, not a text."),
        ({"Comments": [{"Body": ""}]}, "A comment must have a Body."),
        ({"Comments": [{"Body": "x", "Id": NOBODY}]}, "The incident has no comment with the id"),
        ({"Comments": [{"Body": "x", "CreatedAt": "yesterday"}]}, "CreatedAt must be a time such as"),
        ({"Comments": [{"Body": "x", "CreatedById": NOBODY}]}, "There is no user with the id"),
    ],
)
def test_a_change_that_makes_no_sense_is_403_and_changes_nothing(
    tester: Played, members: dict[str, Any], sentence: str
) -> None:
    before = tester.model.incident(VENDOR)
    answer = tester.put(VENDOR, **{"Description": "changed", **members})
    assert answer.status_code == 403
    assert sentence in answer.json()["Message"]
    assert tester.model.incident(VENDOR) is before


@pytest.mark.parametrize("content", [b"{", b"[]", b'"Summary"', b""])
def test_a_body_that_is_no_object_is_403(tester: Played, content: bytes) -> None:
    for method, path in (("PUT", f"/api/incident/{VENDOR}"), ("POST", "/api/incidents")):
        assert tester.call(method, path, content=content).status_code == 403


@pytest.mark.parametrize("members", [{"Summary": "x", "ProjectId": None}, {"Summary": "x", "ProjectId": NOBODY}, {}])
def test_a_new_incident_needs_a_project_and_a_summary(tester: Played, members: dict[str, Any]) -> None:
    assert tester.post(**members).status_code == 403
    assert len(tester.model.incidents()) == 2


def test_custom_fields_change_one_by_one(tester: Played) -> None:
    tester.put(VENDOR, FieldValues={"Jira key": "TEST-1", "Severity": "Major"})
    tester.put(VENDOR, FieldValues={"Severity": ""})
    seen = tester.read(f"/api/incident/{VENDOR}", expand="FieldValues")["FieldValues"]
    assert {name: value for name, value in seen.items() if value} == {"Cycle": "V2.1 Cycle 1", "Jira key": "TEST-1"}
    assert seen.keys() == tester.model.catalogue.fields.keys()


def test_patch_sets_custom_fields_and_answers_204(tester: Played) -> None:
    change = {"set": {"name": "Jira key", "valueType": "string", "value": "TEST-9"}}
    answer = tester.call("PATCH", f"/api/incident/{VENDOR}", json={"update": {"customFields": [change]}})
    assert (answer.status_code, answer.content) == (204, b"")
    assert tester.model.incident(VENDOR).field_values["Jira key"] == "TEST-9"
    assert tester.model.incident(VENDOR).version_number == 2


def test_patch_refuses_what_it_does_not_understand(tester: Played) -> None:
    unknown = {"update": {"customFields": [{"set": {"name": "Colour", "value": "red"}}]}}
    for body in ({}, {"Summary": "x"}, {"update": {"customFields": [{"add": 1}]}}, unknown):
        assert tester.call("PATCH", f"/api/incident/{VENDOR}", json=body).status_code == 403


def test_there_is_no_patch_in_the_46_profile(stage: Stage) -> None:
    assert stage.play("4.6").call("PATCH", f"/api/incident/{VENDOR}", json={}).status_code == 405


@pytest.mark.parametrize(
    ("how", "stored"),
    [
        ("none", "<b>One</b>  \r\nTwo  "),
        ("trim", "<b>One</b>\nTwo"),
        ("lower", "<b>one</b>  \r\ntwo  "),
        ("markup", "<strong>One</strong>  \nTwo  "),
    ],
)
def test_a_server_may_rewrite_texts_and_answers_with_what_it_holds(tester: Played, how: Any, stored: str) -> None:
    tester.behaviour.normalise = how
    answer = tester.put(
        VENDOR, Description="<b>One</b>  \r\nTwo  ", Comments=[{"Body": "<b>One</b>  \r\nTwo  "}]
    ).json()
    assert answer["Description"] == stored
    assert answer["Comments"][-1]["Body"] == stored
    again = tester.put(VENDOR, Description=stored).json()
    assert again["Description"] == stored


def test_hidden_incidents_are_403_and_vanish_from_listings(tester: Played) -> None:
    tester.behaviour.hidden_incidents = [VENDOR.upper()]
    for method in ("GET", "PUT", "DELETE"):
        assert tester.call(method, f"/api/incident/{VENDOR}", json={}).status_code == 403
    assert tester.get(f"/api/incident/{VENDOR}/comments").status_code == 403
    assert VENDOR not in tester.ids()
    tester.behaviour.hidden_incidents = []
    assert VENDOR in tester.ids()


def test_relationships_are_a_root_without_children(tester: Played) -> None:
    for path in ("relationships", "allrelationships"):
        root = tester.read(f"/api/incident/{VENDOR}/{path}")
        assert (root["EntityId"], root["EntityType"], root["Children"]) == (VENDOR, "Incident", [])
