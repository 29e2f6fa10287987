"""Options and arguments that several commands share, and how they come by their session."""

from typing import Annotated

import typer

from syncer.cli.session import Session

Link = Annotated[str | None, typer.Option("--link", metavar="NAME", help="Only the project link of that name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def session_of(context: typer.Context) -> Session:
    """The options that stood before the command."""
    return context.ensure_object(Session)
