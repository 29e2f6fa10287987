"""What a cycle asks of many links at once, without reading what each of them holds: memory stays flat that way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from state.database import Part, upsert
from state.links import chunks, read_link
from state.rows import Link, SideName
from state.tables import baselines, links, project_links, result_links

_OF_PROJECT_LINK = links.c.project_link == sa.bindparam("of")
_LINK_IDS = sa.select(links.c.id).where(_OF_PROJECT_LINK).order_by(links.c.id)
_LINKS = sa.select(links).where(links.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(links.c.id)


def _standings(side: SideName) -> sa.Select[Any]:
    record_id = links.c[f"{side}_id"]
    its_own = sa.and_(baselines.c.link_id == links.c.id, baselines.c.side == side)
    wanted = sa.select(record_id, links.c.id, baselines.c.stamp).select_from(links.outerjoin(baselines, its_own))
    return wanted.where(_OF_PROJECT_LINK, record_id.in_(sa.bindparam("ids", expanding=True)))


# Built once: asked for each page of a listing.
_STANDINGS: Mapping[SideName, sa.Select[Any]] = {"incident": _standings("incident"), "issue": _standings("issue")}


@dataclass(frozen=True, slots=True)
class Standing:
    """The link of a record, and the record's revision when it was last looked at in full."""

    link_id: int
    stamp: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """How far the rereading of all links has come: the last link that was reread, and when that was."""

    to: int
    at: datetime


class Reviewing(Part):
    """Revisions and ids of links, and how far their rereading has come."""

    def standings(self, project_link: str, side: SideName, record_ids: Collection[str]) -> dict[str, Standing]:
        """Where those of the records stand that are linked, by record id."""
        found: dict[str, Standing] = {}
        with self._db.read() as connection:
            for some in chunks(record_ids):
                for named, link_id, stamp in connection.execute(_STANDINGS[side], {"of": project_link, "ids": some}):
                    found[named] = Standing(link_id, stamp)
        return found

    def link_ids(self, project_link: str) -> list[int]:
        """The ids of all links of a project link, oldest first."""
        with self._db.read() as connection:
            return list(connection.scalars(_LINK_IDS, {"of": project_link}))

    def links_of(self, link_ids: Collection[int]) -> list[Link]:
        """The links with those ids, oldest first; those that are gone are left out."""
        found: list[Link] = []
        with self._db.read() as connection:
            for some in chunks(link_ids):
                found += map(read_link, connection.execute(_LINKS, {"ids": some}))
        return found

    def shown_results(self, project_link: str) -> dict[str, set[str]]:
        """The ids of the coupled step results, by the id of their incident."""
        wanted = sa.select(links.c.incident_id, result_links.c.step_result_id).join_from(links, result_links)
        found: dict[str, set[str]] = {}
        with self._db.read() as connection:
            for incident_id, result_id in connection.execute(wanted.where(links.c.project_link == project_link)):
                found.setdefault(incident_id, set()).add(result_id)
        return found

    def review(self, project_link: str) -> Review | None:
        """How far the rereading has come; None where everything is to be reread."""
        columns = (project_links.c.reviewed_to, project_links.c.reviewed_at)
        with self._db.read() as connection:
            row = connection.execute(sa.select(*columns).where(project_links.c.project_link == project_link)).first()
        return None if row is None or row.reviewed_to is None else Review(row.reviewed_to, row.reviewed_at)

    def set_review(self, project_link: str, review: Review | None) -> None:
        """Record how far the rereading has come; None for a new beginning."""
        values = {"reviewed_to": review.to if review else None, "reviewed_at": review.at if review else None}
        with self._db.write() as connection:
            upsert(connection, project_links, {"project_link": project_link}, values)
