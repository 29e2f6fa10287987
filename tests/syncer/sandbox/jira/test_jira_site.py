"""What a client learns about a Jira site before it touches an issue."""

import pytest

from syncer.sandbox import cast
from tests.jira_spec import ABSENT
from tests.syncer.sandbox.jira.jira_server import SPEC, Site, messages


def test_the_document_that_answers_are_held_against_is_there() -> None:
    if SPEC is None:
        pytest.skip(ABSENT)
    assert len(SPEC.operations) > 300


@pytest.mark.parametrize(
    "path", ["serverInfo", "myself", "field", "status", "priority", "resolution", "issuetype"]
)
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


def test_server_info_needs_no_credentials_and_everything_else_does(site: Site) -> None:
    stranger = site.client(auth=None)
    assert stranger.get("serverInfo").status_code == 200
    assert stranger.get("myself").status_code == 401


@pytest.mark.parametrize("login", ["syncer", "joeb"])
def test_people_log_in_with_what_their_deployment_asks_for(site: Site, login: str) -> None:
    assert site.client(login).get("myself").json()["displayName"] == site.model.users[login].display_name


@pytest.mark.parametrize("login", ["leftus", "testeronly"])
def test_people_without_an_active_account_cant_log_in(site: Site, login: str) -> None:
    assert site.client(login).get("myself").status_code == 401


def test_a_wrong_password_is_refused_in_json_on_cloud(cloud: Site) -> None:
    answer = cloud.client(password="wrong").get("serverInfo")
    assert answer.status_code == 401
    assert "Client must be authenticated" in answer.json()["message"]


def test_a_wrong_password_is_refused_with_a_page_on_data_center(datacenter: Site) -> None:
    answer = datacenter.client(password="wrong").get("myself")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")


def test_data_center_takes_personal_access_tokens_and_cloud_does_not(site: Site) -> None:
    client = site.client(auth=None, headers={"Authorization": "Bearer pat-joeb"})
    assert client.get("myself").status_code == (401 if site.model.cloud else 200)


def test_a_login_is_no_user_name_on_cloud(cloud: Site) -> None:
    assert cloud.client(auth=(cast.SERVICE, cast.PASSWORD)).get("myself").status_code == 401


def test_expired_credentials_are_refused_until_they_are_renewed(site: Site) -> None:
    client = site.client()
    site.model.behaviour.credentials_expired = True
    assert client.get("myself").status_code == 401
    site.model.behaviour.credentials_expired = False
    assert client.get("myself").status_code == 200


def test_cloud_shows_account_ids_only(cloud: Site) -> None:
    me = cloud.client().get("myself").json()
    assert {"name", "key"}.isdisjoint(me)
    assert (
        cloud.client().get("user", params={"accountId": me["accountId"]}).json()["displayName"]
        == "Sync Service"
    )


def test_data_center_shows_names_and_keys_only(datacenter: Site) -> None:
    me = datacenter.client().get("myself").json()
    assert "accountId" not in me
    assert (me["name"], me["timeZone"]) == ("syncer", "Europe/Berlin")
    for query in ({"username": "syncer"}, {"key": me["key"]}):
        assert datacenter.client().get("user", params=query).json()["name"] == "syncer"


def test_an_unknown_user_is_not_found(site: Site) -> None:
    assert site.client().get("user", params={"accountId": "x", "username": "x"}).status_code == 404


def test_mail_addresses_can_be_hidden(site: Site) -> None:
    site.model.behaviour.emails_hidden = True
    client = site.client()
    assert "emailAddress" not in client.get("myself").json()
    assert (
        client.get("user/search", params={"query": "anna.krueger", "username": "anna.krueger"}).json() == []
    )


def test_times_are_told_in_the_profile_time_zone_of_the_caller(site: Site) -> None:
    site.model.behaviour.time_zone = "America/New_York"
    assert site.client().get("serverInfo").json()["serverTime"] == "2025-07-24T07:05:26.123-0400"
    assert site.client("joeb").get("serverInfo").json()["serverTime"] == "2025-07-24T11:05:26.123+0000"


def test_only_people_who_can_work_on_issues_are_assignable(site: Site) -> None:
    client = site.client()
    found = client.get("user/assignable/search", params={"project": "TEST"}).json()
    names = {one["displayName"] for one in found}
    assert "Anna Krüger" in names
    assert names.isdisjoint({"Lena Former", "Terry Tester", "Sync Service"})
    page = client.get(
        "user/assignable/search", params={"project": "TEST", "startAt": 2, "maxResults": 2}
    ).json()
    assert page == found[2:4]
    asked = {"project": "TEST", "query": "krü", "username": "krü"}
    assert [one["displayName"] for one in client.get("user/assignable/search", params=asked).json()] == [
        "Anna Krüger"
    ]


def test_assignable_users_belong_to_a_project(site: Site) -> None:
    client = site.client()
    assert client.get("user/assignable/search").status_code == 400
    assert client.get("user/assignable/search", params={"project": "NOPE"}).status_code == 404


def test_user_search_shows_the_inactive_where_the_deployment_does(site: Site) -> None:
    asked = {"query": "Lena", "username": "Lena"}
    found = site.client().get("user/search", params=asked).json()
    assert [one["active"] for one in found] == ([False] if site.model.cloud else [])
    inactive = site.client().get("user/search", params={**asked, "includeInactive": "true"}).json()
    assert [one["active"] for one in inactive] == [False]


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
    assert (
        client.get("project/TEST/version", params={"maxResults": 2}).json()["values"] == shown["versions"][:2]
    )


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
    [("GET", "search/jql"), ("POST", "issue/bulkfetch"), ("GET", "issue/TEST-1/changelog"), ("POST", "comment/list"),
     ("GET", "project/search"), ("GET", "issue/createmeta")],
)  # fmt: skip
def test_data_center_lacks_what_only_cloud_has(datacenter: Site, method: str, path: str) -> None:
    assert datacenter.client().request(method, path).status_code in (404, 405)
