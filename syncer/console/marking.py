"""What changed between two texts, word by word, for the eye. Pure."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

MOST_WORDS = 1500
"""Longer texts are shown whole: marking them takes long, and nobody reads the marks."""

Tone: TypeAlias = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text: in both, only in the earlier one, or only in the later one."""

    tone: Tone
    text: str


def marked(before: str | None, after: str | None) -> tuple[Piece, ...]:
    """The later text with what is new in it, and what is gone from the earlier one, in reading order."""
    old, new = _words(before), _words(after)
    if old == new:
        return (Piece("same", after or ""),) if after else ()
    if len(old) + len(new) > MOST_WORDS:
        return (Piece("new", after),) if after else (Piece("gone", before or ""),)
    pieces: list[Piece] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(new[c:d])))
    return tuple(pieces)


def _words(text: str | None) -> list[str]:
    """Each with the space behind it, so that neighbours that changed are marked as one."""
    return re.findall(r"^\s+|\S+\s*", text or "")
