"""`syncer plan` shows exactly what a sync would do, and is safe to run at any time."""

import json
from collections import Counter

from state import Store
from tests.syncer.cli.terminal import LINK, Terminal

CHANGES = 2


def test_changes_are_announced_by_exit_code_2_and_made_by_nobody(terminal: Terminal) -> None:
    said = terminal("plan")
    assert said.code == CHANGES
    assert terminal.stage.writes() == 0
    assert not terminal.state.exists()


def test_a_sync_does_what_the_plan_says(terminal: Terminal) -> None:
    (planned,) = json.loads(terminal("plan", "--json").out)
    (done,) = json.loads(terminal("sync", "--json").out)
    for kind in ("create", "add comment", "mark", "create option"):
        assert planned["counts"].get(kind, 0) == done["settled"].get(kind, 0), kind
    assert terminal("plan").code == 0


def test_a_change_is_shown_field_by_field_before_and_after(terminal: Terminal) -> None:
    incident = terminal.log("Too slow", Priority="Low")
    terminal("sync")
    terminal.stage.sandbox.call(
        lambda: terminal.stage.sandbox.tester.edit(incident.id, "annak", Summary="Far too slow", Priority="High")
    )
    said = terminal("plan")
    assert said.code == CHANGES
    rows = [line.split("  ") for line in said.out.splitlines() if "update issue" in line]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert [row[2:] for row in cells] == [["summary", "Too slow", "Far too slow"], ["priority", "Low", "High"]]
    assert all(row[0].startswith(f"#{incident.number} = TEST-") for row in cells)


def test_a_long_plan_is_cut_says_so_and_still_counts_everything(terminal: Terminal) -> None:
    for number in range(4):
        terminal.log(f"Number {number} of many")
    (whole,) = json.loads(terminal("plan", "--json").out)
    short, full = terminal("plan", "--limit", "2"), terminal("plan", "--limit", "0")
    assert f"{whole['counts']['create'] - 2} more records; --limit 0 shows all" in short.out
    assert "more records" not in full.out
    assert short.out.splitlines()[-1] == full.out.splitlines()[-1]
    assert f"create {whole['counts']['create']}" in short.out.splitlines()[-1]
    assert created(short.out) == 2
    assert created(full.out) == whole["counts"]["create"]


def created(out: str) -> int:
    return Counter("create issue" in line or "create incident" in line for line in out.splitlines())[True]


def test_json_is_all_that_programs_get_on_standard_output_and_holds_every_action(terminal: Terminal) -> None:
    terminal.log("One for the programs")
    (plan,) = json.loads(terminal("plan", "--json").out)
    records = [action for record in plan["records"] for action in record["actions"]]
    assert plan["project_link"] == LINK
    assert Counter(action["kind"] for action in [*plan["catalogue"], *records]) == plan["counts"]
    assert 0 < plan["writes"] <= sum(plan["counts"].values())


def test_what_waits_is_shown_with_its_reason(terminal: Terminal) -> None:
    terminal.log("Nobody there", AssignedTo="testeronly")
    said = terminal("plan")
    assert "'Terry Tester' has no counterpart on the issue side" in said.out


def test_a_plan_can_be_made_while_the_daemon_holds_the_state_db(terminal: Terminal) -> None:
    terminal("sync")
    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        said = terminal("plan")
    store.close()
    assert said.code == 0, said.err


def test_a_title_cannot_drive_the_terminal(terminal: Terminal) -> None:
    terminal.log("\x1b[2J\x1b]0;owned\x07wiped")
    said = terminal("plan")
    assert "wiped" in said.out
    assert not {"\x1b", "\x07"} & set(said.out + said.err)
