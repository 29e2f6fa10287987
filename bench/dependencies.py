"""In which order recorded requests may be asked again, and what has to be put in their place on the way.

The servers start from the same state, but several threads ask in another order than the first time, so a new issue or
comment can get another id. Whatever an answer has made is known by the id that it had in the recording; a request that
names it waits for the one that made it, and is sent with the id that it has now.

| a request waits for                                      | because                                     |
|----------------------------------------------------------|---------------------------------------------|
| those that made what its path, query or body names       | without them it can't be asked              |
| the last write to the record of its path that had ended  | comments keep their order, reads see writes |

Nothing else is waited for: pages of a listing come in the order of the recording, but not one after the other.
So the replay is allowed more than a mirror is, and its time is a floor.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.recording import Asked

_TOKEN = re.compile(
    r"(?<![\w-])([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{4,}|[A-Z][A-Z0-9_]*-\d+)(?![\w-])"
)
_NAMES = ("id", "Id", "key")
_LISTS = ("issues", "Comments")


@dataclass(frozen=True, slots=True)
class Step:
    """A request to be asked again: `after` and `makers` are places of earlier steps; `made` the ids of its answer."""

    asked: Asked
    after: frozenset[int]
    renamed: bool
    made: tuple[str, ...]


def steps(requests: Sequence[Asked]) -> list[Step]:
    """The steps of a replay, in the order of the recording."""
    maker: dict[str, int] = {}
    written: dict[str, int] = {}
    planned: list[Step] = []
    for place, asked in enumerate(requests):
        named = set(_TOKEN.findall(asked.path)) | set(_TOKEN.findall(asked.body))
        makers = {maker[each] for each in named if each in maker}
        record = _record(asked.path)
        before = written.get(record) if record else None
        if before is not None and requests[before].ended > asked.begun:
            before = None
        made = () if asked.method == "GET" else tuple(made_by(asked.answer))
        for each in made:
            if each not in named:
                maker.setdefault(each, place)
        if record and asked.method != "GET":
            written[record] = place
        after = makers if before is None else makers | {before}
        planned.append(Step(asked, frozenset(after), bool(makers), made))
    return planned


def made_by(answer: str) -> Iterator[str]:
    """The ids and keys in the answer to a write, always in the same order; none where it isn't JSON."""
    try:
        told = json.loads(answer)
    except ValueError:
        return
    if not isinstance(told, dict):
        return
    parts = [told, *(part for name in _LISTS for part in _listed(told.get(name)))]
    for part in parts:
        yield from (str(part[name]) for name in _NAMES if isinstance(part.get(name), str | int))


def rename(text: str, names: dict[str, str]) -> str:
    """The text with the ids of this run in the place of those of the recording."""
    return _TOKEN.sub(lambda found: names.get(found[0], found[0]), text)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _record(path: str) -> str | None:
    """The record that a path is about: the part up to its first id."""
    path = path.partition("?")[0]
    found = _TOKEN.search(path)
    return path[: found.end()] if found else None
