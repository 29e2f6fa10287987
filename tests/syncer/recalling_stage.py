"""A stage that runs no cycle twice: most tests come to their subject by cycles that others began in the same world.

with RecallingStage(tmp_path) as stage:
    stage.log(Summary="Pump fails")
    stage.sync()                        run once in this process; later stages are put where it led

A world is what a cycle goes by: the servers' memory and behaviour, the state DB, the mapping and the time. Where the
same cycle was begun in the same world before, the servers, the state DB and the time are put as it left them. So the
first of its kind is always run, and so is each one after whatever no other test did: a fault, an undo, a decision.

The servers come back on the same ports each time, as marks name their addresses. Time goes on by a millisecond with
each look at a clock: otherwise no two worlds would be the same. What the synchronizer's process knows beside the state
DB isn't put back. It goes on as if it had been started anew, so tests of that want a `MirrorStage`, and so do tests of
a server's rate limits. What recalled cycles had said to Jira is held against its document where they were run.
"""

import hashlib
import io
import pickle
import sqlite3
import threading
import zlib
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from syncer.cycle import CycleReport
from syncer.sandbox.fault_values import Seen
from syncer.sandbox.faults import Switchboard
from syncer.sandbox.jira.index import SearchIndex
from syncer.sandbox.jira.records import Component, Issue, Version
from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.runs import Runs
from syncer.sandbox.tester.tickets import Tickets
from tests.syncer.doors import give_back, take_ports
from tests.syncer.mirror_stage import MirrorStage

TICK = timedelta(milliseconds=1)
NOT_HELD = ("lock", "clock", "base_url")
NOT_CHANGED = ("behaviour",)
"""What no cycle changes, and others than the model have in their hands."""
CHANGED = (Issue, Version, Component)
"""Records of which a server changes the one that there is."""
PARTS = (Catalogue, Runs, Tickets, SearchIndex)


@dataclass(frozen=True, slots=True)
class World:
    """What a cycle left, compressed. `traffic` is what it sent to each server: how much it read and wrote, and what."""

    servers: bytes
    state: bytes
    at: datetime
    traffic: tuple[tuple[int, int, tuple[Seen, ...]], ...]
    report: CycleReport


_BEGINNINGS: dict[str, tuple[bytes, datetime]] = {}
_WORLDS: dict[str, World] = {}


class _Clock:
    """Goes on with each look at it; that of the servers may be `ahead`."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)
        self.ahead = timedelta()
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self.at += TICK
            return self.at

    def of_servers(self) -> datetime:
        return self() + self.ahead


class RecallingStage(MirrorStage):
    """As a `MirrorStage`, with a time of its own. `apart` names what else its cycles hang on, as a patched constant."""

    def __init__(self, folder: Path, *, apart: str = "", **settings: Any) -> None:
        self.ports = take_ports()
        super().__init__(folder, **settings)
        self._kind = repr((apart, sorted(settings.items()), self.ports))
        self._clock = _Clock()
        self._server_clock = self._clock.of_servers
        self._ahead = timedelta()

    def __enter__(self) -> Self:
        super().__enter__()
        models, at = _BEGINNINGS.setdefault(self._kind, (pickle.dumps(self._held()), self._clock.at))
        self._put_models(models)
        self._clock.at = at
        for model in (self.sandbox.tester, self.sandbox.jira):
            model.clock = self._server_clock
        self.link = replace(self.link, now=self._clock)
        return self

    def __exit__(self, *problem: Any) -> None:
        try:
            super().__exit__(*problem)
        finally:
            give_back(self.ports)

    def later(self, **time: float) -> None:
        super().later(**time)
        self._ahead += timedelta(**time)

    def age(self, **time: float) -> None:
        """Both servers' clocks go on."""
        self._clock.ahead += timedelta(**time)

    def sync(self, *, census: bool = False) -> CycleReport:
        """One cycle, or where the same one led before."""
        if self._is_unlike_any_other():
            return super().sync(census=census)
        key = self._key(census=census)
        if key in _WORLDS:
            self._put(_WORLDS[key])
        else:
            before = [(each.reads, each.writes) for each in self._boards()]
            report = super().sync(census=census)
            _WORLDS[key] = self._take(report, before)
        return _WORLDS[key].report

    def _is_unlike_any_other(self) -> bool:
        """Whether a server will misbehave, or goes by another clock, or the cycle will be stopped."""
        models = self.sandbox.tester, self.sandbox.jira
        strange = any(each.armed for each in self._boards()) or any(each.clock != self._server_clock for each in models)
        return strange or self.link.stopping.is_set()

    def _key(self, *, census: bool) -> str:
        """Names the world and the cycle."""
        told = io.BytesIO()
        pickler = pickle.Pickler(told)
        # Equal values are told alike, whether or not they are one object.
        pickler.fast = True
        pickler.dump([each.behaviour for each in self._boards()])
        pickler.dump(self._held())
        pickler.dump((self._clock.at, self._clock.ahead, self._ahead, census))
        told.write(repr((self._kind, self.link.mapping.model_dump_json())).encode())
        told.write(self._state())
        return hashlib.sha256(told.getvalue()).hexdigest()

    def _take(self, report: CycleReport, before: list[tuple[int, int]]) -> World:
        traffic = []
        for board, (reads, writes) in zip(self._boards(), before, strict=True):
            read, written = board.reads - reads, board.writes - writes
            traffic.append((read, written, tuple(board.requests[len(board.requests) - read - written :])))
        servers, state = (zlib.compress(each, 1) for each in (pickle.dumps(self._held()), self._state()))
        return World(servers, state, self._clock.at, tuple(traffic), report)

    def _put(self, world: World) -> None:
        self.sandbox.call(partial(self._put_models, zlib.decompress(world.servers)))
        for board, (reads, writes, requests) in zip(self._boards(), world.traffic, strict=True):
            board.reads, board.writes = board.reads + reads, board.writes + writes
            board._requests.extend(requests)
        with closing(sqlite3.connect(":memory:")) as held, closing(sqlite3.connect(self.folder / "state.db")) as state:
            held.deserialize(zlib.decompress(world.state))
            held.backup(state)
        self._clock.at = world.at

    def _held(self) -> list[dict[str, Any]]:
        names = (*NOT_HELD, *NOT_CHANGED)
        models = (self.sandbox.tester, self.sandbox.jira)
        return [{name: value for name, value in vars(each).items() if name not in names} for each in models]

    def _put_models(self, held: bytes) -> None:
        for model, values in zip((self.sandbox.tester, self.sandbox.jira), pickle.loads(held), strict=True):
            _fill(vars(model), values)

    def _state(self) -> bytes:
        """All of the state DB, without what its header says of the file: its journal, and how often it was written."""
        with closing(sqlite3.connect(self.folder / "state.db")) as state:
            content = bytearray(state.serialize())
        # Held in memory it has no write-ahead log.
        content[18:20] = b"\1\1"
        content[24:28] = content[40:44] = content[92:96] = bytes(4)
        return bytes(content)

    def _boards(self) -> tuple[Switchboard, Switchboard]:
        return self.sandbox.tester_switchboard, self.sandbox.jira_switchboard


def _fill(now: dict[str, Any], then: dict[str, Any]) -> None:
    """Put a server's memory in place: a test may have a part of it in its hands, or a record."""
    for name, value in then.items():
        if isinstance(value, dict):
            kept = {key: _as_one(now[name].get(key), each) for key, each in value.items()}
            now[name].clear()
            now[name].update(kept)
        elif isinstance(value, PARTS):
            _fill(vars(now[name]), vars(value))
        else:
            now[name] = value


def _as_one(old: object, new: object) -> object:
    """The old record with what the new one holds, where it can be changed; others are replaced by the server, too."""
    if not (isinstance(old, CHANGED) and isinstance(new, CHANGED)):
        return new
    for each in fields(new):
        setattr(old, each.name, getattr(new, each.name))
    return old
