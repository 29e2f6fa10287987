"""Work that asks servers on behalf of a page: a few at a time, and the page waits only so long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import TypeVar

from syncer.errors import SyncerError

T = TypeVar("T")


class NoAnswer(SyncerError):
    """The page goes on without; a sentence for people."""


class Deadlines:
    """`at_once` pieces of work at the same time, each waited for at most `seconds`."""

    def __init__(self, seconds: float, at_once: int) -> None:
        self._seconds = seconds
        self._turns = threading.Semaphore(at_once)

    def within(self, work: Callable[[], T]) -> T:
        """What `work` gives, or raises. Raises `NoAnswer` where it takes too long: it goes on to its own end."""
        if not self._turns.acquire(timeout=self._seconds):
            raise NoAnswer("too many pages ask the servers at this moment; load the page again")
        future: Future[T] = Future()
        # Threads that the end of the process needn't wait for.
        threading.Thread(target=self._run, args=(work, future), name="console", daemon=True).start()
        try:
            return future.result(self._seconds)
        except Late:
            said = f"no answer within {self._seconds:.0f} s; below is what the state DB knows"
            raise NoAnswer(said) from None

    def _run(self, work: Callable[[], T], future: "Future[T]") -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
        finally:
            self._turns.release()
