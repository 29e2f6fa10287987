"""Links as people look through them: by what they remember of a key, the newest, or all of them one after the other."""

import sqlalchemy as sa

from state.columns import keepable
from state.database import Part
from state.links import read_link
from state.rows import Link
from state.tables import links

_NAMES = (links.c.incident_key, links.c.issue_key, links.c.incident_id, links.c.issue_id)


class Listing(Part):
    """Searching links and streaming them, whatever their number."""

    def find_links(
        self, project_link: str | None = None, *, text: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[Link]:
        """Links whose keys or ids contain `text`, oldest first: at most `limit`, after the first `offset` of them.

        Of all project links unless one is named. A to Z are like a to z.
        """
        wanted = sa.select(links).order_by(links.c.id).limit(limit).offset(offset)
        if project_link is not None:
            wanted = wanted.where(links.c.project_link == project_link)
        if text:
            wanted = wanted.where(sa.or_(*(name.icontains(keepable(text), autoescape=True) for name in _NAMES)))
        return self._read(wanted)

    def recent_links(self, project_link: str, limit: int) -> list[Link]:
        """The `limit` links that were made last, newest first."""
        return self._read(_of(project_link).order_by(links.c.id.desc()).limit(limit))

    def _read(self, wanted: sa.Select[tuple[object, ...]]) -> list[Link]:
        with self._db.read() as connection:
            return [read_link(row) for row in connection.execute(wanted)]


def _of(project_link: str) -> sa.Select[tuple[object, ...]]:
    return sa.select(links).where(links.c.project_link == project_link)
