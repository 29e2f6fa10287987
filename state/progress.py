"""How far each project link has come: its watermarks, its mapping's fingerprint, its cycles."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from state.database import Part, upsert
from state.errors import StateError
from state.rows import CycleRow, SideName
from state.tables import cycles, project_links
from state.values_json import dump, load

_HERE = project_links.c.project_link == sa.bindparam("of")
_WATERMARKS: Mapping[SideName, sa.Select[Any]] = {
    "incident": sa.select(project_links.c.incident_watermark).where(_HERE),
    "issue": sa.select(project_links.c.issue_watermark).where(_HERE),
}
_FINGERPRINT = sa.select(project_links.c.fingerprint).where(_HERE)
_BEGUN = sa.select(cycles.c.id).where(cycles.c.cycle == sa.bindparam("cycle"))
_BEGIN = sa.insert(cycles)


class Progress(Part):
    """Watermarks, fingerprints and cycles; all of them by project link."""

    def watermark(self, project_link: str, side: SideName) -> datetime | None:
        """How far the poll has read that side, in its server's time; None before the first."""
        with self._db.read() as connection:
            at: datetime | None = connection.scalar(_WATERMARKS[side], {"of": project_link})
            return at

    def set_watermark(self, project_link: str, side: SideName, at: datetime) -> None:
        """Record how far the poll has read that side; an earlier time is taken too."""
        with self._db.write() as connection:
            upsert(connection, project_links, {"project_link": project_link}, {f"{side}_watermark": at})

    def fingerprint(self, project_link: str) -> str | None:
        """The fingerprint of the mapping that was applied last; None before the first."""
        with self._db.read() as connection:
            return connection.scalar(_FINGERPRINT, {"of": project_link})

    def set_fingerprint(self, project_link: str, fingerprint: str) -> None:
        """Record the mapping that is applied from now on."""
        with self._db.write() as connection:
            upsert(connection, project_links, {"project_link": project_link}, {"fingerprint": fingerprint})

    def begin_cycle(self, project_link: str, cycle: str, at: datetime) -> None:
        """Record that a cycle runs. Raises StateError when a cycle of that name was begun before."""
        with self._db.write() as connection:
            if connection.scalar(_BEGUN, {"cycle": cycle}) is not None:
                raise StateError(f"cycle {cycle} was begun before; each cycle needs a name of its own")
            begun = {"cycle": cycle, "project_link": project_link, "started_at": at}
            connection.execute(_BEGIN, {**begun, "outcome": "running", "detail": "", "counts": dump({})})

    def finish_cycle(
        self, cycle: str, at: datetime, outcome: Literal["done", "failed"], detail: str, counts: Mapping[str, int]
    ) -> None:
        """Record how a cycle ended. Raises StateError when it was never begun."""
        ended = {"finished_at": at, "outcome": outcome, "detail": detail, "counts": dump(counts)}
        with self._db.write() as connection:
            changed = connection.execute(sa.update(cycles).where(cycles.c.cycle == cycle).values(ended))
            if changed.rowcount == 0:
                raise StateError(f"cycle {cycle} can't be finished: it was never begun")

    def last_begun(self) -> dict[str, datetime]:
        """When each project link that ever ran began its last cycle."""
        wanted = sa.select(cycles.c.project_link, sa.func.max(cycles.c.started_at)).group_by(cycles.c.project_link)
        with self._db.read() as connection:
            return {row.project_link: row[1] for row in connection.execute(wanted)}

    def last_cycles(
        self, project_link: str, n: int = 1, outcome: Literal["running", "done", "failed"] | None = None
    ) -> list[CycleRow]:
        """The last `n` cycles, or the last `n` with that outcome, newest first."""
        wanted = sa.select(*(column for column in cycles.c if column.name != "id"))
        wanted = wanted.where(cycles.c.project_link == project_link)
        if outcome is not None:
            wanted = wanted.where(cycles.c.outcome == outcome)
        with self._db.read() as connection:
            rows = connection.execute(wanted.order_by(cycles.c.id.desc()).limit(n))
            return [CycleRow(**{**row._mapping, "counts": load(row.counts)}) for row in rows]
