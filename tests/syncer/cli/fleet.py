"""Several workers as processes, on four project links of one pair of servers and a PostgreSQL."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from state import Store
from state.rows import CycleRow
from syncer.sandbox.fault_values import Fault
from tests.syncer.cli.terminal import Terminal

EVERY = 8
LEASE = 2
QUIET_WITHIN = 240.0
PRIORITIES = ("Critical", "High", "Medium", "Low")
"""Each project link has the incidents of one of them."""

MAPPING = """
name: link-{priority}
direction: to_issue
schedule: {{every_seconds: {every}}}
incidents: {{project: Test Project, mark_field: Jira key, only: Priority = {priority}}}
issues: {{project: TEST, type: Bug, only: labels = {priority}}}
fields:
  - {{incident: Summary, issue: summary, kind: copy}}
  - {{issue: labels, kind: set, value: {priority}}}
"""


class Fleet:
    """`url` is of the shared state DB; what the workers log is kept, by their pids."""

    def __init__(self, terminal: Terminal, url: str, each: int) -> None:
        self.terminal = terminal
        self.url = url
        terminal.settings["SYNCER_STATE__URL"] = url
        terminal.settings["SYNCER_STATE__LEASE_SECONDS"] = str(LEASE)
        terminal.settings["SYNCER_JIRA__CONNECTIONS"] = "2"
        terminal.mapping.unlink()
        for priority in PRIORITIES:
            text = MAPPING.format(priority=priority, every=EVERY)
            (terminal.mappings / f"{priority}.yaml").write_text(text, encoding="utf-8")
        self.titles = [f"{priority} {number}" for priority in PRIORITIES for number in range(each)]
        for title in self.titles:
            terminal.log(title, Priority=title.split()[0])
        self.store = Store.open(url)
        self.workers: list[subprocess.Popen[str]] = []
        self.listeners: list[threading.Thread] = []
        self.said: dict[int, list[str]] = {}

    @property
    def names(self) -> list[str]:
        return [f"link-{priority}" for priority in PRIORITIES]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        worker = self.terminal.start("worker", *words, SYNCER_LOG__FORMAT="json")
        self.workers.append(worker)
        self.said[worker.pid] = []
        self.listeners.append(threading.Thread(target=self._listen, args=(worker,)))
        self.listeners[-1].start()
        return worker

    def slow(self, seconds: float) -> None:
        """Each new issue takes so long from now on."""
        fault = Fault(effect="delay", method="POST", path="/issue", seconds=seconds, times=None)
        self.terminal.stage.sandbox.jira_switchboard.add_fault(fault)

    def events(self, worker: "subprocess.Popen[str]", fragment: str) -> list[str]:
        lines = [json.loads(line) for line in list(self.said[worker.pid])]
        return [line["event"] for line in lines if fragment in line["event"]]

    def busy(self, worker: "subprocess.Popen[str]") -> list[str]:
        """The project links whose turn that worker has."""
        with self.store._db.read() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT project_link FROM turns WHERE lease_seconds > 0 AND holder LIKE 'pid {worker.pid} on %%'"
            )
            return list(rows.scalars())

    def begun(self) -> dict[str, int]:
        """How many cycles each project link has begun."""
        return {name: len(self.cycles(name)) for name in self.names}

    def cycles(self, name: str) -> list[CycleRow]:
        """Oldest first."""
        return self.store.last_cycles(name, 10**6)[::-1]

    def together(self) -> list[str]:
        """Cycles of one project link of which the later one began, or wrote, before the earlier one had ended."""
        wrong = []
        for name in self.names:
            wrote: dict[str, list[int]] = {}
            for entry in self.store.history(name, limit=10**6):
                wrote.setdefault(entry.cycle, []).append(entry.id or 0)
            for before, after in pairwise(self.cycles(name)):
                if before.finished_at is not None and before.finished_at > after.started_at:
                    wrong.append(f"{name}: {before} and {after}")
                if max(wrote.get(before.cycle, [0])) > min(wrote.get(after.cycle, [10**9])):
                    wrong.append(f"{name}: {after.cycle} wrote before the last word of {before.cycle}")
        return wrong

    def mirrored(self) -> int:
        titles = [issue.text("summary") for issue in list(self.terminal.stage.sandbox.jira.issues.values())]
        return len(set(titles) & set(self.titles))

    def quieten(self) -> int:
        """Wait until nothing was written for longer than an interval; gives how much was written by then."""
        stage, deadline = self.terminal.stage, time.monotonic() + QUIET_WITHIN
        while True:
            before = stage.writes()
            time.sleep(EVERY + LEASE)
            if stage.writes() == before:
                return before
            assert time.monotonic() < deadline, "something is still written"

    def not_once(self) -> list[str]:
        """Titles that aren't there exactly once."""
        titles = [issue.text("summary") for issue in list(self.terminal.stage.sandbox.jira.issues.values())]
        return [f"{title}: {titles.count(title)}" for title in self.titles if titles.count(title) != 1]

    def _listen(self, worker: "subprocess.Popen[str]") -> None:
        assert worker.stderr is not None
        for line in worker.stderr:
            self.said[worker.pid].append(line)


@contextmanager
def fleet(terminal: Terminal, url: str, each: int) -> Iterator[Fleet]:
    made = Fleet(terminal, url, each)
    try:
        yield made
    finally:
        for worker in made.workers:
            worker.kill()
            worker.wait()
        for listener in made.listeners:
            listener.join()
        for worker in made.workers:
            worker.communicate()
        made.store.close()
