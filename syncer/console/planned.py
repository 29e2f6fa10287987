"""A plan as the plan page shows it: the same rows as the command line's table. Pure."""

from dataclasses import dataclass

from syncer.cli.console import counted
from syncer.cli.plan_table import lines
from syncer.core.plan import Plan

MOST = 200
"""So many records are shown; `syncer plan --limit 0` shows all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `key` is empty where the record is the one above."""

    key: str
    action: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wait:
    key: str
    item: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """`left_out` are records that there are besides those shown, `waits_left_out` items that wait."""

    counts: str
    writes: int
    rows: tuple[Row, ...]
    left_out: int
    waits: tuple[Wait, ...]
    waits_left_out: int


def plan_view(plan: Plan) -> PlanView:
    changing = [record for record in plan.records if record.actions]
    rows = [Row("", *cells) for option in plan.catalogue for cells in lines(option)]
    for record in changing[:MOST]:
        cells = [each for action in record.actions for each in lines(action)]
        rows += [Row("" if place else record.situation.key, *each) for place, each in enumerate(cells)]
    waits = [
        Wait(record.situation.key, item.item, item.code, item.reason.removeprefix(f"{item.code}: "))
        for record in plan.records
        for item in record.waiting
    ]
    waits += [Wait(each.situation.key, "record", each.code, each.reason) for each in plan.records if each.reason]
    return PlanView(
        counted(plan.counts()),
        plan.writes,
        tuple(rows),
        max(0, len(changing) - MOST),
        tuple(waits[:MOST]),
        max(0, len(waits) - MOST),
    )
