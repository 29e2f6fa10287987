"""Promises about the fields and options that the issue side's catalogue tells."""

import pytest

from syncer.core.records import Catalogue, FieldInfo
from syncer.issues import IssueProject
from syncer.sandbox.jira.catalogue import IssueType
from syncer.sandbox.jira.fields import Field, Screen, on_screen
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import asked, model, refuse
from tests.syncer.issues.scripted import Answer, Request, Scripted
from tests.syncer.issues.test_issue_fields import (
    AREAS,
    CUSTOM,
    CYCLE,
    PAGE,
    PLATFORMS,
    POINTS,
    REGION,
    REVIEWER,
    RISK,
    SEEN_AT,
    SEVERITY,
    STEPS,
    TOPICS,
)

ALL = frozenset({"create", "edit"})
CHOICES = {SEVERITY, PLATFORMS, REGION, AREAS, RISK}


def names(catalogue: Catalogue, kind: str) -> dict[str, str]:
    return {option.id: option.name for option in catalogue.of(kind)}


def metadata(bench: IssueBench) -> int:
    """How many requests so far asked for fields and screens."""
    return sum(path == "field" or "createmeta" in path or "editmeta" in path for _, path in asked(bench))


def test_the_options_of_mapped_custom_fields_are_told_by_the_ids_that_values_have(bench: IssueBench) -> None:
    catalogue = bench.bound(fields={SEVERITY, REGION, PLATFORMS, CYCLE}).catalogue()
    assert names(catalogue, SEVERITY) == {"10510": "Blocker", "10511": "Major", "10512": "Minor"}
    assert names(catalogue, REGION) == {
        "10600": "Europe", "10600/10601": "Europe / Germany", "10600/10602": "Europe / France", "10610": "Asia",
        "10610/10611": "Asia / Japan",
    }  # fmt: skip
    assert set(names(catalogue, PLATFORMS).values()) == {"Windows", "Linux", "Android", "iOS"}
    assert catalogue.fields.keys() == {SEVERITY, REGION, PLATFORMS, CYCLE}
    assert catalogue.of(RISK) == (), "nobody asked for it"


def test_options_are_read_once_in_some_minutes_and_not_each_cycle(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = bench.bound(fields={"summary", SEVERITY})
    port.catalogue()
    before = metadata(bench)
    port.catalogue()
    assert metadata(bench) == before
    monkeypatch.setattr("syncer.issues.screens.KEPT_SECONDS", -1.0)
    port.catalogue()
    assert metadata(bench) > before


def test_custom_fields_without_options_cost_one_list_of_fields(bench: IssueBench) -> None:
    port = bench.bound(fields={"summary", CYCLE, POINTS, REVIEWER, TOPICS})
    for _ in range(2):
        port.catalogue()
    assert metadata(bench) == 1


def test_options_of_a_field_for_existing_issues_only_are_found_on_their_screen(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_risk(field: Field, screen: Screen, kind: IssueType) -> bool:
        return on_screen(field, screen, kind) and not (screen == "create" and field.id == RISK)

    monkeypatch.setattr("syncer.sandbox.jira.views.meta.on_screen", without_risk)
    port = bench.bound(fields={RISK})
    assert set(names(port.catalogue(), RISK).values()) == {"Low", "Medium", "High"}
    assert port.survey().fields[RISK].screens == {"edit"}


def test_an_account_that_may_create_nothing_still_learns_the_options(bench: IssueBench) -> None:
    refuse(bench, "createmeta", 403)
    assert set(names(bench.bound(fields={SEVERITY}).catalogue(), SEVERITY)) == {"10510", "10511", "10512"}


def test_a_survey_tells_every_field_of_the_project(bench: IssueBench) -> None:
    survey = bench.bound(fields={"summary"}).survey()
    assert {name for name in survey.fields if name.startswith("customfield_")} == CUSTOM
    assert {name for name in survey.options if name.startswith("customfield_")} == CHOICES
    told = survey.fields
    assert told["summary"] == FieldInfo("summary", "Summary", "text", limit=255, required=True)
    assert told["description"] == FieldInfo("description", "Description", "text", rich=True, limit=32_767)
    assert told[STEPS] == FieldInfo(STEPS, "Steps", "text", rich=True, limit=32_767)
    assert told[CYCLE] == FieldInfo(CYCLE, "Cycle", "text", limit=255)
    assert told[PAGE].limit == 255
    assert {name: told[name].shape for name in (POINTS, REGION, AREAS, REVIEWER, SEEN_AT, TOPICS, "duedate")} == {
        POINTS: "number", REGION: "choice", AREAS: "choices", REVIEWER: "user", SEEN_AT: "moment", TOPICS: "words",
        "duedate": "date",
    }  # fmt: skip
    assert told["labels"].shape == "words"
    assert {name for name, field in told.items() if not field.writable} == {
        "reporter", "creator", "created", "updated", "resolutiondate",
    }  # fmt: skip
    assert told["status"].screens == {"edit"}, "a new issue's workflow sets it"
    assert (told["priority"].required, told["priority"].screens) == (False, ALL)


def test_without_an_issue_to_look_at_an_edit_is_taken_to_be_like_a_create(bench: IssueBench) -> None:
    assert bench.server is not None
    bench.server.change(model(bench).issues.clear)
    survey = bench.bound(fields={"summary"}).survey()
    assert survey.fields[STEPS].screens == ALL


@pytest.mark.parametrize("envelope", ["fields", "values"])
def test_every_page_of_a_screen_is_read_and_what_can_t_be_chosen_any_more_is_told(envelope: str) -> None:
    options = [{"id": "1", "value": "Old", "disabled": True}, {"id": "2", "value": "New"}]
    rows = [
        {"fieldId": "summary", "name": "Summary", "required": True, "schema": {"type": "string"}},
        {"fieldId": "team", "name": "Team", "required": True, "schema": {"type": "team"}},
        {"fieldId": "customfield_1", "name": "Colour", "required": True, "allowedValues": options},
        {"fieldId": "customfield_2", "name": "Odd", "allowedValues": [{"id": "9", "value": "x"}]},
    ]  # fmt: skip

    def script(request: Request) -> Answer | None:
        start = int(request.query.get("startAt", 0))
        fields = [
            {"id": "customfield_1", "name": "Colour", "schema": {"type": "option"}},
            {"id": "customfield_2", "name": "Odd", "schema": {"type": "any"}},
            {"id": "customfield_3", "name": "Of another project", "schema": {"type": "string"}},
            {"id": "customfield_4", "name": "Mapped", "schema": {"type": "string"}},
        ]
        bodies = {
            "project/TEST": {"id": "1", "key": "TEST", "issueTypes": [{"id": "5", "name": "Bug"}]},
            "issue/createmeta/TEST/issuetypes/5": {envelope: rows[start : start + 2], "total": 4},
            "search/jql": {"issues": []},
            "field": fields,
        }
        path = request.path.removeprefix("/rest/api/2/")
        empty = ("statuses", "priority", "resolution", "components", "versions", "user/assignable/search")
        if path.removeprefix("project/TEST/") in empty:
            return Answer(body=[])
        return Answer(body=bodies[path]) if path in bodies else None

    with Scripted(script) as server:
        port = IssueProject(
            server.client(),
            project="TEST",
            only=None,
            issue_type=None,
            installation="demo",
            fields={"customfield_4"},
            transition_fields={},
        )
        survey = port.survey()
        assert {option.name: option.active for option in survey.of("customfield_1")} == {"Old": False, "New": True}
        assert survey.fields["customfield_1"].required
        assert "customfield_2" not in survey.fields
        assert "customfield_3" not in survey.fields
        assert not survey.fields["customfield_4"].writable, "it is on no screen of this project"
