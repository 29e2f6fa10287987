"""What went wrong, as sentences for a person on standard error."""

import sys
import traceback
from collections.abc import Iterator

import typer

from syncer.logs import printable


def complain(error: Exception, *, debug: bool, about: str = "") -> None:
    """Say what went wrong, one line a problem, each beginning with what it is `about`; where it went wrong too, if
    that was asked for."""
    for sentence in sentences(error):
        tell(f"{about}: {sentence}" if about else sentence)
    if debug:
        traceback.print_exception(error)


def tell(sentence: str) -> None:
    """One line on standard error."""
    print(printable(sentence), file=sys.stderr)


def sentences(error: Exception) -> Iterator[str]:
    """One sentence for each problem that the error tells of."""
    from config.settings import SettingsError
    from mappings import MappingError
    from state import StateError
    from syncer.errors import SyncerError

    if isinstance(error, typer.TyperException):
        yield _usage(error)
    elif isinstance(error, SettingsError | MappingError):
        yield from map(str, error.problems)
    elif isinstance(error, SyncerError | StateError):
        yield str(error) or type(error).__name__
    else:
        said = " ".join(str(error).split()) or "no message"
        yield f"unexpected error ({type(error).__name__}: {said}); syncer --debug ... shows where it happened"


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "syncer"
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{said.rstrip('.')}; '{command} --help' shows what is possible"
