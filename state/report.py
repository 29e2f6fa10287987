"""What people ask about: what waits, and what was done."""

import sqlalchemy as sa

from state.database import Part
from state.rows import HistoryEntry, Parked
from state.tables import history, parked
from state.values_json import load


class Report(Part):
    """Parked items and the history; written by settling only."""

    def parked(self, project_link: str | None = None) -> list[Parked]:
        """What waits, longest first; of all project links unless one is named."""
        wanted = sa.select(parked).order_by(parked.c.since, parked.c.record_id, parked.c.item)
        if project_link is not None:
            wanted = wanted.where(parked.c.project_link == project_link)
        with self._db.read() as connection:
            return [Parked(**row._mapping) for row in connection.execute(wanted)]

    def history(
        self, project_link: str | None = None, *, record: str | None = None, limit: int = 100
    ) -> list[HistoryEntry]:
        """The newest `limit` entries, newest first; `record` is an incident's or an issue's id.

        Sets in `before` and `after` come back as sorted lists.
        """
        wanted = sa.select(*(column for column in history.c if column.name != "id"))
        if project_link is not None:
            wanted = wanted.where(history.c.project_link == project_link)
        if record is not None:
            wanted = wanted.where(sa.or_(history.c.incident_id == record, history.c.issue_id == record))
        with self._db.read() as connection:
            rows = connection.execute(wanted.order_by(history.c.id.desc()).limit(limit))
            return [
                HistoryEntry(
                    **{
                        **row._mapping,
                        "before": None if row.before is None else load(row.before),
                        "after": None if row.after is None else load(row.after),
                    }
                )
                for row in rows
            ]
