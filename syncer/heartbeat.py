"""The file that is touched while the daemon is alive, for those who allow no port: they look at its age."""

from collections.abc import Callable
from pathlib import Path

import structlog

from syncer.activity import Activity
from syncer.health import Verdict

log = structlog.get_logger("syncer")


class Heartbeat:
    """Called each time the main loop comes round. `path` is None where nobody wants a file."""

    def __init__(self, activity: Activity, path: Path | None, alive: Callable[[], Verdict]) -> None:
        self._activity = activity
        self._path = path
        self._alive = alive
        self._refused = ""

    def __call__(self) -> None:
        """Raises nothing: a file that can't be touched is told once, and again for another reason."""
        self._activity.beat()
        if self._path is None or not self._alive().good:
            return
        refused = ""
        try:
            self._path.touch()
        except OSError as problem:
            refused = problem.strerror or str(problem)
        if refused and refused != self._refused:
            log.error(f"the heartbeat file {self._path} can't be touched: {refused} (SYNCER_HTTP__HEARTBEAT)")
        self._refused = refused
