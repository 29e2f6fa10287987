"""The machine's clock, watched: people and time servers set it, and what waits for a time of day may wait too long."""

import time
from collections.abc import Callable

SLACK_SECONDS = 5.0
"""Less than this is what time servers do all day."""


class Clocks:
    """Two clocks of one machine, in seconds: `wall` tells the time of day, `steady` only ever goes forward."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._apart = wall() - steady()

    def set_back(self) -> float:
        """By how many seconds the time of day was set back since the last call; 0 where it wasn't, or hardly.

        One that was set forward is no matter: whatever was due meanwhile is done at once."""
        apart = self._wall() - self._steady()
        back, self._apart = self._apart - apart, apart
        return back if back > SLACK_SECONDS else 0.0
