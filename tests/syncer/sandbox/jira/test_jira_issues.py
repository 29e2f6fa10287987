"""Issues over HTTP: created with what was sent, or refused with the words of the real server."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, created, field_errors, fields_of, new_bug


def test_a_created_issue_holds_what_was_sent(site: Site) -> None:
    sent = new_bug(
        description="*Bold* words",
        priority={"name": "high"},
        labels=["crash", "ui"],
        components=[{"name": "Reports"}],
        versions=[{"name": "2.0"}],
        fixVersions=[{"name": "2.1"}],
        assignee=site.person("annak"),
        reporter=site.person("joeb"),
        duedate="2025-08-01",
        customfield_10010={"value": "Major"},
        customfield_10011="Sprint 3",
        customfield_10012="2025-07-01",
        customfield_10013=2.5,
        customfield_10014=[{"value": "Linux"}, {"value": "iOS"}],
        customfield_10015=site.person("olgap"),
    )
    created = site.client().post("issue", json=sent).json()
    assert created["self"] == f"{site.url}/rest/api/2/issue/{created['id']}"
    shown = fields_of(site, created["key"])
    assert shown["summary"] == "It breaks"
    assert shown["description"] == "*Bold* words"
    assert (shown["priority"]["name"], shown["labels"]) == ("High", ["crash", "ui"])
    assert [one["name"] for one in shown["components"] + shown["versions"] + shown["fixVersions"]] == [
        "Reports",
        "2.0",
        "2.1",
    ]
    assert shown["assignee"]["displayName"] == "Anna Krüger"
    assert (shown["reporter"]["displayName"], shown["creator"]["displayName"]) == (
        "Joe Bloggs",
        "Sync Service",
    )
    assert (shown["status"]["name"], shown["resolution"]) == ("To Do", None)
    assert (shown["customfield_10010"]["value"], shown["customfield_10011"]) == ("Major", "Sprint 3")
    assert (shown["customfield_10012"], shown["customfield_10013"], shown["duedate"]) == (
        "2025-07-01",
        2.5,
        "2025-08-01",
    )
    assert [one["value"] for one in shown["customfield_10014"]] == ["Linux", "iOS"]
    assert shown["customfield_10015"]["displayName"] == "Olga Petrova"


def test_what_is_left_out_gets_jiras_defaults(site: Site) -> None:
    shown = fields_of(site, created(site))
    assert shown["priority"]["name"] == "Medium"
    assert shown["reporter"]["displayName"] == "Sync Service"
    assert (shown["assignee"], shown["description"], shown["labels"], shown["fixVersions"]) == (
        None,
        None,
        [],
        [],
    )


def test_empty_text_is_the_same_as_none(site: Site) -> None:
    assert fields_of(site, created(site, description="", environment="  \n "))["description"] is None


def test_the_summary_is_trimmed(site: Site) -> None:
    assert fields_of(site, created(site, summary="  wide  "))["summary"] == "wide"


def test_times_have_milliseconds_and_an_offset_without_a_colon(site: Site) -> None:
    shown = fields_of(site, created(site))
    assert shown["created"] == shown["updated"] == "2025-07-24T13:05:26.123+0200"


def test_an_issue_is_born_with_its_properties(site: Site) -> None:
    sent = {**new_bug(), "properties": [{"key": "et.mirror", "value": {"id": "A-1"}}], "update": {}}
    key = site.client().post("issue", json=sent).json()["key"]
    shown = site.client().get(f"issue/{key}", params={"properties": "et.mirror,other", "fields": "summary"}).json()
    assert shown["properties"] == {"et.mirror": {"id": "A-1"}}
    assert shown["fields"] == {"summary": "It breaks"}


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"summary": None}, "summary", "You must specify a summary of the issue."),
        ({"summary": "   "}, "summary", "You must specify a summary of the issue."),
        ({"summary": "x" * 256}, "summary", "Summary must be less than 255 characters."),
        ({"summary": "a\nb"}, "summary", "The summary is invalid because it contains newline characters."),
        ({"summary": 5}, "summary", "Operation value must be a string"),
        ({"project": None}, "project", "Specify a valid project ID or key"),
        ({"project": {"key": "NOPE"}}, "project", "Specify a valid project ID or key"),
        ({"issuetype": None}, "issuetype", "Specify a valid issue type"),
        ({"issuetype": {"name": "Epic"}}, "issuetype", "Specify a valid issue type"),
        ({"description": "x" * 32_768}, "description",
         "The entered text is too long. It exceeds the allowed limit of 32,767 characters."),
        ({"priority": {"name": "Urgent"}}, "priority", "Priority name 'Urgent' is not valid"),
        ({"labels": ["two words"]}, "labels", "The label 'two words' contains spaces which is invalid."),
        ({"labels": "one"}, "labels", "data was not an array"),
        ({"versions": [{"name": "9.9"}]}, "versions", "Version name '9.9' is not valid"),
        ({"fixVersions": [{"id": "1"}]}, "fixVersions", "Version id '1' is not valid"),
        ({"components": [{"name": "Nope"}]}, "components", "Component name 'Nope' is not valid"),
        ({"components": ["Reports"]}, "components", "expected Object"),
        ({"duedate": "tomorrow"}, "duedate", "Error parsing date string: tomorrow"),
        ({"customfield_10010": {"value": "Fatal"}}, "customfield_10010", "Option value 'Fatal' is not valid"),
        ({"customfield_10013": "three"}, "customfield_10013", "Operation value must be a number"),
        ({"resolution": {"name": "Done"}}, "resolution",
         "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."),
        ({"customfield_99999": "x"}, "customfield_99999",
         "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown."),
    ],
)  # fmt: skip
def test_a_create_with_a_bad_value_names_the_field(
    site: Site, fields: dict[str, Any], field: str, message: str
) -> None:
    answer = site.client().post("issue", json=new_bug(**fields))
    assert field_errors(answer)[field] == message
    assert answer.json()["errorMessages"] == []


@pytest.mark.parametrize(("login", "reason"), [("leftus", "cannot be assigned"), ("syncer", "cannot be assigned")])
def test_work_is_given_only_to_people_who_can_have_it(site: Site, login: str, reason: str) -> None:
    answer = site.client().post("issue", json=new_bug(assignee=site.person(login)))
    assert reason in field_errors(answer)["assignee"]


def test_unknown_people_and_foreign_references_are_refused(site: Site) -> None:
    member, foreign = ("accountId", "name") if site.model.cloud else ("name", "accountId")
    unknown = site.client().post("issue", json=new_bug(assignee={member: "nobody"}))
    assert field_errors(unknown)["assignee"] == "User 'nobody' does not exist."
    answer = site.client().post("issue", json=new_bug(assignee={foreign: "annak"}))
    assert member in field_errors(answer)["assignee"]


def test_all_bad_fields_are_told_at_once_and_nothing_is_created(site: Site) -> None:
    before = len(site.model.issues)
    answer = site.client().post("issue", json=new_bug(priority={"name": "?"}, labels=["a b"]))
    assert set(field_errors(answer)) == {"priority", "labels"}
    assert len(site.model.issues) == before
