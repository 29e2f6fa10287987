"""Issues over HTTP: edited, read in parts, and with their history."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, created, field_errors, fields_of


def test_an_edit_changes_only_what_it_names(site: Site) -> None:
    before = fields_of(site, "TEST-1")
    site.clock.pass_time(minutes=1)
    answer = site.client().put("issue/TEST-1", json={"fields": {"summary": "Other"}}, params={"notifyUsers": "false"})
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
    answer = site.client().put("issue/TEST-1", json={"fields": {"summary": "B"}}, params={"returnIssue": "true"})
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
        ({"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}}, "labels",
         "cannot appear in both 'fields' and 'update'"),
        ({"update": {"summary": [{"add": "x"}]}}, "summary", "does not support operation 'add'"),
        ({"fields": {"summary": None}}, "summary", "You must specify a summary"),
    ],
)  # fmt: skip
def test_an_edit_that_cant_be_made_changes_nothing(site: Site, sent: dict[str, Any], field: str, reason: str) -> None:
    before = fields_of(site, "TEST-1")
    assert reason in field_errors(site.client().put("issue/TEST-1", json=sent))[field]
    assert fields_of(site, "TEST-1") == before


def test_an_edit_may_repeat_project_and_type_and_change_between_like_types(site: Site) -> None:
    sent = {"fields": {"project": {"key": "TEST"}, "issuetype": {"name": "Improvement"}}}
    assert site.client().put("issue/TEST-1", json=sent).status_code == 204
    assert fields_of(site, "TEST-1")["issuetype"]["name"] == "Improvement"


def test_fields_can_be_chosen_and_left_out(site: Site) -> None:
    client = site.client()

    def names(fields: str) -> set[str]:
        return set(client.get("issue/TEST-1", params={"fields": fields}).json().get("fields", {}))

    everything = names("*all")
    assert {"comment", "customfield_10015", "statusCategory"} < everything
    assert names("summary,status") == {"summary", "status"}
    assert names("*navigable") == everything - {"comment", "attachment", "timetracking", "worklog"}
    assert names("-comment,-description") == everything - {"comment", "description"}
    assert names("nonsense") == set()


def test_rendered_fields_are_escaped_html(site: Site) -> None:
    key = created(site, description="a < b\nc\n\nd")
    shown = site.client().get(f"issue/{key}", params={"expand": "renderedFields,names,transitions"}).json()
    assert shown["renderedFields"]["description"].replace("\n", "") == "<p>a &lt; b<br/>c</p><p>d</p>"
    assert shown["names"]["customfield_10010"] == "Severity"
    assert [one["name"] for one in shown["transitions"]] == ["Start Progress"]


def test_the_history_tells_who_changed_what(site: Site) -> None:
    site.model.edit("TEST-3", by="annak", summary="New", labels=["a", "b"], fixVersions=["2.0"], assignee="joeb")
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
