"""The kinds of columns that the state DB has, and what each of them makes of a value."""

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(words: str) -> str:
    """The text as prose is kept: what no database takes (NUL, half a character) is shown as U+FFFD."""
    return _UNKEEPABLE.sub("\ufffd", words)


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
    """Text for people, made keepable.

    A sentence may quote any record's title, and must never keep an action from being settled.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keepable(value)


def text(
    name: str, *, primary_key: bool = False, nullable: bool = False, server_default: str | None = None
) -> sa.Column[str]:
    """An id, a name or JSON: kept exactly."""
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=nullable, server_default=server_default)


def prose(name: str, *, server_default: str | None = None) -> sa.Column[str]:
    """Text for people."""
    return sa.Column(name, Prose, nullable=False, server_default=server_default)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """A count, or the id of a row that may be gone."""
    return sa.Column(name, sa.Integer, nullable=nullable)


def time(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A moment."""
    return sa.Column(name, UtcTime, nullable=nullable)


def row_id() -> sa.Column[int]:
    """The row's own number."""
    return sa.Column("id", sa.Integer, primary_key=True)


def link_id(*, primary_key: bool = False) -> sa.Column[int]:
    """The link that the row belongs to, and goes with."""
    of_link = sa.ForeignKey("links.id", ondelete="CASCADE")
    return sa.Column("link_id", sa.Integer, of_link, primary_key=primary_key, nullable=False)
