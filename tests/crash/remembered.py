"""What a server told of a project's options and people, remembered for as long as nobody changes them.

More than half of all requests read them, and no boundary lies there. So processes that go on from a boundary are given
answers that others got; the one that nothing interrupts and those that are killed ask for themselves, all at the same
moments.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

Request = Hashable


class Remembered:
    """Answers by request, for as long as `standing` gives the same. Errors are no answers."""

    def __init__(self, standing: Callable[[], Hashable]) -> None:
        self._standing = standing
        self._answers: dict[Hashable, dict[Request, Any]] = {}
        self._valid: dict[Request, Any] = {}

    def look(self) -> None:
        """Something may have changed: go by what stands now."""
        self._valid = self._answers.setdefault(self._standing(), {})

    def answer(self, request: Request, ask: Callable[[], T]) -> T:
        """What was answered before, or is now."""
        if request not in self._valid:
            self._valid[request] = ask()
        given: T = self._valid[request]
        return given
