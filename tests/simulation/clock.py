"""The virtual time of a simulation: nothing waits, and what is to happen later happens when the time has come.

At the port every time is a moment in UTC: which zone a server speaks in, and whether it has summer time, ends in the
adapters. What is left of clocks is that each may be wrong in its own way, and be set anew at any time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """The one true time of a world. Servers, and we, see it with an error of their own (`ClockOfOne`)."""

    def __init__(self) -> None:
        self._now = START
        self._later: list[tuple[datetime, Callable[[], None]]] = []

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        """Since the beginning; never set back."""
        return (self._now - START).total_seconds()

    def tick(self, seconds: float) -> None:
        """Let time pass; what falls due meanwhile happens when it is due."""
        end = self._now + timedelta(seconds=seconds)
        while due := sorted((each for each in self._later if each[0] <= end), key=lambda each: each[0]):
            self._later.remove(due[0])
            self._now = max(self._now, due[0][0])
            due[0][1]()
        self._now = max(self._now, end)

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Let something happen once that much time has passed."""
        self._later.append((self._now + timedelta(seconds=seconds), what))


class ClockOfOne:
    """A machine's own clock: off by `skew`, and read in steps of `resolution`."""

    def __init__(self, clock: Clock, resolution: timedelta, skew: timedelta = timedelta()) -> None:
        self.skew = skew
        self._clock = clock
        self._resolution = resolution

    def now(self) -> datetime:
        told = self._clock.now() + self.skew
        return told - (told - START) % self._resolution
