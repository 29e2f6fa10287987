"""`syncer sync` brings both sides in step once, and says what it did."""

import json
import re

from tests.syncer.cli.terminal import LINK, Terminal


def test_a_second_sync_writes_nothing(terminal: Terminal) -> None:
    first = terminal("sync")
    writes = terminal.stage.writes()
    second = terminal("sync")
    assert (first.code, second.code) == (0, 0)
    assert writes > 0
    assert terminal.stage.writes() == writes
    assert "0 writes" in second.out
    assert len(terminal.known()["links"]) == 9


def test_a_link_that_fails_does_not_keep_the_others_from_going_on(terminal: Terminal) -> None:
    broken = terminal.mapping.read_text().replace("name: test-project", "name: broken")
    (terminal.mappings / "a-broken.yaml").write_text(broken.replace("project: TEST", "project: GONE"))
    said = terminal("sync", "--json")
    results = {result["project_link"]: result for result in json.loads(said.out)}
    assert said.code == 1
    assert results["broken"]["outcome"] == "failed"
    assert "GONE" in results["broken"]["detail"]
    assert (results[LINK]["outcome"], results[LINK]["settled"]["create"]) == ("done", 9)
    (complaint,) = (line for line in said.complaints if not line.startswith("broken: list"))
    assert complaint.startswith("broken: ")


def test_only_the_link_that_was_asked_for_is_synced(terminal: Terminal) -> None:
    broken = terminal.mapping.read_text().replace("name: test-project", "name: broken")
    (terminal.mappings / "a-broken.yaml").write_text(broken.replace("project: TEST", "project: GONE"))
    assert terminal("sync", "--link", LINK).code == 0


def test_what_waits_is_counted_with_a_pointer_to_where_it_is_explained(terminal: Terminal) -> None:
    terminal.log("Nobody there", AssignedTo="testeronly")
    said = terminal("sync")
    assert said.code == 0
    assert "'syncer status' says what waits and why" in said.out


def test_a_census_looks_at_records_that_were_not_updated(terminal: Terminal) -> None:
    """Other cycles leave alone what was looked at, as soon as its revision can be trusted."""
    terminal("sync")
    while incidents_read(terminal, "sync"):
        pass
    assert len(incidents_read(terminal, "sync", "--census")) == 9


def incidents_read(terminal: Terminal, *words: str) -> set[str]:
    """The paths of all incidents that a command reads by id."""
    board = terminal.stage.sandbox.tester_switchboard
    board.reset_traffic()
    assert terminal(*words).code == 0
    return {seen.path for seen in board.requests if re.search("/incident/[^/]+$", seen.path)}


def test_progress_goes_to_standard_error_in_plain_lines_where_nobody_watches(terminal: Terminal) -> None:
    said = terminal("sync")
    steps = [line.split(": ")[1] for line in said.err.splitlines()]
    assert steps == ["list incidents", "list issues", "read 9", "mirror 9"]
