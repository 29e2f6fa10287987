"""A server's clock as far as it told it. Ours may be wrong, and is used for nothing but how much time passes."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class ServerClock:
    """Safe to use from several threads. `passed` counts seconds and is never set back."""

    def __init__(self, passed: Callable[[], float] = time.monotonic) -> None:
        self._passed = passed
        self._told: tuple[datetime, float] | None = None

    def told(self, at: datetime) -> None:
        """The server just said that it is `at`."""
        self._told = (at, self._passed())

    def now(self) -> datetime | None:
        """What it last told and what passed since: behind it by as long as that answer took. `None` before any."""
        if self._told is None:
            return None
        at, passed = self._told
        return at + timedelta(seconds=self._passed() - passed)
