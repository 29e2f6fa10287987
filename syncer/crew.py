"""Threads that work off what is handed to them, and what is ahead of them."""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class Crew:
    """So many threads. Leaving it waits for all that was begun; the first error ends it, and is raised.

    There is room for more until `ahead` times as much is under way as there are threads. One thread alone has no room
    for anything beside what it does: then everything happens one after the other."""

    def __init__(self, threads: int, ahead: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="record")
        self._most = 1 if threads == 1 else threads * ahead
        self._changed = threading.Condition()
        self._under_way = 0
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._wait_for_fewer_than(1)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def wait_for_room(self) -> None:
        """Raises the error of what has failed meanwhile."""
        self._wait_for_fewer_than(self._most)

    def begin(self, count: int, task: Callable[[], None]) -> None:
        """Do it as soon as a thread is free; it counts as much as `count`. What it begins itself follows on it."""
        with self._changed:
            self._under_way += count
        self._pool.submit(self._do, count, task)

    def _do(self, count: int, task: Callable[[], None]) -> None:
        error: BaseException | None = None
        try:
            if self._error is None:
                task()
        except BaseException as caught:
            error = caught
        with self._changed:
            self._under_way -= count
            self._error = self._error or error
            self._changed.notify()

    def _wait_for_fewer_than(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._error is not None or self._under_way < count)
            if self._error is not None:
                raise self._error


def one_ahead(parts: Iterator[T]) -> Generator[T]:
    """The same; each is made in a thread of its own while the one before it is in use."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        following = pool.submit(next, parts, None)
        while (part := following.result()) is not None:
            following = pool.submit(next, parts, None)
            yield part
