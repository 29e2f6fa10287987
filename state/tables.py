"""The tables of the state DB, as SQLAlchemy Core sees them; `migrations/` is what builds them.

    project_links   how far each project link has come
    links ──┬── baselines       one row per side
            └── comment_links
    version_links               per project link
    tombstones                  what links leave behind
    intents                     the journal: empty whenever nothing is under way
    parked, history, cycles     what people ask about
    writer                      one row: who writes, and its fencing number

Ids are never given twice: history and journal name links that are gone.
"""

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware time, kept in UTC and given back aware in UTC. A naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"the time {value} lacks a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no offset; what it holds was written in UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Prose(sa.TypeDecorator[str]):
    """Text for people. What no database takes (NUL, half a character) is shown as U+FFFD.

    A sentence may quote any record's title, and must never keep an action from being settled.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _UNKEEPABLE.sub("\ufffd", value)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=nullable)


def _prose(name: str) -> sa.Column[str]:
    return sa.Column(name, Prose, nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcTime, nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _link_id(*, primary_key: bool = False) -> sa.Column[int]:
    of_link = sa.ForeignKey("links.id", ondelete="CASCADE")
    return sa.Column("link_id", sa.Integer, of_link, primary_key=primary_key, nullable=False)


project_links = sa.Table(
    "project_links",
    metadata,
    _text("project_link", primary_key=True),
    _text("fingerprint", nullable=True),
    _time("incident_watermark", nullable=True),
    _time("issue_watermark", nullable=True),
)

links = sa.Table(
    "links",
    metadata,
    _id(),
    _text("project_link"),
    _text("incident_id"),
    _text("issue_id"),
    _prose("incident_key"),
    _prose("issue_key"),
    sa.Column("incident_marked", sa.Boolean, nullable=False),
    sa.Column("issue_marked", sa.Boolean, nullable=False),
    _time("created_at"),
    sa.UniqueConstraint("project_link", "incident_id"),
    sa.UniqueConstraint("project_link", "issue_id"),
    sqlite_autoincrement=True,
)

baselines = sa.Table(
    "baselines",
    metadata,
    _link_id(primary_key=True),
    _text("side", primary_key=True),
    _text("field_values"),
    _text("stamp", nullable=True),
)

comment_links = sa.Table(
    "comment_links",
    metadata,
    _id(),
    _link_id(),
    _text("owner"),
    _text("incident_comment_id"),
    _text("issue_comment_id"),
    _text("incident_digest"),
    _text("issue_digest"),
    sa.UniqueConstraint("link_id", "incident_comment_id"),
    sa.UniqueConstraint("link_id", "issue_comment_id"),
    sqlite_autoincrement=True,
)

version_links = sa.Table(
    "version_links",
    metadata,
    _text("project_link", primary_key=True),
    _text("incident_version_id", primary_key=True),
    _text("issue_version_id"),
    sa.UniqueConstraint("project_link", "issue_version_id"),
)

tombstones = sa.Table(
    "tombstones",
    metadata,
    _text("project_link", primary_key=True),
    _text("incident_id", primary_key=True),
    _text("issue_id", primary_key=True),
    _prose("reason"),
    _time("buried_at"),
    sa.Index(None, "project_link", "issue_id"),
)

intents = sa.Table(
    "intents",
    metadata,
    _id(),
    _text("project_link"),
    sa.Column("link_id", sa.Integer),
    _text("kind"),
    _text("incident_id", nullable=True),
    _text("issue_id", nullable=True),
    _text("payload"),
    _time("intended_at"),
    sqlite_autoincrement=True,
)

parked = sa.Table(
    "parked",
    metadata,
    _text("project_link", primary_key=True),
    _text("side", primary_key=True),
    _text("record_id", primary_key=True),
    _text("item", primary_key=True),
    _prose("record_key"),
    _prose("reason"),
    _time("since"),
    sa.Column("tries", sa.Integer, nullable=False),
    _time("next_try_at"),
)

history = sa.Table(
    "history",
    metadata,
    _id(),
    _time("at"),
    _text("project_link"),
    _text("cycle"),
    _text("kind"),
    _text("side", nullable=True),
    _text("incident_id", nullable=True),
    _text("issue_id", nullable=True),
    _prose("sentence"),
    _text("outcome"),
    _prose("detail"),
    _text("before", nullable=True),
    _text("after", nullable=True),
    sa.Index(None, "project_link", "id"),
    sa.Index(None, "incident_id"),
    sa.Index(None, "issue_id"),
    sqlite_autoincrement=True,
)

cycles = sa.Table(
    "cycles",
    metadata,
    _id(),
    _text("cycle"),
    _text("project_link"),
    _time("started_at"),
    _time("finished_at", nullable=True),
    _text("outcome"),
    _prose("detail"),
    _text("counts"),
    sa.UniqueConstraint("cycle"),
    sa.Index(None, "project_link", "id"),
    sqlite_autoincrement=True,
)

writer = sa.Table(
    "writer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("fence", sa.Integer, nullable=False),
    _prose("holder"),
)
