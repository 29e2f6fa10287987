"""Another process that is a worker, at one project link, and does what it is told."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.state.processes import ROOT

LEASE = 2
WORKER = """
import sys
from contextlib import ExitStack
from state import StateError, Store
from tests.state.builders import intended
joint = Store.open(sys.argv[1])
store, link, turn = joint.beside(), sys.argv[2], ExitStack()

def record(number):
    try:
        intended(store, number, link)
        print("recorded", flush=True)
    except StateError as error:
        print(error, flush=True)

def leave():
    turn.close()
    print("left", flush=True)

def again():
    try:
        take()
        print("taken", flush=True)
    except StateError as error:
        print(error, flush=True)

def take():
    lost = lambda by: print("lost to", by, flush=True)
    turn.enter_context(store.turn_of(link, joint, lease_seconds=seconds, lost=lost))

seconds = int(sys.argv[3])
with joint.joint_writer(lease_seconds=seconds):
    take()
    print("ready", flush=True)
    for line in sys.stdin:
        exec(line)
"""


@contextmanager
def other_worker(url: str, link: str, lease_seconds: int = LEASE) -> "Iterator[subprocess.Popen[str]]":
    """A worker at that project link, until it is killed or its input ends."""
    command = [sys.executable, "-c", WORKER, url, link, str(lease_seconds)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()
