"""Texts that are longer than a field takes: cut where it does least harm, and marked, so that nobody takes a part for
the whole.

A cut never leaves an escape, a link or a mark half, and closes the macro that it stands in.
"""

from mappings.markup.breaks import first_part
from mappings.markup.characters import size
from mappings.markup.escapes import escaped

_SENTENCE = "\N{HORIZONTAL ELLIPSIS} (cut here: this field takes no longer text"
_MARK = "\N{HORIZONTAL ELLIPSIS} [cut]"
_MARKS = 40
"""Room for what closes marks."""
_LINE = 1000
"""A field that takes no more than this is shown in a line, without markup."""


def notice(page: str | None = None) -> str:
    """The sentence under a text that was cut, with where all of it is."""
    return f"{_SENTENCE}. All of it: {page} )" if page else f"{_SENTENCE}.)"


def is_cut(text: str) -> bool:
    """Whether the text, or the text that somebody made of it, was cut by us."""
    return _MARK in text or _SENTENCE in " ".join(text.split())


def cut(text: str, limit: int, page: str | None = None) -> str:
    """The text, or what the limit leaves of it, with a notice that leads to the page that holds all of it."""
    if size(text) <= limit:
        return text
    if limit <= _LINE:
        return _cut_line(text, limit)
    under = f"\n\n{escaped(notice(page))}"
    part = first_part(text, limit - size(under) - _MARKS)
    return part.text + part.marks[:_MARKS] + under


def _cut_line(text: str, limit: int) -> str:
    room = limit - size(_MARK)
    while size(text) > room:
        text = text[: room if len(text) > room else -1]
    words = text.rpartition(" ")[0]
    # A word that is longer than half of the line is cut itself.
    return (words if size(words) > room // 2 else text).rstrip() + _MARK
