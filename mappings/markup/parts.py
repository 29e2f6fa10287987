"""A long text in numbered parts, and the text again from its parts.

The number says what stood where the text was broken, so that the parts make the same text: "(2/3)" stands where a
paragraph began, "(2/3, same line)" where a line goes on.
"""

import re
from collections.abc import Sequence

from mappings.markup.breaks import Gap, first_part
from mappings.markup.characters import size

_HINTS: dict[Gap, str] = {
    "block": "",
    "inside": ", next paragraph",
    "line": ", next line",
    "blank": ", same line",
    "nothing": ", same word",
}
_BETWEEN: dict[Gap, str] = {"block": "\n\n", "inside": "\n\n", "line": "\n", "blank": " ", "nothing": ""}
_NUMBER = re.compile(rf"\((\d+)/(\d+)({'|'.join(_HINTS.values())})\)(?:\n+|\Z)")
_LONGEST_NUMBER = len("(9999/9999, next paragraph)\n\n")
_SHORTEST = 100
_MACROS = ("{quote}", "{noformat}")


def split(text: str, limit: int) -> list[str]:
    """The text in as many parts as the limit needs, each numbered; a text that fits is its only part.

    Refuses limits that leave next to no room for text.
    """
    if size(text) <= limit:
        return [text]
    if limit < _SHORTEST:
        raise ValueError(f"parts of {limit} characters are too short; allow at least {_SHORTEST}")
    room = limit - _LONGEST_NUMBER
    found: list[tuple[Gap, str]] = []
    before: Gap = "block"
    while size(text) > room:
        part = first_part(text, room)
        found.append((before, part.text))
        before, text = part.gap, part.rest
    found.append((before, text))
    return [f"({number}/{len(found)}{_HINTS[gap]})\n\n{part}" for number, (gap, part) in enumerate(found, start=1)]


def join(parts: Sequence[str]) -> str:
    """The text of which the parts are; parts that have lost their numbers are paragraphs."""
    if len(parts) == 1:
        return parts[0]
    text = ""
    for place, part in enumerate(parts):
        gap, body = _unnumbered(part)
        if place == 0:
            text = body
            continue
        if gap != "block":
            text, body = _reopened(text, body)
        text += _BETWEEN[gap] + body
    return text


def _unnumbered(part: str) -> tuple[Gap, str]:
    number = _NUMBER.match(part)
    if number is None:
        return "block", part
    return next(gap for gap, hint in _HINTS.items() if hint == number[3]), part[number.end() :]


def _reopened(text: str, body: str) -> tuple[str, str]:
    """Two parts without what was closed at the end of one and opened again in the other."""
    for macro in _MACROS:
        if text.endswith(macro) and body.startswith(macro):
            text, body = text.removesuffix(macro), body.removeprefix(macro)
    return text, body
