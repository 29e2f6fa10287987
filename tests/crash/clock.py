"""The one time of a world: servers and synchronizer look at the same clock, also from processes of their own.

It stands in a file that they share, and goes on by a millisecond whenever somebody looks: the same run sees the same
times, however busy the machine is.
"""

import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path

LENGTH = 8


class Clock:
    """Gives the time when it is called. `at` is that time in milliseconds, and may be set."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(LENGTH))
        with path.open("r+b") as file:
            self._held = mmap.mmap(file.fileno(), LENGTH)

    @property
    def at(self) -> int:
        return int.from_bytes(self._held[:LENGTH], "big")

    @at.setter
    def at(self, milliseconds: int) -> None:
        self._held[:LENGTH] = milliseconds.to_bytes(LENGTH, "big")

    def __call__(self) -> datetime:
        self.at += 1
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.at)

    def go_on(self, **time: float) -> None:
        """Let time pass."""
        self.at += int(timedelta(**time) / timedelta(milliseconds=1))

    def close(self) -> None:
        self._held.close()
