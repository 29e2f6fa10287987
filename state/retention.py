"""What is told only for so long."""

from datetime import datetime

import sqlalchemy as sa

from state.database import Part
from state.tables import cycles, history


class Retention(Part):
    """Forgetting reports. What keeps records from harm (intents, tombstones, what waits) has no age."""

    def prune(self, project_link: str, before: datetime) -> int:
        """Remove the history, and the cycles that were finished, before that time; return how many rows went."""
        old = (
            sa.delete(history).where(history.c.project_link == project_link, history.c.at < before),
            sa.delete(cycles).where(cycles.c.project_link == project_link, cycles.c.finished_at < before),
        )
        with self._db.write() as connection:
            return sum(connection.execute(one).rowcount for one in old)
