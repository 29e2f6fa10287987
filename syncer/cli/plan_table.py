"""A plan as people read it: what would be done, record by record, then what waits, then the counts."""

from collections.abc import Sequence
from typing import TypeVar

from rich.console import Console

from syncer.cli.console import counted, row, say, table
from syncer.core.actions import (
    Action,
    AddComment,
    Agree,
    CatalogueAction,
    CreateRecord,
    EditComment,
    UpdateRecord,
    excerpt,
)
from syncer.core.plan import Plan
from syncer.core.records import Side

Item = TypeVar("Item")
Cells = tuple[str, str, str, str]
"""Action, field, before, after."""


def show(console: Console, plan: Plan, limit: int) -> None:
    """Print a plan with at most `limit` records (0: all) in each table; the counts are always complete."""
    changing = [record for record in plan.records if record.actions]
    if plan.catalogue or changing:
        grid = table(console, f"Plan of {plan.project_link}", "record", "action", "field", "before", "after")
        for option in plan.catalogue:
            for cells in lines(option):
                row(grid, "", *cells)
        for record in first(changing, limit):
            for action in record.actions:
                for cells in lines(action):
                    row(grid, record.situation.key, *cells)
        console.print(grid)
        say_more(console, len(changing), limit, "records")
    waiting = _waiting(plan)
    if waiting:
        grid = table(console, f"Waiting in {plan.project_link}", "record", "what", "why")
        for key, item, reason in first(waiting, limit):
            row(grid, key, item, reason)
        console.print(grid)
        say_more(console, len(waiting), limit, "waiting items")
    counts = counted(plan.counts())
    say(console, f"{plan.project_link}: {counts}; {plan.writes} writes; {len(waiting)} waiting", "bold")


def lines(action: Action | CatalogueAction) -> list[Cells]:
    """One action as table rows."""
    match action:
        case UpdateRecord():
            what = f"update {action.side}"
            return [(what, c.name, excerpt(c.shown_before), excerpt(c.shown_after)) for c in action.changes]
        case CreateRecord():
            return [(f"create {action.side}", f"{len(action.changes)} fields", "", excerpt(action.twin.title))]
        case AddComment() | EditComment():
            what = f"{action.kind} ({action.side})"
            return [(what, f"by {action.draft.author}", "", excerpt(action.draft.body))]
        case Agree():
            return [(action.kind, ", ".join(sorted(action.values[Side.INCIDENT])), "", "")]
        case _:
            return [(action.kind, "", "", excerpt(action.sentence(), 100))]


def first(items: Sequence[Item], limit: int) -> Sequence[Item]:
    """The first `limit` items, all for 0."""
    return items[:limit] if limit else items


def say_more(console: Console, count: int, limit: int, noun: str) -> None:
    """Say how many items `first` left out, if any."""
    if limit and count > limit:
        say(console, f"... and {count - limit} more {noun}; --limit 0 shows all")


def _waiting(plan: Plan) -> list[tuple[str, str, str]]:
    """What can't be done, and why: items, and records that are left alone as a whole."""
    items = [(record.situation.key, item.item, item.reason) for record in plan.records for item in record.waiting]
    alone = [(record.situation.key, "record", record.reason) for record in plan.records if record.reason]
    return items + alone
