"""What can be typed to back the state DB up.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from pathlib import Path
from typing import Annotated

import typer

from syncer.cli.options import session_of

backups = typer.Typer()


@backups.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> int:
    """Copy the state DB to a file, beside a running daemon.

    The copy is one moment of the state DB, is checked, and gets its name only when it is sound. It holds what the state
    DB holds, texts of records among it: keep it as safe. PostgreSQL is backed up by pg_dump. docs/backup.md says how to
    put a copy back, and what happens then.

    \b
    syncer backup /backups/syncer.db
    syncer backup --force /backups/newest.db
    """
    from syncer.cli.backup import backup as carry_out

    return carry_out(session_of(context), file, force=force)
