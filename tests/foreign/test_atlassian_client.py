"""`atlassian-python-api` does on the sandbox what it does on a real Jira, as Cloud and as Data Center."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from atlassian import Jira
from requests import HTTPError

from syncer.sandbox.cast import PASSWORD, SERVICE
from tests.syncer.sandbox.jira.jira_server import MAIL, Site, new_bug


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    """The client as untyped as it is."""
    cloud = site.model.cloud
    made = Jira(site.url, username=MAIL[SERVICE] if cloud else SERVICE, password=PASSWORD, cloud=cloud, timeout=10)
    yield made
    cast(Any, made).close()


def create(client: Any, **fields: Any) -> str:
    made = client.issue_create(new_bug(**fields)["fields"])
    key: str = made["key"]
    return key


def value(client: Any, key: str, field: str) -> Any:
    return client.issue_field_value(key, field)


def test_an_issue_is_created_read_edited_and_deleted(client: Any) -> None:
    key = create(client, description="Text", labels=["a"])
    assert client.issue_exists(key)
    client.update_issue_field(key, {"summary": "Other words", "priority": {"name": "High"}})
    client.issue_update(key, {"description": "Other text"})
    client.label_issue(key, ["b"])
    client.unlabel_issue(key, ["a"])
    client.issue_field_value_append(key, "labels", "c")
    told = client.issue(key, fields="summary,description,priority,labels")["fields"]
    assert (told["summary"], told["description"], told["priority"]["name"]) == ("Other words", "Other text", "High")
    assert set(told["labels"]) == {"b", "c"}
    assert set(client.get_issue_labels(key)) == {"b", "c"}
    client.delete_issue(key)
    assert not client.issue_exists(key)


def test_many_are_created_at_once(client: Any, site: Site) -> None:
    made = client.create_issues([new_bug(summary=f"Of many {number}") for number in range(3)])
    assert len(made["issues"]) == 3
    keys = [each["key"] for each in made["issues"]]
    found, missing = client.bulk_issue(keys, fields=["summary"])
    assert ({each["key"] for each in found["issues"]}, missing) == (set(keys), [])
    assert client.bulk_update_issue_field(keys, {"summary": "All the same"})
    assert {site.model.issue(key).text("summary") for key in keys} == {"All the same"}


def test_what_is_wrong_is_said(client: Any) -> None:
    with pytest.raises(HTTPError, match="issuetype|issue type"):
        client.issue_create({"project": {"key": "TEST"}, "issuetype": {"name": "Nonsense"}, "summary": "x"})
    with pytest.raises(HTTPError, match="does not exist or you do not have permission"):
        client.issue("TEST-999")


def test_comments_are_added_edited_and_read(client: Any, site: Site) -> None:
    made = client.issue_add_comment("TEST-1", "Hello", visibility={"type": "role", "value": "Developers"})
    client.issue_edit_comment("TEST-1", made["id"], "Hello again", notify_users=False)
    assert client.issue_get_comment("TEST-1", made["id"])["body"] == "Hello again"
    assert made["id"] in [each["id"] for each in client.issue_get_comments("TEST-1")["comments"]]
    client.set_comment_property(made["id"], "kind", {"of": "test"})
    assert client.get_comment_property(made["id"], "kind")["value"] == {"value": {"of": "test"}}
    assert [each["key"] for each in client.get_comment_properties_keys(made["id"])["keys"]] == ["kind"]
    client.delete_comment_property(made["id"], "kind")
    client.delete(f"rest/api/2/issue/TEST-1/comment/{made['id']}")
    assert made["id"] not in site.model.issue("TEST-1").comments
    if site.model.cloud:
        other = client.issue_add_comment("TEST-1", "Listed")
        listed = client.issues_get_comments_by_id(int(other["id"]))
        assert [each["body"] for each in listed["values"]] == ["Listed"]


def test_transitions_are_listed_and_taken(client: Any, site: Site) -> None:
    assert [each["name"] for each in client.get_issue_transitions("TEST-4")] == ["Accept"]
    assert client.get_issue_transitions_full("TEST-4", expand="transitions.fields")["transitions"][0]["fields"]
    client.set_issue_status("TEST-4", "Done", fields={"resolution": {"name": "Done"}})
    assert client.get_issue_status("TEST-4") == "Done"
    assert client.get_issue_status_changelog("TEST-4")[0 if site.model.cloud else -1]["to"] == "Done"
    assert client.get_status_id_from_name("Done") == int(client.get_issue_status_id("TEST-4"))


def test_searches_lead_through_all_pages(client: Any, site: Site) -> None:
    site.model.behaviour.page_cap = 2
    wanted = [f"TEST-{number}" for number in range(1, 7)]
    found = client.jql_get_list_of_tickets("project = TEST order by key", fields=["summary"])
    assert [each["key"] for each in found] == wanted
    one = client.jql("project = TEST order by key", fields="summary,description", limit=1)["issues"]
    assert [each["key"] for each in one] == wanted[:1]
    if site.model.cloud:
        assert client.approximate_issue_count("project = TEST")["count"] == 6
        with pytest.raises(HTTPError, match="410|removed"):
            client.get("rest/api/2/search", params={"jql": "project = TEST"})
    else:
        site.model.behaviour.page_cap = None
        assert client.get_project_issues_count("TEST") == 6
        assert [each["key"] for each in client.get_all_project_issues("TEST", limit=100)] == wanted


@pytest.mark.parametrize("site", ["cloud"], indirect=True)
def test_cloud_s_third_version_tells_rich_text_as_a_document(client: Any) -> None:
    key = create(client, description="First\n\nSecond")
    [found] = client.enhanced_jql(f"key = {key}", fields=["description"])["issues"]
    told = found["fields"]["description"]
    assert told["type"] == "doc"
    assert [each["content"][0]["text"] for each in told["content"]] == ["First", "Second"]


def test_properties_are_set_read_and_removed(client: Any) -> None:
    client.set_issue_property("TEST-1", "mine", {"a": 1})
    assert client.get_issue_property("TEST-1", "mine")["value"] == {"a": 1}
    assert "mine" in [each["key"] for each in client.get_issue_property_keys("TEST-1")["keys"]]
    client.delete_issue_property("TEST-1", "mine")
    with pytest.raises(HTTPError):
        client.get_issue_property("TEST-1", "mine")


def test_remote_links_are_put_replaced_and_removed(client: Any) -> None:
    for title in ("One", "Another"):
        made = client.create_or_update_issue_remote_links("TEST-1", "https://a.example/1", title, global_id="g=1")
    [link] = client.get_issue_remote_links("TEST-1")
    assert (link["id"], link["object"]["title"]) == (made["id"], "Another")
    client.update_issue_remote_link_by_id("TEST-1", link["id"], "https://a.example/2", "Third", global_id="g=1")
    assert client.get_issue_remote_link_by_id("TEST-1", link["id"])["object"]["title"] == "Third"
    assert client.get_issue_remote_links("TEST-1", global_id="g=1")["object"]["url"] == "https://a.example/2"
    client.delete_issue_remote_link_by_id("TEST-1", link["id"])
    assert client.get_issue_remote_links("TEST-1") == []


def test_issues_are_linked_and_unlinked(client: Any) -> None:
    assert "Blocks" in client.get_issue_link_types_names()
    client.create_issue_link(
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "TEST-1"}, "outwardIssue": {"key": "TEST-2"}}
    )
    [link] = value(client, "TEST-2", "issuelinks")
    assert (link["inwardIssue"]["key"], link["type"]["inward"]) == ("TEST-1", "is blocked by")
    assert client.get_issue_link(link["id"])["outwardIssue"]["key"] == "TEST-2"
    assert client.get_issue_tree_recursive("TEST-2") == [{"TEST-2": "TEST-1"}]
    client.remove_issue_link(link["id"])
    assert value(client, "TEST-1", "issuelinks") == []


def test_versions_are_created_renamed_released_and_removed(client: Any, site: Site) -> None:
    project = client.project("TEST")
    made = client.add_version("TEST", project["id"], "9.0")
    client.update_version(made["id"], name="9.1", is_released=True, release_date="2026-11-22")
    told = client.get_version(made["id"])
    assert (told["name"], told["released"], told["releaseDate"]) == ("9.1", True, "2026-11-22")
    assert "9.1" in [each["name"] for each in client.get_project_versions("TEST")]
    assert client.get_project_versions_paginated("TEST", limit=1)["values"]
    key = create(client, fixVersions=[{"id": made["id"]}])
    client.delete_version(made["id"])
    assert value(client, key, "fixVersions") == []
    with pytest.raises(HTTPError):
        client.get_version(made["id"])


def test_components_are_created_renamed_and_removed(client: Any) -> None:
    made = client.create_component({"name": "Engine", "project": "TEST"})
    client.update_component({"name": "Motor"}, made["id"])
    assert client.component(made["id"])["name"] == "Motor"
    assert "Motor" in [each["name"] for each in client.get_project_components("TEST")]
    client.delete_component(made["id"])
    with pytest.raises(HTTPError):
        client.component(made["id"])


def test_the_site_and_its_people_are_told(client: Any, site: Site) -> None:
    assert client.get_server_info()["deploymentType"] == ("Cloud" if site.model.cloud else "Server")
    assert client.myself()["displayName"] == "Sync Service"
    assert "TEST" in [each["key"] for each in client.projects()]
    assert "Severity" in [each["name"] for each in client.get_all_fields()]
    assert client.get_priority_by_id(3)["name"] == "Medium"
    assert client.get_resolution_by_id(10100)["name"] == "Done"
    assert "Bug" in [each["name"] for each in client.get_issue_types()]
    assert client.get_permissions("BROWSE_PROJECTS")["permissions"]["BROWSE_PROJECTS"]["havePermission"]
    account = site.person("joeb")
    assert client.user(account_id=account.get("accountId"), username=account.get("name"))["displayName"] == "Joe Bloggs"
    issue_types = client.issue_createmeta_issuetypes("TEST")
    name, inner = ("issueTypes", "fields") if site.model.cloud else ("values", "values")
    bug = issue_types[name][0]["id"]
    assert "Severity" in [each["name"] for each in client.issue_createmeta_fieldtypes("TEST", bug, limit=200)[inner]]
    assert "customfield_10010" in client.issue_editmeta("TEST-1")["fields"]


def test_work_is_given_to_people_and_taken_from_them(client: Any, site: Site) -> None:
    client.issue_update("TEST-1", {"assignee": site.person("joeb")})
    assert value(client, "TEST-1", "assignee")["displayName"] == "Joe Bloggs"
    if site.model.cloud:
        client.assign_issue("TEST-1", site.person("annak")["accountId"])
        assert site.model.issue("TEST-1").text("assignee") == "annak"
        assert client.get_issue_changelog("TEST-1")["values"]
