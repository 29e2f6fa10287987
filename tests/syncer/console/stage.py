"""A running daemon with its console, in front of both sandboxes: `syncer run` as a process of its own.

with ConsoleStage(tmp_path) as stage:
    stage.until(lambda: stage.links() > 0)
    httpx.get(stage.address)
"""

import json
import re
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

import httpx

from state import Store
from state.rows import HistoryEntry, Parked
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.tester.records import Incident
from tests.syncer.forked import Forked, syncer
from tests.syncer.mirror_stage import MirrorStage

ROOT = Path(__file__).parents[3]
FULL = ROOT / "mappings" / "examples" / "full.yaml"
LINK = "test-project"
TOKEN = "a-token-of-this-test-only"
SECONDS = 45.0


class ConsoleStage:
    """`incidents` are there at the start, removals are held from the first on. With `failing` there is a second project
    link, of which every cycle fails. `settings` are further variables."""

    def __init__(
        self, folder: Path, *, incidents: int = 0, token: str | None = TOKEN, failing: bool = False, **settings: str
    ) -> None:
        self._failing = failing
        self.mirror = MirrorStage(folder, incidents=incidents, issues=True)
        self._folder = folder
        self._more = {"SYNCER_HTTP__TOKEN": token} if token is not None else {}
        self._more |= settings
        self.address = ""
        self.lines: list[str] = []
        self.process: Forked | None = None

    def __enter__(self) -> Self:
        self.mirror.__enter__()
        self.mapping = self._folder / "mappings" / "full.yaml"
        self.mapping.parent.mkdir(exist_ok=True)
        self.mapping.write_text(_holding_all(FULL.read_text(encoding="utf-8")), encoding="utf-8")
        if self._failing:
            other = FULL.read_text(encoding="utf-8").replace(f"name: {LINK}", "name: web-shop")
            self.mapping.with_name("web-shop.yaml").write_text(other.replace("project: TEST", "project: SHOP"), "utf-8")
        self.url = f"sqlite:///{self._folder}/console.db"
        self.restart()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.mirror.__exit__()

    def start(self) -> Forked:
        settings = {
            **self.mirror.environment(),
            "SYNCER_STATE__URL": self.url,
            "SYNCER_MAPPINGS": self.mapping.parent.name,
            "SYNCER_HTTP__LISTEN": "127.0.0.1:0",
            # Two edits on two sides are a conflict only if no cycle comes between them.
            "SYNCER_SCHEDULE__EVERY_SECONDS": "5",
            "SYNCER_SCHEDULE__CONFIRM_AFTER_SECONDS": "0",
            "SYNCER_SCHEDULE__RETRY_AFTER_SECONDS": "1",
            "SYNCER_LOG__FORMAT": "json",
            **self._more,
        }
        self.address = ""
        process = syncer(["run"], self._folder, settings)
        for line in process.stderr:
            self.lines.append(line)
            if "console, probes and metrics are served" in line:
                self.address = json.loads(line)["address"]
                break
        assert self.address, "".join(self.lines)
        self._drain = threading.Thread(target=self.lines.extend, args=(process.stderr,))
        self._drain.start()
        return process

    def end(self) -> None:
        if self.process is not None:
            end(self.process, self._drain)

    def until(self, happened: Callable[[], Any], seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, f"it never happened; the daemon said: {''.join(self.lines[-10:])}"
            assert self.process is None or self.process.poll() is None, "".join(self.lines[-10:])
            time.sleep(0.05)

    def store(self) -> Store:
        """The daemon's state DB, to be read; the caller closes it."""
        return Store.open_readonly(self.url)

    def asked(self, question: Callable[[Store], Any]) -> Any:
        store = self.store()
        try:
            return question(store)
        finally:
            store.close()

    def links(self) -> int:
        return int(self.asked(lambda store: store.count_links(LINK)))

    def history(self, kind: str) -> list[HistoryEntry]:
        return list(self.asked(lambda store: store.history(LINK, kinds=[kind])))

    def parked(self) -> list[Parked]:
        return list(self.asked(lambda store: store.parked(LINK)))

    def twin(self, incident: Incident) -> str | None:
        """The id of the issue, None while there is none."""
        link = self.asked(lambda store: store.link_of(LINK, incident_id=incident.id))
        return None if link is None else link.issue_id

    def issue(self, incident: Incident) -> Issue:
        twin = self.twin(incident)
        assert twin is not None
        return self.mirror.sandbox.call(lambda: self.mirror.sandbox.jira.issue(twin))

    def mirrored(self, **members: Any) -> Incident:
        """An incident with a twin that the daemon has given it, and that has come to rest."""
        incident = self.mirror.log(**members)
        self.until(lambda: self.twin(incident) is not None)
        return incident

    def conflict(self, incident: Incident, *, here: str, there: str) -> None:
        """Both sides change the summary, so that it is in conflict."""
        sandbox, twin = self.mirror.sandbox, self.twin(incident)
        assert twin is not None

        def both() -> None:
            sandbox.tester.edit(incident.id, "joeb", Summary=here)
            sandbox.jira.edit(twin, by="samw", summary=there)

        sandbox.call(both)
        self.until(lambda: any(row.code == "conflict" and row.record_id == incident.id for row in self.parked()))

    def delete(self, *incidents: Incident) -> None:
        """Their issues are deleted, and the daemon is started again, as it begins with a complete look."""
        sandbox = self.mirror.sandbox
        for incident in incidents:
            sandbox.call(partial(sandbox.jira.delete, self.issue(incident).key))
        self.restart()
        self.until(lambda: len(self.held()) >= len(incidents))

    def restart(self) -> None:
        """The daemon, at work when this returns."""
        if self.process is not None:
            self.end()
        self.process = self.start()
        self.until(lambda: "stands by" not in httpx.get(self.address).text)

    def held(self) -> list[str]:
        return [line for each in self.asked(lambda store: store.held(LINK)) for line in each.lines]


def end(process: Forked, drain: threading.Thread) -> None:
    """Ask it to stop, and wait until it has."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(20)
    drain.join(20)
    process.communicate()


def _holding_all(text: str) -> str:
    """The mapping with a limit of no removal at all."""
    changed = re.sub(r"^(\s+at_most:\s*)\d+", r"\g<1>0", text, flags=re.MULTILINE)
    assert changed != text
    return changed
