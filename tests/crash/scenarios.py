"""What a scenario is, and all of them.

A scenario is a function that lets people do things. At each `yield` both sides are mirrored until nothing changes any
more; what it does after the last one is what the cycles under test find.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tests.crash.worlds import Servers, Stage

Play: TypeAlias = Callable[["Stage"], Iterator[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`creates`: records or comments are made, so that it matters whether what was made can be found."""

    name: str
    play: Play
    servers: "Servers" = "new"
    creates: bool = False


class Collection(list[Scenario]):
    """The scenarios of one module, in their order."""

    def add(self, *, servers: "Servers" = "new", creates: bool = False) -> Callable[[Play], Play]:
        """Decorates a play; its name is the scenario's."""

        def added(play: Play) -> Play:
            self.append(Scenario(play.__name__.replace("_", " "), play, servers, creates))
            return play

        return added


def all_scenarios() -> list[Scenario]:
    """Every scenario. Their names are their own."""
    from tests.crash import scenes_creating, scenes_editing, scenes_removing, scenes_talking

    return [
        *scenes_creating.SCENES,
        *scenes_editing.SCENES,
        *scenes_talking.SCENES,
        *scenes_removing.SCENES,
    ]
