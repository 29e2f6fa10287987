"""A process that is killed by itself at every step of settling, run by `test_crashes.py`.

    python -m tests.state.killed <folder>

For k = 1, 2, ... it forks a child that makes `<folder>/<k>.db`, records an intent and settles it, and that kills
itself before its kth step of settling: a statement, or the commit. It ends after the first child that isn't killed.
"""

import os
import signal
import sys
from itertools import count

import sqlalchemy as sa

from state import Store
from state.effects import Bury, Effect, NewCommentLink, NewResultLink, NoteAbsence, SetBaseline
from state.rows import Baseline
from tests.state.builders import LATER, entry, intended, linked, new_link

AGREED = Baseline({"title": "before"}, "rev-1")


def effects(link_id: int) -> list[Effect]:
    """A link buried, another one made, a third one changed: everything in one settling."""
    return [
        NoteAbsence("shop", "issue", "10001", "record", "read by id: not found", LATER),
        NoteAbsence("shop", "issue", "10002", "record", "read by id: not found", LATER),
        Bury(link_id, "deleted", LATER),
        new_link(3, baselines={"incident": AGREED, "issue": AGREED}),
        SetBaseline(link_id + 1, "issue", {"title": "after"}, "rev-2"),
        NewCommentLink(link_id + 1, "issue", "ic", "jc", "d", "d"),
        NewResultLink(link_id + 1, "sr", "our-global-id"),
    ]


def live_and_die(url: str, last_step: int) -> None:
    store = Store.open(url)
    first = linked(store, 1, {"issue": AGREED})
    linked(store, 2, {"issue": AGREED})
    intent = intended(store, 3)
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", step)
    sa.event.listen(sa.Engine, "commit", step)
    store.settle(intent.id, effects(first.id), [entry(3)])


def main(folder: str) -> None:
    for k in count(1):
        child = os.fork()
        if child == 0:
            live_and_die(f"sqlite:///{folder}/{k}.db", k)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1])
