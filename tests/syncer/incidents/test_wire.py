"""A custom field's value is the same in every form that a server may give it, and is written as it was seen."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.values import Value
from syncer.incidents import wire
from syncer.incidents.custom import CustomField, applies, defined, kind_of, on_form
from syncer.incidents.scalars import number
from syncer.incidents.values import CustomFields, left_as_it_was

PLATFORMS = CustomField("P", "P", "choices", paths=(("Windows",), ("Linux",), ("Red, white; blue",), ("Red",)))
REGION = CustomField("R", "R", "cascade", paths=(("Europe",), ("Europe", "Germany"), ("A/C",), ("A/C", "On, off")))
RISK = CustomField("K", "K", "choice", paths=(("Low",), ("High",)))
DATE, NUMBER = CustomField("D", "D", "date"), CustomField("N", "N", "number")
CHECKBOX, TEXT = CustomField("C", "C", "checkbox"), CustomField("T", "T")

PICKED = frozenset({"Windows", "Red, white; blue"})
READ: list[tuple[CustomField, Any, Value]] = [
    (PLATFORMS, ["Windows", "Red, white; blue"], PICKED),
    (PLATFORMS, "Windows, Red, white; blue", PICKED),
    (PLATFORMS, "red, white; blue;windows", PICKED),
    (PLATFORMS, [{"Value": "Windows"}, {"Text": "Red, white; blue"}], PICKED),
    (PLATFORMS, {"Items": [{"Text": "Windows"}, "Red, white; blue"]}, PICKED),
    (PLATFORMS, "Red", frozenset({"Red"})),
    (PLATFORMS, "Linux, BeOS", frozenset({"Linux", "BeOS"})),
    (PLATFORMS, ", ,", frozenset()),
    (PLATFORMS, None, frozenset()),
    (REGION, ["Europe", "Germany"], "Europe / Germany"),
    (REGION, "Europe, Germany", "Europe / Germany"),
    (REGION, "europe>germany", "Europe / Germany"),
    (REGION, [{"Value": "Europe", "Text": "Europe"}], "Europe"),
    (REGION, "A/C, On, off", "A/C / On, off"),
    (REGION, "Asia|Japan", "Asia / Japan"),
    (REGION, [], None),
    (RISK, "high", "High"),
    (RISK, {"Value": "2", "Text": "High"}, "High"),
    (RISK, ["Low"], "Low"),
    (RISK, "Huge", "Huge"),
    (DATE, "2026-11-22", "2026-11-22"),
    (DATE, "2026-11-22T00:00:00Z", "2026-11-22"),
    (DATE, "2026-11-22T13:37:00+13:00", "2026-11-22"),
    (DATE, "2026-11-22 00:00:00", "2026-11-22"),
    (DATE, "0001-01-01T00:00:00Z", None),
    (DATE, "0001-01-01", None),
    (DATE, "next week", "next week"),
    (NUMBER, 3.0, "3"),
    (NUMBER, "3.10", "3.1"),
    (NUMBER, -0.0, "0"),
    (NUMBER, 0, "0"),
    (NUMBER, 1e21, "1000000000000000000000"),
    (NUMBER, "1e999999", "1e999999"),
    (NUMBER, "NaN", "NaN"),
    (NUMBER, True, "true"),
    (CHECKBOX, True, "true"),
    (CHECKBOX, "False", "false"),
    (CHECKBOX, None, None),
    (CHECKBOX, "maybe", "maybe"),
    (TEXT, 7, "7"),
]


@pytest.mark.parametrize(("field", "sent", "held"), READ)
def test_every_form_is_read_and_what_is_none_of_them_is_kept_as_its_text(
    field: CustomField, sent: Any, held: Value
) -> None:
    assert wire.read(field, sent) == held


SENT: list[tuple[CustomField, Value, Any, Any]] = [
    (PLATFORMS, PICKED, None, ["Windows", "Red, white; blue"]),
    (PLATFORMS, PICKED, "Linux", "Windows, Red, white; blue"),
    (PLATFORMS, PICKED, [{"Id": 1, "Text": "Linux"}], [{"Text": "Windows"}, {"Text": "Red, white; blue"}]),
    (PLATFORMS, frozenset(), ["Linux"], []),
    (PLATFORMS, frozenset(), "Linux", ""),
    (REGION, "A/C / On, off", None, ["A/C", "On, off"]),
    (REGION, "Europe / Germany", "Asia > Japan", "Europe > Germany"),
    (REGION, None, "Asia > Japan", ""),
    (DATE, "2026-11-22", None, "2026-11-22T00:00:00Z"),
    (DATE, "2026-11-22", "2020-01-01T00:00:00", "2026-11-22T00:00:00"),
    (DATE, "2026-11-22", "2020-01-01T13:37:00Z", "2026-11-22T00:00:00Z"),
    (DATE, "2026-11-22", "2020-01-01", "2026-11-22"),
    (DATE, None, "2020-01-01", ""),
    (NUMBER, "3", 2.5, 3),
    (NUMBER, "2.5", 3, 2.5),
    (NUMBER, "2.5", "3", "2.5"),
    (CHECKBOX, "true", "false", "true"),
    (CHECKBOX, "false", "True", "False"),
    (CHECKBOX, None, None, False),
    (RISK, None, None, ""),
    (TEXT, None, None, ""),
]


@pytest.mark.parametrize(("field", "value", "like", "sent"), SENT)
def test_a_value_is_written_in_the_form_that_was_seen(field: CustomField, value: Value, like: Any, sent: Any) -> None:
    written = wire.written(field, value, like)
    assert (written, type(written)) == (sent, type(sent))


OPTIONS = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=8).map(str.strip).filter(bool)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "date": st.dates(min_value=date(1900, 1, 1)).map(date.isoformat),
    "checkbox": st.sampled_from(["true", "false"]),
    "number": st.decimals(-(10**9), 10**9, places=3).map(lambda one: number(str(one))),
}
LIKE: dict[str, list[Any]] = {
    "date": [None, "2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01 00:00"],
    "checkbox": [None, True, "true", "False"],
    "number": [None, 1, "1.5"],
    "choices": [None, ["x"], "x, y", [{"Value": "x", "Text": "x"}], [{"Text": "x"}]],
    "cascade": [None, ["x"], "x, y", "x / y", [{"Value": "x"}]],
}


@given(st.data())
def test_what_is_written_in_any_form_reads_back_as_the_same_value(data: st.DataObject) -> None:
    kind: Any = data.draw(st.sampled_from(sorted(LIKE)))
    paths: list[tuple[str, ...]] = [(one,) for one in data.draw(st.lists(OPTIONS, min_size=1, unique_by=str.casefold))]
    if kind == "cascade":
        paths += [(top, "below") for (top, *_) in paths]
    field = CustomField("F", "F", kind, paths=tuple(paths))
    names = [option.id for option in field.options]
    if kind == "choices":
        value: Value = data.draw(st.frozensets(st.sampled_from(names)))
    else:
        value = data.draw(st.sampled_from(names) if kind == "cascade" else VALUES[kind])
    written = wire.written(field, value, data.draw(st.sampled_from(LIKE[kind])))
    assert wire.read(field, written) == value
    assert wire.same(field, value, wire.read(field, written))


def test_a_server_that_writes_a_value_its_own_way_has_taken_it_over() -> None:
    """Only another value, or none, tells that the server left the field as it was."""
    known = CustomFields({field.name: field for field in (DATE, NUMBER, RISK, PLATFORMS, CHECKBOX, TEXT)})
    wanted: dict[str, Value] = {"FieldValues.D": "2026-11-22", "FieldValues.N": "3.0", "FieldValues.K": "high"}
    wanted |= {"FieldValues.P": frozenset({"linux"}), "FieldValues.C": None, "FieldValues.T": "b"}
    held: dict[str, Value] = {"FieldValues.D": "2026-11-22", "FieldValues.N": "3", "FieldValues.K": "High"}
    held |= {"FieldValues.P": frozenset({"Linux"}), "FieldValues.C": "false", "FieldValues.T": "B"}
    assert left_as_it_was(wanted, held, known) == []
    other: dict[str, Value] = {"FieldValues.D": "2026-11-23", "FieldValues.N": "4", "FieldValues.K": None}
    other |= {"FieldValues.P": frozenset(), "FieldValues.C": "true", "FieldValues.T": None}
    assert left_as_it_was(wanted, other, known) == sorted(wanted.keys() - {"FieldValues.T"})
    assert left_as_it_was(wanted, {}, known) == sorted(wanted.keys() - {"FieldValues.C"})


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("TextBox",), ("text", False)),
        (("Time Span",), ("text", False)),
        (("Rich Text",), ("text", True)),
        (("ComboBox",), ("choice", False)),
        (("Radio Box Group",), ("choice", False)),
        (("Multi-Select",), ("choices", False)),
        (("Check Box Group",), ("choices", False)),
        (("Check Box",), ("checkbox", False)),
        (("Multi-Cascade Select",), ("cascade", False)),
        (("Number",), ("number", False)),
        ((None, "date"), ("date", False)),
        ((None, None), ("text", False)),
    ],
)
def test_a_kind_is_known_by_the_words_of_its_type(names: tuple[object, ...], kind: tuple[str, bool]) -> None:
    assert kind_of(names) == kind


@pytest.mark.parametrize(
    "options",
    [
        ["Europe", {"Text": "Asia", "Options": ["Japan"]}],
        [{"Name": "Europe"}, {"Value": "Asia", "Children": [{"Name": "Japan"}]}],
        {"Items": [{"Value": "Europe"}, {"Label": "Asia", "Items": [{"Text": "Japan"}]}, {"Id": 1}, 7]},
    ],
)
def test_options_are_read_in_any_form_that_has_a_text(options: Any) -> None:
    field = defined({"Name": "Region", "CustomFieldTypeName": "MultiCascade", "Options": options})
    assert [option.id for option in field.options] == ["Europe", "Asia", "Asia / Japan"]


def test_a_field_of_another_project_or_of_requirements_alone_is_none_of_incidents() -> None:
    here, there = {"Type": "Project", "Id": "P1"}, {"Type": "Project", "Id": "P2"}
    everywhere = {"Type": "Organisation", "Id": "O1"}
    assert applies({"Entities": ["Incident"], "Scopes": [there, here]}, "p1")
    assert applies({"Entities": ["Requirement", "Incident"], "Scopes": [everywhere]}, "p1")
    assert applies({}, "p1")
    assert not applies({"Entities": ["Incident"], "Scopes": [there]}, "p1")
    assert not applies({"Entities": ["Requirement"], "Scopes": [here]}, "p1")


def test_a_checkbox_offers_yes_and_no() -> None:
    options = on_form({"Name": "Done", "WidgetType": "Checkbox"}).options
    assert [(option.id, option.name) for option in options] == [("true", "Yes"), ("false", "No")]


@pytest.mark.parametrize("field", [PLATFORMS, REGION, RISK, DATE, NUMBER, CHECKBOX, TEXT])
@pytest.mark.parametrize("text", [" " * 500_000, "Red " * 200_000, ", " * 200_000, "9" * 500_000])
def test_a_value_that_is_far_too_long_is_read_in_no_time(field: CustomField, text: str) -> None:
    began = time.perf_counter()
    wire.read(field, text)
    assert time.perf_counter() - began < 2


def test_a_long_joined_text_is_taken_apart_in_no_time() -> None:
    text = ", ".join(f"option {number}" for number in range(50_000))
    held = wire.read(PLATFORMS, text)
    assert isinstance(held, frozenset)
    assert len(held) == 50_000
