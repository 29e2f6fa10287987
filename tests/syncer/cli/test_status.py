"""`syncer status`, `healthcheck` and `settings`: how it goes, from what is known here, without asking any server."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from state import Store
from tests.syncer.cli.terminal import LINK, Terminal


def test_before_the_first_sync_there_is_nothing_to_tell_and_nothing_is_made(terminal: Terminal) -> None:
    said = terminal("status")
    assert said.code == 0
    assert "none yet" in said.out
    assert not terminal.state.exists()


def test_after_a_sync_it_tells_the_last_good_cycle_and_what_waits_and_why(terminal: Terminal) -> None:
    incident = terminal.log("Nobody there", AssignedTo="testeronly")
    terminal("sync")
    terminal.stage.sandbox.stop()
    said = terminal("status")
    assert said.code == 0
    assert "last good cycle" in said.out
    assert " s ago" in said.out
    (waiting,) = (line for line in said.out.splitlines() if "Terry Tester" in line)
    assert waiting.split()[:2] == [f"#{incident.number}", "AssignedTo"]


def test_a_failed_cycle_is_told_with_its_reason_beside_the_last_good_one(terminal: Terminal) -> None:
    terminal("sync")
    terminal.settings["SYNCER_JIRA__TOKEN"] = "guessed"
    terminal("sync")
    (status,) = json.loads(terminal("status", "--json").out)
    assert status["last_good"]["outcome"] == "done"
    assert status["last"]["outcome"] == "failed"
    assert "Jira" in status["last"]["detail"]
    assert "failed: " in terminal("status").out


def test_waiting_items_are_told_oldest_first_and_cut_on_request(terminal: Terminal) -> None:
    for number in range(3):
        terminal.log(f"Nobody there {number}", AssignedTo="testeronly")
    terminal("sync")
    said = terminal("status", "--limit", "2")
    assert said.out.count("Terry Tester") == 2
    assert "1 more waiting items; --limit 0 shows all" in said.out
    (status,) = json.loads(terminal("status", "--json").out)
    since = [item["since"] for item in status["parked"]]
    assert len(since) == 3
    assert since == sorted(since)


def test_status_works_while_the_daemon_holds_the_state_db(terminal: Terminal) -> None:
    terminal("sync")
    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        said = terminal("status")
    store.close()
    assert said.code == 0
    assert "links             9" in said.out


def test_it_is_unhealthy_before_the_first_good_cycle_and_healthy_after_it(terminal: Terminal) -> None:
    before = terminal("healthcheck")
    assert (before.code, len(before.complaints)) == (1, 1)
    terminal("sync")
    assert terminal("healthcheck").code == 0


@pytest.mark.parametrize(("seconds", "code"), [(170, 0), (190, 1)])
def test_it_is_healthy_for_three_intervals_after_a_good_cycle(terminal: Terminal, seconds: int, code: int) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=seconds)
    store = Store.open(f"sqlite:///{terminal.state}")
    store.begin_cycle(LINK, "good", ended)
    store.finish_cycle("good", ended, "done", "", {})
    store.begin_cycle(LINK, "bad", ended)
    store.finish_cycle("bad", datetime.now(UTC), "failed", "Jira was down", {})
    store.close()
    said = terminal("healthcheck")
    assert said.code == code
    assert len(said.complaints) == code


def test_a_mapping_file_that_went_wrong_does_not_make_a_running_daemon_unhealthy(terminal: Terminal) -> None:
    terminal("sync")
    terminal.map_with("kind: table", "kind: tabel")
    said = terminal("healthcheck")
    assert (said.code, said.out.strip()) == (0, f"healthy: {LINK}")


def test_a_file_that_the_daemon_has_not_taken_up_yet_does_not_make_it_unhealthy(terminal: Terminal) -> None:
    terminal("sync")
    another = terminal.mapping.read_text(encoding="utf-8").replace(f"name: {LINK}", "name: another")
    (terminal.mappings / "another.yaml").write_text(another, encoding="utf-8")
    assert terminal("healthcheck").out.strip() == f"healthy: {LINK}"


def test_settings_are_shown_with_their_place_and_without_secrets(terminal: Terminal) -> None:
    terminal.settings["SYNCER_JIRA__TOKEN"] = "very-secret-token"
    said = terminal("settings")
    rows = {line.split()[0]: line.split()[1:] for line in said.out.splitlines() if line.startswith("SYNCER_")}
    assert said.code == 0
    assert rows["SYNCER_JIRA__TOKEN"] == ["********", ".env"]
    assert rows["SYNCER_SCHEDULE__EVERY_SECONDS"] == ["60", "default"]
    assert "very-secret-token" not in said.out + said.err
