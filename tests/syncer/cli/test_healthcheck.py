"""`syncer healthcheck` amid a long first mirror: healthy while it gets on, and no longer than its process lives."""

import signal
from datetime import UTC, datetime, timedelta

from state import Store
from state.rows import HistoryEntry
from tests.syncer.cli.terminal import LINK, Terminal
from tests.syncer.cli.test_run import mirrored, wait_for

HOURS = timedelta(hours=5)


def test_a_first_mirror_that_runs_is_healthy_until_its_process_is_killed(terminal: Terminal) -> None:
    for number in range(60):
        terminal.log(f"Number {number}")
    daemon = terminal.start("run")
    try:
        wait_for(lambda: mirrored(terminal) > 5)
        said = terminal("healthcheck")
        assert (said.code, said.out.strip()) == (0, f"healthy: {LINK}")
    finally:
        daemon.send_signal(signal.SIGKILL)
        daemon.communicate()
    said = terminal("healthcheck")
    assert said.code == 1
    assert "no cycle has ended well yet" in said.err


def test_a_first_mirror_of_many_hours_is_healthy_as_long_as_it_writes(terminal: Terminal) -> None:
    now = datetime.now(UTC)
    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        store.begin_cycle(LINK, "first", now - HOURS)
        assert terminal("healthcheck").code == 1
        made = HistoryEntry(now, LINK, "first", "create", "issue", "i", "j", "create an issue", "settled")
        store.settle(None, [], [made])
        assert terminal("healthcheck").code == 0
    store.close()


def test_each_mapping_is_held_to_its_own_interval(terminal: Terminal) -> None:
    ended = datetime.now(UTC) - timedelta(minutes=30)
    store = Store.open(f"sqlite:///{terminal.state}")
    store.begin_cycle(LINK, "good", ended)
    store.finish_cycle("good", ended, "done", "", {})
    store.close()
    assert terminal("healthcheck").code == 1
    terminal.map_with(f"name: {LINK}\n", f"name: {LINK}\nschedule: {{every_seconds: 900}}\n")
    assert terminal("healthcheck").code == 0
