"""The synchronizer in processes of its own, which kill themselves with SIGKILL at one of their boundaries.

One process is started and imports everything; for each line that it reads it forks a child, which lives until its
boundary, and it answers with how the child ended. So each run begins with an interpreter that has done nothing yet.
"""

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from tests.crash.boundaries import Moment
from tests.crash.clock import Clock
from tests.crash.instance import Instance, Means, Place, keep_silent, open_store

UNHARMED = 3
"""How a child ends that never came to its boundary."""


@dataclass(frozen=True, slots=True)
class Order:
    """Run at that place with the state DB of that URL, by that clock, until the boundary of that number."""

    place: Place
    state: str
    clock: Path
    boundary: int


ORDERS = TypeAdapter(Order)


def carry_out(order: Order, means: Means) -> None:
    """Live until the boundary, and end there."""
    passed = 0

    def watch(moment: Moment, what: str) -> None:
        nonlocal passed
        if passed == order.boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    instance = Instance(order.place, open_store(order.state), Clock(order.clock), means, watch)
    for _ in instance.live():
        pass


def main() -> None:
    """Carry out the orders of standard input."""
    keep_silent()
    means: dict[str, Means] = {}
    for line in sys.stdin:
        order = ORDERS.validate_json(line)
        url = order.place.environment["SYNCER_INCIDENTS__URL"]
        if url not in means:
            # Made before the fork, as making them is slow; they have no connection yet.
            means[url] = Means(order.place.environment)
        child = os.fork()
        if child == 0:
            # It must never come back to the loop, which is its parent's.
            try:
                carry_out(order, means[url])
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(UNHARMED)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
