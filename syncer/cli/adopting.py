"""`syncer adopt`: rebuild the state DB from the marks, and say what is left."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from syncer.adopt import Adoption
from syncer.adopt import adopt as carry_out
from syncer.cli.console import out, row, say, table, watching
from syncer.cli.errors import complain
from syncer.cli.plan_table import first, say_more
from syncer.cli.session import Session


def adopt(session: Session, only: str | None, *, as_json: bool, limit: int) -> int:
    """Adopt in each project link; 1 if any of them failed."""
    adoptions: dict[str, Adoption] = {}
    failed = False
    with session.writing(only, quiet=True) as opened:
        for link in opened.links:
            try:
                with watching(link.name) as progress:
                    adoptions[link.name] = carry_out(link, progress)
            except Exception as error:
                complain(error, debug=session.debug, about=link.name)
                failed = True
    if as_json:
        print(json.dumps([{"project_link": name} | asdict(each) for name, each in adoptions.items()], indent=2))
    else:
        for name, each in adoptions.items():
            _show(name, each, limit)
    return 1 if failed else 0


def _show(name: str, adoption: Adoption, limit: int) -> None:
    console = out()
    counts = f"{adoption.linked} links, {adoption.comments} comments and {adoption.results} step results"
    say(console, f"{name}: {counts} found again by their marks; {adoption.marks} marks written", "bold")
    _list(f"Clones in {name}, left alone", adoption.clones, limit)
    _list(f"Left alone in {name}", adoption.waiting, limit)
    if adoption.alone:
        shown = ", ".join(first(adoption.alone, limit))
        say(console, f"'syncer sync' would create a twin for {len(adoption.alone)} records without one: {shown}")
        say_more(console, len(adoption.alone), limit, "records")


def _list(title: str, rows: Sequence[tuple[str, str]], limit: int) -> None:
    if not rows:
        return
    console = out()
    grid = table(console, title, "record", "why")
    for key, reason in first(rows, limit):
        row(grid, key, reason)
    console.print(grid)
    say_more(console, len(rows), limit, "records")
