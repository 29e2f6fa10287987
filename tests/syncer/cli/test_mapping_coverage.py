"""`syncer mapping coverage` finds what the mapping can't carry, and says what to add so that it can."""

import json
from typing import Any

import pytest

from tests.syncer.cli.terminal import Terminal

MAPPING = """\
name: test-project
incidents: {project: Test Project, mark_field: Jira key}
issues: {project: TEST, type: Bug}
direction: to_issue
fields:
  - {incident: Summary, issue: summary, kind: copy}
  - {incident: Description, issue: description, kind: copy, incident_text: html}
  - incident: Priority
    issue: priority
    kind: table
    values:
      - {incident: High, issue: High}
  - incident: AssignedTo
    issue: assignee
    kind: users
    users:
      - {incident: samw, issue: Sam Williams}
  - {incident: FieldValues.Nothing, issue: customfield_10011, kind: copy}
  - {kind: template, issue: environment, template: "{{ incident.FieldValues.Nothing }}"}
"""
LOGGED = 6
LONG = "Word " * 60 + "end"


@pytest.fixture(autouse=True)
def records(terminal: Terminal) -> None:
    """Six incidents, logged one after the other."""
    terminal.mapping.write_text(MAPPING, encoding="utf-8")
    terminal.log("Pump fails", Priority="High", AssignedTo="testeronly")
    for number in range(3):
        terminal.log(f"Valve {number}", Priority="Critical", AssignedTo="annak")
    terminal.log(LONG, Priority="Low")
    terminal.log("Hose", Description='<p><font color="red">Late</font></p>', Priority="Low")


def covered(terminal: Terminal, *words: str) -> dict[str, Any]:
    """The answer as programs get it; its fields by their name in Enterprise Tester."""
    said = terminal("mapping", "coverage", "--last", str(LOGGED), *words, "--json")
    assert said.code == 0, said.err
    (told,) = json.loads(said.out)
    assert isinstance(told, dict)
    return {**told, "fields": {each["from"]: each for each in told["fields"]}}


def test_values_that_no_rule_maps_come_most_frequent_first_with_a_row_to_paste(terminal: Terminal) -> None:
    priority = covered(terminal)["fields"]["Priority"]
    assert (priority["values"], priority["carried"]) == (6, 1)
    assert [(each["value"], each["count"]) for each in priority["unmapped"]] == [("Critical", 3), ("Low", 2)]
    assert [each["add"] for each in priority["unmapped"]][1] == "- {incident: Low, issue: Low}"
    assert priority["unmapped"][0]["add"].startswith("- {incident: Critical, issue: }  # issue: one of Highest, High")
    assert priority["unmapped"][0]["under"] == "values"


def test_a_pasted_row_mends_it(terminal: Terminal) -> None:
    row = covered(terminal)["fields"]["Priority"]["unmapped"][1]["add"]
    terminal.map_with("{incident: High, issue: High}", "{incident: High, issue: High}\n      " + row)
    priority = covered(terminal)["fields"]["Priority"]
    assert [each["value"] for each in priority["unmapped"]] == ["Critical"]
    assert priority["carried"] == LOGGED - 3


def test_a_row_in_which_something_is_left_open_is_not_taken_by_mistake(terminal: Terminal) -> None:
    row = covered(terminal)["fields"]["Priority"]["unmapped"][0]["add"]
    terminal.map_with("{incident: High, issue: High}", "{incident: High, issue: High}\n      " + row)
    said = terminal("mapping", "coverage")
    assert said.code == 1
    assert f"{terminal.mapping}:13:" in said.err


def test_people_unknown_on_the_other_side_stand_in_a_table_of_their_own(terminal: Terminal) -> None:
    said = terminal("mapping", "coverage", "--last", str(LOGGED))
    people = said.out.split("People unknown on the other side")[1]
    assert "Terry Tester" in people
    assert "- {incident: Terry Tester, issue: }" in people
    assert "Terry Tester" not in said.out.split("People unknown on the other side")[0]


def test_names_and_texts_go_to_standard_output_alone(terminal: Terminal) -> None:
    terminal.settings["SYNCER_LOG__LEVEL"] = "debug"
    said = terminal("mapping", "coverage")
    assert not said.complaints
    assert "Terry" not in said.err
    assert f"test-project: read incidents {3 + LOGGED}" in said.err


def test_texts_that_are_cut_or_simplified_are_told_with_what_they_lose(terminal: Terminal) -> None:
    fields = covered(terminal)["fields"]
    assert fields["Summary"]["cut"] == {"texts": 1, "longest": len(LONG)}
    assert fields["Description"]["simplified"] == {"texts": 1, "lost": {"colours": 1}}
    said = terminal("mapping", "coverage")
    assert any("texts cut: 1; the longest has" in line for line in said.out.splitlines())
    assert any("texts simplified: 1; they lose colours" in line for line in said.out.splitlines())


def test_a_failing_template_is_told_with_its_line_and_an_empty_field_is_questioned(terminal: Terminal) -> None:
    told = covered(terminal)["fields"]
    (failed,) = told["(a template)"]["failed"]
    assert failed["count"] == LOGGED
    assert failed["sentence"].startswith(f"{terminal.mapping}:19: ")
    assert told["FieldValues.Nothing"]["never"]
    said = terminal("mapping", "coverage")
    assert any("FieldValues.Nothing -> customfield_10011: " in line and "?" in line for line in said.out.splitlines())


def test_the_share_is_that_of_all_values(terminal: Terminal) -> None:
    told = covered(terminal)
    fields = told["fields"].values()
    assert told["values"] == sum(each["values"] for each in fields)
    assert told["carried"] == sum(each["carried"] for each in fields)
    said = terminal("mapping", "coverage", "--last", str(LOGGED))
    assert f"test-project: {told['share']} can be carried (the last {LOGGED} incidents)" in said.out


def test_the_last_ones_are_those_that_were_updated_last(terminal: Terminal) -> None:
    said = terminal("mapping", "coverage", "--last", "2", "--json")
    (told,) = json.loads(said.out)
    assert told["records"] == {"incident": 2}
    summary = next(each for each in told["fields"] if each["from"] == "Summary")
    assert (summary["values"], summary["cut"]["texts"]) == (2, 1)


def test_both_sides_are_read_where_both_have_something_to_carry(terminal: Terminal) -> None:
    terminal.map_with("direction: to_issue\n", "")
    (told,) = json.loads(terminal("mapping", "coverage", "--json").out)
    assert told["records"]["issue"] > 0
    assert {each["side"] for each in told["fields"]} == {"incident", "issue"}


def test_nothing_is_written_anywhere(terminal: Terminal) -> None:
    assert terminal("mapping", "coverage").code == 0
    assert terminal.stage.writes() == 0
    assert not terminal.state.exists()


def test_a_server_that_cannot_be_asked_ends_it_with_its_sentence(terminal: Terminal) -> None:
    terminal.settings["SYNCER_JIRA__TOKEN"] = "guessed"
    said = terminal("mapping", "coverage")
    assert said.code == 1
    assert said.complaints
    assert not said.out


def test_a_link_that_cannot_be_looked_at_does_not_hide_the_others(terminal: Terminal) -> None:
    wrong = MAPPING.replace("name: test-project", "name: another").replace("Test Project", "No Project")
    (terminal.mappings / "another.yaml").write_text(wrong, encoding="utf-8")
    said = terminal("mapping", "coverage")
    assert said.code == 1
    assert any(line.startswith("another: ") for line in said.complaints)
    assert "test-project: " in said.out
