"""Issues that people archive, restore and clone, and remote links that people put on and take off."""

from typing import Any

import pytest

from syncer.sandbox.jira.errors import JiraError
from tests.syncer.sandbox.jira.jira_server import Site, fields_of, found_keys, messages

MARK = "syncer:a:incident:b"


def marked(site: Site) -> Any:
    """TEST-1 with everything by which a mirror may mark it."""
    issue = site.model.issue("TEST-1")
    site.client().put("issue/TEST-1/properties/mirror", json={"incident": "b"})
    site.model.add_remote_link("TEST-1", MARK, url="http://et.example.com/b", title="B")
    return issue


def global_ids(site: Site, key: str) -> list[str]:
    return [one["globalId"] for one in site.client().get(f"issue/{key}/remotelink").json()]


def test_an_archived_issue_is_read_by_id_but_not_found(site: Site) -> None:
    issue = site.model.issue("TEST-2")
    before = fields_of(site, "TEST-2")
    assert (before["archiveddate"], before["archivedby"]) == (None, None)
    site.model.archive("TEST-2", by="annak")
    for reference in (issue.id, "TEST-2"):
        shown = fields_of(site, reference)
        assert (shown["archivedby"]["displayName"], shown["updated"]) == ("Anna Krüger", before["updated"])
        assert shown["archiveddate"].startswith("2025-07-24T")
    assert site.client().get("issue/TEST-2/comment").json()["total"] == 2
    assert "TEST-2" not in found_keys(site, "project = TEST")
    assert found_keys(site, "key = TEST-2") == []


def test_a_lagging_search_shows_an_issue_archived_since(site: Site) -> None:
    site.model.behaviour.search_lag_seconds = 60
    site.clock.pass_time(hours=1)
    site.model.archive("TEST-2")
    assert "TEST-2" in found_keys(site, "project = TEST")
    site.clock.pass_time(minutes=2)
    assert "TEST-2" not in found_keys(site, "project = TEST")


def test_an_archived_issue_is_fetched_in_bulk_but_not_reconciled(cloud: Site) -> None:
    issue = cloud.model.archive("TEST-2")
    asked = {"issueIdsOrKeys": [issue.id], "fields": ["archiveddate"]}
    [shown] = cloud.client().post("issue/bulkfetch", json=asked).json()["issues"]
    assert shown["fields"]["archiveddate"] is not None
    assert "TEST-2" not in found_keys(cloud, "project = TEST", reconcileIssues=[issue.id])


def test_an_archived_issue_cannot_be_changed(site: Site) -> None:
    comment = next(iter(site.model.issue("TEST-2").comments))
    site.model.archive("TEST-2")
    client = site.client()
    for method, path, body in (
        ("PUT", "issue/TEST-2", {"fields": {"summary": "x"}}),
        ("DELETE", "issue/TEST-2", None),
        ("POST", "issue/TEST-2/comment", {"body": "x"}),
        ("PUT", "issue/TEST-2/properties/p", 1),
        ("PUT", f"comment/{comment}/properties/p", 1),
        ("POST", "issue/TEST-2/remotelink", {"object": {"url": "http://a/", "title": "A"}}),
        ("POST", "issue/TEST-2/transitions", {"transition": {"id": "11"}}),
    ):
        answer = client.request(method, path, json=body)
        assert answer.status_code == 403
        assert "is archived" in messages(answer)[0]


def test_a_restored_issue_is_as_it_was(site: Site) -> None:
    before = fields_of(site, "TEST-2")
    site.model.archive("TEST-2")
    site.model.restore("TEST-2")
    assert fields_of(site, "TEST-2") == before
    assert "TEST-2" in found_keys(site, "project = TEST")
    assert site.client().put("issue/TEST-2", json={"fields": {"summary": "x"}}).status_code == 204


def test_a_clone_is_a_new_issue_with_the_originals_fields_and_links(site: Site) -> None:
    original = marked(site)
    site.model.transition("TEST-1", "Done", by="annak")
    clone = site.model.clone("TEST-1", by="samw")
    assert (clone.id != original.id, clone.key) == (True, "TEST-7")
    old, new = fields_of(site, "TEST-1"), fields_of(site, "TEST-7")
    assert new["summary"] == f"CLONE - {old['summary']}"
    copied = ("description", "labels", "versions", "components", "priority", "reporter", "customfield_10010")
    for name in copied:
        assert new[name] == old[name]
    assert new["creator"]["displayName"] == "Sam Williams"
    assert (new["status"]["name"], new["resolution"]) == ("To Do", None)
    assert new["comment"]["total"] == 0
    assert global_ids(site, "TEST-7") == [MARK]
    assert site.client().get("issue/TEST-7/properties").json()["keys"] == []
    assert "TEST-7" in found_keys(site, "project = TEST")


@pytest.mark.parametrize("copies", [True, False])
def test_what_else_a_clone_takes_along_is_switched(site: Site, copies: bool) -> None:
    marked(site)
    behaviour = site.model.behaviour
    behaviour.clone_copies_properties = behaviour.clone_copies_remote_links = copies
    clone = site.model.clone("TEST-1", by="samw")
    keys = [one["key"] for one in site.client().get(f"issue/{clone.key}/properties").json()["keys"]]
    assert (keys, global_ids(site, clone.key)) == ((["mirror"], [MARK]) if copies else ([], []))


def test_a_clone_goes_its_own_way(site: Site) -> None:
    marked(site)
    site.model.behaviour.clone_copies_properties = True
    clone = site.model.clone("TEST-1", by="samw")
    site.model.remove_remote_link(clone.key, MARK)
    site.client().delete(f"issue/{clone.key}/properties/mirror")
    assert (global_ids(site, clone.key), global_ids(site, "TEST-1")) == ([], [MARK])
    assert site.client().get("issue/TEST-1/properties/mirror").json()["value"] == {"incident": "b"}


def test_a_moved_issue_read_by_id_shows_its_new_project(site: Site) -> None:
    issue_id = marked(site).id
    site.model.move("TEST-1", "OTHER", by="joeb")
    shown = site.client().get(f"issue/{issue_id}").json()
    assert (shown["id"], shown["key"], shown["fields"]["project"]["key"]) == (issue_id, "OTHER-4", "OTHER")
    assert global_ids(site, issue_id) == [MARK]
    assert len(found_keys(site, "project = TEST")) == 5


@pytest.mark.parametrize("moves", [True, False])
def test_people_put_remote_links_on_and_take_them_off(site: Site, moves: bool) -> None:
    site.model.behaviour.remote_link_moves_updated = moves
    before = fields_of(site, "TEST-1")["updated"]
    first = site.model.add_remote_link("TEST-1", MARK, url="http://a/", title="A")
    assert (fields_of(site, "TEST-1")["updated"] != before) == moves
    assert site.model.add_remote_link("TEST-1", MARK, url="http://b/", title="B").id == first.id
    site.model.add_remote_link("TEST-1", None, url="http://c/", title="C")
    shown = site.client().get("issue/TEST-1/remotelink").json()
    told = [(one.get("globalId"), one["object"]["url"]) for one in shown]
    assert told == [(MARK, "http://b/"), (None, "http://c/")]
    site.clock.pass_time(minutes=1)
    before = fields_of(site, "TEST-1")["updated"]
    site.model.remove_remote_link("TEST-1", MARK)
    assert (fields_of(site, "TEST-1")["updated"] != before) == moves
    assert site.client().get("issue/TEST-1/remotelink", params={"globalId": MARK}).status_code == 404
    with pytest.raises(JiraError, match="does not exist on this issue"):
        site.model.remove_remote_link("TEST-1", MARK)
