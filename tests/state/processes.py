"""Another process that is the single writer, and how a single writer loses its lock without noticing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

import state

ROOT = Path(state.__file__).parent.parent
HOLDER = """
import sys
from state import StateError, Store
from tests.state.builders import intended
store = Store.open(sys.argv[1])

def record(number):
    try:
        intended(store, number)
        print("recorded", flush=True)
    except StateError as error:
        print(error, flush=True)

with store.single_writer(lease_seconds=int(sys.argv[2]), lost=lambda by: print("lost to", by, flush=True)):
    print("ready", flush=True)
    for line in sys.stdin:
        exec(line)
"""


@contextmanager
def other_process(url: str, lease_seconds: int = 30) -> Iterator[subprocess.Popen[str]]:
    """Another process that is the single writer, until it is killed or its input ends; it does what it is told."""
    command = [sys.executable, "-c", HOLDER, url, str(lease_seconds)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Have the other process run a line of Python."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@contextmanager
def frozen(process: subprocess.Popen[str]) -> Iterator[None]:
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

    def __call__(self, refusal: state.StateError) -> None:
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
