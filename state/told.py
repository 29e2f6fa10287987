"""What people were told of and weren't told yet is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from state.columns import keepable
from state.database import Part, upsert
from state.tables import told


@dataclass(frozen=True, slots=True)
class Told:
    """One event: what it is, in which project link (empty where in none), and what it is about.

    `since` is when it began, `told_at` when it was told last; None for an occurrence that is still to be told.
    """

    what: str
    project_link: str
    subject: str
    since: datetime
    told_at: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.what, self.project_link, self.subject


class Telling(Part):
    """Events that were told, and occurrences that another process left to be told."""

    def told(self) -> list[Told]:
        """All of them, longest first."""
        wanted = sa.select(told).order_by(told.c.since, told.c.what, told.c.project_link, told.c.subject)
        with self._db.read() as connection:
            return [Told(**row._mapping) for row in connection.execute(wanted)]

    def set_told(self, now: Collection[Told], over: Collection[tuple[str, str, str]] = ()) -> None:
        """Record what was told `now`, and forget by its key what is `over`."""
        with self._db.write() as connection:
            for key in over:
                connection.execute(sa.delete(told).where(sa.and_(*_at(*key))))
            for row in now:
                _record(connection, row)

    def note_occurrence(self, what: str, subject: str, at: datetime) -> None:
        """Leave word of something that whoever writes now tells. Any process may do so beside the single writer."""
        with self._db.write(beside_writer=True) as connection:
            _record(connection, Told(what, "", keepable(subject), at, None))


def _record(connection: sa.Connection, row: Told) -> None:
    key = dict(zip(("what", "project_link", "subject"), row.key, strict=True))
    upsert(connection, told, key, {"since": row.since, "told_at": row.told_at})


def _at(what: str, project_link: str, subject: str) -> list[sa.ColumnElement[bool]]:
    return [told.c.what == what, told.c.project_link == project_link, told.c.subject == subject]
