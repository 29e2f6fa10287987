"""Wrong tokens by address: the first few cost nothing, each further one a longer pause."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
LONGEST_SECONDS = 60.0
FORGOTTEN_SECONDS = 900.0
MOST_ADDRESSES = 1000


@dataclass(slots=True)
class _Wrong:
    count: int = 0
    last: float = 0.0


class Attempts:
    """Safe to use from any thread. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def pause(self, address: str) -> float:
        """Seconds until that address may try again; 0 where it may now."""
        with self._lock:
            seen = self._wrong.get(address)
            if seen is None or seen.count < FREE:
                return 0.0
            due = seen.last + min(2.0 ** (seen.count - FREE), LONGEST_SECONDS)
            return max(0.0, due - self._clock())

    def failed(self, address: str) -> None:
        now = self._clock()
        with self._lock:
            seen = self._wrong.pop(address, _Wrong())
            if now - seen.last > FORGOTTEN_SECONDS:
                seen = _Wrong()
            self._wrong[address] = _Wrong(seen.count + 1, now)
            # Whoever has many addresses pushes others out, and gains nothing: each of theirs gets its few tries.
            while len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def succeeded(self, address: str) -> None:
        with self._lock:
            self._wrong.pop(address, None)
