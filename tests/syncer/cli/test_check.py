"""`syncer check` tells what is well and what is not, and changes nothing."""

import io

import pytest
from rich.console import Console

from syncer.cli.console import sign
from tests.syncer.cli.terminal import Terminal


def crosses(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines() if line.strip().startswith("✗")]


def test_a_sound_installation_gets_ticks_only_and_nothing_is_made(terminal: Terminal) -> None:
    said = terminal("check")
    assert said.code == 0, said.out
    assert not crosses(said.out)
    assert said.out.count("✓") >= 10
    assert "All is well" in said.out
    assert terminal.stage.writes() == 0
    assert not terminal.state.exists()


@pytest.mark.parametrize(
    ("setting", "where"),
    [("SYNCER_INCIDENTS__PASSWORD", "incident side"), ("SYNCER_JIRA__TOKEN", "issue side")],
)
def test_a_wrong_password_is_a_cross_and_the_other_side_is_looked_at_all_the_same(
    terminal: Terminal, setting: str, where: str
) -> None:
    terminal.settings[setting] = "guessed"
    said = terminal("check")
    assert said.code == 1
    assert crosses(said.out)
    other = said.out.split("issue side" if where == "incident side" else "incident side")[1]
    assert "✓" in other.split("test-project, ")[0]
    assert "guessed" not in said.out + said.err


def test_an_unknown_project_is_a_cross_with_the_nearest_name(terminal: Terminal) -> None:
    terminal.map_with("project: TEST", "project: TSET")
    said = terminal("check")
    assert said.code == 1
    assert any("did you mean TEST" in line for line in crosses(said.out)), said.out


def test_a_name_that_a_catalogue_lacks_is_a_cross_with_all_that_it_has(terminal: Terminal) -> None:
    terminal.map_with("{incident: New, issue: To Do}", "{incident: New, issue: To Dough}")
    said = terminal("check")
    assert said.code == 1
    (line,) = crosses(said.out)
    assert "no status 'To Dough'" in line
    assert "In Review" in line


def test_a_state_db_that_is_none_is_a_cross_and_the_servers_are_looked_at_all_the_same(terminal: Terminal) -> None:
    terminal.state.write_text("Dear diary, today I was left alone.")
    said = terminal("check")
    assert said.code == 1
    assert any("isn't a SQLite DB" in line for line in crosses(said.out))
    assert "3 incidents are in scope" in said.out
    assert terminal.state.read_text() == "Dear diary, today I was left alone."


def test_a_terminal_without_signs_gets_words() -> None:
    plain = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert (sign(plain, True), sign(plain, False)) == ("ok", "FAILED")
