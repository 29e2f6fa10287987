"""Requests to the daemon from outside, above all to stop: signals, put into a queue for the main thread."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType

StopRequests = SimpleQueue[str]


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """SIGTERM and SIGINT as entries of a queue, for the main thread. A second signal ends the process at once."""
    requests: StopRequests = SimpleQueue()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def ask(number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_DFL)
        # A SimpleQueue, as its `put` may interrupt anything, itself included.
        requests.put(signal.Signals(number).name)

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield requests
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def next_request(requests: StopRequests) -> str:
    """Wait for a request to stop; gives what asked for it."""
    while True:
        # Not for ever: a signal that reaches another thread, or the moment before the wait, doesn't interrupt it.
        request = request_within(requests, 1.0)
        if request is not None:
            return request


def request_within(requests: StopRequests, seconds: float) -> str | None:
    """The next request, None where none comes in time."""
    try:
        return requests.get(timeout=seconds)
    except Empty:
        return None
