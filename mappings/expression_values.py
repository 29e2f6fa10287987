"""The values that templates and conditions work on, cut to size, and the filters that could make them grow.

minijinja's own filters for texts and lists have no bound for what they give. These take and give `MOST_TEXT`
characters, and refuse more: a text that is cut within an expression would change what a condition says.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

MOST_TEXT = 32_767
"""Characters of one value, and of what a filter takes and gives. Longer values are cut, with an ellipsis."""

MOST_ENTRIES = 200
"""Entries of one set, which have `MOST_TEXT` characters together."""

_MOST_TITLE = 1_000
_LARGEST = 2**63
_WORD = re.compile(r"\w[\w'\u2019]*")


class ExpressionError(ValueError):
    """An expression that can't be used, or not for this record; the sentence tells nothing of what the record holds."""


class _Entries(list[str]):
    """A set of texts, which prints as people write it."""

    def __str__(self) -> str:
        return ", ".join(self)


def plain(value: object) -> object:
    """A value of a record as expressions see it. Raises `ExpressionError` for what none can hold."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, int | float):
        if abs(value) >= _LARGEST:
            raise ExpressionError("a number has too many digits to be reckoned with; leave its field out")
        return value
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise ExpressionError("a value is neither text nor number nor a set; leave its field out")
    entries = _Entries()
    left = MOST_TEXT
    for entry in value:
        if len(entries) == MOST_ENTRIES or left <= 0:
            break
        entries.append(_cut(str(entry), left))
        left -= len(entries[-1])
    return entries


def size(value: object) -> int:
    """The characters of a plain value."""
    return len(value) if isinstance(value, str) else sum(map(len, value)) if isinstance(value, _Entries) else 0


def _cut(text: str, most: int = MOST_TEXT) -> str:
    # A copy without what else a text may know, and without lone surrogates, which minijinja refuses.
    short = text[:most] if len(text) <= most else text[: most - 1] + "\u2026"
    return short.encode("utf-8", "replace").decode()


def _text(value: object) -> str:
    if value is None:
        raise ExpressionError("a filter has no value to work on; check the field's name, or put |default('...') first")
    text = ", ".join(map(_text, value)) if isinstance(value, list | tuple) else str(value)
    _hold(len(text))
    return text


def _hold(length: int) -> None:
    if length > MOST_TEXT:
        raise ExpressionError(f"a filter takes and gives {MOST_TEXT:,} characters at most; apply it to less text")


def _entries(value: object) -> _Entries:
    entries = _Entries(map(_text, value if isinstance(value, list | tuple) else [value] if value != "" else []))
    _hold(sum(map(len, entries)))
    return entries


def _default(value: object, other: object) -> object:
    return other if value is None or value in ("", []) else value


def _join(value: object, between: object = "") -> str:
    entries, separator = _entries(value), _text(between)
    _hold(sum(map(len, entries)) + len(separator) * max(len(entries) - 1, 0))
    return separator.join(entries)


def _replace(value: object, old: object, new: object) -> str:
    text, before, after = map(_text, (value, old, new))
    _hold(len(text) + text.count(before) * (len(after) - len(before)))
    return text.replace(before, after)


def _title(value: object) -> str:
    text = _text(value)
    if len(text) > _MOST_TITLE:
        raise ExpressionError(f"the filter title takes {_MOST_TITLE:,} characters at most; apply it to less text")
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text)


def _first(value: object) -> object:
    return next(iter(value), "") if isinstance(value, list | tuple) else _text(value)[:1]


def _last(value: object) -> object:
    return next(reversed(value), "") if isinstance(value, list | tuple) else _text(value)[-1:]


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "default": _default,
        "first": _first,
        "join": _join,
        "last": _last,
        "lower": lambda value: _text(value).lower(),
        "replace": _replace,
        "sort": lambda value: _Entries(sorted(_entries(value), key=str.casefold)),
        "string": _text,
        "title": _title,
        "trim": lambda value: _text(value).strip(),
        "upper": lambda value: _text(value).upper(),
    }
)
"""Our own filters by name. Those that may be used and are missing here give numbers, and are minijinja's."""
