"""What the incident side tells of its fields and options, and what `syncer check` makes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from syncer.core.records import FieldInfo, Option
from syncer.incidents.catalogue import fields
from syncer.ports import Needs
from tests.contract.incident_bench import IncidentBench
from tests.syncer.incidents.scripted import Asked, Reply, scripted
from tests.syncer.incidents.stage import bare_project, model, old_and_new, requests, sentences


class TestFields:
    """The fields of incidents."""

    @old_and_new
    def test_the_catalogue_has_an_incidents_own_fields_and_the_mapped_custom_ones(self, bench: IncidentBench) -> None:
        known = bench.port.catalogue().fields
        assert known["Summary"] == FieldInfo("Summary", "Summary", "text", required=True)
        assert (known["AssignedTo"].shape, known["Components"].shape, known["Type"].shape) == (
            *("user", "choices"),
            "choice",
        )
        read_only = {name for name, field in known.items() if not field.writable}
        assert read_only == {
            *("CreatedBy", "LastUpdatedBy", "CreatedAt", "LastUpdatedAt", "IncidentNumber", "ProjectName")
        }
        assert {name for name in known if name.startswith("FieldValues.")} == {
            *("FieldValues.Cycle", "FieldValues.Severity")
        }

    @old_and_new
    def test_a_survey_has_every_custom_field_with_its_shape_and_its_options(self, bench: IncidentBench) -> None:
        survey = bench.port.survey()
        shapes = {field.name: field.shape for name, field in survey.fields.items() if name.startswith("FieldValues.")}
        assert shapes == {
            **dict.fromkeys(("Cycle", "Jira key", "Notes", "Steps", "Page", "Reported by", "Time spent"), "text"),
            **dict.fromkeys(("Severity", "Risk", "Region", "Reproducible"), "choice"),
            **dict.fromkeys(("Platforms", "Affected areas"), "choices"),
            "Found on": "date",
            "Story points": "number",
        }
        assert [name for name, field in survey.fields.items() if field.rich] == ["FieldValues.Steps"]
        assert survey.of("FieldValues.Severity") == tuple(Option(text, text) for text in ("Blocker", "Major", "Minor"))
        assert [option.id for option in survey.of("FieldValues.Region")] == [
            *("Europe", "Europe / Germany", "Europe / France", "Asia", "Asia / Japan")
        ]
        assert survey.name("FieldValues.Reproducible", "true") == "Yes"
        assert survey.of("FieldValues.Cycle") == ()

    def test_only_the_options_of_mapped_custom_fields_are_in_the_catalogue(self, bench: IncidentBench) -> None:
        options = bench.port.catalogue().options
        assert [kind for kind in options if kind.startswith("FieldValues.")] == ["FieldValues.Severity"]

    def test_the_catalogue_costs_one_request_more_where_a_custom_field_is_mapped(self, bench: IncidentBench) -> None:
        project_id = model(bench).catalogue.project_id
        asked = {}
        for mapped in (frozenset({"Summary"}), frozenset({"Summary", "FieldValues.Risk"})):
            port = bench.bound(project=project_id, fields=mapped)
            before = len(requests(bench))
            port.catalogue()
            asked[len(mapped)] = [path.split("/")[0] for _, path in requests(bench)[before:]]
            port.close()
        assert asked[1] == ["project", "project", "users"]
        assert asked[2] == ["customfields", *asked[1]]

    def test_what_is_required_and_what_is_locked_is_told_by_form_or_definition(self, bench: IncidentBench) -> None:
        custom = model(bench).catalogue.fields
        custom["Risk"] = replace(custom["Risk"], required=True)
        custom["Notes"] = replace(custom["Notes"], read_only=True)
        known = bench.port.survey().fields
        assert {name for name, field in known.items() if field.required} == {"Summary", "FieldValues.Risk"}
        assert known["FieldValues.Notes"].writable is False

    def test_a_limit_is_known_where_the_form_has_one(self) -> None:
        form: dict[str, Any] = {"Name": "Name", "FieldCategory": "intrinsic", "MaxLength": 1024}
        project = {"Widgets": {"Incident": {"Widgets": [form]}}}
        assert fields(project, ())["Summary"].limit == 1024
        assert fields({}, ())["Summary"].limit is None

    @pytest.mark.parametrize("enabled", [True, False])
    def test_enterprise_testers_own_link_is_named_where_it_is_active(self, bench: IncidentBench, enabled: bool) -> None:
        links = model(bench).catalogue.external_links
        for link_id, link in links.items():
            links[link_id] = replace(link, enabled=enabled, name="Their Jira")
        assert bench.port.catalogue().foreign_link == ("Their Jira" if enabled else None)


class TestCheck:
    """What `syncer check` says of fields and clocks."""

    def test_required_fields_that_no_mapping_fills_are_named(self, bench: IncidentBench) -> None:
        custom = model(bench).catalogue.fields
        for name in ("Severity", "Risk", "Found on", "Jira key"):
            custom[name] = replace(custom[name], required=True)
        (said,) = sentences(bench.port, ok=False)
        assert "need 'FieldValues.Found on', 'FieldValues.Risk', which the mapping leaves empty" in said
        assert [finding for finding in bench.port.check(Needs(writes=False)) if not finding.ok] == []

    def test_a_field_that_is_no_text_can_not_hold_marks(self, bench: IncidentBench) -> None:
        port = bench.bound(mark_field="Severity")
        assert any("'Severity' can't hold marks, because it is no text" in said for said in sentences(port, ok=False))
        port.close()

    @pytest.mark.parametrize(
        ("minutes", "said"),
        [(-12, "clock is 12 minutes behind"), (60, "clock is 60 minutes ahead of"), (2, None)],
    )
    def test_a_clock_that_is_far_from_ours_is_told(self, minutes: int, said: str | None) -> None:
        def answer(_asked: Asked) -> Reply:
            there = datetime.now(UTC) + timedelta(minutes=minutes)
            return Reply(body={"Version": "6.4"}, headers={"Date": format_datetime(there, usegmt=True)})

        with scripted(answer) as server:
            port = bare_project(server.url)
            told = [sentence for sentence in sentences(port) if "clock" in sentence]
            port.close()
        assert len(told) == (said is not None)
        assert said is None or said in told[0]
