"""Numbers about everything that is remembered, for those who watch: counted where it lies, in one look.

No row is loaded to be counted. The cost grows with the records that are linked and with what waits, never with the
cycles that are remembered: of those the newest and the oldest are looked up.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.engine import Connection

from state.database import Part
from state.tables import cycles, held, intents, links, parked, writer


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many items there are of a kind, and since when the oldest of them."""

    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """One project link in numbers. `parked` is by reason code, `held` counts removals.

    `in_doubt` are the intents of before the time that was asked for. `good_began` and `good_ended` are of the last
    cycle that ended well; `first_began` is of the first cycle that is remembered.
    """

    links: int = 0
    parked: dict[str, Waiting] = field(default_factory=dict)
    held: int = 0
    in_doubt: Waiting | None = None
    good_began: datetime | None = None
    good_ended: datetime | None = None
    first_began: datetime | None = None


class Counting(Part):
    """Aggregates of one state DB, that of any other part."""

    @classmethod
    def of(cls, part: Part) -> "Counting":
        """The same state DB, counted."""
        return cls(part._db)

    def numbers(self, names: Collection[str], before: datetime) -> dict[str, Numbers]:
        """Each of these project links, all at one moment. An intent counts as in doubt if it is from `before`."""
        with self._db.read() as connection:
            linked = _by_link(connection, sa.select(links.c.project_link, sa.func.count()))
            doubts = _waiting(connection, intents, intents.c.intended_at, intents.c.intended_at < before)
            waits = _parked(connection)
            removals = _held(connection)
            return {
                name: Numbers(
                    linked.get(name, 0),
                    waits.get(name, {}),
                    removals.get(name, 0),
                    doubts.get(name),
                    *_good(connection, name),
                    _first(connection, name),
                )
                for name in names
            }

    def renewals(self) -> int:
        """How often the lease was renewed; every write of its holder does so. 0 where nobody ever wrote."""
        with self._db.read() as connection:
            return connection.scalar(sa.select(writer.c.renewals)) or 0


def _by_link(connection: Connection, wanted: sa.Select[Any]) -> dict[str, int]:
    """Rows of a project link and a number; grouped by the first of the columns."""
    return dict(map(tuple, connection.execute(wanted.group_by(wanted.selected_columns[0]))))


def _waiting(
    connection: Connection, table: sa.Table, since: sa.Column[Any], which: sa.ColumnElement[bool]
) -> dict[str, Waiting]:
    of_link = table.c.project_link
    wanted = sa.select(of_link, sa.func.count(), sa.func.min(since)).where(which).group_by(of_link)
    return {name: Waiting(count, oldest) for name, count, oldest in connection.execute(wanted)}


def _parked(connection: Connection) -> dict[str, dict[str, Waiting]]:
    wanted = sa.select(parked.c.project_link, parked.c.code, sa.func.count(), sa.func.min(parked.c.since))
    found: dict[str, dict[str, Waiting]] = {}
    for name, code, count, since in connection.execute(wanted.group_by(parked.c.project_link, parked.c.code)):
        found.setdefault(name, {})[code] = Waiting(count, since)
    return found


def _held(connection: Connection) -> dict[str, int]:
    lines: sa.ColumnElement[Any] = held.c.lines
    if connection.dialect.name == "postgresql":
        lines = sa.cast(lines, JSON)
    wanted = sa.select(held.c.project_link, sa.func.json_array_length(lines)).where(held.c.kind == "removals")
    return dict(map(tuple, connection.execute(wanted)))


def _good(connection: Connection, name: str) -> tuple[datetime | None, datetime | None]:
    wanted = sa.select(cycles.c.started_at, cycles.c.finished_at)
    wanted = wanted.where(cycles.c.project_link == name, cycles.c.outcome == "done")
    row = connection.execute(wanted.order_by(cycles.c.id.desc()).limit(1)).one_or_none()
    return (None, None) if row is None else (row.started_at, row.finished_at)


def _first(connection: Connection, name: str) -> datetime | None:
    wanted = sa.select(cycles.c.started_at).where(cycles.c.project_link == name).order_by(cycles.c.id).limit(1)
    return connection.scalar(wanted)
