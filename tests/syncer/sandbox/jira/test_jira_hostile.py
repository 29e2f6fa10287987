"""Whatever is sent, the sandbox answers like a server: with an answer or a refusal, never with a crash."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncer.sandbox.jira.fields import FIELDS
from tests.syncer.sandbox.jira.jira_server import Host, new_site

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
NAMES = st.sampled_from(["id", "name", "key", "value", "accountId", "set", "add", "remove", "title", "url", "type"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=5,
)
MEMBERS = [
    "fields",
    "update",
    "properties",
    "transition",
    "object",
    "globalId",
    "body",
    "visibility",
    "jql",
    "expand",
]
MORE_MEMBERS = [
    "nextPageToken",
    "maxResults",
    "reconcileIssues",
    "issueIdsOrKeys",
    "issueUpdates",
    "ids",
    "name",
    "project",
]
FIELD_VALUES = st.dictionaries(st.sampled_from([field.id for field in FIELDS]), ANYTHING, max_size=4)
BODIES = st.one_of(
    st.fixed_dictionaries({"fields": FIELD_VALUES}, optional={"update": FIELD_VALUES, "properties": ANYTHING}),
    st.dictionaries(st.sampled_from(MEMBERS + MORE_MEMBERS), ANYTHING, max_size=4),
    ANYTHING,
)
TARGETS = st.sampled_from(
    [
        ("POST", "issue"), ("PUT", "issue/TEST-1"), ("POST", "issue/bulk"), ("POST", "issue/bulkfetch"),
        ("POST", "issue/TEST-1/comment"), ("POST", "issue/TEST-1/remotelink"), ("POST", "component"),
        ("POST", "issue/TEST-1/transitions"), ("POST", "search/jql"), ("POST", "search"), ("POST", "version"),
        ("POST", "search/approximate-count"), ("POST", "comment/list"), ("PUT", "version/10200"),
        ("POST", "version/10201/removeAndSwap"),
    ]
)  # fmt: skip
WORDS = st.lists(
    st.sampled_from(
        ["project", "TEST", "=", "!=", "in", "not", "(", ")", "and", "or", "updated", ">=", "-1d", "order",
         "by", "key", "is", "empty", '"2025-07-24"', "99999999999999999", "-9999999999w", "0001-01-01", "'",
         "~", ",", "summary"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_no_body_crashes_it(host: Host, deployment: Any) -> None:
    site = new_site(host, deployment)
    client = site.client()

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(TARGETS, BODIES)
    def send(target: tuple[str, str], body: Any) -> None:
        method, path = target
        assert client.request(method, path, json=body).status_code < 500

    send()
    site.close()


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_no_query_crashes_it(host: Host, deployment: Any) -> None:
    site = new_site(host, deployment)
    client = site.client()

    @given(st.one_of(WORDS, st.text(max_size=30)))
    def search(jql: str) -> None:
        path = "search/jql" if deployment == "cloud" else "search"
        assert client.get(path, params={"jql": jql}).status_code in (200, 400)

    search()
    site.close()
