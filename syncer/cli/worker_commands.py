"""What can be typed to share the project links out over several processes.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from typing import Annotated

import typer

from syncer.cli.options import session_of

workers = typer.Typer()


@workers.command()
def worker(
    context: typer.Context,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=8, metavar="N", help="Work on so many project links at once.")
    ] = 4,
) -> int:
    """Share the project links with other workers until SIGTERM or Ctrl-C: the daemon on several machines.

    Needs a state DB on PostgreSQL and the extra 'scale'. Start as many as you like, with the same settings and the same
    mapping files: each project link is worked on by one of them at a time, at the interval that it has for 'syncer run'
    as well. One that dies is replaced by the others. 'syncer run' waits while any worker lives.

    \b
    SYNCER_STATE__URL=postgresql+psycopg://syncer@db.example.com/syncer syncer worker
    syncer worker --at-once 8
    """
    from syncer.cli.worker import worker as carry_out

    return carry_out(session_of(context), at_once)
