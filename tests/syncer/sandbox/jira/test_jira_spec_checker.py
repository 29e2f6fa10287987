"""The checker knows what Atlassian's document knows, forgives four things, and nothing else."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.jira_spec import ABSENT, SpecChecker
from tests.syncer.sandbox.jira.jira_server import SPEC

RECORDED = Path(__file__).parents[5] / "shared" / "recorded" / "jira-cloud-v2-sample.json"


@pytest.fixture
def spec() -> SpecChecker:
    if SPEC is None:
        pytest.skip(ABSENT)
    return SPEC


def test_without_the_document_there_is_no_checker(tmp_path: Path) -> None:
    assert SpecChecker.load(tmp_path / "absent.json") is None


def test_real_exchanges_are_accepted(spec: SpecChecker) -> None:
    """All but one: its client sends a transition's id as a number."""
    if not RECORDED.exists():
        pytest.skip(f"The recorded exchanges aren't there: {RECORDED}")
    refused = []
    for exchange in json.loads(RECORDED.read_text(encoding="utf-8")):
        request, response = exchange["request"], exchange["response"]
        url = request["url"]
        spec.check_response(request["method"], url, response["status"]["code"], response["body"])
        try:
            spec.check_request(request["method"], url, parse_qsl(urlsplit(url).query), request["body"])
        except AssertionError as problem:
            refused.append(str(problem))
    assert len(refused) == 1
    assert "transition.id: 41 is not of type 'string'" in refused[0]


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "reason"),
    [
        ("GET", "/rest/api/2/nonsense", {}, None, "knows no GET"),
        ("PATCH", "/rest/api/2/issue/A-1", {}, None, "knows no PATCH"),
        ("GET", "/rest/api/2/search/jql", {"startAt": 5}, None, "no parameter 'startAt'"),
        ("GET", "/rest/api/2/search/jql", {"maxResults": "many"}, None, "'many' is not of type 'integer'"),
        ("GET", "/rest/api/2/search/jql", {"maxResults": 2**40}, None, "is not a 'int32'"),
        (
            "GET",
            "/rest/api/2/search/jql",
            {"reconcileIssues": ["A-1"]},
            None,
            "'A-1' is not of type 'integer'",
        ),
        ("GET", "/rest/api/2/search/jql", [("jql", "a"), ("jql", "b")], None, "sent 2 times"),
        ("GET", "/rest/api/2/issue/A-1/comment", {"orderBy": "author"}, None, "is not one of"),
        ("DELETE", "/rest/api/2/issue/A-1/remotelink", {}, None, "needs the parameter 'globalId'"),
        ("GET", "/rest/api/2/myself", {}, {}, "takes no body"),
        ("POST", "/rest/api/2/issue", {}, None, "needs a body"),
        ("POST", "/rest/api/2/search/jql", {}, {"startAt": 0}, "'startAt' was unexpected"),
        (
            "POST",
            "/rest/api/2/issue/bulkfetch",
            {},
            {"fields": []},
            "'issueIdsOrKeys' is a required property",
        ),
        (
            "POST",
            "/rest/api/2/issue/A-1/remotelink",
            {},
            {"object": {"url": "http://a/"}},
            "'title' is a required property",
        ),
        ("POST", "/rest/api/2/issue", {}, {"properties": [{"key": 5}]}, "5 is not of type 'string'"),
        ("POST", "/rest/api/2/version", {}, {"projectId": "10000"}, "'10000' is not of type 'integer'"),
    ],
)
def test_requests_that_jira_would_not_know_are_refused(
    spec: SpecChecker, method: str, path: str, query: Any, body: Any, reason: str
) -> None:
    with pytest.raises(AssertionError) as refused:
        spec.check_request(method, path, query, body)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "http://host/jira/rest/api/2/search/jql", {"fields": "a,b", "reconcileIssues": [1, 2]}, None),
        ("GET", "/rest/api/2/issue/A-1", [("fields", "a"), ("fields", "b")], None),
        ("PUT", "/rest/api/2/issue/A-1", {"notifyUsers": False}, {"fields": {"summary": "x"}, "update": {}}),
        (
            "POST",
            "/rest/api/2/issue/A-1/comment",
            {},
            {"body": "x", "properties": [{"key": "k", "value": 1}]},
        ),
        ("PUT", "/rest/api/2/issue/A-1/properties/k", {}, [1, 2]),
        ("GET", "/rest/agile/1.0/board", {"anything": 1}, None),
    ],
)
def test_requests_that_jira_knows_are_accepted(
    spec: SpecChecker, method: str, path: str, query: Any, body: Any
) -> None:
    spec.check_request(method, path, query, body)


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "reason"),
    [
        ("GET", "/rest/api/2/issue/A-1", 200, {"id": 5}, "id: 5 is not of type 'string'"),
        ("GET", "/rest/api/2/issue/A-1", 201, {}, "the document knows 200"),
        ("GET", "/rest/api/2/serverInfo", 200, {"serverTime": "noon"}, "is not a 'date-time'"),
        ("GET", "/rest/api/2/myself", 200, {"self": "nowhere"}, "is not a 'uri'"),
        ("GET", "/rest/api/2/project/A/statuses", 200, [{"id": "1"}], "is a required property"),
        ("GET", "/rest/api/2/issue/A-1/remotelink", 200, [{"id": "1"}], "0.id: '1' is not of type 'integer'"),
        (
            "POST",
            "/rest/api/2/issue",
            400,
            {"errorMessages": "bad", "errors": {}},
            "'bad' is not of type 'array'",
        ),
        ("GET", "/rest/api/2/version/1", 200, {"releaseDate": "soon"}, "is not a 'date'"),
    ],
)
def test_answers_that_jira_would_not_give_are_refused(
    spec: SpecChecker, method: str, path: str, status: int, body: Any, reason: str
) -> None:
    with pytest.raises(AssertionError) as refused:
        spec.check_response(method, path, status, body)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/rest/api/2/serverInfo", 200, {"serverTime": "2025-07-24T13:05:26.000+0200"}),
        ("GET", "/rest/api/2/serverInfo", 200, {"undocumented": 1}),
        ("PUT", "/rest/api/2/issue/A-1", 204, None),
        ("GET", "/rest/agile/1.0/board", 200, "anything"),
        ("GET", "/rest/api/2/issue/A-1/remotelink", 200, [{"id": 1}]),
        (
            "GET",
            "/rest/api/2/issue/A-1/changelog",
            200,
            {"values": [{"items": [{"from": None, "toString": "x"}]}]},
        ),
        ("GET", "/rest/api/2/issue/A-1", 503, None),
    ],
)
def test_harmless_differences_are_forgiven(spec: SpecChecker, method: str, path: str, status: int, body: Any) -> None:
    spec.check_response(method, path, status, body)
