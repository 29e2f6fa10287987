"""Issues over HTTP: created, read, edited, deleted, moved, and refused with the words of the real server."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, field_errors, messages

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


def body(**fields: Any) -> dict[str, Any]:
    """A create request for a bug in TEST."""
    needed = {"project": {"key": "TEST"}, "issuetype": {"name": "Bug"}, "summary": "It breaks"}
    return {"fields": {**needed, **fields}}


def create(site: Site, **fields: Any) -> str:
    answer = site.client().post("issue", json=body(**fields))
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def fields_of(site: Site, key: str) -> dict[str, Any]:
    shown: dict[str, Any] = site.client().get(f"issue/{key}").json()["fields"]
    return shown


def test_a_created_issue_holds_what_was_sent(site: Site) -> None:
    sent = body(
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
    shown = fields_of(site, create(site))
    assert shown["priority"]["name"] == "Medium"
    assert shown["reporter"]["displayName"] == "Sync Service"
    assert (shown["assignee"], shown["description"], shown["labels"], shown["fixVersions"]) == (
        None,
        None,
        [],
        [],
    )


def test_empty_text_is_the_same_as_none(site: Site) -> None:
    assert fields_of(site, create(site, description="", environment="  \n "))["description"] is None


def test_the_summary_is_trimmed(site: Site) -> None:
    assert fields_of(site, create(site, summary="  wide  "))["summary"] == "wide"


def test_times_have_milliseconds_and_an_offset_without_a_colon(site: Site) -> None:
    shown = fields_of(site, create(site))
    assert shown["created"] == shown["updated"] == "2025-07-24T13:05:26.123+0200"


def test_an_issue_is_born_with_its_properties(site: Site) -> None:
    sent = {**body(), "properties": [{"key": "et.mirror", "value": {"id": "A-1"}}], "update": {}}
    key = site.client().post("issue", json=sent).json()["key"]
    shown = (
        site.client()
        .get(f"issue/{key}", params={"properties": "et.mirror,other", "fields": "summary"})
        .json()
    )
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
    answer = site.client().post("issue", json=body(**fields))
    assert field_errors(answer)[field] == message
    assert answer.json()["errorMessages"] == []


@pytest.mark.parametrize(
    ("login", "reason"), [("leftus", "cannot be assigned"), ("syncer", "cannot be assigned")]
)
def test_work_is_given_only_to_people_who_can_have_it(site: Site, login: str, reason: str) -> None:
    answer = site.client().post("issue", json=body(assignee=site.person(login)))
    assert reason in field_errors(answer)["assignee"]


def test_unknown_people_and_foreign_references_are_refused(site: Site) -> None:
    member, foreign = ("accountId", "name") if site.model.cloud else ("name", "accountId")
    unknown = site.client().post("issue", json=body(assignee={member: "nobody"}))
    assert field_errors(unknown)["assignee"] == "User 'nobody' does not exist."
    answer = site.client().post("issue", json=body(assignee={foreign: "annak"}))
    assert member in field_errors(answer)["assignee"]


def test_all_bad_fields_are_told_at_once_and_nothing_is_created(site: Site) -> None:
    before = len(site.model.issues)
    answer = site.client().post("issue", json=body(priority={"name": "?"}, labels=["a b"]))
    assert set(field_errors(answer)) == {"priority", "labels"}
    assert len(site.model.issues) == before


def test_an_edit_changes_only_what_it_names(site: Site) -> None:
    before = fields_of(site, "TEST-1")
    site.clock.pass_time(minutes=1)
    answer = site.client().put(
        "issue/TEST-1", json={"fields": {"summary": "Other"}}, params={"notifyUsers": "false"}
    )
    assert (answer.status_code, answer.content) == (204, b"")
    after = fields_of(site, "TEST-1")
    assert after["updated"] == "2025-07-24T13:06:26.123+0200"
    assert {name for name in after if after[name] != before[name]} == {"summary", "updated"}


def test_an_edit_that_changes_nothing_moves_nothing(site: Site) -> None:
    before = fields_of(site, "TEST-1")
    site.clock.pass_time(minutes=1)
    site.client().put("issue/TEST-1", json={"fields": {"summary": before["summary"]}})
    assert fields_of(site, "TEST-1") == before


def test_cloud_gives_the_edited_issue_back_where_that_is_asked_for(site: Site) -> None:
    answer = site.client().put(
        "issue/TEST-1", json={"fields": {"summary": "B"}}, params={"returnIssue": "true"}
    )
    if site.model.cloud:
        assert (answer.status_code, answer.json()["fields"]["summary"]) == (200, "B")
    else:
        assert answer.status_code == 204


def test_update_verbs_add_and_remove_single_elements(site: Site) -> None:
    verbs = {
        "labels": [{"add": "new"}, {"remove": "export"}],
        "fixVersions": [{"add": {"name": "2.1"}}],
        "components": [{"set": [{"name": "Search"}]}, {"add": {"name": "Reports"}}],
        "summary": [{"set": "By verb"}],
    }
    assert site.client().put("issue/TEST-1", json={"update": verbs}).status_code == 204
    shown = fields_of(site, "TEST-1")
    assert shown["labels"] == ["regression", "new"]
    assert [one["name"] for one in shown["fixVersions"]] == ["2.1"]
    assert [one["name"] for one in shown["components"]] == ["Search", "Reports"]
    assert shown["summary"] == "By verb"


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        ({"fields": {"status": {"name": "Done"}}}, "status",
         "Field 'status' cannot be set. It is not on the appropriate screen, or unknown."),
        ({"fields": {"project": {"key": "OTHER"}}}, "project", "cannot be set"),
        ({"fields": {"issuetype": {"name": "Task"}}}, "issuetype", "The issue type selected is invalid."),
        ({"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}}, "labels", "both 'fields' and 'update'"),
        ({"update": {"summary": [{"add": "x"}]}}, "summary", "does not support operation 'add'"),
        ({"fields": {"summary": None}}, "summary", "You must specify a summary"),
    ],
)  # fmt: skip
def test_an_edit_that_cant_be_made_changes_nothing(
    site: Site, sent: dict[str, Any], field: str, reason: str
) -> None:
    before = fields_of(site, "TEST-1")
    assert reason in field_errors(site.client().put("issue/TEST-1", json=sent))[field]
    assert fields_of(site, "TEST-1") == before


def test_an_edit_may_repeat_project_and_type_and_change_between_like_types(site: Site) -> None:
    sent = {"fields": {"project": {"key": "TEST"}, "issuetype": {"name": "Improvement"}}}
    assert site.client().put("issue/TEST-1", json=sent).status_code == 204
    assert fields_of(site, "TEST-1")["issuetype"]["name"] == "Improvement"


def test_keys_are_found_in_any_case_and_missing_ones_say_so(site: Site) -> None:
    client = site.client()
    assert client.get("issue/test-1").json()["key"] == "TEST-1"
    for path in (
        "issue/TEST-999",
        "issue/4711",
        "issue/nonsense",
        "issue/TEST-999/comment",
        "issue/4711/remotelink",
    ):
        answer = client.get(path)
        assert (answer.status_code, messages(answer)) == (404, [NO_ISSUE])


def test_a_moved_issue_answers_under_its_old_key_with_its_new_one(site: Site) -> None:
    issue_id = site.model.issue("TEST-1").id
    moved = site.model.move("TEST-1", "OTHER", by="joeb")
    shown = site.client().get("issue/TEST-1").json()
    assert (shown["id"], shown["key"]) == (issue_id, "OTHER-4")
    assert shown["fields"]["project"]["key"] == "OTHER"
    assert (shown["fields"]["components"], shown["fields"]["versions"]) == ([], [])
    assert moved.history[-1].items[-1].new_text == "OTHER-4"


def test_ids_and_keys_of_deleted_issues_are_never_used_again(site: Site) -> None:
    client = site.client()
    first = client.post("issue", json=body()).json()
    assert client.delete(f"issue/{first['key']}").status_code == 204
    second = client.post("issue", json=body()).json()
    assert int(second["id"]) > int(first["id"])
    assert (first["key"], second["key"]) == ("TEST-7", "TEST-8")
    assert messages(client.get(f"issue/{first['id']}")) == [NO_ISSUE]


def test_sub_tasks_are_not_deleted_by_accident(site: Site) -> None:
    client = site.client()
    child = create(site, issuetype={"name": "Sub-task"}, parent={"key": "TEST-1"})
    refused = client.delete("issue/TEST-1")
    assert refused.status_code == 400
    assert "deleteSubtasks" in messages(refused)[0]
    assert client.get(f"issue/{child}").json()["fields"]["parent"]["key"] == "TEST-1"
    assert client.delete("issue/TEST-1", params={"deleteSubtasks": "true"}).status_code == 204
    assert client.get(f"issue/{child}").status_code == 404


def test_a_sub_task_needs_a_parent_in_its_project(site: Site) -> None:
    kind = {"name": "Sub-task"}
    without = site.client().post("issue", json=body(issuetype=kind))
    assert "parent" in field_errors(without)
    foreign = site.client().post("issue", json=body(issuetype=kind, parent={"key": "OTHER-1"}))
    assert "parent" in field_errors(foreign)


def test_hidden_issues_look_deleted(site: Site) -> None:
    site.model.behaviour.hidden_issues.add(site.model.issue("TEST-2").id)
    client = site.client()
    assert messages(client.get("issue/TEST-2")) == [NO_ISSUE]
    assert client.put("issue/TEST-2", json={"fields": {"summary": "x"}}).status_code == 404
    assert client.delete("issue/TEST-2").status_code == 404


def test_bulk_create_makes_what_it_can_and_numbers_what_failed(site: Site) -> None:
    updates = [body(), body(summary=""), body(labels=["a b"]), body(summary="Last")]
    answer = site.client().post("issue/bulk", json={"issueUpdates": updates})
    assert answer.status_code == 201
    made = answer.json()
    assert [one["key"] for one in made["issues"]] == ["TEST-7", "TEST-8"]
    assert [one["failedElementNumber"] for one in made["errors"]] == [1, 2]
    assert made["errors"][1]["elementErrors"]["errors"]["labels"].startswith("The label 'a b'")


def test_bulk_create_that_makes_nothing_is_a_400_and_has_a_limit(site: Site) -> None:
    client = site.client()
    failed = client.post("issue/bulk", json={"issueUpdates": [body(summary="")]})
    assert (failed.status_code, failed.json()["issues"]) == (400, [])
    assert client.post("issue/bulk", json={"issueUpdates": [body()] * 51}).status_code == 400


def test_bulk_fetch_gives_each_issue_once_and_names_the_missing(cloud: Site) -> None:
    ids = [cloud.model.issue("TEST-2").id, "test-1", "TEST-1", "TEST-999"]
    asked = {
        "issueIdsOrKeys": ids,
        "fields": ["summary", "comment"],
        "properties": ["p"],
        "expand": ["names"],
    }
    found = cloud.client().post("issue/bulkfetch", json=asked).json()
    assert [one["key"] for one in found["issues"]] == ["TEST-1", "TEST-2"]
    assert set(found["issues"][0]["fields"]) == {"summary", "comment"}
    assert found["issueErrors"] == [{"id": "TEST-999", "errorMessage": NO_ISSUE}]
    assert cloud.client().post("issue/bulkfetch", json={"issueIdsOrKeys": ["1"] * 101}).status_code == 400


def test_fields_can_be_chosen_and_left_out(site: Site) -> None:
    client = site.client()

    def names(fields: str) -> set[str]:
        return set(client.get("issue/TEST-1", params={"fields": fields}).json().get("fields", {}))

    everything = names("*all")
    assert {"comment", "customfield_10015", "statusCategory"} < everything
    assert names("summary,status") == {"summary", "status"}
    assert names("*navigable") == everything - {"comment"}
    assert names("-comment,-description") == everything - {"comment", "description"}
    assert names("nonsense") == set()


def test_rendered_fields_are_escaped_html(site: Site) -> None:
    key = create(site, description="a < b\nc\n\nd")
    shown = site.client().get(f"issue/{key}", params={"expand": "renderedFields,names,transitions"}).json()
    assert shown["renderedFields"]["description"] == "<p>a &lt; b<br/>c</p>\n<p>d</p>"
    assert shown["names"]["customfield_10010"] == "Severity"
    assert [one["name"] for one in shown["transitions"]] == ["Start Progress"]


def test_the_history_tells_who_changed_what(site: Site) -> None:
    site.model.edit(
        "TEST-3", by="annak", summary="New", labels=["a", "b"], fixVersions=["2.0"], assignee="joeb"
    )
    site.model.edit("TEST-3", by="joeb", fixVersions=[], customfield_10010="Minor")
    shown = site.client().get("issue/TEST-3", params={"expand": "changelog"}).json()["changelog"]
    entries = sorted(shown["histories"], key=lambda one: int(one["id"]))
    assert [one["author"]["displayName"] for one in entries] == ["Anna Krüger", "Joe Bloggs"]
    told = {(item["field"], item["fromString"], item["toString"]) for item in entries[0]["items"]}
    assert ("labels", None, "a b") in {(field, old or None, new) for field, old, new in told}
    assert ("Fix Version", None, "2.0") in told
    assert ("assignee", None, "Joe Bloggs") in told
    assert [(item["field"], item["fromString"], item["toString"]) for item in entries[1]["items"]] == [
        ("Fix Version", "2.0", None),
        ("Severity", None, "Minor"),
    ]


def test_clouds_changelog_pages_oldest_first(cloud: Site) -> None:
    for number in range(5):
        cloud.model.edit("TEST-3", by="joeb", summary=f"Version {number}")
    client = cloud.client()
    page = client.get("issue/TEST-3/changelog", params={"startAt": 1, "maxResults": 2}).json()
    assert (page["total"], page["isLast"]) == (5, False)
    assert [one["items"][0]["toString"] for one in page["values"]] == ["Version 1", "Version 2"]
    newest_first = client.get("issue/TEST-3", params={"expand": "changelog"}).json()["changelog"]["histories"]
    assert newest_first[0]["items"][0]["toString"] == "Version 4"
