"""`syncer mapping new` writes a file with which two projects are mirrored, and touches nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from mappings import load_mapping
from mappings.policies import Direction
from state import Store
from syncer.sandbox.tester.custom import CustomField
from tests.syncer.cli.terminal import Said, Terminal
from tests.syncer.mirror_stage import MirrorStage

Profile = Literal["4.6", "6.x"]
Deployment = Literal["cloud", "datacenter"]
PAIRS: tuple[tuple[Profile, Deployment], ...] = (("6.x", "cloud"), ("4.6", "datacenter"))
FILE = "mappings/web-shop.yaml"
NAMESAKES = (
    "Cycle", "Severity", "Found on", "Story points", "Platforms", "Steps", "Region", "Affected areas", "Page", "Risk",
)  # fmt: skip
"""The custom fields that both servers of the sandbox have under one name."""


@pytest.fixture(params=PAIRS, ids="-".join)
def servers(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Terminal]:
    """A terminal in front of two servers with twelve incidents."""
    profile, deployment = request.param
    with MirrorStage(tmp_path, incidents=12, issues=True, profile=profile, deployment=deployment) as stage:
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.chdir(tmp_path)
        terminal = Terminal(tmp_path, stage, capsys)
        terminal.mapping.unlink()
        yield terminal


def waiting(terminal: Terminal) -> set[str]:
    store = Store.open_readonly(f"sqlite:///{terminal.state}")
    try:
        return {row.item for row in store.parked("web-shop")}
    finally:
        store.close()


def written(said: Said) -> int:
    (count,) = re.findall(r"(\d+) writes", said.out)
    return int(count)


def no_question_about_namesakes(file: Path) -> None:
    """Every field that both sides have under one name is mapped, and no question or offer mentions it."""
    mapping = load_mapping(file)
    mapped = {field.incident for field in mapping.fields}
    assert {f"FieldValues.{name}" for name in NAMESAKES} | {"Type", "Status", "Resolution", "FixedVersions"} <= mapped
    lines = file.read_text(encoding="utf-8").split("\nfields:")[1].splitlines()
    asked = "\n".join(line for line in lines if line.startswith("  #"))
    assert "? FieldValues.Notes " in asked
    assert "? customfield_10020 'Logged by' " in asked
    for field in mapping.fields:
        for name in (field.incident, field.issue):
            assert f"? {name} " not in asked
            assert f" {name}," not in asked


def test_a_sync_with_the_file_mirrors_both_projects_as_they_are(servers: Terminal) -> None:
    """Only people that Jira doesn't know wait. The one incident that is made of a resolved issue gets its resolution
    a cycle later: by then it is closed."""
    assert servers("mapping", "new", "Test Project", "TEST", "-o", FILE).code == 0
    assert servers.stage.writes() == 0
    no_question_about_namesakes(servers.folder / FILE)
    lint = servers("mapping", "lint", "--live")
    assert (lint.code, "nothing to put right" in lint.out) == (0, True), lint.out

    first = servers("sync")
    issues = servers.stage.sandbox.call(lambda: [one.key for one in servers.stage.sandbox.jira.issues.values()])
    assert sum(key.startswith("TEST-") for key in issues) == 12 + 6
    assert waiting(servers) == {"AssignedTo"}, servers("status").out
    assert written(first) > 18
    assert written(servers("sync")) == 0


def test_without_a_file_it_is_printed_and_nothing_else_stands_on_standard_output(terminal: Terminal) -> None:
    said = terminal("mapping", "new", "Test Project", "TEST")
    assert said.code == 0
    assert said.out.startswith("# yaml-language-server: $schema=")
    assert "are mapped" in said.err
    (terminal.folder / "printed.yaml").write_text(said.out, encoding="utf-8")
    assert load_mapping(terminal.folder / "printed.yaml").name == "test-project"


def test_the_servers_settings_are_all_it_takes(terminal: Terminal) -> None:
    del terminal.settings["SYNCER_MAPPINGS"], terminal.settings["SYNCER_STATE__URL"]
    said = terminal("mapping", "new", "Test Project", "TEST", "-o", "web-shop.yaml")
    assert said.code == 0, said.err
    assert load_mapping(terminal.folder / "web-shop.yaml").name == "web-shop"
    assert "mapping lint --live web-shop.yaml" in said.out
    assert terminal.stage.writes() == 0
    assert not terminal.state.exists()


def test_a_file_that_is_there_stays_as_it_is(terminal: Terminal) -> None:
    before = terminal.mapping.read_text(encoding="utf-8")
    said = terminal("mapping", "new", "Test Project", "TEST", "-o", "mappings/full.yaml")
    assert (said.code, said.out) == (1, "")
    assert said.err == "mappings/full.yaml is there already, and nothing is overwritten; name another file\n"
    assert terminal.mapping.read_text(encoding="utf-8") == before


def test_a_file_that_nobody_would_find_is_refused_before_a_server_is_asked(terminal: Terminal) -> None:
    terminal.settings["SYNCER_JIRA__TOKEN"] = "guessed"
    for file, sentence in (
        ("shop.yml.txt", "the name of a mapping file ends in .yaml or .yml"),
        ("no/shop.yaml", "there is no folder no"),
    ):
        said = terminal("mapping", "new", "Test Project", "TEST", "-o", file)
        assert (said.code, said.out) == (1, "")
        assert sentence in said.err


def test_a_project_that_is_not_there_is_told_with_the_nearest_one(terminal: Terminal) -> None:
    for project, key, nearest in (
        ("Test Projekt", "TEST", "did you mean 'Test Project'?"),
        ("Test Project", "TETS", "did you mean TEST?"),
    ):
        said = terminal("mapping", "new", project, key, "-o", FILE)
        assert (said.code, said.out) == (1, "")
        assert said.err.endswith(f"{nearest}\n")
        assert not (terminal.folder / FILE).exists()


def test_one_way_is_for_asking_and_a_second_sync_then_writes_nothing(terminal: Terminal) -> None:
    terminal.mapping.unlink()
    terminal("mapping", "new", "Test Project", "TEST", "-o", FILE, "--to-issue")
    mapping = load_mapping(terminal.folder / FILE)
    assert (mapping.direction, mapping.incidents.mark_field) == (Direction.TO_ISSUE, "Jira key")
    incidents = terminal.stage.sandbox.tester_switchboard
    terminal("sync")
    assert written(terminal("sync")) == 0
    assert waiting(terminal) == set()
    assert "POST" not in {seen.method for seen in incidents.requests if seen.path.endswith("/api/incident")}


def test_without_a_text_box_for_the_mark_it_says_how_to_get_one(terminal: Terminal) -> None:
    fields = terminal.stage.sandbox.tester.catalogue.fields
    terminal.stage.sandbox.call(lambda: fields.pop("Jira key"))
    said = terminal("mapping", "new", "Test Project", "TEST", "-o", FILE)
    assert "no text box for the mark" in said.out
    mapping = load_mapping(terminal.folder / FILE)
    assert (mapping.direction, mapping.incidents.mark_field) == (Direction.TO_ISSUE, None)
    text = (terminal.folder / FILE).read_text(encoding="utf-8")
    assert "# mark_field: Jira key" in text
    done = text.replace("# mark_field: Jira key", "mark_field: Jira key").replace(
        "direction: to_issue", "direction: both"
    )
    (terminal.folder / FILE).write_text(done, encoding="utf-8")
    terminal.stage.sandbox.call(lambda: fields.update({"Jira key": CustomField("Jira key", "box")}))
    assert terminal("mapping", "lint", "--live", FILE).code == 0
