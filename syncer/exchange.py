"""One request and its answer as they went over the wire, for those who listen to a client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Exchange:
    """`asked` and `answered` are the bodies, both decompressed. Headers of the request are left out: they hold the
    credentials."""

    method: str
    url: str
    asked: bytes
    status: int
    headers: Mapping[str, str]
    answered: bytes


Listener: TypeAlias = Callable[[Exchange], None]
"""Told of each exchange, in any thread, before the answer is understood. Raises nothing."""
