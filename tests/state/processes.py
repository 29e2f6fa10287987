"""Another process that is the single writer, and how a single writer loses its lock without noticing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

import state

ROOT = Path(state.__file__).parent.parent
HOLDER = """
import sys
from state import Store
with Store.open(sys.argv[1]).single_writer():
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that is the single writer, until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def lose_lock(url: str) -> None:
    """Somebody removes the lock file; the connection that holds PostgreSQL's lock breaks."""
    if url.startswith("sqlite"):
        Path(f"{make_url(url).database}.lock").unlink()
        return
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        ours = "locktype = 'advisory' AND objid = hashtext(current_schema())::oid"
        broken = connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE {ours}")
        assert broken.scalar() is True
    engine.dispose()
