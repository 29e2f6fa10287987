"""Other processes: one that is the single writer, others that do a thing; and how a single writer loses its lock."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from state import StateError, Store
from state.copying import copy
from tests.state.builders import entry, intended, new_link
from tests.syncer.forked import Forked


def be_single_writer(url: str, lease_seconds: int) -> None:
    """The other process's part: it does what it is told line by line."""
    store = Store.open(url)

    def record(number: int) -> None:
        try:
            intended(store, number)
            print("recorded", flush=True)
        except StateError as error:
            print(error, flush=True)

    def lost(by: str) -> None:
        print("lost to", by, flush=True)

    names: dict[str, object] = {"store": store, "record": record, "sys": sys}
    with store.single_writer(lease_seconds=lease_seconds, lost=lost):
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line, names)


@contextmanager
def other_process(url: str, lease_seconds: int = 30) -> Iterator[Forked]:
    """Another process that is the single writer, until it is killed or its input ends; it does what it is told."""
    with Forked(be_single_writer, (url, lease_seconds)) as process:
        assert process.stdout.readline() == "ready\n", process.communicate(10)
        yield process
        process.kill()


class _Deadly:
    """Progress that nobody lives to see: the process is killed when that step begins."""

    def __init__(self, step: str) -> None:
        self._step = step

    def begin(self, step: str, total: int | None) -> None:
        if step == self._step:
            os.kill(os.getpid(), signal.SIGKILL)

    def advance(self, step: str, count: int = 1) -> None:
        pass


def copy_and_die(source: str, target: str, step: str) -> None:
    """Another process's part: to copy a state DB, and to be killed amid that."""
    copy(source, target, _Deadly(step))


def settle_on(url: str) -> None:
    """Another process's part: to settle one intent after the other, and to say the number of each that is settled."""
    store = Store.open(url)
    for number in count(store.count_links("shop") + 1):
        store.settle(intended(store, number).id, [new_link(number)], [entry(number)])
        print(number, flush=True)


def open_and_close(url: str) -> None:
    Store.open(url).close()


def tell(process: Forked, line: str) -> None:
    """Have the other process run a line of Python."""
    process.stdin.write(line + "\n")
    process.stdin.flush()


def next_line(process: Forked) -> str:
    return process.stdout.readline()


@contextmanager
def frozen(process: Forked) -> Iterator[None]:
    """The process stands still meanwhile."""
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


class Waiting:
    """A `wait` that notes the refusals, and gives up after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.refusals: list[str] = []
        self._deadline = time.monotonic() + seconds

    def __call__(self, refusal: StateError) -> None:
        self.refusals.append(str(refusal))
        if time.monotonic() > self._deadline:
            raise refusal
        time.sleep(0.1)


def lose_lock(url: str) -> None:
    """Somebody removes the lock file; the connection that holds PostgreSQL's lock breaks."""
    if url.startswith("sqlite"):
        (held,) = Path(str(make_url(url).database)).parent.glob("*.lock-*")
        held.unlink()
        return
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        number = "hashtext(current_schema() || '/' || (SELECT fence FROM writer))::oid"
        ours = f"locktype = 'advisory' AND objid = {number}"
        broken = connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE {ours}")
        assert broken.scalar() is True
    engine.dispose()
