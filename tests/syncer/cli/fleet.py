"""Several workers as processes, on four project links of one pair of servers and a PostgreSQL."""

import json
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from state import Store
from state.rows import CycleRow
from syncer.sandbox.fault_values import Fault
from tests.syncer.cli.terminal import Terminal
from tests.syncer.cli.test_run import wait_for
from tests.syncer.cli.traffic import Carried, Traffic
from tests.syncer.forked import Process
from tests.syncer.web.served import Address

EVERY = 8
LEASE = 2
QUIET_WITHIN = 240.0
PATIENT = 90.0
"""Seconds; a busy machine is not a broken promise."""
SERVED = "probes and metrics are served"
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


def patiently(happened: Callable[[], bool]) -> None:
    """Wait for what several processes have to do; to ask the DB more often would keep them from it."""
    wait_for(happened, PATIENT, pause=0.1)


class Fleet:
    """`url` is of the shared state DB; what the workers log is kept, by their pids. `every` are seconds."""

    def __init__(self, terminal: Terminal, url: str, each: int, every: int = EVERY) -> None:
        self.terminal = terminal
        self.url = url
        terminal.settings["SYNCER_STATE__URL"] = url
        terminal.settings["SYNCER_STATE__LEASE_SECONDS"] = str(LEASE)
        terminal.settings["SYNCER_JIRA__CONNECTIONS"] = "2"
        terminal.mapping.unlink()
        for priority in PRIORITIES:
            text = MAPPING.format(priority=priority, every=every)
            (terminal.mappings / f"{priority}.yaml").write_text(text, encoding="utf-8")
        self.titles = [f"{priority} {number}" for priority in PRIORITIES for number in range(each)]
        for title in self.titles:
            terminal.log(title, Priority=title.split()[0])
        self.store = Store.open(url)
        self.workers: list[Process] = []
        self.listeners: list[threading.Thread] = []
        self.said: dict[int, list[str]] = {}
        sandbox = terminal.stage.sandbox
        boards = (sandbox.tester_switchboard, sandbox.jira_switchboard)
        # Commands are typed in this very process.
        self.traffic = Traffic(boards, lambda: [os.getpid(), *(worker.pid for worker in list(self.workers))])

    @property
    def names(self) -> list[str]:
        return [f"link-{priority}" for priority in PRIORITIES]

    def start(self, *words: str, **environment: str) -> Process:
        return self.heard(self.terminal.start("worker", *words, SYNCER_LOG__FORMAT="json", **environment))

    def heard(self, worker: Process) -> Process:
        """That worker as one of these, whose log is read."""
        self.workers.append(worker)
        self.said[worker.pid] = []
        self.listeners.append(threading.Thread(target=self._listen, args=(worker,)))
        self.listeners[-1].start()
        return worker

    def serve(self, *words: str) -> Address:
        """Start a worker with a port; gives its address once it answers there."""
        worker = self.start(*words, SYNCER_HTTP__LISTEN="127.0.0.1:0")
        patiently(lambda: bool(self.events(worker, SERVED)))
        told = [json.loads(line) for line in list(self.said[worker.pid])]
        return Address(next(line["address"] for line in told if line["event"] == SERVED))

    def slow(self, seconds: float) -> None:
        """Each new issue takes so long from now on."""
        fault = Fault(effect="delay", method="POST", path="/issue", seconds=seconds, times=None)
        self.terminal.stage.sandbox.jira_switchboard.add_fault(fault)

    def events(self, worker: Process, fragment: str) -> list[str]:
        lines = [json.loads(line) for line in list(self.said[worker.pid])]
        return [line["event"] for line in lines if fragment in line["event"]]

    def busy(self, worker: Process) -> list[str]:
        """The project links whose turn that worker has."""
        with self.store._db.read() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT project_link FROM turns WHERE lease_seconds > 0 AND holder LIKE 'pid {worker.pid} on %%'"
            )
            return list(rows.scalars())

    def begun(self) -> dict[str, int]:
        """How many cycles each project link has begun."""
        return {name: len(self.cycles(name)) for name in self.names}

    def settled(self) -> dict[str, int]:
        """The same once no worker has a turn, nor is about to have one."""
        quiet, begun = 0.0, self.begun()
        while quiet < 3:
            time.sleep(0.5)
            now = self.begun()
            still = now == begun and not any(self.busy(worker) for worker in self.workers)
            quiet, begun = quiet + 0.5 if still else 0.0, now
        return begun

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

    def asked_by_two(self) -> list[str]:
        """Cycles between whose begin and the next one's not just one worker asked for that project link's records; the
        last one may have been stopped before it asked for any."""
        asked = [(carried, self._links_of(carried)) for carried in self.traffic.carried]
        assert all(len(names) <= 1 for _, names in asked), "a request is about several project links"
        wrong = []
        for name in self.names:
            begun = [cycle.started_at.timestamp() for cycle in self.cycles(name)]
            for begin, end in zip(begun, [*begun[1:], math.inf], strict=True):
                pids = {each.pid for each, names in asked if names == {name} and begin <= each.at < end}
                if len(pids) > 1 or not (pids or end == math.inf):
                    wrong.append(f"{name}: from {begin} to {end} by {pids}")
        return wrong

    def _links_of(self, carried: Carried) -> set[str]:
        """The project links whose condition or records a request names."""
        tester, jira = self.terminal.stage.sandbox.tester, self.terminal.stage.sandbox.jira
        ranked = {incident.summary: tester.catalogue.text(incident.priority) for incident in tester.incidents()}
        ids = {incident.id: ranked[incident.summary] for incident in tester.incidents()}
        for issue in jira.issues.values():
            ids |= dict.fromkeys((issue.id, issue.key), ranked.get(issue.text("summary")))
        words = set(re.findall(r"[\w-]+", carried.text))
        priorities = (words & set(PRIORITIES)) or {ids[word] for word in words & set(ids)}
        return {f"link-{priority}" for priority in priorities}

    def mirrored(self) -> int:
        titles = [issue.text("summary") for issue in list(self.terminal.stage.sandbox.jira.issues.values())]
        return len(set(titles) & set(self.titles))

    def linked(self) -> int:
        return sum(len(self.store.links(name)) for name in self.names)

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

    def _listen(self, worker: Process) -> None:
        assert worker.stderr is not None
        for line in worker.stderr:
            self.said[worker.pid].append(line)


@contextmanager
def fleet(terminal: Terminal, url: str, each: int, every: int = EVERY) -> Iterator[Fleet]:
    made = Fleet(terminal, url, each, every)
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
