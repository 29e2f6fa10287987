"""The query language: what each word finds, and what is refused."""

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, found_keys, jql_refusal


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = TEST order by key", [1, 2, 3, 4, 5, 6]),
        ("project = 'test project' AND key <= TEST", None),
        ("project in (TEST, OTHER) and project != OTHER order by key asc", [1, 2, 3, 4, 5, 6]),
        ("project not in (OTHER) order by key", [1, 2, 3, 4, 5, 6]),
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
        assert "not supported" in jql_refusal(site, jql)
    else:
        assert found_keys(site, jql) == [f"TEST-{number}" for number in found]


def test_people_are_named_as_their_deployment_does(site: Site) -> None:
    [reference] = site.person("olgap").values()
    assert found_keys(site, f"assignee = '{reference}' order by key") == ["TEST-4", "TEST-6"]
    assert found_keys(site, f"reporter = '{reference}'") == ["TEST-6"]


def test_ids_find_issues(site: Site) -> None:
    assert found_keys(site, f"id = {site.model.issue('TEST-2').id}") == ["TEST-2"]


def test_time_text_is_read_in_the_callers_time_zone_to_the_minute(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="At 13:05:26 in Berlin")
    assert found_keys(site, "updated >= '2025-07-24 13:05'") == ["TEST-1"]
    assert found_keys(site, "updated >= '2025/07/24 13:06'") == []
    assert found_keys(site, "project = TEST and updated > '2025-07-24'") == ["TEST-1"]
    assert "TEST-1" not in found_keys(site, "updated < '2025-07-24 13:05'")
    site.model.behaviour.time_zone = "UTC"
    assert found_keys(site, "updated >= '2025-07-24 13:05'") == []
    assert found_keys(site, "updated >= '2025-07-24 11:05' and updated <= '2025-07-24 11:06'") == ["TEST-1"]


def test_relative_times_count_from_now(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="Now")
    site.clock.pass_time(hours=1)
    assert found_keys(site, "updated >= -2h") == ["TEST-1"]
    assert found_keys(site, "updated >= -59m") == []
    assert found_keys(site, "updated >= '-1w 2d' and updated >= -61m") == ["TEST-1"]


def test_epoch_milliseconds_need_no_time_zone_where_they_are_known(site: Site) -> None:
    site.model.edit("TEST-1", by="joeb", summary="Now")
    edge = 1753355126123
    if not site.model.cloud:
        assert "is invalid. Valid formats include" in jql_refusal(site, f"updated >= {edge}")
        site.model.behaviour.epoch_literals = True
    assert found_keys(site, f"updated >= {edge}") == ["TEST-1"]
    assert found_keys(site, f"updated > {edge}") == []


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
    assert reason in jql_refusal(site, jql)
