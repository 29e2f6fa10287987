"""`syncer state copy`: a state DB moves to another place, with people watching."""

from state.copying import copy as copy_state
from syncer.cli.console import counted, out, say, watching
from syncer.cli.session import Session


def copy(session: Session, to: str) -> int:
    """Raises StateError where nothing could be copied."""
    with watching("copy") as progress:
        copied = copy_state(session.settings().state.url, to, progress)
    told = {name: rows for name, rows in copied.rows.items() if rows}
    say(out(), f"{copied.target} now holds what {copied.source} held: {counted(told)}; counted")
    say(out(), "set SYNCER_STATE__URL to it, and let nothing write to the old one again")
    return 0
