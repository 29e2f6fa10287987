"""Asks recorded requests again with a bare synchronous client: a process of its own, started by the bench.

    python -m bench.replay ORDER.json     {"recordings", "sides": {side: {"url", "user", "password"}}, "threads"}

Prints one JSON object: the seconds and the CPU seconds between the first request and the last answer, how many
requests there were, and how many of them were answered with another status than in the recording.
"""

import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench.dependencies import Step, made_by, rename, steps
from bench.recording import read_recordings


@dataclass(slots=True)
class Progress:
    """What all threads share: which steps are over, which ids things have now, what was answered otherwise."""

    over: list[threading.Event]
    names: dict[str, str] = field(default_factory=dict)
    otherwise: list[str] = field(default_factory=list)


class Player:
    """Asks the steps of one side, each thread always the next one that nobody has begun."""

    def __init__(self, planned: Sequence[Step], side: str, login: Mapping[str, str], progress: Progress) -> None:
        self._planned = planned
        self._mine = iter([place for place, step in enumerate(planned) if step.asked.side == side])
        self._lock = threading.Lock()
        self._progress = progress
        parts = urlsplit(login["url"])
        self._client = httpx.Client(
            base_url=f"{parts.scheme}://{parts.netloc}",
            auth=(login["user"], login["password"]),
            timeout=120,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
        )

    def work(self) -> None:
        """Ask until nothing is left."""
        while True:
            with self._lock:
                place = next(self._mine, None)
            if place is None:
                return
            step = self._planned[place]
            for earlier in step.after:
                self._progress.over[earlier].wait()
            try:
                self._ask(step)
            finally:
                self._progress.over[place].set()

    def _ask(self, step: Step) -> None:
        asked, names = step.asked, self._progress.names
        path, body = asked.path, asked.body
        if step.renamed:
            path, body = rename(path, names), rename(body, names)
        headers = {"content-type": asked.content_type} if asked.content_type else {}
        answer = self._client.request(asked.method, path, content=body.encode() if body else None, headers=headers)
        if answer.status_code != asked.status:
            self._progress.otherwise.append(f"{asked.method} {path}: {answer.status_code}, not {asked.status}")
        if step.made:
            names.update(zip(step.made, made_by(answer.text), strict=False))


def play(order: Mapping[str, Any]) -> dict[str, Any]:
    """Replay, and tell how long it took."""
    planned = steps(read_recordings(map(Path, order["recordings"])))
    progress = Progress([threading.Event() for _ in planned])
    players = [Player(planned, side, login, progress) for side, login in order["sides"].items()]
    threads = [threading.Thread(target=player.work) for player in players for _ in range(order["threads"])]
    begun, cpu = time.monotonic(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "wall": time.monotonic() - begun,
        "cpu": time.process_time() - cpu,
        "requests": len(planned),
        "otherwise": len(progress.otherwise),
        "examples": progress.otherwise[:5],
    }


if __name__ == "__main__":
    print(json.dumps(play(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
