"""Promises of the mapping model: what its parts mean together, and which changes of a file count."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from mappings.fields import INCIDENT_FIELDS, ISSUE_FIELDS, KINDS, FieldSpec, incident_field, issue_field
from mappings.kinds import FIELD_KINDS, CopyField
from mappings.model import Mapping
from mappings.policies import Conflict, Direction

Part = dict[str, Any]

SUMMARY: Part = {"incident": "Summary", "issue": "summary", "kind": "copy"}
DESCRIPTION: Part = {"incident": "Description", "issue": "description", "kind": "copy"}
PRIORITY: Part = {
    "incident": "Priority",
    "issue": "priority",
    "kind": "table",
    "values": [{"incident": "High", "issue": "High"}, {"incident": "Low", "issue": "Low"}],
}


def mapping(*fields: Part, **parts: Any) -> Mapping:
    """A mapping of the summary and of `fields`, with other parts as given."""
    whole: Part = {
        "name": "shop",
        "incidents": {"project": "Web Shop", "mark_field": "Jira key"},
        "issues": {"project": "SHOP", "type": "Bug"},
        "fields": [SUMMARY, *fields],
    }
    return Mapping.model_validate(whole | parts)


class TestDirection:
    @pytest.mark.parametrize(
        ("direction", "to_incident", "to_issue"),
        [
            (Direction.BOTH, True, True),
            (Direction.TO_INCIDENT, True, False),
            (Direction.TO_ISSUE, False, True),
        ],
    )
    def test_a_direction_carries_to_the_sides_that_it_names(
        self, direction: Direction, to_incident: bool, to_issue: bool
    ) -> None:
        assert direction.carries("incident") is to_incident
        assert direction.carries("issue") is to_issue

    def test_there_are_two_sides_only(self) -> None:
        with pytest.raises(ValueError, match="to_incidents"):
            Direction.BOTH.carries("incidents")

    @pytest.mark.parametrize(
        ("link", "field", "result"),
        [
            ("both", None, "both"),
            ("both", "both", "both"),
            ("both", "to_issue", "to_issue"),
            ("both", "to_incident", "to_incident"),
            ("to_issue", None, "to_issue"),
            ("to_issue", "both", "to_issue"),
            ("to_issue", "to_issue", "to_issue"),
            ("to_incident", "both", "to_incident"),
        ],
    )
    def test_the_links_direction_narrows_that_of_a_field_and_of_comments(
        self, link: str, field: str | None, result: str
    ) -> None:
        loaded = mapping(DESCRIPTION | {"direction": field}, direction=link)
        assert loaded.direction_of(loaded.fields[1]) == result
        with_comments = mapping(direction=link, comments={"direction": field or "both"})
        assert with_comments.comments.direction == result

    def test_comments_follow_the_link_where_nothing_is_said_about_them(self) -> None:
        assert mapping(direction="to_issue").comments.direction is Direction.TO_ISSUE


class TestChoices:
    def test_a_person_decides_conflicts_unless_the_file_says_otherwise(self) -> None:
        assert mapping().conflict_of(mapping().fields[0]) is Conflict.ASK

    def test_a_field_may_choose_for_itself(self) -> None:
        loaded = mapping(DESCRIPTION | {"conflict": "issue"}, conflict="newest")
        assert [loaded.conflict_of(field) for field in loaded.fields] == [Conflict.NEWEST, Conflict.ISSUE]

    def test_what_expressions_name_is_read_as_well_and_what_is_computed_is_not(self) -> None:
        computed = {"kind": "template", "issue": "environment", "template": "{{ incident.FieldValues['Found on'] }}"}
        loaded = mapping(computed, DESCRIPTION | {"when": "issue.labels"})
        assert loaded.read_fields("incident") == {"Summary", "Description", "FieldValues.Found on"}
        assert loaded.read_fields("issue") == {"summary", "description", "environment", "labels"}

    def test_a_mapping_never_changes(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            mapping().name = "other"

    def test_the_rules_hold_for_a_mapping_made_in_code_too(self) -> None:
        with pytest.raises(ValidationError, match="the issue field summary is mapped a second time"):
            mapping(DESCRIPTION | {"issue": "summary"})
        with pytest.raises(ValidationError, match="unknown incident field 'Sumary'"):
            mapping(fields=[CopyField(incident="Sumary", issue="summary")])


class TestFingerprint:
    """A changed mapping is shown before it is applied: what changes nothing must not look like a change."""

    @pytest.mark.parametrize(
        "same",
        [
            lambda: mapping(fields=[PRIORITY, DESCRIPTION, SUMMARY]),
            lambda: mapping(DESCRIPTION, PRIORITY, conflict="ask", direction="both", comments={"direction": "both"}),
            lambda: mapping(DESCRIPTION | {"direction": None}, PRIORITY, versions={"create": False, "values": []}),
            lambda: Mapping.model_validate(mapping(DESCRIPTION, PRIORITY).model_dump()),
        ],
    )
    def test_order_of_fields_and_spelt_out_defaults_do_not_count(self, same: Callable[[], Mapping]) -> None:
        assert same().fingerprint == mapping(DESCRIPTION, PRIORITY).fingerprint

    @pytest.mark.parametrize(
        "other",
        [
            lambda: mapping(DESCRIPTION),
            lambda: mapping(DESCRIPTION | {"issue": "customfield_1"}, PRIORITY),
            lambda: mapping(DESCRIPTION | {"conflict": "issue"}, PRIORITY),
            lambda: mapping(DESCRIPTION | {"direction": "to_issue"}, PRIORITY),
            lambda: mapping(DESCRIPTION, PRIORITY | {"values": PRIORITY["values"][:1]}),
            lambda: mapping(DESCRIPTION, PRIORITY | {"values": PRIORITY["values"][::-1]}),
            lambda: mapping(DESCRIPTION, PRIORITY, direction="to_issue"),
            lambda: mapping(DESCRIPTION, PRIORITY, conflict="newest"),
            lambda: mapping(DESCRIPTION, PRIORITY, comments={"direction": "to_issue"}),
            lambda: mapping(DESCRIPTION, PRIORITY, versions={"create": True}),
            lambda: mapping(DESCRIPTION, PRIORITY, name="other"),
            lambda: mapping(DESCRIPTION, PRIORITY, issues={"project": "SHOP", "type": "Task"}),
            lambda: mapping(
                DESCRIPTION,
                PRIORITY,
                incidents={"project": "Web Shop", "mark_field": "Jira key", "only": "Status = Open"},
            ),
        ],
    )
    def test_everything_else_counts(self, other: Callable[[], Mapping]) -> None:
        assert other().fingerprint != mapping(DESCRIPTION, PRIORITY).fingerprint

    def test_a_fingerprint_is_the_same_in_every_process_and_release(self) -> None:
        assert mapping().fingerprint == "8f3ad586160cfd419b1525351d83df554d213d8cb7baf39e840e971a5ee2da1c"


class TestFields:
    @pytest.mark.parametrize("spec", [*INCIDENT_FIELDS.values(), *ISSUE_FIELDS.values()], ids=lambda spec: spec.name)
    def test_every_field_has_a_kind_that_carries_it(self, spec: FieldSpec) -> None:
        assert spec.kinds
        assert set(spec.kinds) <= set(FIELD_KINDS)
        assert ("set" in spec.kinds) is not spec.read_only

    def test_the_kinds_of_fields_are_the_kinds_of_the_model(self) -> None:
        assert set(FIELD_KINDS) == KINDS

    def test_the_shape_of_a_custom_field_is_for_its_server_to_say(self) -> None:
        for spec in (incident_field("FieldValues.Found in build"), issue_field("customfield_10011")):
            assert spec is not None
            assert (spec.shape, spec.catalogue) == (None, spec.name)

    @pytest.mark.parametrize("name", ["FieldValues", "FieldValues.", "FieldValues. ", "Cycle", "summary", ""])
    def test_other_names_are_no_fields_of_an_incident(self, name: str) -> None:
        assert incident_field(name) is None

    @pytest.mark.parametrize(
        "name", ["customfield_", "customfield_1x", "customfield_\uff11", "cf[10011]", "Summary", ""]
    )
    def test_other_names_are_no_fields_of_an_issue(self, name: str) -> None:
        assert issue_field(name) is None
