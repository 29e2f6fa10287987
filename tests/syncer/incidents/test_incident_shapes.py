"""The JSON of an incident means the same whichever version of the server wrote it, and nothing is made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.values import Value
from syncer.core.records import Mark
from syncer.errors import Rejected, Unavailable
from syncer.incidents import scalars, shapes, values
from syncer.incidents.shapes import View

ONE, TWO = "fe92720f-3fbd-4e49-a3b2-309f6a0a062a", "62daf195-0a65-400f-af4b-7fda3d529acb"
FIELDS = frozenset({"Summary", "Description", "Priority", "AssignedTo", "Components", "FieldValues.Cycle"})
VIEW = View(FIELDS, "Jira key", "demo", "http://tests.example/app")
SAVED = datetime(2012, 2, 2, 15, 5, 6, tzinfo=UTC)
LATER = SAVED + timedelta(minutes=1)


def incident(**members: Any) -> dict[str, Any]:
    return {"Id": ONE.upper(), "Summary": "Report", "LastUpdatedAt": "2012-02-02T15:05:06Z", **members}


def value(field: str, **members: Any) -> Value:
    """One value of an incident with the given members."""
    return values.values(incident(**members), [field])[field]


def test_what_the_server_did_not_send_was_not_observed() -> None:
    assert values.values(incident(), FIELDS) == {"Summary": "Report"}


def test_unmapped_fields_are_not_kept() -> None:
    assert values.values(incident(Description="secret"), ["Summary"]) == {"Summary": "Report"}


def test_null_and_an_empty_array_both_mean_that_nothing_is_chosen() -> None:
    assert value("Components", ComponentIds=None) == value("Components", ComponentIds=[]) == frozenset()


def test_ids_compare_whatever_their_letter_case() -> None:
    assert value("Components", ComponentIds=[ONE.upper(), TWO]) == frozenset({ONE, TWO})
    assert value("Priority", PriorityId=ONE.upper()) == ONE
    assert shapes.record(incident(), VIEW, values.CustomFields(), None, LATER).id == ONE


def test_empty_texts_and_choices_are_none() -> None:
    assert value("Description", Description="") is None
    assert value("Description", Description=None) is None
    assert value("AssignedTo", AssignedToId=None) is None


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("V2.1 Cycle 1", "V2.1 Cycle 1"),
        (None, None),
        (7, "7"),
        (True, "true"),
        (["a", "b"], '["a", "b"]'),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_a_custom_field_is_held_as_text_whatever_its_type(given: object, held: str | None) -> None:
    assert value("FieldValues.Cycle", FieldValues={"Cycle": given}) == held


def test_an_absent_custom_field_is_empty_only_where_the_form_shows_that_it_exists() -> None:
    fields = ["FieldValues.Cycle"]
    form = [{"Name": "Cycle"}]
    assert values.values(incident(FieldValues={}), fields) == {}, "renamed, or not for us to see"
    assert values.values(incident(FieldControls=form), fields) == {}, "the values were not expanded"
    assert values.values(incident(FieldValues={}, FieldControls=form), fields) == {"FieldValues.Cycle": None}
    assert values.values(incident(FieldValues={}, Widgets=form), fields) == {"FieldValues.Cycle": None}


def test_a_stamp_without_a_count_of_edits_is_kept_back_while_another_edit_could_share_it() -> None:
    def stamp(seconds: float, **members: Any) -> str | None:
        return shapes.record(
            incident(**members), VIEW, values.CustomFields(), None, SAVED + timedelta(seconds=seconds)
        ).stamp

    assert [stamp(0), stamp(1), stamp(2)] == [None, None, None]
    assert stamp(-5) is None, "the server's clock went back"
    assert stamp(3) == "2012-02-02T15:05:06Z"
    assert stamp(0, VersionNumber=7) == "2012-02-02T15:05:06Z/7"
    assert shapes.record(incident(), VIEW, values.CustomFields(), None, None).stamp is None, "the server tells no time"


def test_a_listing_and_a_read_of_the_same_save_have_the_same_stamp() -> None:
    for members in ({}, {"VersionNumber": 7}):
        given = incident(**members)
        assert shapes.record(given, VIEW, values.CustomFields(), None, LATER).stamp == shapes.line(given).stamp


def test_a_line_of_a_listing_falls_back_on_the_time_of_creation_and_refuses_to_guess_one() -> None:
    never = {"LastUpdatedAt": "0001-01-01T00:00:00Z"}
    assert shapes.line(incident(**never, CreatedAt="2012-02-02T15:05:06Z")).updated_at == SAVED
    with pytest.raises(Unavailable, match="without a time"):
        shapes.line(incident(**never))


def test_the_mark_is_read_from_its_field_and_from_no_other() -> None:
    held = {"Jira key": "TEST-1 [syncer:demo:10012]", "Cycle": "TEST-2 [syncer:demo:10013]"}
    assert shapes.mark_of(incident(FieldValues=held), VIEW) == Mark("demo", "10012")
    assert shapes.mark_of(incident(FieldValues={"Jira key": "TEST-1"}), VIEW) is None
    assert shapes.mark_of(incident(), VIEW) is None


def test_a_comment_shows_its_author_by_display_name_or_else_by_login() -> None:
    given = {"Id": TWO, "Body": "Text", "CreatedById": ONE.upper(), "CreatedByUserName": "joeb"}
    assert shapes.comment(given, {ONE: "Joe Bloggs"}, "demo").author == "Joe Bloggs"
    assert shapes.comment(given, {}, "demo").author == "joeb"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2012-02-02T15:05:06Z", SAVED),
        ("2012-02-02T15:05:06", SAVED),
        ("2012-02-02T17:05:06.0000000+02:00", SAVED),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_times_are_read_in_utc_and_never_is_no_time(text: str | None, read: datetime | None) -> None:
    assert scalars.moment(text) == read


def test_only_the_given_members_are_sent() -> None:
    changes: dict[str, Value] = {
        "Description": None,
        "AssignedTo": None,
        "Priority": ONE,
        "Components": frozenset({TWO, ONE}),
        "FixedVersions": frozenset(),
        "FieldValues.Cycle": "1",
    }
    assert values.members(changes) == {
        "Description": "",
        "AssignedToId": None,
        "PriorityId": ONE,
        "ComponentIds": [TWO, ONE],
        "FixedVersionIds": [],
        "FieldValues": {"Cycle": "1"},
    }


@pytest.mark.parametrize(
    ("field", "value"), [("Labels", "x"), ("Summary", frozenset({"x"})), ("Components", "x"), ("Priority", frozenset())]
)
def test_a_field_that_could_not_hold_the_value_is_rejected_by_name(field: str, value: Value) -> None:
    with pytest.raises(Rejected, match=field):
        values.members({field: value})


VALUES: dict[str, st.SearchStrategy[Value]] = {
    "Summary": st.text(min_size=1).filter(lambda text: not text.startswith("0001-01-01T")),
    "Description": st.none() | st.text(min_size=1).filter(lambda text: not text.startswith("0001-01-01T")),
    "Priority": st.none() | st.uuids().map(str),
    "Components": st.frozensets(st.uuids().map(str)),
    "FieldValues.Cycle": st.none() | st.just("Cycle 1"),
}


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_what_is_sent_reads_back_as_the_same_values(changes: dict[str, Value]) -> None:
    sent = values.members(changes)
    assert values.values(sent, changes) == changes
    assert values.left_as_it_was(changes, values.values(sent, changes)) == []


def test_what_the_server_left_as_it_was_is_named() -> None:
    changes: dict[str, Value] = {"Description": None, "Priority": ONE, "Components": frozenset(), "Summary": "New"}
    after: dict[str, Value] = {"Description": "old", "Priority": TWO, "Components": frozenset({ONE}), "Summary": "new"}
    assert values.left_as_it_was(changes, after) == ["Components", "Description", "Priority"]
    assert values.left_as_it_was({"FieldValues.Gone": "x"}, {}) == ["FieldValues.Gone"]
