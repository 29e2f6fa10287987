"""`syncer backup`: a copy of the state DB, made while the daemon runs."""

from pathlib import Path

from state.backup import back_up
from syncer.cli.console import out, say
from syncer.cli.session import Session


def backup(session: Session, file: Path, *, force: bool) -> int:
    """Raises StateError where no sound copy could be made."""
    made = back_up(session.settings().state.url, file, force=force)
    say(out(), f"{made.path}: {made.links} links, {made.size} bytes, checked")
    return 0
