"""What is held back until a person approves or discards it, and the words given.

    the writer                               a person, at any time
    set_held ───────────────► held ────────► approve, discard
    approvals, discards ◄──────────────────────┘
    carry out exactly that set, or what keeps things as they are; use_approval, use_discard, set_held(None)

A set is known by its digest: one that has changed is another one, and needs an approval of its own.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state import tables
from state.database import Part, upsert
from state.journal import append
from state.parking_rows import make_due
from state.rows import Approval, Discard, Held, HeldKind, HistoryEntry, Parked
from state.values_json import dump_lines, load_lines

_WORDS = {
    table: sa.select(table).where(table.c.project_link == sa.bindparam("of")).order_by(table.c.at, table.c.digest)
    for table in (tables.approvals, tables.discards)
}


class Holding(Part):
    """What is held, at most one set of each kind in a project link, and approvals and discards by digest."""

    def held(self, project_link: str | None = None) -> list[Held]:
        """What is held, longest first; of all project links unless one is named."""
        wanted = sa.select(tables.held).order_by(tables.held.c.held_at, tables.held.c.project_link, tables.held.c.kind)
        if project_link is not None:
            wanted = wanted.where(tables.held.c.project_link == project_link)
        with self._db.read() as connection:
            rows = connection.execute(wanted)
            return [Held(**{**row._mapping, "lines": load_lines(row.lines)}) for row in rows]

    def set_held(self, project_link: str, kind: HeldKind, held: Held | None) -> None:
        """Record what is held now in place of what was; with None, nothing of that kind is any more.

        The same set, by its digest, keeps the time at which it was held first.
        """
        key = {"project_link": project_link, "kind": kind}
        here = sa.and_(tables.held.c.project_link == project_link, tables.held.c.kind == kind)
        if held is not None and (held.project_link, held.kind) != (project_link, kind):
            raise ValueError(f"{held.kind} of {held.project_link} can't be held as {kind} of {project_link}")
        with self._db.write() as connection:
            if held is None:
                connection.execute(sa.delete(tables.held).where(here))
                return
            since = connection.scalar(sa.select(tables.held.c.held_at).where(here, tables.held.c.digest == held.digest))
            values = {
                "digest": held.digest,
                "reason": held.reason,
                "lines": dump_lines(held.lines),
                "held_at": since or held.held_at,
            }
            upsert(connection, tables.held, key, values)

    def approve(self, project_link: str, digest: str, by: str, at: datetime) -> None:
        """Record a person's approval; given again, the newer one counts. It takes back a discard of the same.

        Any process may do so beside the single writer, which sees it at its next look: at worst this waits for the
        writer's transaction under way.
        """
        with self._db.write(beside_writer=True) as connection:
            key = {"project_link": project_link, "digest": digest}
            upsert(connection, tables.approvals, key, {"by": by, "at": at})
            _forget(connection, tables.discards, project_link, digest)

    def discard(
        self, discards: Collection[Discard], waiting: Collection[Parked] = (), history: Sequence[HistoryEntry] = ()
    ) -> None:
        """Record a person's word that these removals are not to be carried out. It takes back approvals of the same.

        The items that are `waiting` for it are due at the time of the first of them. Any process may do so beside the
        single writer, as with `approve`.
        """
        with self._db.write(beside_writer=True) as connection:
            for each in discards:
                key = {"project_link": each.project_link, "digest": each.digest}
                upsert(connection, tables.discards, key, {"by": each.by, "at": each.at})
                _forget(connection, tables.approvals, each.project_link, each.digest)
            for item in waiting:
                make_due(connection, item, min(each.at for each in discards))
            append(connection, history)

    def approvals(self, project_link: str) -> list[Approval]:
        """The approvals that weren't used yet, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(_WORDS[tables.approvals], {"of": project_link})
            return [Approval(**row._mapping) for row in rows]

    def use_approval(self, project_link: str, digest: str) -> None:
        """Forget an approval, if it is there: what it allowed is done."""
        with self._db.write() as connection:
            _forget(connection, tables.approvals, project_link, digest)

    def discards(self, project_link: str) -> list[Discard]:
        """The discards that weren't used yet, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(_WORDS[tables.discards], {"of": project_link})
            return [Discard(**row._mapping) for row in rows]

    def use_discard(self, project_link: str, digest: str) -> None:
        """Forget a discard, if it is there: the removal isn't planned any more."""
        with self._db.write() as connection:
            _forget(connection, tables.discards, project_link, digest)


def _forget(connection: Connection, table: sa.Table, project_link: str, digest: str) -> None:
    connection.execute(sa.delete(table).where(table.c.project_link == project_link, table.c.digest == digest))
