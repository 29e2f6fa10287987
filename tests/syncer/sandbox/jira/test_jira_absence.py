"""The sandbox's Jira can look as if issues were gone that are not, and can withhold permissions."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, found_keys, messages, new_bug

TEST = ["TEST-1", "TEST-2", "TEST-3", "TEST-4", "TEST-5", "TEST-6"]
BY_KEY = "project = TEST order by key"
MARK = "syncer:a:incident:b"
LINK = {"globalId": MARK, "object": {"url": "http://et.example.com/b", "title": "B"}}


def two_at_a_time(site: Site, place: int, token: str | None = None) -> dict[str, Any]:
    """A page of two: at a place on Data Center, by a token on Cloud."""
    where: dict[str, Any] = {"nextPageToken": token} if site.model.cloud and token else {}
    path = "search/jql" if site.model.cloud else "search"
    if not site.model.cloud:
        where = {"startAt": place}
    asked = {"jql": BY_KEY, "fields": "key", "maxResults": 2, **where}
    page: dict[str, Any] = site.client().get(path, params=asked).json()
    return page


def permissions(site: Site) -> dict[str, bool]:
    names = "BROWSE_PROJECTS,EDIT_ISSUES,DELETE_ISSUES,LINK_ISSUES,SET_ISSUE_SECURITY"
    asked = {"projectKey": "TEST", "permissions": names}
    shown = site.client().get("mypermissions", params=asked).json()["permissions"]
    return {key: one["havePermission"] for key, one in shown.items()}


@pytest.mark.parametrize(("share", "left"), [(0.5, 3), (0.01, 5), (1, 0)])
def test_an_index_being_rebuilt_lacks_issues_that_are_read_by_id(site: Site, share: float, left: int) -> None:
    site.model.behaviour.index_rebuilding = share
    found = found_keys(site, BY_KEY)
    assert len(found) == left
    assert found_keys(site, BY_KEY) == found
    assert all(site.client().get(f"issue/{key}").status_code == 200 for key in TEST)
    site.model.behaviour.index_rebuilding = 0
    assert found_keys(site, BY_KEY) == TEST


def test_an_index_being_rebuilt_finds_what_it_is_told_to_reconcile(cloud: Site) -> None:
    cloud.model.behaviour.index_rebuilding = 1
    assert found_keys(cloud, BY_KEY, reconcileIssues=[cloud.model.issue("TEST-2").id]) == ["TEST-2"]


def test_a_cut_search_on_cloud_says_that_its_first_page_is_the_last(cloud: Site) -> None:
    cloud.model.behaviour.cut_pages = True
    page = two_at_a_time(cloud, 0)
    assert ([one["key"] for one in page["issues"]], page["isLast"]) == (TEST[:2], True)
    assert "nextPageToken" not in page
    counted = cloud.client().post("search/approximate-count", json={"jql": "project = TEST"}).json()
    assert counted == {"count": 6}


def test_a_cut_search_on_data_center_holds_less_than_its_total_promises(datacenter: Site) -> None:
    datacenter.model.behaviour.cut_pages = True
    pages = [two_at_a_time(datacenter, place) for place in (0, 2, 4)]
    assert [(len(page["issues"]), page["total"]) for page in pages] == [(2, 6), (0, 6), (0, 6)]


def test_a_repeated_token_leads_to_the_same_page_for_ever(cloud: Site) -> None:
    cloud.model.behaviour.repeated_token = True
    token = two_at_a_time(cloud, 0)["nextPageToken"]
    for _ in range(3):
        page = two_at_a_time(cloud, 2, token)
        assert ([one["key"] for one in page["issues"]], page["isLast"]) == (TEST[2:4], False)
        assert page["nextPageToken"] == token


def test_a_project_tells_its_security_levels(site: Site) -> None:
    client, path = site.client(), "project/TEST/securitylevel"
    assert client.get(path).json() == {"levels": []}
    site.model.behaviour.security_levels = ["Staff only", "Reporter only"]
    levels = client.get(path).json()["levels"]
    assert [one["name"] for one in levels] == ["Staff only", "Reporter only"]
    assert len({one["id"] for one in levels}) == 2
    assert client.get("project/NOPE/securitylevel").status_code == 404


def test_security_levels_are_told_only_to_who_may_set_them(site: Site) -> None:
    site.model.behaviour.security_levels = ["Staff only"]
    assert permissions(site)["SET_ISSUE_SECURITY"]
    site.model.behaviour.security_levels_withheld = True
    assert site.client().get("project/TEST/securitylevel").json() == {"levels": []}
    assert not permissions(site)["SET_ISSUE_SECURITY"]


def test_who_may_only_read_is_refused_every_write_but_searches(site: Site) -> None:
    comment = next(iter(site.model.issue("TEST-1").comments))
    site.model.behaviour.read_only = True
    client = site.client()
    for method, path, body in (
        ("POST", "issue", new_bug()),
        ("PUT", "issue/TEST-1", {"fields": {"summary": "x"}}),
        ("DELETE", "issue/TEST-1", None),
        ("POST", "issue/TEST-1/comment", {"body": "x"}),
        ("PUT", f"issue/TEST-1/comment/{comment}", {"body": "x"}),
        ("DELETE", f"issue/TEST-1/comment/{comment}", None),
        ("PUT", f"comment/{comment}/properties/p", 1),
        ("PUT", "issue/TEST-1/properties/p", 1),
        ("POST", "issue/TEST-1/remotelink", LINK),
        ("POST", "issue/TEST-1/transitions", {"transition": {"id": "11"}}),
        ("POST", "version", {"name": "9", "project": "TEST"}),
    ):
        answer = client.request(method, path, json=body)
        assert answer.status_code == 403
        assert "permission" in messages(answer)[0]
    assert client.put("issue/TEST-99", json={"fields": {}}).status_code == 404
    path, asked = ("search/jql" if site.model.cloud else "search"), {"jql": "project = TEST"}
    assert len(client.post(path, json=asked).json()["issues"]) == 6
    assert permissions(site)["BROWSE_PROJECTS"]
    assert not permissions(site)["EDIT_ISSUES"]


def test_who_may_not_delete_may_still_edit(site: Site) -> None:
    site.model.behaviour.delete_forbidden = True
    client = site.client()
    answer = client.delete("issue/TEST-1")
    assert (answer.status_code, "permission" in messages(answer)[0]) == (403, True)
    assert client.delete("issue/TEST-99").status_code == 404
    assert client.put("issue/TEST-1", json={"fields": {"summary": "x"}}).status_code == 204
    assert (permissions(site)["DELETE_ISSUES"], permissions(site)["EDIT_ISSUES"]) == (False, True)


def test_who_may_not_link_issues_sees_no_remote_links_and_changes_none(site: Site) -> None:
    link = site.model.add_remote_link("TEST-1", MARK, url="http://a/", title="A")
    site.model.behaviour.link_issues_forbidden = True
    path, asked = "issue/TEST-1/remotelink", {"globalId": MARK}
    client = site.client()
    answers = [
        client.get(path),
        client.get(f"{path}/{link.id}"),
        client.post(path, json=LINK),
        client.request("DELETE", path, params=asked),
        client.delete(f"{path}/{link.id}"),
    ]
    assert [one.status_code for one in answers] == [403] * 5
    assert client.get("issue/TEST-1").status_code == 200
    assert list(site.model.issue("TEST-1").remote_links) == [link.id]
    assert not permissions(site)["LINK_ISSUES"]
