"""Promises about what a transition's screen demands, by the kind of each field."""

from typing import Any

import pytest

from syncer.issues.demands import Given, demanded, filled, unmet

OPTION = {"schema": {"type": "option"}, "allowedValues": [{"id": "1", "value": "Low"}, {"id": "2", "value": "High"}]}
CASCADE = {
    "schema": {"type": "option-with-child"},
    "allowedValues": [
        {"id": "1", "value": "Europe", "children": [{"id": "11", "value": "Germany"}, {"id": "12", "value": "A / B"}]},
        {"id": "2", "value": "Asia / Pacific", "children": []},
    ],
}


def given(words: str | None, *, cloud: bool = True) -> Given:
    people = {"Anna": "id-of-anna"}
    return Given(words={} if words is None else {"it": words}, person=people.get, cloud=cloud)


def screen(**meta: Any) -> dict[str, Any]:
    return {"it": {"name": "It", "required": True, **meta}}


@pytest.mark.parametrize(
    ("meta", "words", "sent"),
    [
        (OPTION, "high", {"id": "2"}),
        ({**OPTION, "schema": {"type": "array", "items": "option"}}, "High", [{"id": "2"}]),
        (CASCADE, "Europe", {"id": "1"}),
        (CASCADE, "europe / germany", {"id": "1", "child": {"id": "11"}}),
        (CASCADE, "Europe / A / B", {"id": "1", "child": {"id": "12"}}),
        (CASCADE, "Asia / Pacific", {"id": "2"}),
        ({"schema": {"type": "user"}}, "Anna", {"accountId": "id-of-anna"}),
        ({"schema": {"type": "array", "items": "user"}}, "Anna", [{"accountId": "id-of-anna"}]),
        ({"schema": {"type": "number"}}, "2.5", 2.5),
        ({"schema": {"type": "number"}}, " 3 ", 3),
        ({"schema": {"type": "date"}}, "2026-11-22", "2026-11-22"),
        ({"schema": {"type": "datetime"}}, "2026-11-22T14:03:05Z", "2026-11-22T14:03:05.000+0000"),
        ({"schema": {"type": "string"}}, "as it is", "as it is"),
        ({"schema": {"type": "array", "items": "string"}}, "word", ["word"]),
        ({"schema": {"type": "option"}}, "Low", {"value": "Low"}),
        ({}, "no schema", "no schema"),
    ],
)
def test_the_mapping_s_words_become_what_the_screen_s_field_takes(meta: Any, words: str, sent: Any) -> None:
    assert unmet(screen(**meta), given(words)) == []
    assert filled(screen(**meta), given(words)) == {"it": sent}


def test_people_are_named_as_their_deployment_does() -> None:
    meta = {"schema": {"type": "user"}}
    assert filled(screen(**meta), given("Anna", cloud=False)) == {"it": {"name": "id-of-anna"}}


@pytest.mark.parametrize(
    ("meta", "words", "allowed"),
    [
        (OPTION, "Medium", ("Low", "High")),
        (CASCADE, "Europe / Japan", ("Europe", "Europe / Germany", "Europe / A / B", "Asia / Pacific")),
        (CASCADE, "Mars / Germany", ("Europe", "Europe / Germany", "Europe / A / B", "Asia / Pacific")),
        ({"schema": {"type": "user"}}, "Bob", ()),
        ({"schema": {"type": "number"}}, "many", ()),
        ({"schema": {"type": "number"}}, "inf", ()),
        ({"schema": {"type": "date"}}, "tomorrow", ()),
        ({"schema": {"type": "datetime"}}, "2026-11-22T14:03:05", ()),
        ({"schema": {"type": "string"}}, " ", ()),
    ],
)
def test_words_that_the_field_can_t_hold_are_told_with_field_screen_and_what_is_allowed(
    meta: Any, words: str, allowed: tuple[str, ...]
) -> None:
    [demand] = missing = unmet(screen(**meta), given(words))
    assert demand.allowed == allowed
    said = demanded("Accept", "Done", missing)
    for part in ("the screen of the transition 'Accept' to 'Done'", "the field It", f"'{words}' is no value", *allowed):
        assert part in said


def test_what_is_not_given_is_told_with_where_to_give_it() -> None:
    said = demanded("Accept", "Done", unmet(screen(**OPTION), given(None)))
    assert said == (
        "the screen of the transition 'Accept' to 'Done' demands the field It (allowed: Low, High); "
        "give 'it' under transition_fields in the mapping"
    )


@pytest.mark.parametrize("meta", [{"required": False}, {"hasDefaultValue": True}])
def test_what_the_screen_can_do_without_is_not_filled(meta: Any) -> None:
    assert unmet(screen(**meta), given(None)) == []
    assert filled(screen(**meta), given("x")) == {}


def test_an_id_that_is_written_anyway_comes_before_words() -> None:
    both = Given({"it": "7"}, {"it": "Low"})
    assert filled(screen(**OPTION), both) == {"it": {"id": "7"}}
