"""`syncer mapping lint` finds the mistakes that administrators make, on the line where they made them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from syncer.cli.entry import run
from syncer.sandbox.cast import PASSWORD, SERVICE
from syncer.sandbox.server import Sandbox
from tests.syncer.cli.live_mistakes import LIVE
from tests.syncer.cli.mistakes import EXAMPLES, FULL, OFFLINE, VERSION_ROWS

CASES = {**OFFLINE, **LIVE}


@dataclass(frozen=True)
class Desk:
    """A person at a command line, before two servers."""

    folder: Path
    sandbox: Sandbox
    env: Path
    capture: pytest.CaptureFixture[str] | None = None

    def lint(self, path: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """The exit code and all that is told."""
        assert self.capture is not None
        self.capture.readouterr()
        code = run(["--env-file", str(self.env), "mapping", "lint", str(path), *words, "--json"])
        said = self.capture.readouterr()
        assert said.out, said.err
        return code, json.loads(said.out)


def desk_at(folder: Path, sandbox: Sandbox, deployment: str) -> Desk:
    cloud = deployment == "cloud"
    settings = {
        "SYNCER_INSTALLATION": "lab",
        "SYNCER_INCIDENTS__URL": sandbox.tester_url,
        "SYNCER_INCIDENTS__USER": SERVICE,
        "SYNCER_INCIDENTS__PASSWORD": PASSWORD,
        "SYNCER_JIRA__URL": sandbox.jira_url,
        "SYNCER_JIRA__USER": "syncer@example.com" if cloud else SERVICE,
        "SYNCER_JIRA__TOKEN" if cloud else "SYNCER_JIRA__PASSWORD": PASSWORD,
        "SYNCER_STATE__URL": f"sqlite:///{folder}/state.db",
        "SYNCER_MAPPINGS": str(EXAMPLES.absolute()),
    }
    env = folder / "settings.env"
    env.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()), encoding="utf-8")
    return Desk(folder, sandbox, env)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Sandbox(incidents=3) as sandbox:
        yield desk_at(tmp_path_factory.mktemp("desk"), sandbox, "cloud")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SYNCER_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def desk(shared: Desk, capsys: pytest.CaptureFixture[str]) -> Desk:
    return replace(shared, capture=capsys)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_found_on_its_line(desk: Desk, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    file = tmp_path / "full.yaml"
    file.write_text(case.text, encoding="utf-8")
    words = ["--live"] if case.live else []
    if case.server is None:
        code, told = desk.lint(file, *words)
    else:
        with case.server(desk.sandbox):
            code, told = desk.lint(file, *words)
    found = [each for each in told if each["severity"] == case.severity and case.says in each["sentence"]]
    assert found, told
    assert case.line in [each["line"] for each in found], told
    assert code == int(case.severity == "error")
    errors = {each["line"] for each in told if each["severity"] == "error"}
    assert errors <= {case.line}, "one mistake is no reason to complain about other lines"


def test_there_are_mistakes_enough() -> None:
    assert len(CASES) >= 40


@contextmanager
def odd_names(sandbox: Sandbox) -> Iterator[None]:
    """Both servers have names that YAML itself would take for something else."""
    picks, versions = sandbox.tester.catalogue.picks, sandbox.jira.versions
    before = dict(picks), dict(versions)
    for name in ("No", "On", "2026-01-01"):
        sandbox.tester.catalogue.add_pick("Priority", name)
    for name in ("1.10", "0x1", "1e3"):
        sandbox.tester.add_version(name)
        sandbox.jira.add_version(f"{name}.0")
    yield
    picks.clear()
    versions.clear()
    picks.update(before[0]), versions.update(before[1])


def test_what_yaml_takes_for_numbers_dates_and_truths_is_text(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f"      - {{incident: {name}, issue: Lowest}}\n" for name in ("No", "On", "2026-01-01"))
    versions = "".join(f"    - {{incident: {name}, issue: {name}.0}}\n" for name in ("1.10", "0x1", "1e3"))
    text = FULL.replace("      - {incident: Low, issue: Lowest}\n", "      - {incident: Low, issue: Lowest}\n" + rows)
    text = text.replace(VERSION_ROWS, f"  values:\n{versions}{VERSION_ROWS}")
    file = tmp_path / "full.yaml"
    file.write_text(text, encoding="utf-8")
    with odd_names(desk.sandbox):
        code, told = desk.lint(file, "--live")
    assert [each for each in told if each["severity"] == "error"] == []
    assert code == 0
    assert not any(name in each["sentence"] for each in told for name in ("'No'", "'On'", "1.10", "0x1"))


def test_a_file_is_looked_at_without_any_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = (EXAMPLES / "minimal.yaml").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    file = Path("shop.yaml")
    file.write_text(example, encoding="utf-8")
    assert run(["mapping", "lint", "shop.yaml"]) == 0
    assert capsys.readouterr().out == "1 mapping file, nothing to put right\n"
    file.write_text(example.replace("  type: Bug", "  typo: Bug"), encoding="utf-8")
    assert run(["mapping", "lint", "shop.yaml"]) == 1
    told, summary = capsys.readouterr().out.splitlines()
    assert told.startswith("shop.yaml:11:3: unknown key 'typo'")
    assert summary == "1 to be put right in 1 file"


def test_a_path_that_leads_nowhere_is_said(desk: Desk, tmp_path: Path) -> None:
    for path, sentence in ((tmp_path / "nowhere.yaml", "there is no such file"), (tmp_path, "no mapping file")):
        code, (told,) = desk.lint(path)
        assert (code, told["line"]) == (1, 1)
        assert sentence in told["sentence"]


def test_the_settings_say_where_the_files_lie(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--env-file", str(desk.env), "mapping", "lint"]) == 0
    *notes, summary = capsys.readouterr().out.splitlines()
    assert summary == f"{len(list(EXAMPLES.iterdir()))} mapping files, nothing to put right, {len(notes)} notes"
    assert notes
    assert all(": note: " in note and "links the same two projects" in note for note in notes)


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_held_against_the_servers(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "broken.yaml").write_text("direction: [", encoding="utf-8")
    (tmp_path / "full.yaml").write_text(CASES["unknown user"].text, encoding="utf-8")
    code, told = desk.lint(tmp_path, "--live")
    files = {Path(each["file"]).name for each in told if each["severity"] == "error"}
    assert (code, files) == (1, {"broken.yaml", "full.yaml"})


@pytest.mark.parametrize(
    ("setting", "at"), [("SYNCER_INCIDENTS__PASSWORD", "Test Project"), ("SYNCER_JIRA__TOKEN", "TEST")]
)
def test_a_server_that_lets_nobody_in_is_said_at_its_project_and_the_other_is_asked_all_the_same(
    desk: Desk, tmp_path: Path, setting: str, at: str
) -> None:
    lines = desk.env.read_text(encoding="utf-8").splitlines()
    env = tmp_path / "wrong.env"
    env.write_text("".join(f"{line.split('=')[0]}='guessed'\n" if setting in line else f"{line}\n" for line in lines))
    file = tmp_path / "full.yaml"
    text = FULL.replace("mark_field: Jira key", "mark_field: Jira Kee").replace(
        "close_issue_as: Done", "close_issue_as: Gone"
    )
    file.write_text(text, encoding="utf-8")
    code, told = replace(desk, env=env).lint(file, "--live")
    refused, other = sorted(told, key=lambda each: f"project: {at}" not in text.splitlines()[each["line"] - 1])[:2]
    assert code == 1
    assert text.splitlines()[refused["line"] - 1] == f"  project: {at}"
    assert ("mark_field" if at == "TEST" else "close_issue_as") in text.splitlines()[other["line"] - 1]
    assert "guessed" not in json.dumps(told)


@pytest.mark.parametrize("profile", ["4.6", "6.x"])
@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_the_examples_are_in_order(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    profile: Literal["4.6", "6.x"],
    deployment: Literal["cloud", "datacenter"],
) -> None:
    """But for the one that names people by login, which only Data Center knows."""
    for file in EXAMPLES.iterdir():
        if file.stem != "datacenter" or deployment == "datacenter":
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with Sandbox(incidents=3, profile=profile, deployment=deployment) as sandbox:
        writes = [sandbox.tester_switchboard.writes, sandbox.jira_switchboard.writes]
        desk = replace(desk_at(tmp_path, sandbox, deployment), capture=capsys)
        code, told = desk.lint(tmp_path, "--live")
        assert [sandbox.tester_switchboard.writes, sandbox.jira_switchboard.writes] == writes
    assert [each for each in told if each["severity"] == "error"] == []
    assert code == 0
