"""Issues over HTTP: found by id and key, moved, deleted, hidden, and many at once."""

from tests.syncer.sandbox.jira.jira_server import Site, created, field_errors, messages, new_bug

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


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
    first = client.post("issue", json=new_bug()).json()
    assert client.delete(f"issue/{first['key']}").status_code == 204
    second = client.post("issue", json=new_bug()).json()
    assert int(second["id"]) > int(first["id"])
    assert (first["key"], second["key"]) == ("TEST-7", "TEST-8")
    assert messages(client.get(f"issue/{first['id']}")) == [NO_ISSUE]


def test_sub_tasks_are_not_deleted_by_accident(site: Site) -> None:
    client = site.client()
    child = created(site, issuetype={"name": "Sub-task"}, parent={"key": "TEST-1"})
    refused = client.delete("issue/TEST-1")
    assert refused.status_code == 400
    assert "deleteSubtasks" in messages(refused)[0]
    assert client.get(f"issue/{child}").json()["fields"]["parent"]["key"] == "TEST-1"
    assert client.delete("issue/TEST-1", params={"deleteSubtasks": "true"}).status_code == 204
    assert client.get(f"issue/{child}").status_code == 404


def test_a_sub_task_needs_a_parent_in_its_project(site: Site) -> None:
    kind = {"name": "Sub-task"}
    without = site.client().post("issue", json=new_bug(issuetype=kind))
    assert "parent" in field_errors(without)
    foreign = site.client().post("issue", json=new_bug(issuetype=kind, parent={"key": "OTHER-1"}))
    assert "parent" in field_errors(foreign)


def test_hidden_issues_look_deleted(site: Site) -> None:
    site.model.behaviour.hidden_issues.add(site.model.issue("TEST-2").id)
    client = site.client()
    assert messages(client.get("issue/TEST-2")) == [NO_ISSUE]
    assert client.put("issue/TEST-2", json={"fields": {"summary": "x"}}).status_code == 404
    assert client.delete("issue/TEST-2").status_code == 404


def test_bulk_create_makes_what_it_can_and_numbers_what_failed(site: Site) -> None:
    updates = [new_bug(), new_bug(summary=""), new_bug(labels=["a b"]), new_bug(summary="Last")]
    answer = site.client().post("issue/bulk", json={"issueUpdates": updates})
    assert answer.status_code == 201
    made = answer.json()
    assert [one["key"] for one in made["issues"]] == ["TEST-7", "TEST-8"]
    assert [one["failedElementNumber"] for one in made["errors"]] == [1, 2]
    assert made["errors"][1]["elementErrors"]["errors"]["labels"].startswith("The label 'a b'")


def test_bulk_create_that_makes_nothing_is_a_400_and_has_a_limit(site: Site) -> None:
    client = site.client()
    failed = client.post("issue/bulk", json={"issueUpdates": [new_bug(summary="")]})
    assert (failed.status_code, failed.json()["issues"]) == (400, [])
    assert client.post("issue/bulk", json={"issueUpdates": [new_bug()] * 51}).status_code == 400


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
