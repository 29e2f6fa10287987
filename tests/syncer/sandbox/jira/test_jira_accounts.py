"""Who may come in, as whom, and who else there is."""

import pytest

from syncer.sandbox import cast
from tests.syncer.sandbox.jira.jira_server import Site


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
    assert cloud.client().get("user", params={"accountId": me["accountId"]}).json()["displayName"] == "Sync Service"


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
    assert client.get("user/search", params={"query": "anna.krueger", "username": "anna.krueger"}).json() == []


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
    page = client.get("user/assignable/search", params={"project": "TEST", "startAt": 2, "maxResults": 2}).json()
    assert page == found[2:4]
    asked = {"project": "TEST", "query": "krü", "username": "krü"}
    assert [one["displayName"] for one in client.get("user/assignable/search", params=asked).json()] == ["Anna Krüger"]


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
