"""What a lease is for: the whole state DB, or one project link of it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from state.tables import turns, writer


@dataclass(frozen=True, slots=True)
class Scope:
    """The row that a lease is kept in; that of the whole state DB where no project link is named."""

    project_link: str | None = None

    @property
    def table(self) -> sa.Table:
        return writer if self.project_link is None else turns

    def is_fence(self, fence: int) -> sa.ColumnElement[bool]:
        """The row, as long as this is its number."""
        return sa.and_(self._here, self.table.c.fence == fence)

    def select(self, *columns: str) -> sa.Select[Any]:
        """These columns of the row; all of a lease where none are named."""
        names = columns or ("fence", "holder", "lease_seconds", "renewals")
        return sa.select(*(self.table.c[name] for name in names)).where(self._here)

    def name_in(self, database: str) -> str:
        """What is leased, for people."""
        return database if self.project_link is None else f"project link {self.project_link} of {database}"

    @property
    def _here(self) -> sa.ColumnElement[bool]:
        return sa.true() if self.project_link is None else turns.c.project_link == self.project_link


WHOLE = Scope()
