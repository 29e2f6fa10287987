"""State DBs that are up to date from the start: the tables are made once a process, and copied for each test.

Making them takes longer than most tests; that it works is told by `tests/state/test_opening.py` and others, each on a
place where there is nothing yet.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from state import Store


def lay(path: Path) -> str:
    """The URL of the state DB in the file `path`; where there is none yet, it has its tables and nothing in them."""
    if not path.exists():
        path.write_bytes(_tables())
    return f"sqlite:///{path}"


@cache
def _tables() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state.db"
        Store.open(f"sqlite:///{path}").close()
        # What stands in the write-ahead log only isn't in the file.
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()
