"""Search: one query language, two deployments, and no list of what exists."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, found_keys, jql_refusal, messages


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_clouds_old_search_is_gone(cloud: Site, method: str) -> None:
    answer = cloud.client().request(method, "search", params={"jql": "project = TEST"})
    assert answer.status_code == 410
    gone = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    assert messages(answer) == [gone]


@pytest.mark.parametrize("jql", ["", "order by created desc"])
def test_cloud_refuses_queries_that_restrict_nothing(cloud: Site, jql: str) -> None:
    assert "Unbounded JQL queries are not allowed here" in jql_refusal(cloud, jql)
    answer = cloud.client().post("search/approximate-count", json={"jql": jql})
    assert answer.status_code == 400


def test_data_center_answers_queries_that_restrict_nothing_newest_first(datacenter: Site) -> None:
    assert found_keys(datacenter, "")[:4] == ["OTHER-3", "OTHER-2", "OTHER-1", "TEST-6"]


def test_clouds_search_gives_ids_only_unless_more_is_asked_for(cloud: Site) -> None:
    found = cloud.client().get("search/jql", params={"jql": "key = TEST-1"}).json()
    assert found == {"issues": [{"id": cloud.model.issue("TEST-1").id}], "isLast": True}


def test_cloud_pages_by_token_without_a_total(cloud: Site) -> None:
    client = cloud.client()
    asked: dict[str, Any] = {"jql": "project = TEST order by key", "fields": ["key"], "maxResults": 4}
    first = client.post("search/jql", json=asked).json()
    assert (len(first["issues"]), first["isLast"]) == (4, False)
    assert {"total", "startAt"}.isdisjoint(first)
    last = client.post("search/jql", json={**asked, "nextPageToken": first["nextPageToken"]}).json()
    assert [one["key"] for one in last["issues"]] == ["TEST-5", "TEST-6"]
    assert (last["isLast"], "nextPageToken" in last) == (True, False)


def test_a_page_token_belongs_to_its_query(cloud: Site) -> None:
    client = cloud.client()
    token = client.get("search/jql", params={"jql": "project = TEST", "maxResults": 2}).json()["nextPageToken"]
    for query in (
        {"jql": "project = OTHER", "nextPageToken": token},
        {"jql": "project = TEST", "nextPageToken": "x"},
    ):
        assert client.get("search/jql", params=query).status_code == 400


def test_cloud_gives_many_ids_but_few_issues_a_page(cloud: Site) -> None:
    for number in range(120):
        cloud.model.create(by="joeb", summary=f"Number {number}")
    client = cloud.client()
    asked: dict[str, str | int] = {"jql": "project = TEST", "maxResults": 5000}
    assert len(client.get("search/jql", params=asked).json()["issues"]) == 126
    full = client.get("search/jql", params={**asked, "fields": "summary"}).json()
    assert (len(full["issues"]), full["isLast"]) == (100, False)
    assert client.get("search/jql", params={**asked, "maxResults": 5001}).status_code == 400


def test_clouds_search_refuses_members_it_doesnt_know(cloud: Site) -> None:
    answer = cloud.client().post("search/jql", json={"jql": "project = TEST", "startAt": 0})
    assert answer.status_code == 400
    assert 'Unrecognized field "startAt"' in messages(answer)[0]


def test_cloud_counts_approximately(cloud: Site) -> None:
    answer = cloud.client().post("search/approximate-count", json={"jql": "project in (TEST, OTHER)"})
    assert answer.json() == {"count": 9}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_data_center_pages_by_position_with_a_total(datacenter: Site, method: str) -> None:
    asked: dict[str, Any] = {"jql": "project = TEST order by key", "startAt": 4, "maxResults": 4}
    options: dict[str, Any] = {"params": asked} if method == "GET" else {"json": {**asked, "fields": ["summary"]}}
    found = datacenter.client().request(method, "search", **options).json()
    assert (found["total"], found["startAt"], found["maxResults"]) == (6, 4, 4)
    assert [one["key"] for one in found["issues"]] == ["TEST-5", "TEST-6"]
    assert ("comment" in found["issues"][0]["fields"], "summary" in found["issues"][0]["fields"]) == (
        False,
        True,
    )


def test_pages_can_be_smaller_than_asked_for(site: Site) -> None:
    site.model.behaviour.page_cap = 2
    client = site.client()
    path = "search/jql" if site.model.cloud else "search"
    page = client.get(path, params={"jql": "project = TEST", "maxResults": 50}).json()
    assert len(page["issues"]) == 2
    for number in range(3):
        site.model.comment("TEST-3", by="joeb", body=f"Remark {number}")
    comments = client.get("issue/TEST-3/comment").json()
    assert (len(comments["comments"]), comments["total"]) == (2, 3)
    assert len(client.get("user/assignable/search", params={"project": "TEST"}).json()) == 2


def test_search_lags_behind_what_reads_by_id_show(site: Site) -> None:
    site.model.behaviour.search_lag_seconds = 60
    site.clock.pass_time(hours=1)
    new = site.model.create(by="joeb", summary="Brand new").key
    site.model.edit("TEST-1", by="joeb", summary="Just edited")
    site.model.delete("TEST-2")
    found = found_keys(site, "project = TEST")
    assert (new in found, "TEST-2" in found) == (False, True)
    assert found_keys(site, "project = TEST and summary ~ edited") == []
    assert site.client().get("issue/TEST-1").json()["fields"]["summary"] == "Just edited"
    site.clock.pass_time(seconds=61)
    found = found_keys(site, "project = TEST")
    assert (new in found, "TEST-2" in found) == (True, False)
    assert found_keys(site, "project = TEST and summary ~ edited") == ["TEST-1"]


def test_a_lagging_search_shows_old_content(site: Site) -> None:
    old = site.model.issue("TEST-1").text("summary")
    site.model.behaviour.search_lag_seconds = 60
    site.clock.pass_time(hours=1)
    site.model.edit("TEST-1", by="joeb", summary="New")
    path = "search/jql" if site.model.cloud else "search"
    found = site.client().get(path, params={"jql": "key = TEST-1", "fields": "summary"}).json()["issues"]
    assert found[0]["fields"]["summary"] == old


def test_reconciled_ids_are_found_as_they_are_now(cloud: Site) -> None:
    cloud.model.behaviour.search_lag_seconds = 60
    cloud.clock.pass_time(hours=1)
    new = cloud.model.create(by="joeb", summary="Brand new")
    gone = cloud.model.issue("TEST-2").id
    cloud.model.delete("TEST-2")
    found = found_keys(cloud, "project = TEST", reconcileIssues=[new.id, gone])
    assert (new.key in found, "TEST-2" in found) == (True, False)


def test_hidden_issues_and_projects_are_not_found(site: Site) -> None:
    site.model.behaviour.hidden_issues.add(site.model.issue("TEST-2").id)
    assert "TEST-2" not in found_keys(site, "project = TEST")
    assert "does not exist" in jql_refusal(site, "key = TEST-2")
    site.model.behaviour.hidden_project = "TEST"
    assert "does not exist" in jql_refusal(site, "project = TEST")


def test_search_puts_the_twenty_newest_comments_into_an_issue(site: Site) -> None:
    for number in range(25):
        site.model.comment("TEST-3", by="joeb", body=f"Remark {number}")
        site.model.edit("TEST-3", by="joeb", summary=f"Summary {number}")
    path = "search/jql" if site.model.cloud else "search"
    asked = {"jql": "key = TEST-3", "fields": "comment", "expand": "changelog,renderedFields"}
    shown = site.client().get(path, params=asked).json()["issues"][0]
    comment = shown["fields"]["comment"]
    assert (comment["total"], len(comment["comments"]), comment["comments"][-1]["body"]) == (
        25,
        20,
        "Remark 24",
    )
    assert shown["renderedFields"]["comment"]["comments"][-1]["body"] == "<p>Remark 24</p>"
    assert len(shown["changelog"]["histories"]) == (20 if site.model.cloud else 25)
    assert len(site.client().get("issue/TEST-3").json()["fields"]["comment"]["comments"]) == 25


def test_search_answers_properties(cloud: Site) -> None:
    cloud.client().put("issue/TEST-1/properties/mirror", json={"id": 5})
    asked = {"jql": "key = TEST-1", "fields": "key", "properties": "mirror"}
    assert cloud.client().get("search/jql", params=asked).json()["issues"][0]["properties"] == {"mirror": {"id": 5}}
