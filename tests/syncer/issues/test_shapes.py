"""Promises about values: what Jira's JSON is read as, and what is written for it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.values import Value
from syncer.issues.shapes import moment, observed, person_id, writable


def never(label: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("name", "held", "value"),
    [
        ("summary", "Broken", "Broken"),
        ("description", None, None),
        ("description", "", None),
        ("description", "  kept as it is \n", "  kept as it is \n"),
        ("status", {"id": "3", "name": "In Progress"}, "3"),
        ("resolution", None, None),
        ("priority", {"id": 4}, "4"),
        ("assignee", {"accountId": "abc", "displayName": "Anna"}, "abc"),
        ("assignee", {"name": "annak", "key": "JIRAUSER1"}, "annak"),
        ("assignee", None, None),
        ("versions", [{"id": "2"}, {"id": "1"}], frozenset({"1", "2"})),
        ("fixVersions", [], frozenset()),
        ("components", None, frozenset()),
        ("labels", ["a", "b"], frozenset({"a", "b"})),
        ("customfield_1", "text", "text"),
        ("customfield_1", 5, "5"),
        ("customfield_1", 5.0, "5"),
        ("customfield_1", 0.1, "0.1"),
        ("customfield_1", True, "true"),
        ("customfield_1", "2025-07-24", "2025-07-24"),
        ("customfield_1", {"value": "Major", "id": "1"}, "Major"),
        ("customfield_1", {"displayName": "Anna", "accountId": "abc"}, "Anna"),
        ("customfield_1", [{"value": "iOS"}, {"value": "Linux"}], "iOS, Linux"),
        ("customfield_1", [], None),
    ],
)
def test_each_shape_is_read_as_its_value(name: str, held: Any, value: Value) -> None:
    assert observed({name: held, "other": 1}, {name}, never) == {name: value}


def test_what_is_not_there_or_has_no_text_is_not_observed() -> None:
    assert observed({"customfield_1": {"odd": 1}}, {"customfield_1", "summary"}, never) == {}


def test_our_own_label_is_no_value() -> None:
    assert observed({"labels": ["ours", "theirs"]}, {"labels"}, "ours".__eq__) == {"labels": frozenset({"theirs"})}


@pytest.mark.parametrize(
    ("name", "value", "cloud", "json"),
    [
        ("summary", "Broken", True, "Broken"),
        ("description", None, True, None),
        ("priority", "3", True, {"id": "3"}),
        ("priority", None, True, None),
        ("assignee", "abc", True, {"accountId": "abc"}),
        ("assignee", "annak", False, {"name": "annak"}),
        ("assignee", None, True, {"accountId": None}),
        ("versions", frozenset({"2", "1"}), True, [{"id": "1"}, {"id": "2"}]),
        ("versions", None, True, []),
        ("labels", frozenset({"b", "a"}), True, ["a", "b"]),
        ("customfield_1", "text", True, "text"),
        ("customfield_2", "Major", True, {"value": "Major"}),
        ("customfield_3", "5", True, 5.0),
        ("customfield_3", "five", True, "five"),
        ("customfield_2", None, True, None),
    ],
)
def test_each_value_is_written_in_the_shape_of_its_field(name: str, value: Value, cloud: bool, json: Any) -> None:
    kinds = {"customfield_2": "option", "customfield_3": "number"}
    assert writable({name: value}, cloud=cloud, kinds=kinds) == {name: json}


def test_jira_s_times_are_read_with_their_zone() -> None:
    assert moment("2025-07-24T13:05:26.123+0200") == datetime(2025, 7, 24, 11, 5, 26, 123000, tzinfo=UTC)


def test_nobody_has_no_id() -> None:
    assert person_id(None) is None
