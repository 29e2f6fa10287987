"""Both servers as the bench sees them: two processes that it gives orders to.

The bench imports neither the product nor the servers: its own memory must stay below that of the product, or the
kernel would count it as the product's (a process begins with the peak of the one that started it).
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
SIDES = ("incident", "issue")


@dataclass(frozen=True, slots=True)
class Size:
    """What Enterprise Tester holds at the start; Jira's project is empty."""

    incidents: int
    comments: int = 3
    seed: int = 1


class Server:
    """One server's process."""

    def __init__(self, side: str, size: "Size", port: int) -> None:
        numbers = map(str, (size.incidents, size.comments, size.seed, port))
        words = [sys.executable, "-m", "bench.servers", side, *numbers]
        self._process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._url = ""

    @property
    def url(self) -> str:
        """Its address, waited for where it isn't known yet."""
        self._url = self._url or str(self._heard()["url"])
        return self._url

    def order(self, do: str, **details: Any) -> Mapping[str, Any]:
        """Give an order, and wait for its answer. Raises RuntimeError where the server has ended."""
        assert self.url
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a server of the bench has ended; what it said stands above")
        return dict(json.loads(line))


class Stage:
    """Both servers, filled; a context manager. `folder` is for files of the bench's own. A port of 0 means any."""

    def __init__(self, folder: Path, size: Size, ports: Sequence[int] = (0, 0)) -> None:
        self.folder = folder
        self.size = size
        self.servers = {side: Server(side, size, port) for side, port in zip(SIDES, ports, strict=True)}

    def both(self, do: str, **details: Any) -> dict[str, Mapping[str, Any]]:
        """Give both servers the same order."""
        return {side: server.order(do, **details) for side, server in self.servers.items()}

    @property
    def ports(self) -> list[int]:
        """Where both listen."""
        return [urlsplit(server.url).port or 0 for server in self.servers.values()]

    def latency(self, reads: float, writes: float) -> None:
        """How long each request takes from now on, in milliseconds."""
        self.both("latency", reads=reads / 1000, writes=writes / 1000)

    def counts(self) -> dict[str, int]:
        """The requests since the recording began: how many of each `side METHOD route`."""
        told = self.both("counts")
        return {f"{side} {route}": count for side in SIDES for route, count in told[side]["counts"].items()}

    def recordings(self) -> list[Path]:
        """The requests since the recording began, as a file of each side."""
        paths = {side: self.folder / f"{side}.jsonl" for side in SIDES}
        for side, path in paths.items():
            self.servers[side].order("dump", to=str(path))
        return list(paths.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers.values():
            server.stop()
