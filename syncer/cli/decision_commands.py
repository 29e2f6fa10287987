"""What can be typed to decide about what waits: which side wins a conflict, that held removals aren't carried out, that
something is tried again at once.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from enum import StrEnum
from typing import Annotated

import typer

from syncer.cli.options import Json, Link, session_of

decisions = typer.Typer()

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; your login name when not given.")]


class Choice(StrEnum):
    """Whose value is taken."""

    INCIDENT = "incident"
    ISSUE = "issue"


@decisions.command()
def settle(
    context: typer.Context,
    record: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="Key or id of either record; all conflicts without.")
    ] = None,
    field: Annotated[
        str | None, typer.Argument(metavar="[FIELD]", help="The field, as it is listed; all of the record without.")
    ] = None,
    choice: Annotated[
        Choice | None, typer.Argument(metavar="[incident|issue]", help="Whose value is taken; none is without.")
    ] = None,
    by: By = None,
    link: Link = None,
    as_json: Json = False,
) -> int:
    """Show conflicts with what both sides hold, and decide whose value is taken.

    A conflict is a field that both sides changed and whose mapping asks. The next cycle writes the value that you chose
    to the other side. If either side has changed by then, nothing is written: nobody has seen those two values. The
    field waits anew, and says so. Works while the daemon runs.

    \b
    syncer settle
    syncer settle TEST-12
    syncer settle TEST-12 Priority incident
    syncer settle '#7' Summary issue --by "Anna, ticket 4711"
    """
    from syncer.cli import deciding

    session = session_of(context)
    if record is None or field is None or choice is None:
        return deciding.conflicts(session, link, record, field, as_json=as_json)
    return deciding.settle(session, link, (record, field), choice.value, by)


@decisions.command()
def discard(
    context: typer.Context,
    digest: Annotated[str, typer.Argument(metavar="HASH", help="As 'syncer held' shows it, or its first 6 or more.")],
    by: By = None,
    link: Link = None,
) -> int:
    """Keep what the removals under that HASH would remove.

    The opposite of 'syncer approve'. Where a record was deleted, the one that is left stays, unmarked, and the two are
    linked no more. A mirrored comment stays. So does a step-result link, and what was removed of it in Jira is shown
    there again. A mark that was taken off is put back. What joins the set later isn't discarded. Works while the daemon
    runs. What a changed mapping would do can't be discarded: take the edit of the mapping file back.

    \b
    syncer discard 3f9a1c04b7d2
    syncer discard 3f9a1c --by "Anna, ticket 4711"
    """
    from syncer.cli import deciding

    return deciding.discard(session_of(context), link, digest, by)


@decisions.command()
def retry(
    context: typer.Context,
    record: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="Key or id of either record; all that waits without.")
    ] = None,
    item: Annotated[
        str | None, typer.Argument(metavar="[ITEM]", help="A field or comment, as 'syncer status' shows it.")
    ] = None,
    by: By = None,
    link: Link = None,
) -> int:
    """Try again at once what waits, for instance after its cause was mended.

    Everything that waits is tried again by itself, after a delay that grows with the tries. This ends that delay, and
    it starts again from the shortest one. Works while the daemon runs.

    \b
    syncer retry TEST-12
    syncer retry TEST-12 Priority
    syncer retry --link billing
    """
    from syncer.cli import deciding

    return deciding.retry(session_of(context), link, record, item, by)
