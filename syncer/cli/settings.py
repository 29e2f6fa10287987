"""`syncer settings`: what is in force, and where it came from."""

from syncer.cli.console import out, row, table
from syncer.cli.session import Session


def settings(session: Session) -> int:
    from config.settings import effective

    console = out()
    grid = table(console, "", "setting", "value", "from")
    for variable, value, origin in effective(session.settings()):
        row(grid, variable, value, origin)
    console.print(grid)
    return 0
