"""`syncer worker`: several processes share the project links; one that dies or freezes is replaced and does no harm."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests import postgres
from tests.syncer.cli.fleet import EVERY, Fleet, fleet, patiently
from tests.syncer.cli.terminal import Terminal
from tests.syncer.cli.test_run import STOP_SECONDS

EACH = 5
"""Incidents of each project link."""


@pytest.fixture
def four_links(terminal: Terminal) -> Iterator[Fleet]:
    with postgres.server().database(migrated=True) as url, fleet(terminal, url, EACH) as made:
        yield made


def test_a_killed_worker_is_replaced_within_two_intervals_and_nothing_is_there_twice(four_links: Fleet) -> None:
    four_links.slow(1.0)
    workers = [four_links.start("--at-once", "2") for _ in range(4)]
    # All links are under way, amid their first mirror.
    patiently(lambda: sum(len(four_links.busy(worker)) for worker in workers) == 4)
    patiently(lambda: four_links.mirrored() > 4)
    killed = max(workers, key=lambda worker: len(four_links.busy(worker)))
    orphans = four_links.busy(killed)
    before = four_links.begun()
    killed.kill()
    began = time.monotonic()
    assert orphans
    patiently(lambda: all(four_links.begun()[name] > before[name] for name in orphans))
    took = time.monotonic() - began

    four_links.terminal.stage.sandbox.jira_switchboard.clear()
    patiently(lambda: four_links.mirrored() == len(four_links.titles))
    quiet = {name: count + 1 for name, count in four_links.begun().items()}
    patiently(lambda: all(four_links.begun()[name] >= quiet[name] for name in quiet))
    assert took < 2 * EVERY
    left = [worker for worker in workers if worker is not killed]
    assert any(four_links.events(worker, "a worker is gone") for worker in left)
    for worker in left:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(STOP_SECONDS + 5) for worker in left] == [0, 0, 0]
    assert all(four_links.events(worker, "stopped") for worker in left)
    assert four_links.together() == []
    assert four_links.asked_by_two() == []
    assert four_links.not_once() == []
    assert all(not four_links.store.open_intents(name) for name in four_links.names)


def test_a_frozen_worker_is_replaced_and_writes_nothing_when_it_wakes(four_links: Fleet) -> None:
    four_links.slow(1.0)
    frozen = four_links.start("--at-once", "4")
    patiently(lambda: four_links.mirrored() > 2)
    frozen.send_signal(signal.SIGSTOP)
    os.waitpid(frozen.pid, os.WUNTRACED)
    before = four_links.begun()
    four_links.terminal.stage.sandbox.jira_switchboard.clear()
    other = four_links.start("--at-once", "4")
    patiently(lambda: all(four_links.begun()[name] > count for name, count in before.items()))
    # The frozen one's requests may have made all issues: what belongs to them is there once they are linked.
    patiently(lambda: four_links.linked() >= len(four_links.titles))
    writes = four_links.quieten()
    stage, told = four_links.terminal.stage, len(four_links.store.history(limit=10**6))

    frozen.send_signal(signal.SIGCONT)
    assert frozen.wait(STOP_SECONDS + 30) == 75
    assert four_links.events(frozen, "has taken over: this one writes nothing more")
    assert stage.writes() == writes
    assert len(four_links.store.history(limit=10**6)) == told
    assert other.poll() is None
    assert four_links.together() == []
    assert four_links.not_once() == []


def test_the_daemon_waits_while_a_worker_lives(four_links: Fleet) -> None:
    worker = four_links.heard(four_links.terminal.start_afresh("worker", SYNCER_LOG__FORMAT="json"))
    patiently(lambda: four_links.mirrored() == len(four_links.titles))
    said = four_links.terminal("sync")
    assert said.code == 1
    assert "another syncer process (workers that share it) is writing" in said.complaints[0]
    assert four_links.terminal("status").code == 0
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(STOP_SECONDS + 5) == 0
    assert four_links.terminal("sync").code == 0
    assert four_links.not_once() == []


def test_a_worker_goes_on_after_its_db_was_away(four_links: Fleet) -> None:
    worker = four_links.start()
    patiently(lambda: all(four_links.begun().values()))
    with postgres.server().away(four_links.url):
        patiently(lambda: bool(four_links.events(worker, "the job queue was lost")))
    before = four_links.begun()
    patiently(lambda: all(four_links.begun()[name] > count for name, count in before.items()))
    assert worker.poll() is None


def test_a_sqlite_file_is_nothing_for_workers(terminal: Terminal) -> None:
    said = terminal("worker")
    assert said.code == 1
    assert said.complaints == [f"the state DB {terminal.state} can't be shared by workers; they need one on PostgreSQL"]
