"""Of which project links this process had the last turn: exactly one worker of a fleet tells how a link does."""

import sqlalchemy as sa

from state.database import Part
from state.tables import turns


class Taken(Part):
    """The last holders of all turns in one state DB, that of any other part."""

    @classmethod
    def of(cls, part: Part) -> "Taken":
        """The same state DB."""
        return cls(part._db)

    def by(self, holder: str) -> list[str]:
        """The project links of which that process had the last turn, or has it now."""
        wanted = sa.select(turns.c.project_link).where(turns.c.holder == holder).order_by(turns.c.project_link)
        with self._db.read() as connection:
            return list(connection.execute(wanted).scalars())
