"""A process that is killed at every step of taking and giving back the lease, run by `test_lease.py`.

    python -m tests.state.killed_taking <url>

For k = 1, 2, ... it forks a child that kills itself before its kth step, a statement or a commit; then it takes the
lease itself. It ends after the first child that isn't killed, and prints how many were.
"""

import os
import signal
import sys
from itertools import count

import sqlalchemy as sa

from state import Store
from tests.state.builders import intended
from tests.state.processes import Waiting

LONG = 3600
NOTICED_WITHIN = 5.0
"""PostgreSQL has to notice that its client is gone."""


def live_and_die(url: str, last_step: int) -> None:
    store = Store.open(url)
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", step)
    sa.event.listen(sa.Engine, "commit", step)
    with store.single_writer(lease_seconds=LONG):
        pass


def main(url: str) -> None:
    Store.open(url).close()
    for k in count(1):
        child = os.fork()
        if child == 0:
            live_and_die(url, k)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        successor = Store.open(url)
        with successor.single_writer(wait=Waiting(NOTICED_WITHIN)):
            intended(successor)
        successor.close()
        if not os.WIFSIGNALED(status):
            print(k - 1)
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1])
