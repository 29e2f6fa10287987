"""A daemon with its port, asked over HTTP: in this process, where clocks can be set, or in one of its own.

with served(stage) as (daemon, times):
    daemon.get("/readyz")
"""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from config.settings import load_settings
from syncer.activity import Activity
from syncer.clocks import Clocks
from syncer.daemon import Daemon
from syncer.heartbeat import Heartbeat
from syncer.reload import Watcher
from syncer.runner import Rhythm
from syncer.stopping import StopRequests
from syncer.web.front import Front, Running, opened
from syncer.wiring import Linker
from tests.syncer.cli.terminal import Terminal
from tests.syncer.daemon_stage import OFTEN, Clock
from tests.syncer.mirror_stage import MirrorStage

SERVED = "console, probes and metrics are served"


@dataclass(frozen=True, slots=True)
class Address:
    """A daemon's port."""

    url: str

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def metrics(self) -> dict[str, Metric]:
        """All families by name; that of a counter without `_total`."""
        status, text = self.get("/metrics")
        assert status == 200, text
        return {family.name: family for family in text_string_to_metric_families(text)}

    def value(self, name: str, **labels: str) -> float:
        """The sum of all samples of that name with those labels; 0 where there are none."""
        samples = [sample for family in self.metrics().values() for sample in family.samples if sample.name == name]
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


class Times:
    """The machine's clock is `shift` seconds off; the steady one, of which the daemon's ages are, is set by hand."""

    def __init__(self) -> None:
        self.shift = 0.0
        self.steady = Clock()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.shift)


@contextmanager
def served(
    stage: MirrorStage,
    rhythm: Rhythm = OFTEN,
    watcher: Callable[[Linker], Watcher] | None = None,
    now: Callable[[], datetime] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[tuple[Address, Times]]:
    """The daemon of the stage's project link, at work until the block ends; `now` is its link's clock."""
    environment = {**stage.environment(), "SYNCER_HTTP__LISTEN": "127.0.0.1:0", **(settings or {})}
    times = Times()
    front = Front(load_settings(environment, env_file=None), Activity(times.steady), now=times.now)
    linker = Linker(front.settings, stage.store, front.metrics)
    requests: StopRequests = SimpleQueue()
    heart = Heartbeat(front.activity, front.settings.http.heartbeat, front.vitals.alive)
    link = replace(linker.link(stage.link.mapping), now=now or times.now)
    daemon = Daemon([link], rhythm, watcher(linker) if watcher else None, activity=front.activity, beat=heart)
    daemon.clocks = Clocks(wall=lambda: times.now().timestamp())
    with stage.store.single_writer(), opened(front) as url:
        assert url is not None
        front.running = Running(daemon, stage.store, linker)
        thread = threading.Thread(target=daemon.run, args=(requests,))
        thread.start()
        try:
            yield Address(url), times
        finally:
            requests.put("a test")
            thread.join(30)
            front.running = None
            linker.close()


class Process:
    """`syncer run` as a process, its log read as it is written."""

    def __init__(self, terminal: Terminal, **environment: str) -> None:
        environment = {"SYNCER_HTTP__LISTEN": "127.0.0.1:0", "SYNCER_LOG__FORMAT": "json", **environment}
        self.process = terminal.start("run", **environment)
        self.lines: list[Mapping[str, Any]] = []
        self.raw = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def address(self) -> Address | None:
        """Where it listens, once it does."""
        told = [line["address"] for line in list(self.lines) if line["event"] == SERVED]
        return Address(told[0]) if told else None

    def said(self, fragment: str) -> list[Mapping[str, Any]]:
        """The lines of its log with this fragment."""
        return [line for line in list(self.lines) if fragment in line["event"]]

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        self.process.terminate()
        code = self.process.wait(30)
        self._reader.join(30)
        self.close()
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(30)
        self.process.stdout.close()
        self.process.stderr.close()

    def _read(self) -> None:
        for line in self.process.stderr:
            self.raw += line
            self.lines.append(json.loads(line))


@contextmanager
def running(terminal: Terminal, **environment: str) -> Iterator[Process]:
    """A daemon process until the block ends, in which it may end sooner."""
    process = Process(terminal, **environment)
    try:
        yield process
    finally:
        process.close()
