"""`syncer undo`: take back one entry of the history."""

from syncer.cli.console import out, say
from syncer.cli.session import Session
from syncer.errors import SyncerError
from syncer.undo import undo as take_back


def undo(session: Session, number: int) -> int:
    """Raises `SyncerError` for a number that there isn't, and where nothing can be taken back."""
    with session.writing(None, quiet=True) as opened:
        entry = next(iter(opened.store.history(entry_id=number, limit=1)), None)
        if entry is None:
            raise SyncerError(f"the history has no entry {number}; 'syncer history' shows their numbers")
        link = next((each for each in opened.links if each.name == entry.project_link), None)
        if link is None:
            raise SyncerError(f"entry {number} is of project link '{entry.project_link}', which has no mapping file")
        say(out(), f"{take_back(link, entry)}.")
    return 0
