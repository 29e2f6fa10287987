"""What can be typed to look at removals, to approve and to undo them, and to link and unlink records by hand.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from typing import Annotated

import typer

from syncer.cli.options import Json, Link, session_of

hand = typer.Typer()

Limit = Annotated[int, typer.Option(min=0, metavar="N", help="Show so many; 0 for all.")]


@hand.command()
def held(context: typer.Context, link: Link = None, as_json: Json = False) -> int:
    """Show what is held until a person approves it, and why.

    More removals at once than the mapping allows, removals that a server could be feigning, and what a changed mapping
    would do to linked records. Everything else goes on meanwhile. Only the state DB is read.

    \b
    syncer held
    syncer held --json
    """
    from syncer.cli.approving import held as carry_out

    return carry_out(session_of(context), link, as_json=as_json)


@hand.command()
def approve(
    context: typer.Context,
    digest: Annotated[str, typer.Argument(metavar="HASH", help="As 'syncer held' shows it, or its first 6 or more.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who approves; your login name when not given.")
    ] = None,
    link: Link = None,
) -> int:
    """Release exactly what 'syncer held' shows under that HASH.

    What joins the set later isn't released, and needs an approval of its own. Works while the daemon runs.

    \b
    syncer approve 3f9a1c04b7d2
    syncer approve 3f9a1c --by "Anna, ticket 4711"
    """
    from syncer.cli.approving import approve as carry_out

    return carry_out(session_of(context), link, digest, by)


@hand.command()
def history(
    context: typer.Context,
    record: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="Key or id of an incident or an issue; all without.")
    ] = None,
    link: Link = None,
    limit: Limit = 50,
    as_json: Json = False,
) -> int:
    """Show what was written and decided, newest first, and what stood there before.

    The number is what 'syncer undo' asks for. Only the state DB is read.

    \b
    syncer history TEST-12
    syncer history '#7' --limit 0
    syncer history --json > history.json
    """
    from syncer.cli.history import history as carry_out

    return carry_out(session_of(context), record, link, limit=limit, as_json=as_json)


@hand.command()
def undo(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As 'syncer history' shows it.")],
) -> int:
    """Bring back what one entry of the history took.

    An overwritten value is written back and then travels like a person's edit. A deleted record is created anew, with
    its comments as text, and linked again. A dissolved link, a deleted or edited comment and a removed step-result
    link are restored. What somebody edited since is left alone. An undo can be undone: it is an entry too.

    \b
    syncer history TEST-12
    syncer undo 4711
    """
    from syncer.cli.undoing import undo as carry_out

    return carry_out(session_of(context), number)


@hand.command()
def links(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="Part of a key or an id.")] = None,
    link: Link = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a heading line.")] = False,
    as_json: Json = False,
    limit: Limit = 100,
) -> int:
    """Show which incident and which issue are linked.

    Only the state DB is read.

    \b
    syncer links TEST-12
    syncer links --csv --limit 0 > links.csv
    """
    from syncer.cli.linking import links as carry_out

    return carry_out(session_of(context), text, link, as_csv=as_csv, as_json=as_json, limit=limit)


@hand.command()
def link(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="A number like #12, or a GUID.")],
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="A key like TEST-12, or a numeric id.")],
    only: Link = None,
) -> int:
    """Link an incident and an issue that are the same thing.

    Neither may be linked already. Both are marked; where they differ, the next cycle merges them by the mapping's
    conflict policy. Records that were unlinked before may be linked again so.

    \b
    syncer link '#12' TEST-34
    """
    from syncer.cli.linking import link as carry_out

    return carry_out(session_of(context), incident, issue, only)


@hand.command()
def unlink(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Key or id of either of the two.")],
    only: Link = None,
) -> int:
    """Take a link apart; both records stay.

    The marks are taken off both, and they are not linked again by themselves.

    \b
    syncer unlink TEST-34
    """
    from syncer.cli.linking import unlink as carry_out

    return carry_out(session_of(context), record, only)


@hand.command()
def adopt(context: typer.Context, only: Link = None, as_json: Json = False, limit: Limit = 20) -> int:
    """Rebuild the state DB from the marks on the records, after it was lost.

    Links all incidents and issues whose marks name each other, with their comments. Writes nothing to the servers but
    marks that are missing. Lists what it leaves alone, and for what 'syncer sync' would then create a twin.

    \b
    syncer adopt
    syncer plan && syncer sync
    """
    from syncer.cli.adopting import adopt as carry_out

    return carry_out(session_of(context), only, as_json=as_json, limit=limit)
