"""`syncer mapping try` shows what a record becomes, as its server holds it now, and writes nothing."""

import json
from typing import Any

import pytest

from tests.syncer.cli.terminal import LINK, Said, Terminal

MAPPING = """\
name: test-project
incidents: {project: Test Project, mark_field: Jira key}
issues: {project: TEST}
fields:
  - {incident: Summary, issue: summary, kind: copy}
  - {incident: Description, issue: description, kind: copy}
  - incident: Type
    issue: issuetype
    kind: table
    values: [{incident: Defect, issue: Bug}, {incident: Task, issue: Task}, {incident: Enhancement, issue: Improvement}]
  - {incident: Priority, issue: priority, kind: table, values: [{incident: High, issue: Highest}]}
  - {incident: AssignedTo, issue: assignee, kind: users}
  - {incident: Components, issue: components, kind: components}
  - {kind: template, issue: environment, template: "Logged as {{ incident.key }}"}
"""


@pytest.fixture(autouse=True)
def mapping(terminal: Terminal) -> None:
    terminal.mapping.write_text(MAPPING, encoding="utf-8")


def tried(terminal: Terminal, *words: str) -> dict[str, Any]:
    """The answer as programs get it; its fields by the name on the record's own side."""
    said = terminal("mapping", "try", *words, "--json")
    assert said.code == 0, said.err
    ((told),) = json.loads(said.out)
    assert isinstance(told, dict)
    return {**told, "fields": {each["here"]: each for each in told["fields"]}}


def cells(said: Said, field: str) -> list[str]:
    """One row of the table, without its empty cells."""
    (line,) = (line for line in said.out.splitlines() if line.startswith(f"{field} "))
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_an_incident_is_shown_field_by_field_with_names_and_lines(terminal: Terminal) -> None:
    incident = terminal.log("Pump fails", Priority="High", AssignedTo="annak", Components=["Reports", "Search"])
    said = terminal("mapping", "try", f"#{incident.number}")
    assert said.code == 0, said.err
    assert said.out.startswith(f"incident #{incident.number} -> a new issue")
    assert "It is in scope" in said.out
    file = str(terminal.mapping)
    assert cells(said, "Summary") == ["Summary", "Pump fails", "summary", "Pump fails", f"{file}:5"]
    assert cells(said, "Priority") == ["Priority", "High", "priority", "Highest", f"{file}:11"]
    assert cells(said, "AssignedTo") == ["AssignedTo", "Anna Krüger", "assignee", "Anna Krüger", f"{file}:12"]
    both = "Reports, Search"
    assert cells(said, "Components") == ["Components", both, "components", both, f"{file}:13"]
    written = f"Logged as #{incident.number}"
    assert cells(said, "(a template)")[1:4] == [written, "environment", written]


def test_what_does_not_travel_says_why_by_code_and_sentence(terminal: Terminal) -> None:
    incident = terminal.log("Pump fails", Priority="Low", AssignedTo="testeronly")
    fields = tried(terminal, f"#{incident.number}")["fields"]
    assert (fields["Priority"]["value"], fields["Priority"]["becomes"]) == ("Low", None)
    assert fields["Priority"]["code"] == "unmapped"
    assert "'Low' has no counterpart" in fields["Priority"]["reason"]
    assert fields["AssignedTo"]["code"] == "unmapped"
    assert fields["Summary"]["code"] is None


def test_a_long_text_is_cut_for_people_and_whole_for_programs(terminal: Terminal) -> None:
    text = "It drips " * 30 + "badly"
    incident = terminal.log("Pump fails", Description=text)
    assert "badly" not in terminal("mapping", "try", f"#{incident.number}").out
    assert tried(terminal, f"#{incident.number}")["fields"]["Description"]["value"] == text


@pytest.mark.parametrize("form", ["#{0.number}", "{0.number}", "{0.id}"])
def test_an_incident_goes_by_number_or_id(terminal: Terminal, form: str) -> None:
    incident = terminal.log("Pump fails")
    told = tried(terminal, form.format(incident), "--link", LINK)
    assert (told["record"]["side"], told["record"]["key"]) == ("incident", f"#{incident.number}")


def test_an_issue_goes_by_key_in_any_case(terminal: Terminal) -> None:
    told = tried(terminal, "test-3")
    assert told["record"]["key"] == "TEST-3"
    assert told["fields"]["summary"]["there"] == "Summary"
    assert told["fields"]["summary"]["becomes"] == told["fields"]["summary"]["value"]
    assert told["fields"]["environment"]["code"] == "one-way"


def test_nothing_is_written_anywhere(terminal: Terminal) -> None:
    assert terminal("mapping", "try", "TEST-3").code == 0
    assert terminal.stage.writes() == 0
    assert not terminal.state.exists()


def test_a_linked_record_shows_what_its_twin_holds_now(terminal: Terminal) -> None:
    incident = terminal.log("Pump fails", Priority="High")
    terminal("sync")
    before = terminal.stage.writes()
    said = terminal("mapping", "try", f"#{incident.number}")
    told = tried(terminal, f"#{incident.number}")
    assert f"issue {told['twin']}, with which it is linked" in said.out
    assert f"{told['twin']} holds now" in said.out
    assert told["fields"]["Priority"]["twin_holds"] == "Highest"
    assert cells(said, "Priority")[3:5] == ["Highest", "Highest"]
    assert terminal.stage.writes() == before


def test_comments_are_counted_and_shown_as_the_other_side_will_hold_them(terminal: Terminal) -> None:
    tester = terminal.stage.sandbox.tester
    incident = terminal.log("Pump fails")
    terminal.stage.sandbox.call(lambda: tester.comment(incident.id, "annak", body="It *drips*\nsince Monday"))
    said = terminal("mapping", "try", f"#{incident.number}")
    assert "1 of 1 comments would be added to the issue." in said.out
    (line,) = (line for line in said.out.splitlines() if "Anna Krüger: " in line)
    assert "drips" in line
    assert "Monday" not in line
    (comment,) = tried(terminal, f"#{incident.number}")["comments"]
    assert "Monday" in comment["becomes"]


def test_a_condition_of_the_mapping_that_leaves_the_record_out_is_named(terminal: Terminal) -> None:
    terminal.map_with("mark_field: Jira key}", "mark_field: Jira key, when: \"incident.Priority == 'High'\"}")
    low, high = terminal.log("Low", Priority="Low"), terminal.log("High", Priority="High")
    told = tried(terminal, f"#{low.number}")
    assert (told["in_scope"], told["code"]) == (False, "out-of-scope")
    assert f"{terminal.mapping}:2" in told["reason"]
    assert tried(terminal, f"#{high.number}")["in_scope"]
    assert "It would get no twin" in terminal("mapping", "try", f"#{low.number}").out


def test_a_condition_of_the_servers_own_language_likewise(terminal: Terminal) -> None:
    terminal.map_with("mark_field: Jira key}", 'mark_field: Jira key, only: "Priority = High"}')
    low, high = terminal.log("Low", Priority="Low"), terminal.log("High", Priority="High")
    told = tried(terminal, f"#{low.number}")
    assert (told["in_scope"], told["code"]) == (False, "out-of-scope")
    assert tried(terminal, f"#{high.number}")["in_scope"]


def test_a_name_that_a_server_lacks_is_told_below(terminal: Terminal) -> None:
    terminal.map_with("issue: Highest", "issue: Hihgest")
    said = terminal("mapping", "try", "TEST-3")
    assert said.code == 0
    assert any("no priority 'Hihgest'" in line for line in said.out.splitlines())


def test_a_record_that_nobody_has_is_refused_with_what_can_be_given(terminal: Terminal) -> None:
    for unknown in ("TEST-4711", "#4711", "ABC-1", "4711"):
        said = terminal("mapping", "try", unknown)
        assert said.code == 1
        assert unknown in said.err
        assert "#12" in said.err
        assert not said.out
