"""A mirrored comment that is too long for one comment of Jira: several that stay one.

    property `syncer.comment` of the k-th of n   {"installation", "comment", "part": k, "parts": n}
    property of one that stands alone            {"installation", "comment"}

Each part has the heading, so that it is known for ours at sight. The first part decides: the comment is there when
all the parts that it speaks of are, and then it has the first part's id. One of which a part is missing, because an
answer was lost or a person deleted it, is not there at all: half a text isn't what was said. What a person leaves of
it stays as it is, until the original is edited or deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mappings.markup import join, split
from mappings.markup.characters import size
from syncer.core.records import Mark
from syncer.issues.fields import TEXT
from syncer.issues.marks import beheaded, comment_mark, comment_property, headed

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Part:
    """What our property says of a comment: whose mirror it is, and which part of how many."""

    mark: Mark
    number: int = 1
    of: int = 1


Row: TypeAlias = tuple[Json, Part | None]
"""A comment as Jira gives it, and what our property says of it."""


def part_of(value: Json) -> Part | None:
    """What the value of a comment's property says; a comment without sound numbers stands alone."""
    mark = comment_mark(value)
    if mark is None:
        return None
    number, of = value.get("part"), value.get("parts")
    sound = type(number) is int and type(of) is int and 1 <= number <= of
    return Part(mark, number, of) if sound else Part(mark)


def part_property(part: Part) -> dict[str, str | int]:
    numbers = {"part": part.number, "parts": part.of} if part.of > 1 else {}
    return {**comment_property(part.mark), **numbers}


def parted(author: str, body: str) -> list[str]:
    """The bodies under which a comment is written, each with the heading: one nearly always.

    Assumed: Jira's limit is on what is sent, not on what it makes of it."""
    whole = headed(author, body)
    if size(whole) <= TEXT:
        return [whole]
    return [headed(author, each) for each in split(body, TEXT - size(headed(author, "")))]


def rejoined(rows: Sequence[Json]) -> tuple[str | None, str]:
    """Author and body of a mirrored comment from all its parts; no author where the heading was edited away."""
    split_off = [beheaded(row.get("body") or "") for row in rows]
    bodies = [row.get("body") or "" if told is None else told[1] for row, told in zip(rows, split_off, strict=True)]
    author = next((told[0] for told in split_off if told is not None), None)
    return author, join(bodies)


def gathered(rows: Sequence[Row]) -> Iterator[tuple[Sequence[Json], Part | None]]:
    """The comments that are there, each with all its rows; parts of what isn't complete are left out."""
    whole: set[Mark] = set()
    for row, part in rows:
        if part is None or part.of == 1:
            yield [row], part
        elif part.number == 1 and part.mark not in whole and (others := _others(rows, part)) is not None:
            whole.add(part.mark)
            yield [row, *others], part


def _others(rows: Sequence[Row], first: Part) -> Sequence[Json] | None:
    """The parts that follow on the first one, `None` if not all are there.

    While an edit changes how many there are, they don't agree on it, and the first part's word counts."""
    found: dict[int, Json] = {}
    for row, part in rows:
        if part is not None and part.mark == first.mark and part.of > 1:
            found.setdefault(part.number, row)
    numbers = range(2, first.of + 1)
    return [found[number] for number in numbers] if found.keys() >= {*numbers} else None
