"""Has processes of the synchronizer killed: see `program`."""

import signal
import subprocess
import sys

from tests.crash.instance import Place
from tests.crash.program import ORDERS, Order
from tests.crash.worlds import Stage


class Killer:
    """Starts processes that are killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash.program"]
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.kills = 0
        self.differences = 0
        self.left: list[bool] = []
        """Of each world that a killed process left, whether it is the very one that the sweep goes on from."""

    def run(self, stage: Stage, place: Place, boundary: int) -> int:
        """A process in the world as it is now, killed at that boundary; how it ended."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        order = Order(place, stage.state.url, stage.folder / "clock", boundary)
        self._program.stdin.write(ORDERS.dump_json(order) + b"\n")
        self._program.stdin.flush()
        ended = int(self._program.stdout.readline())
        self.kills += ended == -signal.SIGKILL
        stage.state.wait_for_the_dead()
        return ended

    def close(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(10)
        self._program.stdout.close()
