"""What one server tells of its fields is held against the fields that a mapping writes."""

from typing import Any

import pytest

from mappings.problems import Loc
from syncer.core.records import Catalogue, Side
from syncer.linting import remarks
from tests.syncer.core.builders import option
from tests.syncer.hearsay import (
    PRIORITY,
    SEVERITY,
    STATUS,
    USERS,
    VERSIONS,
    heard,
    info,
    linked,
    notes,
    survey,
    told,
)


def test_a_field_that_a_server_lacks_is_no_misfit_and_has_no_wrong_options_besides() -> None:
    fields = (info("FieldValues.Severty", shape="choice"),)
    issues = survey(Side.ISSUE, info("customfield_10010", shape="choice"))
    ((loc, sentence),) = told(linked(SEVERITY), heard(survey(Side.INCIDENT, *fields), issues))
    assert loc == ("fields", 1, "incident")
    assert sentence.endswith("did you mean 'FieldValues.Severty'?")


def test_a_server_that_tells_of_no_custom_fields_is_not_taken_to_have_none() -> None:
    link = linked({"kind": "copy", "incident": "FieldValues.Cycle", "issue": "environment"})
    assert remarks(link, heard(Catalogue(Side.INCIDENT, {}, {}))) == []


PEOPLE = (option("1", "Ann", "ann"), option("2", "Left", "left", active=False))
BOTH = {"user": PEOPLE}


@pytest.mark.parametrize(
    ("rows", "direction", "wrong"),
    [
        ([("left", "Ann")], "both", [("fields", 1, "users", 0, "incident")]),
        ([("left", "Ann")], "to_issue", []),
        ([("ann", "Ann"), ("left", "Ann")], "both", []),
        ([("ann", "Left")], "both", [("fields", 1, "users", 0, "issue")]),
    ],
)
def test_only_who_would_be_assigned_has_to_be_active(
    rows: list[tuple[str, str]], direction: str, wrong: list[Loc]
) -> None:
    users = [{"incident": incident, "issue": issue} for incident, issue in rows]
    said = heard(survey(Side.INCIDENT, **BOTH), survey(Side.ISSUE, **BOTH))
    assert [loc for loc, _ in told(linked({**USERS, "users": users, "direction": direction}), said)] == wrong


@pytest.mark.parametrize(
    ("screens", "direction", "says"),
    [
        ({"create", "edit"}, "both", None),
        ({"create"}, "both", "the screen of existing issues"),
        ({"edit"}, "both", "the screen of new issues"),
        (set(), "both", "the screen of new and existing issues"),
        (set(), "to_incident", None),
    ],
)
def test_a_field_that_is_written_has_to_be_on_both_screens(screens: set[str], direction: str, says: str | None) -> None:
    issues = survey(Side.ISSUE, info("environment", screens=frozenset(screens)))
    link = linked({"kind": "copy", "incident": "Description", "issue": "environment", "direction": direction})
    lines = told(link, heard(issues=issues))
    assert [loc for loc, _ in lines] == ([("fields", 1, "issue")] if says else [])
    assert all(says in sentence for _, sentence in lines if says)


def test_what_transitions_write_needs_no_screen() -> None:
    issues = survey(Side.ISSUE, info("status", shape="choice", screens=frozenset({"edit"})))
    assert told(linked(STATUS), heard(issues=issues)) == []


@pytest.mark.parametrize(
    ("entry", "filled"),
    [
        ({"kind": "set", "incident": "FieldValues.Team", "value": "A"}, True),
        ({"kind": "copy", "incident": "FieldValues.Team", "issue": "environment"}, True),
        ({"kind": "copy", "incident": "FieldValues.Team", "issue": "environment", "direction": "to_issue"}, False),
        ({"kind": "copy", "incident": "Description", "issue": "environment"}, False),
    ],
)
def test_what_new_incidents_need_has_to_be_written_to_them(entry: dict[str, str], filled: bool) -> None:
    incidents = survey(Side.INCIDENT, info("FieldValues.Team", required=True), info("Priority", required=True))
    lines = told(linked(entry), heard(incidents))
    assert [loc for loc, _ in lines] == ([] if filled else [("fields",)])


@pytest.mark.parametrize(
    ("template", "fits"),
    [
        ("{{ incident.Summary }} 12345", True),
        ("{{ incident.Summary }} 1234567890", False),
        ("{% if incident.Summary == 'x' %}1234567890{% endif %}", True),
        ("{{ incident.Summary|default('-') }}{{ incident.FieldValues.Team }}{{ incident.key }}123456789", True),
        ("{{ incident.Summary|int }}", True),
    ],
)
def test_a_template_has_to_fit_its_field_with_all_fields_empty_at_least(template: str, fits: bool) -> None:
    issues = survey(Side.ISSUE, info("environment", limit=10))
    incidents = survey(Side.INCIDENT, info("FieldValues.Team"))
    lines = told(linked({"kind": "template", "issue": "environment", "template": template}), heard(incidents, issues))
    assert [loc for loc, _ in lines] == ([] if fits else [("fields", 1, "template")])


@pytest.mark.parametrize(
    ("entry", "changes", "at"),
    [
        (PRIORITY, {}, [("fields", 1, "values"), ("fields", 1, "values")]),
        ({**PRIORITY, "direction": "to_issue"}, {}, [("fields", 1, "values")]),
        ({**PRIORITY, "unmapped": "omit"}, {}, []),
        ({**PRIORITY, "default": {"incident": "High", "issue": "High"}}, {}, []),
        (VERSIONS, {}, [("fields", 1, "incident")]),
        (VERSIONS, {"versions": {"create": True}}, []),
    ],
)
def test_values_that_would_wait_are_noted(entry: dict[str, Any], changes: dict[str, Any], at: list[Loc]) -> None:
    incidents = survey(Side.INCIDENT, version=(option("v", "3.1"), option("o", "0.9", active=False)))
    found = notes(linked(entry, **changes), heard(incidents))
    assert [each.fault.loc for each in found] == at
