"""What is known of links: read here, changed only by settling."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from state import tables
from state.database import Part
from state.rows import Baseline, CommentLink, Link, ResultLink, SideName, Tombstone, VersionLink
from state.values_json import load_values

_Key = TypeVar("_Key", int, str)
# Well below what any SQLite or PostgreSQL takes as parameters of one statement.
_CHUNK = 500


def _of_one(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(table.c.project_link == sa.bindparam("of"))


def _among(table: sa.Table, column: sa.Column[Any]) -> sa.Select[Any]:
    return _of_one(table).where(column.in_(sa.bindparam("ids", expanding=True)))


# Built once: to build a statement takes longer than to carry it out.
_BY_IDS = {
    table: (_among(table, table.c.incident_id), _among(table, table.c.issue_id))
    for table in (tables.links, tables.tombstones)
}
_IN_LINKS = {
    table: sa.select(table).where(table.c.link_id.in_(sa.bindparam("ids", expanding=True))).order_by(*table.primary_key)
    for table in (tables.baselines, tables.comment_links, tables.result_links)
}
_COUNTED = sa.select(sa.func.count()).where(tables.links.c.project_link == sa.bindparam("of"))
_VERSIONS = _of_one(tables.version_links).order_by(tables.version_links.c.incident_version_id)


class Links(Part):
    """Links and what is coupled in them, version links, tombstones. Every answer is of one moment."""

    def links(self, project_link: str) -> list[Link]:
        """All links of a project link, oldest first."""
        with self._db.read() as connection:
            found = _of(tables.links, project_link).order_by(tables.links.c.id)
            return [read_link(row) for row in connection.execute(found)]

    def count_links(self, project_link: str) -> int:
        """How many links a project link has, without reading them."""
        with self._db.read() as connection:
            return connection.scalar(_COUNTED, {"of": project_link}) or 0

    def link_of(self, project_link: str, *, incident_id: str | None = None, issue_id: str | None = None) -> Link | None:
        """The link of that incident or of that issue; of both, when both are given and linked to each other."""
        wanted = _of(tables.links, project_link)
        if incident_id is not None:
            wanted = wanted.where(tables.links.c.incident_id == incident_id)
        if issue_id is not None:
            wanted = wanted.where(tables.links.c.issue_id == issue_id)
        if incident_id is None and issue_id is None:
            raise ValueError("link_of needs the id of an incident, of an issue, or of both")
        with self._db.read() as connection:
            row = connection.execute(wanted).one_or_none()
            return None if row is None else read_link(row)

    def links_by_ids(self, project_link: str, incident_ids: Collection[str], issue_ids: Collection[str]) -> list[Link]:
        """The links of any of these incidents or issues, each once, oldest first."""
        with self._db.read() as connection:
            rows = _by_ids(connection, tables.links, project_link, incident_ids, issue_ids)
            return sorted({read_link(row) for row in rows}, key=lambda link: link.id)

    def tombstones(self, project_link: str) -> list[Tombstone]:
        """All tombstones of a project link, oldest first."""
        table = tables.tombstones
        found = _of(table, project_link).order_by(table.c.buried_at, table.c.incident_id, table.c.issue_id)
        with self._db.read() as connection:
            return [Tombstone(**row._mapping) for row in connection.execute(found)]

    def tombstones_by_ids(
        self, project_link: str, incident_ids: Collection[str], issue_ids: Collection[str]
    ) -> list[Tombstone]:
        """The tombstones of any of these incidents or issues, each once, oldest first."""
        with self._db.read() as connection:
            rows = _by_ids(connection, tables.tombstones, project_link, incident_ids, issue_ids)
            found = {Tombstone(**row._mapping) for row in rows}
            return sorted(found, key=lambda stone: (stone.buried_at, stone.incident_id, stone.issue_id))

    def baselines(self, link_ids: Collection[int]) -> dict[int, dict[SideName, Baseline]]:
        """What each side held at the last agreement, by link id and side; every id asked for is a key."""
        found: dict[int, dict[SideName, Baseline]] = {link_id: {} for link_id in link_ids}
        table = tables.baselines
        with self._db.read() as connection:
            for some in chunks(link_ids):
                for row in connection.execute(_IN_LINKS[table], {"ids": some}):
                    found[row.link_id][row.side] = Baseline(load_values(row.field_values), row.stamp)
        return found

    def comment_links(self, link_ids: Collection[int]) -> dict[int, list[CommentLink]]:
        """The coupled comments, by link id, oldest coupling first; every id asked for is a key."""
        found: dict[int, list[CommentLink]] = {link_id: [] for link_id in link_ids}
        table = tables.comment_links
        with self._db.read() as connection:
            for some in chunks(link_ids):
                for row in connection.execute(_IN_LINKS[table], {"ids": some}):
                    found[row.link_id].append(CommentLink(**row._mapping))
        return found

    def result_links(self, link_ids: Collection[int]) -> dict[int, list[ResultLink]]:
        """The coupled step-result links, by link id, oldest coupling first; every id asked for is a key."""
        found: dict[int, list[ResultLink]] = {link_id: [] for link_id in link_ids}
        table = tables.result_links
        with self._db.read() as connection:
            for some in chunks(link_ids):
                for row in connection.execute(_IN_LINKS[table], {"ids": some}):
                    found[row.link_id].append(ResultLink(**row._mapping))
        return found

    def version_links(self, project_link: str) -> list[VersionLink]:
        """The coupled versions of a project link."""
        with self._db.read() as connection:
            return [VersionLink(**row._mapping) for row in connection.execute(_VERSIONS, {"of": project_link})]


def read_link(row: Row[tuple[object, ...]]) -> Link:
    """The link that a row of `links` holds."""
    held = dict(row._mapping)
    by_side: dict[SideName, bool] = {
        "incident": held.pop("incident_marked"),
        "issue": held.pop("issue_marked"),
    }
    return Link(**held, marked=frozenset(side for side, marked in by_side.items() if marked))


def _of(table: sa.Table, project_link: str) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).where(table.c.project_link == project_link)


def _by_ids(
    connection: Connection,
    table: sa.Table,
    project_link: str,
    incident_ids: Collection[str],
    issue_ids: Collection[str],
) -> Iterator[Row[tuple[object, ...]]]:
    for wanted, ids in zip(_BY_IDS[table], (incident_ids, issue_ids), strict=True):
        for some in chunks(ids):
            yield from connection.execute(wanted, {"of": project_link, "ids": some})


def chunks(keys: Collection[_Key]) -> Iterator[list[_Key]]:
    """The keys, each once, in parts that one statement can take as parameters."""
    distinct = sorted(set(keys))
    for start in range(0, len(distinct), _CHUNK):
        yield distinct[start : start + _CHUNK]
