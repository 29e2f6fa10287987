"""Whatever is wrong is said in one clear sentence on standard error, with exit code 1, and nothing has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.syncer.cli.terminal import Terminal

Spoil = Callable[[Terminal], None]


def both_servers_down(terminal: Terminal) -> None:
    terminal.stage.sandbox.stop()


def wrong_password(terminal: Terminal) -> None:
    terminal.settings["SYNCER_INCIDENTS__PASSWORD"] = "guessed"


def wrong_token(terminal: Terminal) -> None:
    terminal.settings["SYNCER_JIRA__TOKEN"] = "guessed"


def unknown_incident_project(terminal: Terminal) -> None:
    terminal.map_with("project: Test Project", "project: Test Projekt")


def unknown_issue_project(terminal: Terminal) -> None:
    terminal.map_with("project: TEST", "project: TSET")


def malformed_mapping(terminal: Terminal) -> None:
    terminal.map_with("kind: table", "kind: tabel")


def db_that_is_none(terminal: Terminal) -> None:
    terminal.state.write_text("Dear diary, today I was overwritten.")


def missing_setting(terminal: Terminal) -> None:
    del terminal.settings["SYNCER_INCIDENTS__URL"]


CASES: list[tuple[str, Spoil, str]] = [
    ("sync", both_servers_down, "Enterprise Tester can't be reached at http://127.0.0.1:"),
    ("sync", wrong_password, "Enterprise Tester"),
    ("plan", wrong_password, "Enterprise Tester"),
    ("sync", wrong_token, "Jira"),
    ("sync", unknown_incident_project, "did you mean 'Test Project'?"),
    ("sync", unknown_issue_project, "TSET"),
    ("plan", unknown_issue_project, "TSET"),
    ("sync", db_that_is_none, "isn't a SQLite DB"),
    ("plan", db_that_is_none, "isn't a SQLite DB"),
    ("sync", missing_setting, "SYNCER_INCIDENTS__URL is missing."),
]


@pytest.mark.parametrize(
    ("command", "spoil", "hint"), CASES, ids=[f"{command}-{spoil.__name__}" for command, spoil, _ in CASES]
)
def test_one_sentence_exit_code_1_and_nothing_changed(
    terminal: Terminal, command: str, spoil: Spoil, hint: str
) -> None:
    terminal("sync")
    terminal.log("Something that could travel")
    known, writes = terminal.known(), terminal.stage.writes()
    files = {file: file.read_bytes() for file in terminal.folder.glob("mappings/*")}
    spoil(terminal)
    spoilt = terminal.state.read_bytes()

    said = terminal(command)

    assert said.code == 1
    assert len(said.complaints) == 1, said.err
    assert hint in said.complaints[0]
    assert "Traceback" not in said.err
    assert terminal.stage.writes() == writes
    if spoil is db_that_is_none:
        assert terminal.state.read_bytes() == spoilt
    else:
        assert terminal.known() == known
    assert len(list(terminal.folder.glob("mappings/*"))) == len(files)


def test_each_mistake_in_a_mapping_is_told_with_its_place_before_anything_is_made(terminal: Terminal) -> None:
    malformed_mapping(terminal)
    said = terminal("sync")
    assert said.code == 1
    assert said.complaints
    assert all(line.startswith(f"{terminal.mapping}:") for line in said.complaints), said.err
    assert "table" in said.complaints[0]
    assert not terminal.state.exists()
    assert terminal.stage.writes() == 0


def test_a_link_that_there_is_not_is_answered_with_those_that_there_are(terminal: Terminal) -> None:
    said = terminal("sync", "--link", "test-projekt")
    assert (said.code, len(said.complaints)) == (1, 1)
    assert "did you mean 'test-project'?" in said.complaints[0]


def test_an_env_file_that_is_not_there_is_no_empty_one(terminal: Terminal) -> None:
    said = terminal("--env-file", "elsewhere.env", "status")
    assert (said.code, said.complaints) == (1, ["there is no file elsewhere.env to read settings from"])


@pytest.mark.parametrize("words", [["sync", "--lnik", "x"], ["snyc"], ["plan", "--limit", "many"]])
def test_wrong_words_are_an_error_and_not_mistaken_for_changes(terminal: Terminal, words: list[str]) -> None:
    """Many programs exit with 2 then, which `plan` uses for "there are changes"."""
    said = terminal(*words)
    assert (said.code, len(said.complaints)) == (1, 1)
    assert "--help" in said.complaints[0]


def test_an_unexpected_error_is_one_sentence_and_debug_shows_where(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> None:
        raise RuntimeError("the sky is falling")

    monkeypatch.setattr("config.settings.load_settings", break_down)
    quiet, loud = terminal("settings"), terminal("--debug", "settings")
    assert (quiet.code, len(quiet.complaints)) == (1, 1)
    assert "the sky is falling" in quiet.complaints[0]
    assert "--debug" in quiet.complaints[0]
    assert loud.code == 1
    assert "break_down" in loud.err


def test_a_second_writer_is_told_who_writes(terminal: Terminal, tmp_path: Path) -> None:
    from state import Store

    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        said = terminal("sync")
    store.close()
    assert (said.code, len(said.complaints)) == (1, 1)
    assert "another syncer process" in said.complaints[0]
    assert terminal.stage.writes() == 0
