"""Comments and their entity properties."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, field_errors, messages


def add(site: Site, body: str, key: str = "TEST-3", **members: Any) -> dict[str, Any]:
    answer = site.client().post(f"issue/{key}/comment", json={"body": body, **members})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_comment_comes_back_with_author_and_times(site: Site) -> None:
    made = add(site, "Seen it, too.")
    assert (made["body"], made["author"]["displayName"]) == ("Seen it, too.", "Sync Service")
    assert made["created"] == made["updated"] == "2025-07-24T13:05:26.123+0200"
    assert site.client().get(f"issue/TEST-3/comment/{made['id']}").json() == made


def test_an_edited_comment_names_its_editor_and_keeps_its_author(site: Site) -> None:
    made = add(site, "First")
    site.clock.pass_time(minutes=1)
    edited = site.client("joeb").put(f"issue/TEST-3/comment/{made['id']}", json={"body": "Second"}).json()
    assert (edited["body"], edited["author"]["displayName"]) == ("Second", "Sync Service")
    assert edited["updateAuthor"]["displayName"] == "Joe Bloggs"
    assert edited["updated"] > edited["created"]


def test_a_deleted_comment_is_gone_and_its_id_is_not_used_again(site: Site) -> None:
    made = add(site, "Oops")
    client = site.client()
    assert client.delete(f"issue/TEST-3/comment/{made['id']}").status_code == 204
    missing = client.get(f"issue/TEST-3/comment/{made['id']}")
    assert (missing.status_code, messages(missing)) == (
        404,
        [f"Can not find a comment for the id: {made['id']}."],
    )
    assert int(add(site, "Again")["id"]) > int(made["id"])


def test_a_comment_is_found_under_its_own_issue_only(site: Site) -> None:
    made = add(site, "Mine")
    assert site.client().get(f"issue/TEST-1/comment/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        ({"body": ""}, "comment", "Comment body can not be empty!"),
        ({"body": "  \n"}, "comment", "Comment body can not be empty!"),
        ({}, "comment", "Comment body can not be empty!"),
        ({"body": "x" * 32_768}, "comment",
         "The entered text is too long. It exceeds the allowed limit of 32,767 characters."),
        ({"body": "x", "visibility": {"type": "role", "value": "Kings"}}, "commentLevel",
         "Role: Kings does not exist."),
        ({"body": "x", "visibility": {"type": "planet", "value": "Mars"}}, "visibility",
         "must be role or group"),
    ],
)  # fmt: skip
def test_comments_that_cant_be_taken_are_refused(site: Site, sent: dict[str, Any], field: str, reason: str) -> None:
    assert reason in field_errors(site.client().post("issue/TEST-3/comment", json=sent))[field]


def test_a_restricted_comment_shows_its_restriction(site: Site) -> None:
    made = add(site, "For developers", visibility={"type": "role", "value": "Developers"})
    assert made["visibility"]["type"] == "role"
    opened = site.client().put(f"issue/TEST-3/comment/{made['id']}", json={"body": "For all", "visibility": None})
    assert "visibility" not in opened.json()


def test_cloud_pages_comments_by_hundreds_and_data_center_gives_all(site: Site) -> None:
    for number in range(105):
        site.model.comment("TEST-3", by="joeb", body=f"Remark {number}")
    client = site.client()
    first = client.get("issue/TEST-3/comment").json()
    assert (first["total"], len(first["comments"])) == (105, 100 if site.model.cloud else 105)
    page = client.get("issue/TEST-3/comment", params={"startAt": 100, "maxResults": 3}).json()
    assert [one["body"] for one in page["comments"]] == ["Remark 100", "Remark 101", "Remark 102"]
    newest = client.get("issue/TEST-3/comment", params={"orderBy": "-created", "maxResults": 1}).json()
    assert newest["comments"][0]["body"] == "Remark 104"
    assert client.get("issue/TEST-3/comment", params={"orderBy": "author"}).status_code == 400


def test_comments_can_be_rendered(site: Site) -> None:
    add(site, "a & b")
    shown = site.client().get("issue/TEST-3/comment", params={"expand": "renderedBody"}).json()
    assert shown["comments"][0]["renderedBody"] == "<p>a &amp; b</p>"


def test_a_comment_is_born_with_properties_that_can_be_read_by_id(site: Site) -> None:
    made = add(site, "From the tester", properties=[{"key": "et.comment", "value": 7}])
    client = site.client()
    assert client.get(f"comment/{made['id']}/properties/et.comment").json() == {
        "key": "et.comment",
        "value": 7,
    }
    keys = client.get(f"comment/{made['id']}/properties").json()["keys"]
    assert [one["key"] for one in keys] == ["et.comment"]
    edited = {"body": "Edited", "properties": [{"key": "other", "value": True}]}
    client.put(f"issue/TEST-3/comment/{made['id']}", json=edited)
    assert len(client.get(f"comment/{made['id']}/properties").json()["keys"]) == 2


def test_an_issues_comments_answer_properties_only_where_that_is_switched_on(site: Site) -> None:
    add(site, "x", properties=[{"key": "p", "value": 1}])
    client = site.client()

    def shown() -> Any:
        found = client.get("issue/TEST-3/comment", params={"expand": "properties"}).json()
        return found["comments"][0].get("properties")

    assert shown() is None
    site.model.behaviour.comment_list_properties = True
    assert shown() == [{"key": "p", "value": 1}]


def test_cloud_lists_comments_of_any_issue_with_their_properties(cloud: Site) -> None:
    first = add(cloud, "one", properties=[{"key": "p", "value": 1}])
    second = add(cloud, "two", key="TEST-1")
    asked = {"ids": [int(first["id"]), int(second["id"]), 999999]}
    found = cloud.client().post("comment/list", params={"expand": "properties"}, json=asked).json()
    assert (found["total"], found["isLast"]) == (2, True)
    assert [(one["body"], one["properties"]) for one in found["values"]] == [
        ("one", [{"key": "p", "value": 1}]),
        ("two", []),
    ]
    assert cloud.client().post("comment/list", json={"ids": ["a"]}).status_code == 400


def test_properties_of_comments_come_and_go(site: Site) -> None:
    made = add(site, "x")
    client, path = site.client(), f"comment/{made['id']}/properties/p"
    assert client.get(path).status_code == 404
    assert client.put(path, json={"a": 1}).status_code == 201
    assert client.put(path, json={"a": 2}).status_code == 200
    assert client.get(path).json()["value"] == {"a": 2}
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    assert client.get("comment/999999/properties").status_code == 404


@pytest.mark.parametrize("moves", [True, False])
def test_a_comment_moves_updated_only_where_that_is_switched_on(site: Site, moves: bool) -> None:
    site.model.behaviour.comment_moves_updated = moves
    before = site.model.issue("TEST-3").fields["updated"]
    made = add(site, "x")
    assert (site.model.issue("TEST-3").fields["updated"] != before) == moves
    site.clock.pass_time(minutes=1)
    before = site.model.issue("TEST-3").fields["updated"]
    site.client().delete(f"issue/TEST-3/comment/{made['id']}")
    assert (site.model.issue("TEST-3").fields["updated"] != before) == moves


def test_comments_of_hidden_issues_are_hidden_with_them(site: Site) -> None:
    made = add(site, "x", properties=[{"key": "p", "value": 1}])
    site.model.behaviour.hidden_issues.add(site.model.issue("TEST-3").id)
    assert site.client().get(f"comment/{made['id']}/properties/p").status_code == 404
