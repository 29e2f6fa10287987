"""What can be typed to try what people are told by the webhook.

The docstrings are for the people at the command line. Blocks that begin with a backspace keep their lines.
"""

from typing import Annotated

import typer

from syncer.cli.options import session_of

telling = typer.Typer()


@telling.command()
def tell(
    context: typer.Context,
    test: Annotated[bool, typer.Option("--test", help="Send one test message, and say what came back.")] = False,
) -> int:
    """Show what people would be told now by the webhook, or try the webhook.

    Shows what needs a person as far as the state DB knows it, whether it was told already or not, and sends nothing.
    With --test one test message is sent to SYNCER_WEBHOOK__URL. Exit code 1 if the receiver doesn't take it.

    \b
    syncer tell
    syncer tell --test
    """
    from syncer.cli import telling as carry_out

    return carry_out.test(session_of(context)) if test else carry_out.show(session_of(context))
