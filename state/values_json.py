"""JSON text for what the state DB keeps whole: field values, payloads, the before and after of the history.

Field values come back exactly as they went in. JSON's own types keep their three shapes apart:

| held as | written as |
|---|---|
| text | a string |
| a set of ids | a sorted list |
| `None` | null |

The history also keeps whole records: mappings and lists in each other, and times, which become text in UTC.

All of it is written in ASCII with escapes, because servers cut texts in the middle of a character and let NUL
through, which neither SQLite nor PostgreSQL would take.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from state.rows import FieldValues


def dump(value: Mapping[str, Any]) -> str:
    """Compact JSON text; equal values give equal text. Sets in it are written as sorted lists, times as ISO 8601.

    Raises TypeError for what JSON can't say, and for a time without a zone.
    """
    return json.dumps(dict(value), default=_plain, separators=(",", ":"), sort_keys=True)


def load(text: str) -> dict[str, Any]:
    """What `dump` was given, with lists where there were sets, and text where there were times."""
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def load_values(text: str) -> FieldValues:
    """The field values that `dump` was given, sets included."""
    return {name: frozenset(held) if isinstance(held, list) else held for name, held in load(text).items()}


def dump_lines(lines: Sequence[str]) -> str:
    """Lines of text, however broken, as JSON text."""
    return json.dumps(list(lines))


def load_lines(text: str) -> tuple[str, ...]:
    """The lines that `dump_lines` was given."""
    return tuple(json.loads(text))


def _plain(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value.astimezone(UTC).isoformat()
    raise TypeError(
        f"{value!r} can't be kept in the state DB: not text, number, list, set, mapping, or time with its zone"
    )
