"""`syncer explain`, as typed by a person: what it prints, and how it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from state import Store
from syncer.sandbox.tester.records import Incident
from tests.syncer.cli.terminal import LINK, Terminal


@pytest.fixture
def mirrored(terminal: Terminal) -> Incident:
    """An incident with an issue, among others."""
    incident = terminal.log("Pump fails")
    assert terminal("sync").code == 0
    return incident


def issue_key(terminal: Terminal, incident: Incident) -> str:
    (row,) = (row for row in terminal.known()["links"] if row.incident_id == incident.id)
    return str(row.issue_key)


def explained(terminal: Terminal, *words: str) -> dict[str, Any]:
    (told,) = json.loads(terminal("explain", *words, "--json").out)
    return dict(told)


def edit_both(terminal: Terminal, incident: Incident) -> str:
    key = issue_key(terminal, incident)
    terminal.stage.sandbox.tester.edit(incident.id, Summary="Mine")
    terminal.stage.sandbox.jira.edit(key, by="annak", summary="Theirs")
    return key


def test_a_conflict_is_told_in_words_with_both_values_and_the_line_of_the_mapping(
    terminal: Terminal, mirrored: Incident
) -> None:
    key = edit_both(terminal, mirrored)
    terminal("sync")
    said = terminal("explain", key)
    assert said.code == 0
    assert said.out.startswith(f"#{mirrored.number} = {key}  (project link {LINK})\nconflict: both sides changed")
    line = next(line for line in said.out.splitlines() if line.startswith("Summary"))
    assert [word in line for word in ("Mine", "Theirs", "Pump fails", "full.yaml:", "conflict")] == [True] * 5
    assert "make both sides equal" in line
    assert "next try" in said.out
    assert f"create an issue for incident #{mirrored.number}" in said.out


def test_the_same_is_told_to_programs(terminal: Terminal, mirrored: Incident) -> None:
    edit_both(terminal, mirrored)
    terminal("sync")
    told = explained(terminal, f"#{mirrored.number}")
    assert (told["code"], told["project_link"], told["answered"]) == ("conflict", LINK, True)
    summary = next(field for field in told["fields"] if field["incident"] == "Summary")
    assert summary["now"] == {"incident": "Mine", "issue": "Theirs"}
    assert summary["agreed"] == {"incident": "Pump fails", "issue": "Pump fails"}
    assert (summary["code"], summary["kind"], summary["direction"]) == ("conflict", "copy", "both")
    assert told["attempts"][0]["tries"] == 1
    assert told["link"]["marked"] == ["incident", "issue"]


def test_nothing_changes_and_it_works_beside_the_daemon(terminal: Terminal, mirrored: Incident) -> None:
    terminal.stage.sandbox.tester.edit(mirrored.id, Summary="Mine")
    known, writes = terminal.known(), terminal.stage.writes()
    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        said = terminal("explain", mirrored.id)
    store.close()
    assert (said.code, said.complaints) == (0, [])
    assert "next: update the issue: summary" in said.out
    assert (terminal.known(), terminal.stage.writes()) == (known, writes)


def test_before_the_first_cycle_a_record_is_explained_and_no_state_db_is_made(terminal: Terminal) -> None:
    incident = terminal.log("Pump fails")
    assert explained(terminal, f"#{incident.number}")["code"] == "planned"
    assert not terminal.state.exists()


def stopped(terminal: Terminal) -> None:
    terminal.stage.sandbox.stop()


def wrong_password(terminal: Terminal) -> None:
    terminal.settings["SYNCER_INCIDENTS__PASSWORD"] = "guessed"


def hidden_project(terminal: Terminal) -> None:
    terminal.stage.sandbox.jira.behaviour.hidden_project = "TEST"


@pytest.mark.parametrize("spoil", [stopped, wrong_password, hidden_project])
def test_what_the_state_db_knows_is_told_when_a_server_does_not_answer(
    terminal: Terminal, mirrored: Incident, spoil: Callable[[Terminal], None]
) -> None:
    key = issue_key(terminal, mirrored)
    spoil(terminal)
    said = terminal("explain", key)
    assert (said.code, said.complaints) == (1, [])
    assert said.out.startswith(f"#{mirrored.number} = {key}  (project link {LINK})\nunavailable: the server didn't")
    assert "linked since" in said.out
    line = next(line for line in said.out.splitlines() if line.startswith("Summary"))
    assert [word in line for word in ("Pump fails", "full.yaml:", "unavailable")] == [True] * 3


@pytest.mark.parametrize("spoil", [None, wrong_password])
def test_what_nobody_knows_is_one_sentence(terminal: Terminal, spoil: Callable[[Terminal], None] | None) -> None:
    if spoil is not None:
        spoil(terminal)
    said = terminal("explain", "#4711")
    assert (said.code, said.out, len(said.complaints)) == (1, "", 1)
    assert ("#4711" in said.complaints[0]) or spoil is not None


def test_a_record_of_two_project_links_is_explained_in_both(terminal: Terminal) -> None:
    incident = terminal.log("Pump fails")
    text = terminal.mapping.read_text(encoding="utf-8")
    other = text.replace(f"name: {LINK}", "name: others").replace("\n  project: TEST", "\n  project: OTHER")
    (terminal.mappings / "others.yaml").write_text(other, encoding="utf-8")
    told = json.loads(terminal("explain", incident.id, "--json").out)
    assert [each["project_link"] for each in told] == ["test-project", "others"] or len(told) == 2
    assert explained(terminal, incident.id, "--link", "others")["project_link"] == "others"
