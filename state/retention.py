"""What is told only for so long."""

from datetime import datetime

import sqlalchemy as sa

from state.database import Part
from state.tables import cycles, history
from state.values_json import dump


class Retention(Part):
    """Forgetting reports. What keeps records from harm (intents, tombstones, what waits) has no age."""

    def prune(self, project_link: str, before: datetime, idle_before: datetime | None = None) -> int:
        """Remove the history, and the cycles that were finished, before that time, and those in which nothing was done
        that were finished before `idle_before`: there is one a minute. Returns how many rows went."""
        of_link = cycles.c.project_link == project_link
        idle = sa.and_(of_link, cycles.c.outcome == "done", cycles.c.counts == dump({}))
        old = [
            sa.delete(history).where(history.c.project_link == project_link, history.c.at < before),
            sa.delete(cycles).where(of_link, cycles.c.finished_at < before),
        ]
        if idle_before is not None:
            old.append(sa.delete(cycles).where(idle, cycles.c.finished_at < idle_before))
        with self._db.write() as connection:
            return sum(connection.execute(one).rowcount for one in old)
