"""`syncer plan`: what a sync would do, as a table for people or JSON for programs; nothing is written."""

import json

from syncer.cli.console import out, watching
from syncer.cli.errors import complain
from syncer.cli.plan_table import show
from syncer.cli.session import Session
from syncer.core.plan import Plan
from syncer.cycle import preview

CHANGES = 2
"""The exit code that says: a sync would do something."""


def plan(session: Session, only: str | None, *, as_json: bool, limit: int) -> int:
    """Print the plan of each project link. A link that can't be planned doesn't hide the others."""
    plans: list[Plan] = []
    failed = False
    with session.reading(only) as opened:
        for link in opened.links:
            try:
                with watching(link.name) as progress:
                    plans.append(preview(link, progress))
            except Exception as error:
                complain(error, debug=session.debug, about=link.name)
                failed = True
    if as_json:
        print(json.dumps([each.to_json() | {"writes": each.writes} for each in plans], indent=2))
    else:
        for each in plans:
            show(out(), each, limit)
    if failed:
        return 1
    return 0 if all(each.empty for each in plans) else CHANGES
