"""Search: two deployments, one query language, and the ways in which it is not a list of what exists."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, messages


def keys(site: Site, jql: str, **options: Any) -> list[str]:
    """The keys that a query finds, in its order."""
    path = "search/jql" if site.model.cloud else "search"
    answer = site.client().get(path, params={"jql": jql, "fields": "key", "maxResults": 100, **options})
    assert answer.status_code == 200, answer.text
    return [one["key"] for one in answer.json()["issues"]]


def refusal(site: Site, jql: str) -> str:
    path = "search/jql" if site.model.cloud else "search"
    answer = site.client().get(path, params={"jql": jql})
    assert answer.status_code == 400, answer.text
    return messages(answer)[0]


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = TEST order by key", [1, 2, 3, 4, 5, 6]),
        ("project = 'test project' AND key <= TEST", None),
        ("project in (TEST, OTHER) and project != OTHER and project not in (OTHER) order by key asc", [1, 2, 3, 4, 5, 6]),
        ("PROJECT = test ORDER BY key DESC", [6, 5, 4, 3, 2, 1]),
        ("key in (TEST-1, test-3) order by key", [1, 3]),
        ("issuekey = TEST-2 or issue = TEST-4 order by id", [2, 4]),
        ("project = TEST and status = 'In Progress' order by key", [2, 6]),
        ("project = TEST and statusCategory = Done", [5]),
        ("project = TEST and statusCategory in (new, 'In Progress') order by key", [1, 2, 3, 4, 6]),
        ("project = TEST and issuetype = Improvement", [3]),
        ("project = TEST and type not in (Bug) order by key", [3, 6]),
        ("project = TEST and priority in (Highest, High) order by priority desc, key", [4, 1, 5]),
        ("project = TEST and resolution is empty order by key", [1, 2, 3, 4, 6]),
        ("project = TEST and resolution = Unresolved and priority = Highest", [4]),
        ("project = TEST and resolution in (Unresolved, Done) order by key", [1, 2, 3, 4, 5, 6]),
        ("project = TEST and resolution = Done", [5]),
        ("project = TEST and assignee is null", [3]),
        ("project = TEST and assignee is not EMPTY order by key", [1, 2, 4, 5, 6]),
        ("project = TEST and labels = REGRESSION", [1]),
        ("labels in (encoding, export) order by key", [1, 2]),
        ("project = TEST and labels != export", [2]),
        ("project = TEST and component = Search order by key", [3, 6]),
        ("project = TEST and component not in (Search, 'Import/Export') order by key", [4, 5]),
        ("project = TEST and fixVersion = 4.0", [6]),
        ("project = TEST and fixVersion is not empty order by key", [4, 5, 6]),
        ("project = TEST and affectedVersion = '2.1' order by key", [1, 4]),
        ("project = TEST and summary ~ 'umlauts'", [2]),
        ("project = TEST and summary ~ 'check* basket'", [4]),
        ('project = TEST and summary ~ "\\"last row\\""', [1]),
        ("project = TEST and text ~ flushed", [1]),
        ("project = TEST and summary !~ 'a' and not (status = Done) order by key", [2, 3, 4, 6]),
        ("project = TEST and (key = TEST-1 or key = TEST-2) and not key = TEST-2", [1]),
        ("project = TEST && (key = TEST-1 || key = TEST-2) && ! key = TEST-2", [1]),
    ],
)  # fmt: skip
def test_queries_find_what_they_say(site: Site, jql: str, found: list[int] | None) -> None:
    if found is None:
        assert "not supported" in refusal(site, jql)
    else:
        assert keys(site, jql) == [f"TEST-{number}" for number in found]


def test_people_are_named_as_their_deployment_does(site: Site) -> None:
    [reference] = site.person("olgap").values()
    assert keys(site, f"assignee = '{reference}' order by key") == ["TEST-4", "TEST-6"]
    assert keys(site, f"reporter = '{reference}'") == ["TEST-6"]


def test_ids_find_issues(site: Site) -> None:
    assert keys(site, f"id = {site.model.issue('TEST-2').id}") == ["TEST-2"]


def test_time_text_is_read_in_the_callers_time_zone_to_the_minute(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="At 13:05:26 in Berlin")
    assert keys(site, "updated >= '2025-07-24 13:05'") == ["TEST-1"]
    assert keys(site, "updated >= '2025/07/24 13:06'") == []
    assert keys(site, "project = TEST and updated > '2025-07-24'") == ["TEST-1"]
    assert "TEST-1" not in keys(site, "updated < '2025-07-24 13:05'")
    site.model.behaviour.time_zone = "UTC"
    assert keys(site, "updated >= '2025-07-24 13:05'") == []
    assert keys(site, "updated >= '2025-07-24 11:05' and updated <= '2025-07-24 11:06'") == ["TEST-1"]


def test_relative_times_count_from_now(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="Now")
    site.clock.pass_time(hours=1)
    assert keys(site, "updated >= -2h") == ["TEST-1"]
    assert keys(site, "updated >= -59m") == []
    assert keys(site, "updated >= '-1w 2d' and updated >= -61m") == ["TEST-1"]


def test_epoch_milliseconds_need_no_time_zone_where_they_are_known(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="Now")
    edge = 1753355126123
    if not site.model.cloud:
        assert "is invalid. Valid formats include" in refusal(site, f"updated >= {edge}")
        site.model.behaviour.epoch_literals = True
    assert keys(site, f"updated >= {edge}") == ["TEST-1"]
    assert keys(site, f"updated > {edge}") == []


@pytest.mark.parametrize(
    ("jql", "reason"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        (
            "project = TEST and status = Sleeping",
            "The value 'Sleeping' does not exist for the field 'status'.",
        ),
        ("fixVersion = 9.9", "The value '9.9' does not exist for the field 'fixVersion'."),
        ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
        ("key = TEST-999", "An issue with key 'TEST-999' does not exist for field 'key'."),
        ("nonsense = 1", "Field 'nonsense' does not exist or you do not have permission to view it."),
        ("project ~ TEST", "The operator '~' is not supported by the 'project' field."),
        ("updated = '2025-07-24'", "The operator '=' is not supported by the 'updated' field."),
        ("updated >= yesterday", "Date value 'yesterday' for field 'updated' is invalid."),
        ("project = TEST order by nonsense", "Not able to sort using field 'nonsense'."),
        ("project = TEST order by " + ", ".join(["key"] * 8), "must not have more than 7 fields"),
        ("assignee = currentUser()", "Unable to find JQL function 'currentUser()'."),
        ("project = ", "Error in the JQL Query: Expecting a value before the end of the query."),
        ("project TEST", "Error in the JQL Query: Expecting operator"),
        ("project = TEST TEST", "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'TEST'."),
        ("(project = TEST", "Error in the JQL Query: Expecting ')'"),
        ("project in TEST", "Error in the JQL Query: Expecting '('"),
        ("summary ~ 'open", "Error in the JQL Query: The character ''' is not expected here."),
        ("labels is 5", "Error in the JQL Query: Expecting 'EMPTY' or 'NULL'"),
        ("and = 1", "Error in the JQL Query: Expecting a field name"),
        ("project = TEST order key", "Error in the JQL Query: Expecting 'by' after 'order'."),
    ],
)
def test_queries_that_cant_be_answered_are_refused(site: Site, jql: str, reason: str) -> None:
    assert reason in refusal(site, jql)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_clouds_old_search_is_gone(cloud: Site, method: str) -> None:
    answer = cloud.client().request(method, "search", params={"jql": "project = TEST"})
    assert answer.status_code == 410
    gone = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    assert messages(answer) == [gone]


@pytest.mark.parametrize("jql", ["", "order by created desc"])
def test_cloud_refuses_queries_that_restrict_nothing(cloud: Site, jql: str) -> None:
    assert "Unbounded JQL queries are not allowed here" in refusal(cloud, jql)
    answer = cloud.client().post("search/approximate-count", json={"jql": jql})
    assert answer.status_code == 400


def test_data_center_answers_queries_that_restrict_nothing_newest_first(datacenter: Site) -> None:
    assert keys(datacenter, "")[:4] == ["OTHER-3", "OTHER-2", "OTHER-1", "TEST-6"]


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
    token = client.get("search/jql", params={"jql": "project = TEST", "maxResults": 2}).json()[
        "nextPageToken"
    ]
    for query in (
        {"jql": "project = OTHER", "nextPageToken": token},
        {"jql": "project = TEST", "nextPageToken": "x"},
    ):
        assert client.get("search/jql", params=query).status_code == 400


def test_cloud_gives_many_ids_but_few_issues_a_page(cloud: Site) -> None:
    for number in range(120):
        cloud.model.create(by="joeb", summary=f"Number {number}")
    client = cloud.client()
    asked = {"jql": "project = TEST", "maxResults": 5000}
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
    options: dict[str, Any] = (
        {"params": asked} if method == "GET" else {"json": {**asked, "fields": ["summary"]}}
    )
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
    found = keys(site, "project = TEST")
    assert (new in found, "TEST-2" in found) == (False, True)
    assert keys(site, "project = TEST and summary ~ edited") == []
    assert site.client().get("issue/TEST-1").json()["fields"]["summary"] == "Just edited"
    site.clock.pass_time(seconds=61)
    found = keys(site, "project = TEST")
    assert (new in found, "TEST-2" in found) == (True, False)
    assert keys(site, "project = TEST and summary ~ edited") == ["TEST-1"]


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
    found = keys(cloud, "project = TEST", reconcileIssues=[new.id, gone])
    assert (new.key in found, "TEST-2" in found) == (True, False)


def test_hidden_issues_and_projects_are_not_found(site: Site) -> None:
    site.model.behaviour.hidden_issues.add(site.model.issue("TEST-2").id)
    assert "TEST-2" not in keys(site, "project = TEST")
    assert "does not exist" in refusal(site, "key = TEST-2")
    site.model.behaviour.hidden_project = "TEST"
    assert "does not exist" in refusal(site, "project = TEST")


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
    assert cloud.client().get("search/jql", params=asked).json()["issues"][0]["properties"] == {
        "mirror": {"id": 5}
    }
