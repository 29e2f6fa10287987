"""Whoever asks gets taught: every command explains itself with examples, without settings and without servers."""

import pytest
from typer.main import get_command

from syncer.cli.commands import app
from syncer.cli.entry import run

COMMANDS = sorted(getattr(get_command(app), "commands"))  # noqa: B009 typer's own click has no public type


def test_the_commands_are_those_that_were_promised() -> None:
    promised = "check plan sync run status settings healthcheck sandbox demo "
    promised += "held approve settle discard retry history undo links link unlink adopt mapping explain backup tell "
    promised += "state worker record"
    assert sorted(promised.split()) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    said = capsys.readouterr()
    lines = [line.strip() for line in said.out.splitlines()]
    assert any(line.startswith(f"syncer {command}") for line in lines), said.out
    assert "--help" in said.out
    assert not said.err


def test_without_a_command_all_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    said = capsys.readouterr().out
    assert all(command in said for command in COMMANDS)


def test_the_version_is_that_of_the_installed_package(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"syncer {version('enterprise-tester-syncer')}"
