"""What can be typed about the state DB itself.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from typing import Annotated

import typer

from syncer.cli.options import session_of

TEACHING = """Look after the state DB itself.

\b
syncer state copy --to postgresql+psycopg://syncer@db.example.com/syncer
"""

states = typer.Typer(help=TEACHING, no_args_is_help=True)


@states.command()
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The state DB to copy into; it must be empty.")],
) -> int:
    """Copy the state DB into another one, as from SQLite to PostgreSQL or back.

    Stop the daemon and all workers first: the copy is refused while one of them writes. All of it is copied or nothing,
    and it is counted afterwards. Then set SYNCER_STATE__URL to the new one, and never let anything write to the old one
    again: two state DBs that both go on would mirror everything twice.

    A password need not stand on the command line: PostgreSQL's own PGPASSWORD and ~/.pgpass work.

    \b
    syncer state copy --to postgresql+psycopg://syncer@db.example.com/syncer
    """
    from syncer.cli.state_copy import copy as carry_out

    return carry_out(session_of(context), to)
