"""Conditions, templates and values that stand in the mapping: what they do to a record and its twin."""

from dataclasses import replace
from typing import Any

from mappings.load import load_mapping
from syncer.core.actions import CreateRecord, UpdateRecord
from syncer.core.bind import Bound, bind
from syncer.core.planner import plan_record
from syncer.core.reasons import Reason
from syncer.core.records import Catalogue, FieldInfo, Present, Record, Side
from syncer.core.situation import Situation
from tests.syncer.core.builders import INSTALLATION, incident, issue, linked, mapping, option

SUMMARY = {"kind": "copy", "incident": "Summary", "issue": "summary"}
CYCLE = {"kind": "copy", "incident": "FieldValues.Cycle", "issue": "customfield_1"}
TEMPLATE = {"kind": "template", "issue": "environment", "template": "{{ incident.Priority }} at {{ incident.key }}"}
CATALOGUES = {
    Side.INCIDENT: Catalogue(Side.INCIDENT, {"priority": (option("p1", "High"),), "status": (option("s1", "Closed"),)}),
    Side.ISSUE: Catalogue(
        Side.ISSUE, {"user": (option("u1", "Joe Bloggs"),), "status": (option("9", "Done"), option("1", "To Do"))}
    ),
}


def custom(**values: str) -> dict[str, Any]:
    """Values of an incident's custom fields, by the fields' names."""
    return {f"FieldValues.{name}": value for name, value in values.items()}


def bound(*fields: dict[str, Any], **more: Any) -> Bound:
    return bind(mapping(fields=[SUMMARY, *fields], **more), CATALOGUES, ())


def created(ready: Bound, record: Record) -> dict[str, Any]:
    """What the new twin holds, by field."""
    alone = (Present(record), None) if record.side is Side.INCIDENT else (None, Present(record))
    planned = plan_record(Situation(None, *alone), ready, INSTALLATION)
    return {
        change.name: change.after
        for action in planned.actions
        if isinstance(action, CreateRecord | UpdateRecord)
        for change in action.changes
    }


def pushed(ready: Bound, left: Record, right: Record, *agreed: dict[str, Any]) -> dict[str, Any]:
    planned = plan_record(linked(left, right, (agreed[0], agreed[1]) if agreed else None), ready, INSTALLATION)
    updates = [action for action in planned.actions if isinstance(action, UpdateRecord)]
    return {change.name: change.after for action in updates for change in action.changes}


class TestTemplates:
    def test_a_text_is_made_of_names_and_not_of_ids(self) -> None:
        assert created(bound(TEMPLATE), incident(Priority="p1"))["environment"] == "High at INC-7"

    def test_it_follows_its_fields_and_leaves_alone_what_people_write_meanwhile(self) -> None:
        ready = bound(TEMPLATE)
        agreed = (
            {"Summary": "Pump fails", "=environment": "High at INC-7"},
            {
                "summary": "Pump fails",
                "environment": "High at INC-7",
            },
        )
        assert pushed(ready, incident(Priority="p1"), issue(environment="mine"), *agreed) == {}
        lower = pushed(ready, incident(Priority=None), issue(environment="High at INC-7"), *agreed)
        assert lower == {"environment": "at INC-7"}

    def test_one_that_fails_parks_its_field_with_its_line_and_the_rest_flows(self, tmp_path: Any) -> None:
        file = tmp_path / "shop.yaml"
        file.write_text(
            "incidents: {project: Shop, mark_field: Jira key}\nissues: {project: SHOP, type: Bug}\nfields:\n"
            "  - {incident: Summary, issue: summary, kind: copy}\n"
            "  - {issue: environment, kind: template, template: '{{ incident.FieldValues.Nothing }}'}\n"
        )
        ready = bind(load_mapping(file), CATALOGUES, ())
        planned = plan_record(Situation(None, Present(incident()), None), ready, INSTALLATION)
        (waiting,) = planned.waiting
        assert (waiting.item, waiting.code) == ("environment", Reason.EXPRESSION)
        assert waiting.reason.startswith(f"{file}:5: ")
        assert any(isinstance(action, CreateRecord) for action in planned.actions)


class TestConditions:
    def test_a_field_rests_while_its_condition_does_not_hold_and_travels_once_it_does(self) -> None:
        ready = bound(CYCLE | {"when": "incident.Priority == 'High'"})
        values: dict[str, Any] = {**custom(Cycle="V1"), "Priority": None}
        assert "customfield_1" not in created(ready, incident(**values))
        agreed = {"Summary": "Pump fails"}, {"summary": "Pump fails"}
        assert pushed(ready, incident(**values), issue(customfield_1=None), *agreed) == {}
        now = incident(**{**values, "Priority": "p1"})
        assert pushed(ready, now, issue(customfield_1=None), *agreed) == {"customfield_1": "V1"}

    def test_a_condition_about_the_twin_is_asked_of_what_the_twin_is_going_to_hold(self) -> None:
        """A resolution goes with a closed status: one that is closed from birth has both."""
        status = {
            "kind": "status",
            "incident": "Status",
            "issue": "status",
            "values": [{"incident": "Closed", "issue": "Done"}],
        }
        ready = bound(status, CYCLE | {"when": "incident.Status == 'Closed'"})
        assert created(ready, issue(status="9", customfield_1="V1"))["FieldValues.Cycle"] == "V1"
        assert "FieldValues.Cycle" not in created(ready, issue(status="1", customfield_1="V1"))

    def test_a_condition_that_fails_is_told_with_its_place(self) -> None:
        ready = bound(CYCLE | {"when": "incident.FieldValues.Nothing == 'x'"})
        planned = plan_record(linked(incident(**custom(Cycle="V")), issue(customfield_1=None)), ready, "lab")
        assert [(each.item, each.code) for each in planned.waiting] == [("FieldValues.Cycle", Reason.EXPRESSION)]

    def test_a_record_for_which_the_links_condition_does_not_hold_gets_no_twin(self) -> None:
        incidents = {"project": "Shop", "mark_field": "Jira key", "when": "incident.Priority == 'High'"}
        ready = bound(incidents=incidents)
        planned = plan_record(Situation(None, Present(incident(Priority=None)), None), ready, INSTALLATION)
        assert (planned.actions, planned.code) == ((), Reason.OUT_OF_SCOPE)
        assert created(ready, incident(Priority="p1")) == {"summary": "Pump fails"}

    def test_numbers_compare_as_numbers(self) -> None:
        numbers = {"FieldValues.Points": FieldInfo("FieldValues.Points", "Points", "number")}
        catalogues = {**CATALOGUES, Side.INCIDENT: replace(CATALOGUES[Side.INCIDENT], fields=numbers)}
        field = CYCLE | {"when": "incident.FieldValues.Points > 9"}
        ready = bind(mapping(fields=[SUMMARY, field]), catalogues, ())
        assert "customfield_1" in created(ready, incident(**custom(Cycle="V", Points="10")))
        assert "customfield_1" not in created(ready, incident(**custom(Cycle="V", Points="9")))


class TestPeople:
    def test_somebody_who_is_in_no_catalogue_goes_by_the_name_that_came_with_the_record(self) -> None:
        field = {"kind": "template", "incident": "FieldValues.By", "template": "{{ issue.reporter }}"}
        record = replace(issue(reporter="u9"), people={"u9": "Olga Petrova"})
        assert created(bound(field), record)["FieldValues.By"] == "Olga Petrova"
        assert created(bound(field), issue(reporter="u1"))["FieldValues.By"] == "Joe Bloggs"


class TestSets:
    def test_a_value_is_added_to_a_set_and_nobody_is_overruled_who_takes_it_away(self) -> None:
        ready = bound({"kind": "set", "issue": "labels", "value": "from testing"})
        assert created(ready, incident())["labels"] == {"from_testing"}
        agreed = (
            {"Summary": "Pump fails", "=labels": frozenset({"from_testing"})},
            {
                "summary": "Pump fails",
                "labels": frozenset({"from_testing", "own"}),
            },
        )
        assert pushed(ready, incident(), issue(labels=frozenset({"own"})), *agreed) == {}

    def test_words_in_a_text_merge_one_by_one(self) -> None:
        ready = bound({"kind": "labels", "incident": "FieldValues.Notes", "issue": "labels"})
        agreed = (
            {"Summary": "Pump fails", "FieldValues.Notes": "a, b"},
            {
                "summary": "Pump fails",
                "labels": frozenset({"a", "b"}),
            },
        )
        left, right = incident(**custom(Notes="a, b, c")), issue(labels=frozenset({"b", "d"}))
        assert pushed(ready, left, right, *agreed) == {"FieldValues.Notes": "b, c, d", "labels": {"b", "c", "d"}}

    def test_read_only_puts_back_what_people_change(self) -> None:
        ready = bound(CYCLE | {"direction": "to_issue", "read_only": True})
        agreed = {"Summary": "Pump fails", "FieldValues.Cycle": "V1"}, {"summary": "Pump fails", "customfield_1": "V1"}
        left, right = incident(**custom(Cycle="V1")), issue(customfield_1="mine")
        assert pushed(ready, left, right, *agreed) == {"customfield_1": "V1"}
