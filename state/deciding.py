"""What a person decides about what waits: which side wins a conflict, and that something be tried again at once.

    the writer                                      a person, at any time
    Park, with what both sides hold ──► parked ───► conflicts, decide
    decisions ◄───────────────────────────┘
    carry out what was decided, ForgetDecision

Any process may record such a word beside the single writer, which sees it in its next cycle: what it is about is due
at once. At worst this waits for the writer's transaction under way.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.database import Part, columns_of, upsert
from state.journal import append
from state.links import read_link
from state.parking_rows import make_due
from state.report import WAITING
from state.rows import BothSides, Conflict, Decision, HistoryEntry, Link, Parked
from state.tables import decisions, links, parked
from state.values_json import load

_BOTH = sa.and_(
    links.c.project_link == parked.c.project_link,
    parked.c.side == "incident",
    links.c.incident_id == parked.c.record_id,
)
"""A field in conflict is parked under its incident."""


class Deciding(Part):
    """Conflicts with what was decided about them, and trying again at once."""

    def conflicts(self, project_link: str | None = None) -> list[Conflict]:
        """All fields in conflict, longest first; of all project links unless one is named."""
        waiting = sa.select(parked).where(parked.c.sides.is_not(None))
        tied = sa.select(links).join(parked, _BOTH).where(parked.c.sides.is_not(None)).distinct()
        if project_link is not None:
            waiting, tied = (each.where(parked.c.project_link == project_link) for each in (waiting, tied))
        with self._db.read() as connection:
            of: dict[tuple[str, str], Link] = {}
            for row in connection.execute(tied):
                of[row.project_link, row.incident_id] = read_link(row)
            decided = {(each.link_id, each.item): each for each in _decisions(connection, project_link)}
            found: list[Conflict] = []
            for row in connection.execute(waiting.order_by(parked.c.since, parked.c.record_id, parked.c.item)):
                link = of.get((row.project_link, row.record_id))
                if link is not None:
                    item = Parked(**{column.name: row._mapping[column.name] for column in WAITING})
                    both = BothSides(**load(row.sides))
                    found.append(Conflict(link, item, both, decided.get((link.id, item.item))))
            return found

    def decisions(self, project_link: str) -> list[Decision]:
        """What was decided and neither carried out nor found void yet, oldest first."""
        with self._db.read() as connection:
            return _decisions(connection, project_link)

    def decide(self, conflict: Conflict, decision: Decision, history: Sequence[HistoryEntry]) -> bool:
        """Record what a person decided in that conflict; decided again, the newer word counts.

        False, with nothing recorded, where the conflict isn't the one that was shown any more: it is over, or a side
        holds something else by now.
        """
        with self._db.write(beside_writer=True) as connection:
            if make_due(connection, conflict.parked, decision.at, conflict.both) == 0:
                return False
            values = columns_of(decision)
            key = {name: values.pop(name) for name in ("link_id", "item")}
            upsert(connection, decisions, key, values)
            append(connection, history)
        return True

    def retry(self, items: Collection[Parked], at: datetime, history: Sequence[HistoryEntry] = ()) -> int:
        """Let parked items be due at `at`, with delays that start again; gives how many of them still waited."""
        with self._db.write(beside_writer=True) as connection:
            count = sum(make_due(connection, item, at) for item in items)
            append(connection, history)
        return count


def _decisions(connection: Connection, project_link: str | None) -> list[Decision]:
    wanted = sa.select(decisions).join(links, links.c.id == decisions.c.link_id)
    if project_link is not None:
        wanted = wanted.where(links.c.project_link == project_link)
    rows = connection.execute(wanted.order_by(decisions.c.at, decisions.c.link_id, decisions.c.item))
    return [Decision(**row._mapping) for row in rows]
