"""Promises about values: what Jira's JSON is read as, and what is written for it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.values import Value, Values, page_of, rendered
from syncer.issues.fields import BUILT_IN, Kind, custom_kind
from syncer.issues.shapes import moment, observed, person_id, writable

PAGE = "https://people.example/browse/TEST-1"
CUSTOM = "customfield_1"


def plugin(name: str) -> str:
    return f"com.atlassian.jira.plugin.system.customfieldtypes:{name}"


SCHEMAS: Mapping[str, Any] = {
    "line": {"type": "string", "custom": plugin("textfield")},
    "area": {"type": "string", "custom": plugin("textarea")},
    "number": {"type": "number"},
    "date": {"type": "date"},
    "time": {"type": "datetime"},
    "option": {"type": "option"},
    "options": {"type": "array", "items": "option"},
    "cascade": {"type": "option-with-child"},
    "user": {"type": "user"},
    "labels": {"type": "array", "items": "string", "custom": plugin("labels")},
}


def custom(schema: str) -> Kind:
    kind = custom_kind(SCHEMAS[schema])
    assert kind is not None
    return kind


def read(issue: dict[str, Any], kinds: Mapping[str, Kind], mark: str = "ours") -> Values:
    return observed(issue, kinds, mark.__eq__, PAGE)


@pytest.mark.parametrize(
    ("name", "held", "value"),
    [
        ("summary", "Broken", "Broken"),
        ("description", None, None),
        ("description", "", None),
        ("environment", "  kept as it is \n", "  kept as it is \n"),
        ("status", {"id": "3", "name": "In Progress"}, "3"),
        ("resolution", None, None),
        ("priority", {"id": 4}, "4"),
        ("assignee", {"accountId": "abc", "displayName": "Anna"}, "abc"),
        ("reporter", {"name": "annak", "key": "JIRAUSER1"}, "annak"),
        ("creator", None, None),
        ("versions", [{"id": "2"}, {"id": "1"}], frozenset({"1", "2"})),
        ("fixVersions", [], frozenset()),
        ("components", None, frozenset()),
        ("labels", ["a", "ours", "b"], frozenset({"a", "b"})),
        ("duedate", "2026-11-22", "2026-11-22"),
        ("duedate", None, None),
        ("created", "2026-11-22T15:03:05.987+0100", "2026-11-22T14:03:05Z"),
        ("updated", "2026-11-22T00:03:05.000-0930", "2026-11-22T09:33:05Z"),
    ],
)
def test_each_built_in_field_is_read_as_its_value(name: str, held: Any, value: Value) -> None:
    assert read({"fields": {name: held, "other": 1}}, {name: BUILT_IN[name]}) == {name: value}


@pytest.mark.parametrize(
    ("schema", "held", "value"),
    [
        ("line", "text", "text"),
        ("line", "", None),
        ("area", "line\r\nline", "line\r\nline"),
        ("number", 5, "5"),
        ("number", 5.0, "5"),
        ("number", 0.1, "0.1"),
        ("number", -0.0, "0"),
        ("number", -2.5, "-2.5"),
        ("number", 1e-7, "0.0000001"),
        ("number", 1e16, "10000000000000000"),
        ("number", None, None),
        ("date", "2025-07-24", "2025-07-24"),
        ("time", "2026-11-22T14:03:05.000+0000", "2026-11-22T14:03:05Z"),
        ("time", None, None),
        ("option", {"value": "Major", "id": "10511"}, "10511"),
        ("option", None, None),
        ("options", [{"value": "iOS", "id": "2"}, {"value": "Linux", "id": "1"}], frozenset({"1", "2"})),
        ("options", None, frozenset()),
        ("cascade", {"id": "10600", "value": "Europe"}, "10600"),
        ("cascade", {"id": "10600", "child": {"id": "10601", "value": "Germany"}}, "10600/10601"),
        ("cascade", {"id": "10600", "child": None}, "10600"),
        ("cascade", None, None),
        ("user", {"displayName": "Anna", "accountId": "abc"}, "abc"),
        ("user", {"displayName": "Anna", "name": "annak"}, "annak"),
        ("labels", ["ours", "b"], frozenset({"ours", "b"})),
        ("labels", None, frozenset()),
    ],
)
def test_each_custom_field_is_read_as_its_schema_says(schema: str, held: Any, value: Value) -> None:
    assert read({"fields": {CUSTOM: held}}, {CUSTOM: custom(schema)}) == {CUSTOM: value}


@pytest.mark.parametrize(
    ("schema", "held"),
    [
        ("line", 5),
        ("line", {"value": "x"}),
        ("number", "5"),
        ("number", True),
        ("number", float("inf")),
        ("number", float("nan")),
        ("date", "24/Jul/25"),
        ("date", 20250724),
        ("time", "2026-11-22"),
        ("time", "2026-11-22T14:03:05"),
        ("time", "9999-12-31T23:59:59.000-1200"),
        ("option", "Major"),
        ("option", {"value": "Major"}),
        ("options", {"id": "1"}),
        ("options", [{"value": "iOS"}]),
        ("cascade", ["10600"]),
        ("user", {"displayName": "Nobody's account"}),
        ("user", "annak"),
        ("labels", "one"),
        ("labels", [1]),
    ],
)
def test_a_value_that_is_not_in_its_field_s_form_is_not_observed(schema: str, held: Any) -> None:
    assert read({"fields": {CUSTOM: held}}, {CUSTOM: custom(schema), "summary": BUILT_IN["summary"]}) == {}


@pytest.mark.parametrize(
    "schema",
    [{"type": "any"}, {"type": "array", "items": "json"}, {"type": "sd-approvals"}, {"type": "array"}, {}, {"type": 3}],
)
def test_a_custom_field_of_an_unknown_type_is_nothing_that_can_be_mirrored(schema: Any) -> None:
    assert custom_kind(schema) is None


def test_a_text_knows_its_page_and_a_rich_one_its_html() -> None:
    issue = {
        "fields": {"summary": "*S*", "description": "*D*", "environment": "*E*", CUSTOM: "*C*", "customfield_2": "*L*"},
        "renderedFields": {
            "summary": "<b>S</b>", "description": "<b>D</b>", "environment": None, CUSTOM: "<b>C</b>",
            "customfield_2": "<b>L</b>",
        },
    }  # fmt: skip
    kinds = {**BUILT_IN, CUSTOM: custom("area"), "customfield_2": custom("line")}
    values = read(issue, kinds)
    html = {"summary": None, "description": "<b>D</b>", "environment": None, CUSTOM: "<b>C</b>", "customfield_2": None}
    assert {name: rendered(value) for name, value in values.items()} == html
    assert {page_of(value) for value in values.values()} == {PAGE}
    assert values["description"] == "*D*"


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
        ("duedate", "2026-11-22", True, "2026-11-22"),
        ("line", "text", True, "text"),
        ("number", "5", True, 5),
        ("number", "-2.50", True, -2.5),
        ("number", "five", True, "five"),
        ("number", "NaN", True, "NaN"),
        ("number", "1e400", True, "1e400"),
        ("time", "2026-11-22T14:03:05Z", True, "2026-11-22T14:03:05.000+0000"),
        ("time", "2026-11-22T15:03:05+01:00", True, "2026-11-22T14:03:05.000+0000"),
        ("time", "soon", True, "soon"),
        ("option", "10511", True, {"id": "10511"}),
        ("option", None, True, None),
        ("options", frozenset({"2", "1"}), True, [{"id": "1"}, {"id": "2"}]),
        ("cascade", "10600", True, {"id": "10600"}),
        ("cascade", "10600/10601", True, {"id": "10600", "child": {"id": "10601"}}),
        ("cascade", None, True, None),
        ("user", "abc", True, {"accountId": "abc"}),
        ("user", "annak", False, {"name": "annak"}),
        ("user", None, False, None),
        ("labels", None, True, []),
        ("customfield_99999", "of no known kind", True, "of no known kind"),
    ],
)
def test_each_value_is_written_in_the_form_of_its_field(name: str, value: Value, cloud: bool, json: Any) -> None:
    kinds = {**BUILT_IN, **{schema: custom(schema) for schema in SCHEMAS if schema != "labels"}}
    sent = writable({name: value}, cloud=cloud, kinds=kinds)
    assert (sent, type(sent[name])) == ({name: json}, type(json))


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70))
def test_every_number_comes_back_as_itself(number: float) -> None:
    kinds = {CUSTOM: custom("number")}
    text = read({"fields": {CUSTOM: number}}, kinds)[CUSTOM]
    assert isinstance(text, str)
    assert not {"e", "E"} & set(text), "without an exponent"
    assert Decimal(text) == Decimal(repr(number))
    sent = writable({CUSTOM: text}, cloud=True, kinds=kinds)[CUSTOM]
    assert float(sent) == float(number)


@given(st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1), timezones=st.timezones()))
def test_every_moment_is_kept_to_the_second(when: datetime) -> None:
    kinds = {CUSTOM: custom("time")}
    text = read({"fields": {CUSTOM: when.isoformat()}}, kinds)[CUSTOM]
    sent = writable({CUSTOM: text}, cloud=True, kinds=kinds)[CUSTOM]
    assert moment(sent) == when.astimezone(UTC).replace(microsecond=0)
    assert read({"fields": {CUSTOM: sent}}, kinds)[CUSTOM] == text


def test_jira_s_times_are_read_with_their_zone() -> None:
    assert moment("2025-07-24T13:05:26.123+0200") == datetime(2025, 7, 24, 11, 5, 26, 123000, tzinfo=UTC)


def test_nobody_has_no_id() -> None:
    assert person_id(None) is None
