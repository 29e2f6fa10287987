"""The `jira` library works against the sandbox as it does against the real server."""

import warnings

import pytest
from jira import JIRAError

from tests.syncer.sandbox.jira.jira_server import Site


def test_the_library_recognises_the_deployment(site: Site) -> None:
    assert site.library().deploymentType == ("Cloud" if site.model.cloud else "Server")


def test_the_library_reads_and_writes_an_issue(site: Site) -> None:
    jira = site.library()
    issue = jira.create_issue(
        fields={
            "project": {"key": "TEST"},
            "issuetype": {"name": "Bug"},
            "summary": "By library",
            "labels": ["a"],
        }
    )
    issue.update(fields={"description": "Text"}, notify=False)
    assert jira.issue(issue.key).fields.description == "Text"
    comment = jira.add_comment(issue, "Hello", visibility={"type": "role", "value": "Developers"})
    comment.update(body="Hello again")
    assert [one.body for one in jira.comments(issue)] == ["Hello again"]
    comment.delete()
    issue.delete()  # type: ignore[no-untyped-call]  # the library doesn't type it
    with pytest.raises(JIRAError) as missing:
        jira.issue(issue.key)
    assert missing.value.status_code == 404
    assert "does not exist or you do not have permission" in str(missing.value.text)


def test_the_library_searches_all_pages(site: Site) -> None:
    site.model.behaviour.page_cap = 2
    jira = site.library()
    found = jira.search_issues("project = TEST order by key", maxResults=False)
    assert [one.key for one in found] == [f"TEST-{number}" for number in range(1, 7)]


def test_the_library_counts_on_cloud(cloud: Site) -> None:
    jira = cloud.library()
    assert jira.approximate_issue_count("project = TEST") == 6
    posted = jira.enhanced_search_issues("project = TEST", fields=["summary"], use_post=True, maxResults=3)
    assert len(posted) == 3


def test_the_library_takes_transitions(site: Site) -> None:
    jira = site.library()
    assert [one["name"] for one in jira.transitions("TEST-4", expand="transitions.fields")] == ["Accept"]
    with pytest.raises(JIRAError, match="Resolution is required"):
        jira.transition_issue("TEST-4", "Accept")
    jira.transition_issue("TEST-4", "Accept", fields={"resolution": {"name": "Done"}})
    assert jira.issue("TEST-4").fields.status.name == "Done"


def test_the_library_manages_remote_links(site: Site) -> None:
    jira = site.library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jira.add_remote_link("TEST-1", {"url": "http://et.example.com/1", "title": "A-1"}, globalId="et=1")
    [link] = jira.remote_links("TEST-1")
    assert (link.globalId, link.object.title) == ("et=1", "A-1")
    link.delete()
    assert jira.remote_links("TEST-1") == []


def test_the_library_reads_the_project(site: Site) -> None:
    jira = site.library()
    project = jira.project("TEST")
    assert project.name == "Test Project"
    assert {one.name for one in jira.project_versions(project)} >= {"1.0", "4.0"}
    assert len(jira.project_components(project)) == 5
    version = jira.create_version("9.0", "TEST")
    version.update(released=True)
    assert jira.version(version.id).released is True
    with pytest.raises(JIRAError, match="already exists"):
        jira.create_version("9.0", "TEST")
    if site.model.cloud:
        people = jira.search_assignable_users_for_issues(query="joe", project="TEST")
    else:
        people = jira.search_assignable_users_for_issues(username="joe", project="TEST")
    assert [one.displayName for one in people] == ["Joe Bloggs"]


def test_the_library_reads_metadata(site: Site) -> None:
    jira = site.library()
    assert "customfield_10010" in jira.editmeta("TEST-1")["fields"]
    assert jira.myself()["displayName"] == "Sync Service"
    assert len(jira.fields()) > 20


def test_the_library_reads_create_metadata_on_data_center(datacenter: Site) -> None:
    jira = datacenter.library()
    types = jira.project_issue_types("TEST")
    assert [one.name for one in types][:3] == ["Bug", "Task", "Improvement"]
    assert "Severity" in [one.name for one in jira.project_issue_fields("TEST", types[0].id)]
