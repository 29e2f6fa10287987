"""What may stand in the way of a SQLite file, said before SQLite says it less clearly."""

import os
from pathlib import Path

from state.errors import StateError

_HEADER = b"SQLite format 3\0"


def make_room(path: Path) -> None:
    """Make the file's folder if it is missing. Raises StateError where no state DB can be made or written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"the folder {path.parent} for the state DB can't be made: {error.strerror}") from error
    exists = is_file(path)
    # SQLite would open a file that it may not write, and fail at the first intent. Its journal lies beside it.
    for needed in (path.parent, path) if exists else (path.parent,):
        if not os.access(needed, os.W_OK, effective_ids=True):
            raise StateError(
                f"{needed} can't be written by user {os.geteuid()}; give it to that user or keep the state DB elsewhere"
            )


def is_file(path: Path) -> bool:
    """Whether a state DB may lie there; False when nothing does. Raises StateError for what can't be one."""
    try:
        if not path.exists():
            return False
        if not path.is_file():
            raise StateError(f"{path} is a folder or a device; the state DB is a file, as in {path / 'syncer.db'}")
        with path.open("rb") as file:
            header = file.read(len(_HEADER))
    except OSError as error:
        raise StateError(f"the state DB {path} can't be read: {error.strerror}") from error
    # An empty file is an empty DB to SQLite.
    if header not in (b"", _HEADER):
        raise StateError(f"{path} isn't a SQLite DB; move it away, or name another file for the state DB")
    return True
