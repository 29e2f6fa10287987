"""Another process that is a worker, at one project link, and does what it is told."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from state import StateError, Store
from tests.state.builders import intended
from tests.syncer.forked import Forked

LEASE = 2


def be_worker(url: str, link: str, lease_seconds: int) -> None:
    """The other process's part: it does what it is told line by line."""
    joint = Store.open(url)
    store, turn = joint.beside(), ExitStack()

    def record(number: int) -> None:
        try:
            intended(store, number, link)
            print("recorded", flush=True)
        except StateError as error:
            print(error, flush=True)

    def leave() -> None:
        turn.close()
        print("left", flush=True)

    def again() -> None:
        try:
            take()
            print("taken", flush=True)
        except StateError as error:
            print(error, flush=True)

    def take() -> None:
        turn.enter_context(store.turn_of(link, joint, lease_seconds=lease_seconds, lost=lost))

    def lost(by: str) -> None:
        print("lost to", by, flush=True)

    names: dict[str, object] = {"record": record, "leave": leave, "again": again}
    with joint.joint_writer(lease_seconds=lease_seconds):
        take()
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line, names)


@contextmanager
def other_worker(url: str, link: str, lease_seconds: int = LEASE) -> Iterator[Forked]:
    """A worker at that project link, until it is killed or its input ends."""
    with Forked(be_worker, (url, link, lease_seconds)) as process:
        assert process.stdout.readline() == "ready\n", process.communicate(10)
        yield process
        process.kill()
