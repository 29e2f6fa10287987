"""`syncer worker`: a project link with much to mirror is mirrored by all workers, whoever of them dies on the way."""

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from syncer.workers.queue import STALLED_SECONDS
from tests import postgres
from tests.syncer.cli.fleet import PATIENT, Fleet, running
from tests.syncer.cli.small_portions import command_of_small_portions
from tests.syncer.cli.terminal import Terminal
from tests.syncer.cli.test_run import STOP_SECONDS, wait_for
from tests.syncer.forked import Process

INCIDENTS = 60
LINK = "link-Critical"


class LargeLink(Fleet):
    """One project link, of which a portion has four records."""

    def start(self, *words: str, **environment: str) -> Process:
        told = {"SYNCER_LOG__FORMAT": "json", **environment}
        return self.heard(self.terminal.start_by(command_of_small_portions, "worker", *words, **told))

    def holder(self) -> Process:
        return next(worker for worker in self.workers if self.busy(worker))

    def helper(self) -> Process:
        """A worker amid a portion of another one's turn, of which it has created some issues and linked none or few."""
        found: list[Process] = []

        def amid() -> bool:
            if any(self.busy(worker) for worker in self.workers):
                holder = self.holder()
                found[:] = [each for each in self.workers if each is not holder and self._has_begun(each)]
            return bool(found)

        wait_for(amid, PATIENT)
        return found[0]

    def _has_begun(self, worker: Process) -> bool:
        begun = len(self.events(worker, "a portion begins")) > len(self.events(worker, "a portion is done"))
        return begun and worker.pid in self.writers()

    def writers(self) -> set[int]:
        """The processes that have created issues."""
        return {
            each.pid for each in list(self.traffic.carried) if each.text.startswith("POST") and "/issue" in each.text
        }

    def started(self, count: int) -> None:
        for _ in range(count):
            self.start("--at-once", "1")

    def portions(self, worker: Process) -> list[int]:
        """The numbers of those that it has begun."""
        told = [json.loads(line) for line in list(self.said[worker.pid])]
        return [line["portion"] for line in told if line["event"] == "a portion begins"]

    def is_mirrored(self) -> bool:
        return self.mirrored() == len(self.titles) and not self.store.open_intents(LINK)

    def check(self) -> None:
        """What is there once is whole, and the next cycle finds nothing to do."""
        assert self.not_once() == []
        assert self.linked() >= len(self.titles)
        writes = self.quieten()
        before = self.begun()[LINK]
        wait_for(lambda: self.begun()[LINK] > before, PATIENT)
        self.settled()
        assert self.terminal.stage.writes() == writes
        assert self.not_once() == []
        assert self.together() == []


@pytest.fixture
def large_link(terminal: Terminal) -> Iterator[LargeLink]:
    with (
        postgres.server().database(migrated=True) as url,
        running(LargeLink(terminal, url, INCIDENTS, priorities=["Critical"])) as made,
    ):
        yield made


def test_a_large_link_is_mirrored_by_all_workers_and_each_incident_once(large_link: LargeLink) -> None:
    large_link.slow(0.5)
    large_link.started(3)
    wait_for(large_link.is_mirrored, PATIENT)
    done = [numbers for worker in large_link.workers if (numbers := large_link.portions(worker))]
    assert len(large_link.writers()) == len(done) == 3
    begun = [number for numbers in done for number in numbers]
    assert sorted(begun) == [*range(1, len(begun) + 1)]
    large_link.terminal.stage.sandbox.jira_switchboard.clear()
    large_link.check()
    first = large_link.cycles(LINK)[0]
    assert first.outcome == "done"
    # What all of them did is told of the cycle, whoever did it.
    assert first.counts["create"] == large_link.linked()
    assert large_link.store.watermark(LINK, "incident") is not None
    assert all(worker.poll() is None for worker in large_link.workers)


def test_a_worker_that_is_killed_amid_a_portion_leaves_nothing_undone_and_nothing_twice(large_link: LargeLink) -> None:
    large_link.slow(1.0)
    large_link.started(3)
    killed = large_link.helper()
    killed.kill()
    wait_for(
        lambda: any(large_link.events(each, "a worker is gone amid portion") for each in large_link.workers), PATIENT
    )
    large_link.terminal.stage.sandbox.jira_switchboard.clear()
    wait_for(large_link.is_mirrored, PATIENT)
    large_link.check()


def test_when_the_holder_of_the_turn_is_killed_another_worker_goes_on_and_nothing_is_there_twice(
    large_link: LargeLink,
) -> None:
    large_link.slow(1.0)
    large_link.started(3)
    large_link.helper()
    holder = large_link.holder()
    holder.kill()
    left = [worker for worker in large_link.workers if worker is not holder]
    wait_for(lambda: any(large_link.busy(worker) for worker in left), PATIENT)
    large_link.terminal.stage.sandbox.jira_switchboard.clear()
    wait_for(large_link.is_mirrored, PATIENT)
    large_link.check()


def test_a_worker_that_was_frozen_amid_a_portion_writes_nothing_of_it_when_it_wakes(large_link: LargeLink) -> None:
    large_link.slow(1.0)
    large_link.started(2)
    frozen = large_link.helper()
    frozen.send_signal(signal.SIGSTOP)
    os.waitpid(frozen.pid, os.WUNTRACED)
    time.sleep(STALLED_SECONDS)
    large_link.terminal.stage.sandbox.jira_switchboard.clear()
    wait_for(large_link.is_mirrored, PATIENT)
    large_link.quieten()
    told = {entry.id for entry in large_link.store.history(LINK, limit=10**6)}
    frozen.send_signal(signal.SIGCONT)
    wait_for(lambda: bool(large_link.events(frozen, "a portion has ended before its end")), PATIENT)
    assert {entry.id for entry in large_link.store.history(LINK, limit=10**6)} == told
    assert frozen.poll() is None
    large_link.check()


def test_a_holder_that_is_asked_to_stop_withdraws_what_nobody_has_begun(large_link: LargeLink) -> None:
    large_link.slow(1.0)
    large_link.started(2)
    large_link.helper()
    holder = large_link.holder()
    holder.send_signal(signal.SIGTERM)
    assert holder.wait(STOP_SECONDS + 5) == 0
    assert large_link.events(holder, "stopped on request")
    large_link.terminal.stage.sandbox.jira_switchboard.clear()
    wait_for(large_link.is_mirrored, PATIENT)
    large_link.check()
