"""How far away a sandbox server is: the time that each of its answers takes, whatever was asked."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds that a request waits before the application sees it, as a read or as a write; any number wait at once."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    reads: Annotated[float, Field(ge=0)] = 0.0
    writes: Annotated[float, Field(ge=0)] = 0.0

    async def wait(self, *, reading: bool) -> None:
        """Return when the request has come all the way."""
        seconds = self.reads if reading else self.writes
        if seconds:
            await asyncio.sleep(seconds)
