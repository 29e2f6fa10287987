"""What people ask about: what waits, what wasn't there when looked for, and what was done."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Row

from state.database import Part
from state.rows import Absence, HistoryEntry, Outcome, Parked
from state.tables import absences, history, parked
from state.values_json import load

WAITING = [parked.c[each.name] for each in fields(Parked)]
"""What is read of a parked item. The sides of a conflict may be long, and are read where they are asked for."""

_PARKED = sa.select(*WAITING).order_by(parked.c.since, parked.c.record_id, parked.c.item)
_PARKED_OF_ONE = _PARKED.where(parked.c.project_link == sa.bindparam("of"))
_ABSENCES = (
    sa.select(absences)
    .where(absences.c.project_link == sa.bindparam("of"))
    .order_by(absences.c.first_seen_at, absences.c.record_id, absences.c.side, absences.c.item)
)
_COUNTED = (
    sa.select(sa.func.count())
    .where(history.c.project_link == sa.bindparam("of"), history.c.at >= sa.bindparam("since"))
    .where(history.c.kind.in_(sa.bindparam("kinds", expanding=True)), history.c.outcome == sa.bindparam("ended"))
)


class Report(Part):
    """Parked items, absences and the history; written by settling only."""

    def parked(self, project_link: str | None = None) -> list[Parked]:
        """What waits, longest first; of all project links unless one is named."""
        wanted, of = (_PARKED, {}) if project_link is None else (_PARKED_OF_ONE, {"of": project_link})
        with self._db.read() as connection:
            return [Parked(**row._mapping) for row in connection.execute(wanted, of)]

    def absences(self, project_link: str) -> list[Absence]:
        """What wasn't there when looked for, missing longest first."""
        with self._db.read() as connection:
            return [Absence(**row._mapping) for row in connection.execute(_ABSENCES, {"of": project_link})]

    def history(
        self,
        project_link: str | None = None,
        *,
        record: str | None = None,
        since: datetime | None = None,
        kinds: Collection[str] | None = None,
        entry_id: int | None = None,
        limit: int = 100,
    ) -> list[HistoryEntry]:
        """The newest `limit` entries for which all that is given holds, newest first.

        `record` is an incident's or an issue's id, `since` the earliest time. Sets in `before` and `after` come
        back as sorted lists, times as text in UTC.
        """
        wanted = sa.select(history)
        if project_link is not None:
            wanted = wanted.where(history.c.project_link == project_link)
        if record is not None:
            wanted = wanted.where(sa.or_(history.c.incident_id == record, history.c.issue_id == record))
        if since is not None:
            wanted = wanted.where(history.c.at >= since)
        if kinds is not None:
            wanted = wanted.where(history.c.kind.in_(kinds))
        if entry_id is not None:
            wanted = wanted.where(history.c.id == entry_id)
        with self._db.read() as connection:
            return [_entry(row) for row in connection.execute(wanted.order_by(history.c.id.desc()).limit(limit))]

    def count_history(
        self, project_link: str, kinds: Collection[str], since: datetime, outcome: Outcome = "settled"
    ) -> int:
        """How many entries of these kinds had that outcome, at `since` or later."""
        asked = {"of": project_link, "since": since, "kinds": sorted(kinds), "ended": outcome}
        with self._db.read() as connection:
            return connection.scalar(_COUNTED, asked) or 0


def _entry(row: Row[tuple[object, ...]]) -> HistoryEntry:
    told = {name: None if (held := row._mapping[name]) is None else load(held) for name in ("before", "after")}
    return HistoryEntry(**{**row._mapping, **told})
