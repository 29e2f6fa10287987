"""The `jira` library works against the sandbox as it does against the real server."""

import warnings

import pytest
from jira import JIRAError

from tests.syncer.sandbox.jira.jira_server import Site, new_bug


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


def test_the_library_creates_many_at_once(site: Site) -> None:
    jira = site.library()
    wanted = [new_bug(summary=f"Of many {number}")["fields"] for number in range(3)]
    made = jira.create_issues(wanted)
    assert [each["status"] for each in made] == ["Success"] * 3
    assert [each["issue"].fields.summary for each in made] == [fields["summary"] for fields in wanted]


def test_the_library_gives_work_to_people_and_takes_it_from_them(site: Site) -> None:
    jira = site.library()
    jira.assign_issue("TEST-1", "Anna Krüger" if site.model.cloud else "annak")
    assert site.model.issue("TEST-1").text("assignee") == "annak"
    jira.assign_issue("TEST-1", None)
    assert site.model.issue("TEST-1").fields["assignee"] is None


def test_the_library_links_issues(site: Site) -> None:
    jira = site.library()
    assert "Blocks" in [one.name for one in jira.issue_link_types()]
    jira.create_issue_link("Blocks", "TEST-1", "TEST-2", comment={"body": "Because"})
    [link] = jira.issue("TEST-2").fields.issuelinks
    assert (link.inwardIssue.key, link.type.outward) == ("TEST-1", "blocks")
    assert jira.issue_link(link.id).outwardIssue.key == "TEST-2"
    assert "Because" in [one.body for one in jira.comments("TEST-2")]
    jira.delete_issue_link(link.id)
    assert jira.issue("TEST-1").fields.issuelinks == []
    with pytest.raises(JIRAError, match="No issue link"):
        jira.issue_link(link.id)


def test_a_link_goes_with_either_of_its_issues(site: Site) -> None:
    jira = site.library()
    jira.create_issue_link("Relates", "TEST-1", "TEST-2")
    site.model.delete("TEST-1")
    assert jira.issue("TEST-2").fields.issuelinks == []


def test_the_library_sets_and_removes_properties(site: Site) -> None:
    jira = site.library()
    jira.add_issue_property("TEST-1", "mine", {"a": 1})
    assert "mine" in [one.key for one in jira.issue_properties("TEST-1")]
    held = jira.issue_property("TEST-1", "mine")
    assert held.value.a == 1
    held.delete()
    assert "mine" not in [one.key for one in jira.issue_properties("TEST-1")]


def test_the_library_renames_merges_and_deletes_versions(site: Site) -> None:
    jira = site.library()
    old, new = jira.create_version("8.0", "TEST"), jira.create_version("9.0", "TEST")
    jira.rename_version("TEST", "8.0", "8.1")
    assert jira.version(old.id).name == "8.1"
    issue = jira.create_issue(fields=new_bug(fixVersions=[{"id": old.id}], versions=[{"id": old.id}])["fields"])
    old.delete(moveFixIssuesTo=new.id)
    fields = jira.issue(issue.key).fields
    assert ([one.id for one in fields.fixVersions], fields.versions) == ([new.id], [])
    other = jira.create_version("10.0", "TEST")
    answer = site.client().put(f"version/{new.id}/mergeto/{other.id}")
    assert answer.status_code == 204
    assert [one.id for one in jira.issue(issue.key).fields.fixVersions] == [other.id]
    assert site.client().put(f"version/{other.id}/mergeto/{other.id}").status_code == 400


def test_the_library_manages_components(site: Site) -> None:
    jira = site.library()
    made = jira.create_component("Engine", "TEST")
    jira.component(made.id).update(name="Motor")
    assert "Motor" in [one.name for one in jira.project_components("TEST")]
    jira.delete_component(made.id)
    with pytest.raises(JIRAError):
        jira.component(made.id)


def test_the_library_reads_all_create_metadata_on_cloud(cloud: Site) -> None:
    told = cloud.library().createmeta("TEST", issuetypeNames="Bug", expand="projects.issuetypes.fields")
    [kind] = told["projects"][0]["issuetypes"]
    assert kind["fields"]["customfield_10010"]["name"] == "Severity"


def test_the_library_reads_what_there_is_one_by_one(site: Site) -> None:
    jira = site.library()
    assert jira.priority("3").name == "Medium"
    assert jira.resolution("10100").name == "Done"
    assert jira.status("Done").id == "10002"
    assert jira.issue_type_by_name("Bug").id == "10401"
    assert jira.issue_type("10401").name == "Bug"
    with pytest.raises(JIRAError):
        jira.priority("99")


def test_the_library_finds_a_sub_task_under_its_issue(site: Site) -> None:
    jira = site.library()
    fields = {"project": {"key": "TEST"}, "issuetype": {"name": "Sub-task"}, "summary": "Part"}
    part = jira.create_issue(fields={**fields, "parent": {"key": "TEST-1"}})
    assert [one.key for one in jira.issue("TEST-1").fields.subtasks] == [part.key]
