"""Two instances of `syncer run` on one state DB: one writes, the other waits, and nothing is written twice.

The servers live in this process. Where GUARANTEES_OUT names a file, the suite adds a line with its own size.
"""

import json
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from state import Store
from syncer.core.records import Side
from syncer.sandbox.fault_values import Fault
from tests.syncer.cli.terminal import Terminal
from tests.syncer.cli.test_run import STOP_SECONDS, lines_until, mirrored, wait_for
from tests.syncer.forked import Forked

INCIDENTS = 16
LEASE = 2
SLOW = 0.6
"""So long each write to Jira is under way: a freeze or a kill finds some that have left and aren't answered."""
WRITES = r"/(issue|bulk|comment|remotelink)$"

_size = Counter(pauses=0, kills=0)


@pytest.fixture(scope="module", autouse=True)
def told_size() -> Iterator[None]:
    yield
    place = os.environ.get("GUARANTEES_OUT")
    if place is not None:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"suite": "two instances", **_size}) + "\n")


class Two:
    """The first instance amid its first mirror, the second one waiting for its turn."""

    def __init__(self, terminal: Terminal, lease: int) -> None:
        self.terminal = terminal
        terminal.settings["SYNCER_SCHEDULE__EVERY_SECONDS"] = "5"
        terminal.settings["SYNCER_JIRA__CONNECTIONS"] = "3"
        terminal.settings["SYNCER_STATE__LEASE_SECONDS"] = str(lease)
        for number in range(INCIDENTS):
            terminal.log(f"Number {number}", Comments=[{"Body": f"Comment {number}"}])
        board = terminal.stage.sandbox.jira_switchboard
        board.add_fault(Fault(effect="delay", method="POST", path=WRITES, seconds=SLOW, times=None))
        # The servers stand still until both have started: the first one is then amid its first cycle.
        with terminal.stage.sandbox.jira.lock:
            self.first = self.start()
            lines_until(self.first, "started")
            self.second = self.start()
            self.said = lines_until(self.second, "waiting for its turn")
        wait_for(lambda: mirrored(terminal) > 3)

    def __enter__(self) -> "Two":
        return self

    def __exit__(self, *_: object) -> None:
        for instance in (self.first, self.second):
            instance.kill()
            instance.communicate()

    def start(self) -> Forked:
        return self.terminal.start("run", SYNCER_LOG__FORMAT="json")

    def freeze_first(self) -> None:
        """Stop it amid its mirror, while it waits for answers: not amid a transaction, where nobody else could use
        SQLite, and not between its look whose turn it is and a write, which would leave when it wakes."""
        while True:
            self._await_lull()
            self.first.send_signal(signal.SIGSTOP)
            os.waitpid(self.first.pid, os.WUNTRACED)
            _size["pauses"] += 1
            if self._is_unlocked():
                return
            self.first.send_signal(signal.SIGCONT)
            time.sleep(0.01)

    def _await_lull(self) -> None:
        """Wait until nothing has arrived for a while, as slow writes are under way."""
        writes = -1
        while writes != (now := self.terminal.stage.writes()):
            writes = now
            time.sleep(SLOW / 6)

    def seconds_until_take_over(self) -> float:
        began = time.monotonic()
        lines_until(self.second, "its turn has come")
        return time.monotonic() - began

    def finish_mirror(self) -> None:
        """Wait until the second instance has done all that was left, and has nothing more to do."""
        self.terminal.stage.sandbox.jira_switchboard.clear()
        lines_until(self.second, "cycle done")
        wait_for(self._is_whole)

    def _is_whole(self) -> bool:
        known = self.terminal.known()
        # The marks are written last, and put down when all that comes before them was.
        marked = all(len(link.marked) == len(Side) for link in known["links"])
        return marked and len(known["links"]) == INCIDENTS + 9 and not known["intents"]

    def by_cycle(self) -> dict[str, list[int]]:
        """The numbers of the entries in the history, by cycle, oldest first."""
        store = Store.open_readonly(f"sqlite:///{self.terminal.state}")
        found: dict[str, list[int]] = {}
        for entry in reversed(store.history(limit=10**6)):
            assert entry.id is not None
            found.setdefault(entry.cycle, []).append(entry.id)
        store.close()
        return found

    def not_once(self) -> list[str]:
        """The titles that aren't there exactly once, with their one comment."""
        issues = list(self.terminal.stage.sandbox.jira.issues.values())
        titles = [f"Number {number}" for number in range(INCIDENTS)]
        comments = {
            title: [len(issue.comments) for issue in issues if issue.text("summary") == title] for title in titles
        }
        return [f"{title}: {counts}" for title, counts in comments.items() if counts != [1]]

    def stop_second(self) -> None:
        self.second.send_signal(signal.SIGTERM)
        _, err = self.second.communicate(timeout=STOP_SECONDS + 5)
        assert self.second.returncode == 0, err

    def _is_unlocked(self) -> bool:
        connection = sqlite3.connect(self.terminal.state, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return True


def test_who_was_frozen_for_longer_than_its_lease_writes_nothing_when_it_wakes_says_so_and_ends(
    terminal: Terminal,
) -> None:
    with Two(terminal, LEASE) as two:
        assert f"pid {two.first.pid} on " in two.said[-1]
        assert terminal("approve", "abcdef").complaints == [
            "nothing is held under 'abcdef'; nothing is held. A set that has changed has another HASH"
        ]
        assert "another syncer process" in terminal("sync").complaints[0]
        two.freeze_first()
        # It was renewed at least four times within its length, and may have been for the last time before the freeze.
        assert two.seconds_until_take_over() > LEASE * 3 / 4
        two.finish_mirror()
        before, writes = two.by_cycle(), terminal.stage.writes()

        two.first.send_signal(signal.SIGCONT)
        _, err = two.first.communicate(timeout=STOP_SECONDS + 5)
        assert two.first.returncode == 75, err
        assert f"(pid {two.second.pid} on " in err
        assert "has taken over: this one writes nothing more, and ends" in err
        assert terminal.stage.writes() == writes
        assert two.by_cycle() == before
        first, *later = before.values()
        assert max(first) < min(min(numbers) for numbers in later)
        two.stop_second()
        assert two.not_once() == []


def test_who_is_killed_is_replaced_at_once_however_long_its_lease_is(terminal: Terminal) -> None:
    with Two(terminal, 3600) as two:
        two.first.kill()
        _size["kills"] += 1
        assert two.seconds_until_take_over() < 5
        two.finish_mirror()
        two.stop_second()
        assert two.not_once() == []


def test_who_stops_by_request_is_followed_at_once(terminal: Terminal) -> None:
    with Two(terminal, 3600) as two:
        two.first.send_signal(signal.SIGTERM)
        two.finish_mirror()
        _, err = two.first.communicate(timeout=STOP_SECONDS)
        assert (two.first.returncode, "stopped" in err) == (0, True)
        two.stop_second()
        assert two.not_once() == []


def test_who_waits_can_be_stopped(terminal: Terminal) -> None:
    with Two(terminal, 3600) as two:
        two.second.send_signal(signal.SIGHUP)
        two.second.send_signal(signal.SIGTERM)
        _, err = two.second.communicate(timeout=STOP_SECONDS)
        assert two.second.returncode == 0, err
        assert "stopped on SIGTERM while it was waiting for its turn" in err
        assert two.first.poll() is None
