"""Runs a program against both servers while these record, then the replay of what they recorded."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, Self

from bench.copies import PATTERNS, copy_links
from bench.process import Took, run
from bench.product import LOGINS, PASSWORD, Product
from bench.stage import Size, Stage

LONG_AGO_SECONDS = 7200
"""Before what is measured, for all that an earlier mirror has written: no poll reaches back so far."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the tables.

    `wall` is the program's time from start to exit, `cycle` that of its cycles alone, `replay` that of the bare client;
    all in seconds, as are the CPU times. `peak` is mebibytes. `items` is what requests are divided by. What doesn't
    apply is `None`. `otherwise` counts the answers of the replay with another status than the product got.
    """

    case: str
    size: int
    items: int
    latency: str
    connections: int
    wall: float
    cpu: float
    peak: float
    requests: Mapping[str, float]
    cycle: float | None = None
    replay: float | None = None
    replay_cpu: float | None = None
    otherwise: int = 0
    note: str = ""

    def for_items(self, items: int) -> Self:
        return replace(self, items=items)

    def noting(self, note: str) -> Self:
        return replace(self, note="; ".join(filter(None, (self.note, note))))


@dataclass(frozen=True, slots=True)
class Lab:
    """How everything of one run is measured. `reads` and `writes` are milliseconds; `cache` keeps mirrored worlds."""

    reads: float = 0
    writes: float = 0
    connections: int = 16
    comments: int = 3
    seed: int = 1
    replays: bool = True
    cache: Path | None = None

    @property
    def latency(self) -> str:
        return f"{self.reads:g}/{self.writes:g}"

    @contextmanager
    def stage(self, size: Size, ports: Sequence[int] = (0, 0)) -> Iterator[Stage]:
        """Both servers with so many incidents, and a folder that is gone afterwards."""
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as folder,
            Stage(Path(folder), replace(size, seed=self.seed), ports) as stage,
        ):
            yield stage

    @contextmanager
    def mirrored(self, links: int) -> Iterator[tuple[Stage, Product]]:
        """Both servers and the state DB after a first mirror, long ago, of incidents without comments."""
        kept = self.cache / f"{links}-links-seed-{self.seed}" if self.cache else None
        if kept is not None and (kept / "ports.json").exists():
            with self.stage(Size(0, 0), json.loads((kept / "ports.json").read_text())) as stage:
                for side, server in stage.servers.items():
                    server.order("load", **{"from": str(kept / side)})
                shutil.copy(kept / "state.db", stage.folder)
                product = Product(stage, self.connections)
                product.sync()
                yield stage, product
            return
        with self.stage(Size(min(links, PATTERNS), 0)) as stage:
            product = Product(stage, self.connections)
            stage.both("clock", behind=LONG_AGO_SECONDS)
            product.sync()
            # What was written is looked at again, as by any daemon.
            product.sync()
            stage.both("clock", behind=0)
            if links > PATTERNS:
                pairs = copy_links(product.state, links)
                stage.both("copy", pairs=[astuple(pair) for pair in pairs], links=links)
            if kept is not None:
                _keep(stage, product, kept)
            product.sync()
            yield stage, product

    def measured(
        self, stage: Stage, case: str, size: int, program: Callable[[], Took], product: Product | None = None
    ) -> Measured:
        """Run a program, then the replay of its requests from the same state of both servers."""
        stage.both("keep")
        stage.latency(self.reads, self.writes)
        stage.both("record")
        took = program()
        row = Measured(
            case, size, size, self.latency, self.connections, took.wall, took.cpu, took.peak, stage.counts(),
            cycle=sum(product.cycles(1)) if product else None, note=_trouble(took.out),
        )  # fmt: skip
        if not self.replays:
            return row
        again = self._replay(stage)
        return replace(row, replay=again["wall"], replay_cpu=again["cpu"], otherwise=again["otherwise"])

    def script(self, words: Sequence[str]) -> Took:
        """Run the plain script."""
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            return run([sys.executable, "-m", "bench.plain_script", *words], Path(folder), {})

    def _replay(self, stage: Stage) -> Mapping[str, Any]:
        order = {
            "recordings": [str(path) for path in stage.recordings()],
            "sides": {
                side: {"url": server.url, "user": LOGINS[side], "password": PASSWORD}
                for side, server in stage.servers.items()
            },
            "threads": self.connections,
        }
        path = stage.folder / "order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        stage.both("reset")
        return dict(json.loads(run([sys.executable, "-m", "bench.replay", str(path)], stage.folder, {}).out))


def _keep(stage: Stage, product: Product, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stage.both("keep")
    for side, server in stage.servers.items():
        server.order("save", to=str(folder / side))
    shutil.copy(product.state, folder / "state.db")
    (folder / "ports.json").write_text(json.dumps(stage.ports))


def _trouble(out: str) -> str:
    """What a cycle left undone, by the report of `syncer sync --json`; empty for other output."""
    reports = json.loads(out) if out.startswith("[") else []
    left = {name: sum(report.get(name, 0) for report in reports) for name in ("waiting", "in_doubt")}
    return "; ".join(f"{count} {name.replace('_', ' ')}" for name, count in left.items() if count)
