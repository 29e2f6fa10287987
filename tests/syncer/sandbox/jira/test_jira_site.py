"""What a client learns about a Jira site before it touches an issue."""

import pytest

from syncer.sandbox import cast
from tests.jira_spec import ABSENT
from tests.syncer.sandbox.jira.jira_server import SPEC, Site, messages


def test_the_document_that_answers_are_held_against_is_there() -> None:
    if SPEC is None:
        pytest.skip(ABSENT)
    assert len(SPEC.operations) > 300


@pytest.mark.parametrize("path", ["serverInfo", "myself", "field", "status", "priority", "resolution", "issuetype"])
def test_the_catalogues_answer_on_both_deployments(site: Site, path: str) -> None:
    assert site.client().get(path).status_code == 200


def test_cloud_and_data_center_can_be_told_apart(cloud: Site) -> None:
    info = cloud.client().get("serverInfo").json()
    assert info["deploymentType"] == "Cloud"
    assert info["serverTime"] == "2025-07-24T13:05:26.123+0200"
    assert info["baseUrl"] == info["displayUrl"] == cloud.url


def test_data_center_calls_itself_server(datacenter: Site) -> None:
    info = datacenter.client().get("serverInfo").json()
    assert info["deploymentType"] == "Server"
    assert info["versionNumbers"][0] == 10


def test_a_project_tells_everything_that_belongs_to_it(site: Site) -> None:
    shown = site.client().get("project/test").json()
    assert (shown["key"], shown["name"]) == ("TEST", "Test Project")
    assert [one["name"] for one in shown["versions"]] == [*cast.VERSIONS, cast.JIRA_ONLY_VERSION]
    assert [one["name"] for one in shown["components"]] == list(cast.COMPONENTS)
    assert [one["name"] for one in shown["issueTypes"] if not one["subtask"]] == list(cast.ISSUE_TYPES)
    assert shown["lead"]["displayName"] == "Joe Bloggs"
    client = site.client()
    assert client.get(f"project/{shown['id']}").json()["key"] == "TEST"
    assert client.get("project/TEST/versions").json() == shown["versions"]
    assert client.get("project/TEST/components").json() == shown["components"]
    assert client.get("project/TEST/version", params={"maxResults": 2}).json()["values"] == shown["versions"][:2]


def test_projects_are_listed(site: Site) -> None:
    assert [one["key"] for one in site.client().get("project").json()] == ["TEST", "OTHER"]


def test_project_search_pages_on_cloud(cloud: Site) -> None:
    page = cloud.client().get("project/search", params={"maxResults": 1}).json()
    assert (page["total"], page["isLast"], [one["key"] for one in page["values"]]) == (2, False, ["TEST"])
    assert cloud.client().get("project/search", params={"keys": "OTHER"}).json()["total"] == 1


def test_each_issue_type_tells_its_statuses(site: Site) -> None:
    found = {one["name"]: one for one in site.client().get("project/TEST/statuses").json()}
    assert [one["name"] for one in found["Bug"]["statuses"]] == list(cast.ISSUE_STATUSES)
    assert {one["statusCategory"]["key"] for one in found["Task"]["statuses"]} == {
        "new",
        "indeterminate",
        "done",
    }


def test_permissions_are_asked_by_name_for_a_project(site: Site) -> None:
    client = site.client()
    asked = {"projectKey": "TEST", "permissions": "BROWSE_PROJECTS,CREATE_ISSUES"}
    shown = client.get("mypermissions", params=asked).json()["permissions"]
    assert {key: one["havePermission"] for key, one in shown.items()} == {
        "BROWSE_PROJECTS": True,
        "CREATE_ISSUES": True,
    }
    assert client.get("mypermissions", params={"permissions": "FLY"}).status_code == 400
    assert client.get("mypermissions", params={**asked, "projectKey": "NOPE"}).status_code == 404
    assert client.get("mypermissions").status_code == (400 if site.model.cloud else 200)


def test_a_hidden_project_is_gone_in_every_respect(site: Site) -> None:
    site.model.behaviour.hidden_project = "TEST"
    client = site.client()
    for path in (
        "project/TEST",
        "project/TEST/versions",
        "issue/TEST-1",
        "mypermissions?projectKey=TEST&permissions=",
    ):
        assert client.get(path).status_code in (404, 400)
    assert [one["key"] for one in client.get("project").json()] == ["OTHER"]


def test_create_metadata_pages_under_another_name_on_each_deployment(site: Site) -> None:
    client = site.client()
    types = client.get("issue/createmeta/TEST/issuetypes", params={"maxResults": 2}).json()
    name, inner = ("issueTypes", "fields") if site.model.cloud else ("values", "values")
    assert [one["name"] for one in types[name]] == ["Bug", "Task"]
    assert types["total"] == 4
    fields = client.get(f"issue/createmeta/TEST/issuetypes/{types[name][0]['id']}").json()[inner]
    by_id = {one["fieldId"]: one for one in fields}
    assert by_id["summary"]["required"] is True
    assert [one["value"] for one in by_id["customfield_10010"]["allowedValues"]] == [
        "Blocker",
        "Major",
        "Minor",
    ]
    assert {"status", "resolution", "parent"}.isdisjoint(by_id)


def test_edit_metadata_names_what_can_be_edited_and_the_values_allowed(site: Site) -> None:
    fields = site.client().get("issue/TEST-1/editmeta").json()["fields"]
    assert [one["name"] for one in fields["components"]["allowedValues"]] == list(cast.COMPONENTS)
    assert fields["fixVersions"]["operations"] == ["add", "set", "remove"]
    assert "status" not in fields


def test_custom_fields_are_listed_with_their_types(site: Site) -> None:
    shown = {one["name"]: one for one in site.client().get("field").json()}
    assert shown["Severity"]["id"] == "customfield_10010"
    assert shown["Platforms"]["schema"]["items"] == "option"
    assert shown["Story points"]["schema"]["type"] == "number"
    assert shown["Reviewer"]["schema"]["type"] == "user"


def test_unknown_paths_are_refused_as_jira_does(site: Site) -> None:
    answer = site.client().get("nonsense")
    assert answer.status_code == 404
    assert answer.json()["status-code"] == 404
    assert site.client().get(f"{site.url}/rest/api/3/myself").status_code == 404


def test_bodies_that_are_no_json_are_refused(site: Site) -> None:
    client = site.client()
    headers = {"content-type": "application/json"}
    for content in ("{", "[]", ""):
        answer = client.post("issue", content=content, headers=headers)
        assert answer.status_code == 400
        assert "parsing JSON" in messages(answer)[0]
    assert client.post("issue", content="a=b", headers={"content-type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "search/jql"), ("POST", "issue/bulkfetch"), ("GET", "issue/TEST-1/changelog"),
     ("POST", "comment/list"), ("GET", "project/search"), ("GET", "issue/createmeta")],
)  # fmt: skip
def test_data_center_lacks_what_only_cloud_has(datacenter: Site, method: str, path: str) -> None:
    assert datacenter.client().request(method, path).status_code in (404, 405)
