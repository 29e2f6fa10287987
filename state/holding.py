"""What is held back until a person approves it, and the approvals given.

    the writer                          a person, at any time
    set_held ──────────► held ────────► approve
    approvals ◄───────────────────────────┘
    carry out exactly that set, use_approval, set_held(None)

A set is known by its digest: one that has changed is another one, and needs an approval of its own.
"""

from datetime import datetime

import sqlalchemy as sa

from state import tables
from state.database import Part, upsert
from state.rows import Approval, Held, HeldKind
from state.values_json import dump_lines, load_lines


class Holding(Part):
    """What is held, at most one set of each kind in a project link, and approvals by digest."""

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
        """Record a person's approval; given again, the newer one counts.

        Any process may do so beside the single writer, which sees it at its next look: at worst this waits for the
        writer's transaction under way.
        """
        with self._db.write(beside_writer=True) as connection:
            key = {"project_link": project_link, "digest": digest}
            upsert(connection, tables.approvals, key, {"by": by, "at": at})

    def approvals(self, project_link: str) -> list[Approval]:
        """The approvals that weren't used yet, oldest first."""
        wanted = sa.select(tables.approvals).where(tables.approvals.c.project_link == project_link)
        with self._db.read() as connection:
            rows = connection.execute(wanted.order_by(tables.approvals.c.at, tables.approvals.c.digest))
            return [Approval(**row._mapping) for row in rows]

    def use_approval(self, project_link: str, digest: str) -> None:
        """Forget an approval, if it is there: what it allowed is done."""
        here = sa.and_(tables.approvals.c.project_link == project_link, tables.approvals.c.digest == digest)
        with self._db.write() as connection:
            connection.execute(sa.delete(tables.approvals).where(here))
