"""What can be typed to record one's own servers.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from pathlib import Path
from typing import Annotated

import typer

from syncer.cli.options import Link, session_of

recordings = typer.Typer()


@recordings.command()
def record(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the recording there; it must not exist yet.")
    ] = None,
    checked: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Replay this recording instead; no server is asked.")
    ] = None,
    link: Link = None,
    keys: Annotated[
        list[str] | None, typer.Option("--record", metavar="KEY", help="Read the record of this key or id; repeatable.")
    ] = None,
    newest: Annotated[
        int, typer.Option(min=1, max=20, metavar="N", help="Without --record, read so many of the first page.")
    ] = 3,
) -> int:
    """Record what your own servers answer to calls that read, with all that is yours replaced.

    Checks, reads the catalogues, one page of each listing and a few records, as a sync would. Nothing is written to a
    server. Names, texts, keys and hosts are replaced before the file is written; read it before you hand it on.
    With --check a recording is replayed on this machine, without settings: exit code 1 if an answer isn't understood.

    \b
    syncer record --out recording.json
    syncer record --out recording.json --link billing --record TEST-12 --record 417
    syncer record --check recording.json
    """
    if (file is None) == (checked is None):
        raise typer.BadParameter("either --out FILE to record, or --check FILE to replay", context)
    from syncer.cli.record import check, make

    if checked is not None:
        return check(checked)
    assert file is not None
    return make(session_of(context), link, file, keys or [], newest)
