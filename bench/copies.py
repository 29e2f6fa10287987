"""Many links from few: copies of mirrored records, as if each had been mirrored by itself.

A first mirror of 100,000 incidents takes long, and isn't what is measured where a project that is in step is looked at.
So some are mirrored, and both servers and the state DB make as many copies of them as are asked for. Each derives the
names of a copy by itself, from those of the pattern and from the copy's number.
"""

import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATTERNS = 1000
"""So many are mirrored in earnest."""

STEP = 10_000
_NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True, slots=True)
class Pair:
    """The names of one incident and its issue, such as `#12` and `TEST-12`."""

    incident_id: str
    issue_id: str
    incident_key: str
    issue_key: str

    def copied(self, number: int) -> "Pair":
        """The names of its copy with that number, from 1 on."""
        project, _, place = self.issue_key.rpartition("-")
        return Pair(
            str(uuid.uuid5(_NAMESPACE, f"{self.incident_id} {number}")),
            str(int(self.issue_id) + 100 * STEP * number),
            f"#{int(self.incident_key[1:]) + STEP * number}",
            f"{project}-{int(place) + STEP * number}",
        )

    @property
    def names(self) -> Sequence[str]:
        """All by which either of them is called anywhere."""
        plain = self.incident_id.replace("-", "")
        return self.incident_id, plain, self.issue_id, self.incident_key, self.issue_key


@dataclass(frozen=True, slots=True)
class Renaming:
    """Gives the pattern's names in texts to its copy."""

    names: dict[str, str]
    found: "re.Pattern[str]"

    @classmethod
    def of(cls, pattern: Pair, copy: Pair) -> "Renaming":
        names = dict(zip(pattern.names, copy.names, strict=True))
        return cls(names, _any_of(tuple(names)))

    def __call__(self, value: Any) -> Any:
        """The value with all texts in it renamed: in lists, tuples and dictionaries too."""
        match value:
            case str():
                return self.found.sub(lambda match: self.names[match[0]], value)
            case dict():
                return {name: self(each) for name, each in value.items()}
            case list() | tuple():
                return type(value)(map(self, value))
            case _:
                return value


@cache
def _any_of(names: tuple[str, ...]) -> "re.Pattern[str]":
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))


def copies(pairs: Sequence[Pair], links: int) -> Iterator[tuple[Pair, Pair]]:
    """The patterns with their copies, until there are so many `links` with the patterns."""
    for place in range(len(pairs), links):
        pattern = pairs[place % len(pairs)]
        yield pattern, pattern.copied(place // len(pairs))


def copy_links(state: Path, links: int) -> list[Pair]:
    """Let the state DB have so many links, and polls have gone on for an hour since. Gives the patterns."""
    with closing(sqlite3.connect(state)) as connection, connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(links)") if row[1] != "id"]
        rows = [
            dict(zip(("id", *columns), row, strict=True))
            for row in connection.execute(f"SELECT id, {', '.join(columns)} FROM links ORDER BY id")
        ]
        pairs = [Pair(**{name: row[name] for name in Pair.__slots__}) for row in rows]
        agreed = {
            row["id"]: list(connection.execute("SELECT * FROM baselines WHERE link_id = ?", (row["id"],)))
            for row in rows
        }
        number = max(row["id"] for row in rows)
        for place, (pattern, copy) in enumerate(copies(pairs, links)):
            row, rename = rows[place % len(rows)], Renaming.of(pattern, copy)
            marks = ", ".join("?" for _ in ("id", *columns))
            values = [number + 1 + place, *(rename(row[name]) for name in columns)]
            connection.execute(f"INSERT INTO links (id, {', '.join(columns)}) VALUES ({marks})", values)
            for _, side, held, stamp in agreed[row["id"]]:
                again = (number + 1 + place, side, rename(held), stamp)
                connection.execute("INSERT INTO baselines VALUES (?, ?, ?, ?)", again)
        for column in ("incident_watermark", "issue_watermark"):
            later = f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '+1 hour')"
            connection.execute(f"UPDATE project_links SET {column} = {later}")
    return pairs
