"""Requests are counted by what they ask, not by the record that they ask it of."""

import pytest

from bench.routes import counted, template

GUID = "6F9a3aed-0e88-4dfd-b441-55fbf5899b5e"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (f"/EnterpriseTester/api/incident/{GUID}", "/api/incident/{id}"),
        (f"/enterprisetester/api/incident/{GUID}/comments", "/api/incident/{id}/comments"),
        ("/rest/api/2/issue/20100/comment/30100", "/issue/{id}/comment/{id}"),
        ("/rest/api/2/issue/TEST-7?fields=summary", "/issue/{id}"),
        ("/rest/api/2/issue/bulk", "/issue/bulk"),
        ("/rest/api/2/search/jql", "/search/jql"),
        ("/rest/api/2/issue/20100/properties/syncer-lab", "/issue/{id}/properties/syncer-lab"),
    ],
)
def test_a_route_has_no_ids_no_query_and_no_root(path: str, route: str) -> None:
    assert template(path) == route


def test_the_most_frequent_route_comes_first() -> None:
    asked = [
        ("GET", "/rest/api/2/field"),
        ("PUT", "/rest/api/2/issue/1"),
        ("PUT", "/rest/api/2/issue/TEST-2?notify=no"),
    ]
    assert list(counted(asked).items()) == [("PUT /issue/{id}", 2), ("GET /field", 1)]
