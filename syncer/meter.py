"""What is worth counting, told by those who do it; `syncer.metrics` counts it."""

from typing import Protocol

NO_ANSWER = "none"
"""The status of a request that ended without an answer."""

SLOW_DOWN = (429, 503)
"""Answers by which a server asks for a pause: what is waited before such a request is repeated was its wish."""


class Meter(Protocol):
    """Told of every request, action and cycle, from any thread. Must be quick, and raises nothing."""

    def exchanged(self, side: str, method: str, route: str, status: str, seconds: float) -> None:
        """A request to a side was answered with that `status`, or ended without an answer (`NO_ANSWER`).

        `route` is the path with `{}` for ids and keys, so that there are few of them."""
        ...

    def waited(self, side: str, reason: str, seconds: float) -> None:
        """A request was held back for so long by a limit of its side, or since its side had asked for a pause: the
        `reason` is the kind of limit, or the status that said so."""
        ...

    def acted(self, project_link: str, kind: str, side: str, outcome: str) -> None:
        """An action was settled, refused, or left in doubt; `side` is the written one, or "none"."""
        ...

    def cycled(self, project_link: str, outcome: str, seconds: float) -> None:
        """A cycle ended: "done", "failed" or "stopped"."""
        ...


class NoMeter:
    """Nobody counts."""

    def exchanged(self, side: str, method: str, route: str, status: str, seconds: float) -> None:
        return None

    def waited(self, side: str, reason: str, seconds: float) -> None:
        return None

    def acted(self, project_link: str, kind: str, side: str, outcome: str) -> None:
        return None

    def cycled(self, project_link: str, outcome: str, seconds: float) -> None:
        return None
