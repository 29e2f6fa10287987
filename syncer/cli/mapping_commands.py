"""What can be typed to write, check and understand mapping files: `syncer mapping ...`, and `syncer explain`.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from pathlib import Path
from typing import Annotated

import typer

from syncer.cli.options import Json, Link, session_of

TEACHING = """Write, check and understand mapping files.

\b
syncer mapping new "Web Shop" WEB -o mappings/web-shop.yaml
syncer mapping lint --live
syncer mapping show
"""

mapping = typer.Typer(help=TEACHING, no_args_is_help=True)
explaining = typer.Typer()

Record = Annotated[str, typer.Argument(metavar="RECORD", help="Key or id of an incident or an issue, as #12 or WEB-7.")]


@mapping.command()
def new(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project in Enterprise Tester, by its name.")],
    key: Annotated[str, typer.Argument(metavar="KEY", help="The project in Jira, by its key.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here; without it the file is printed.")
    ] = None,
    to_issue: Annotated[
        bool, typer.Option("--to-issue", help="Carry everything one way: nothing ever changes an incident.")
    ] = False,
) -> int:
    """Write a mapping file for two projects from what both servers offer.

    What has the same name on both sides is mapped; what has not is listed as a question in a comment, with everything
    that it could be. Nothing is written on either server, and no file is overwritten.

    \b
    syncer mapping new "Web Shop" WEB -o mappings/web-shop.yaml
    syncer mapping lint --live
    """
    from syncer.cli.mapping_new import new as carry_out

    return carry_out(session_of(context), project, key, output, to_issue=to_issue)


@mapping.command()
def lint(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A file or a folder; without it, that of the settings.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Look names, screens, workflows and permissions up on both servers as well.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Say all that is wrong with mapping files at once, each with its place.

    Ends with 1 where something has to be put right. With --live both servers are asked; nothing is written there.

    \b
    syncer mapping lint
    syncer mapping lint --live
    syncer mapping lint mappings/web-shop.yaml --json
    """
    from syncer.cli.mapping_lint import lint as carry_out

    return carry_out(session_of(context), path, live=live, as_json=as_json)


@mapping.command()
def schema() -> int:
    """Print the JSON Schema of mapping files, by which editors complete and check them.

    Put its address into the first line of a mapping file, as the examples do.

    \b
    syncer mapping schema > mappings/schema.json
    """
    from mappings.schema import schema_text

    typer.echo(schema_text(), nl=False)
    return 0


@mapping.command()
def show(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A file or a folder; without it, that of the settings.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Show mapping files as tables: which field goes where, which way, by what rule, and who wins.

    \b
    syncer mapping show
    syncer mapping show mappings/web-shop.yaml
    """
    from syncer.cli.mapping_show import show as carry_out

    return carry_out(session_of(context), path, as_json=as_json)


@mapping.command(name="try")
def try_(context: typer.Context, record: Record, link: Link = None, as_json: Json = False) -> int:
    """Show what one incident or issue becomes on the other side, field by field, with the line that does it.

    The record is read from its server as it is now. Nothing is written.

    \b
    syncer mapping try '#12'
    syncer mapping try WEB-7 --link web-shop
    """
    from syncer.cli.mapping_try import try_record

    return try_record(session_of(context), record, link, as_json=as_json)


@mapping.command()
def coverage(
    context: typer.Context,
    last: Annotated[
        int, typer.Option("--last", min=1, metavar="N", help="Look at so many records of each side.")
    ] = 200,
    link: Link = None,
    as_json: Json = False,
) -> int:
    """Say how much of the last records the mapping can carry, and what it can't.

    Values that no rule maps, people unknown on the other side, texts that are simplified, texts that are cut.
    Records are read from both servers; nothing is written.

    \b
    syncer mapping coverage
    syncer mapping coverage --last 1000 --link web-shop
    """
    from syncer.cli.mapping_coverage import coverage as carry_out

    return carry_out(session_of(context), link, last, as_json=as_json)


@explaining.command()
def explain(context: typer.Context, record: Record, link: Link = None, as_json: Json = False) -> int:
    """Say of one record why it is as it is: what both sides hold and last agreed on, and what will happen next.

    For each field: both values, the rule and its line, what would be done, and why something waits. The codes are
    listed in docs/reasons.md. Nothing is written.

    \b
    syncer explain '#12'
    syncer explain WEB-7
    """
    from syncer.cli.explaining import explain as carry_out

    return carry_out(session_of(context), record, link, as_json=as_json)
