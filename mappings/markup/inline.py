"""One line as wiki markup: marks inside marks, links, pictures.

`*b*` counts only where no letter stands beside it; elsewhere Jira needs `{*}b{*}`. Marks end with their line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mappings.markup.blocks import MARKS, Image, Inline, Line, Run, between
from mappings.markup.characters import JOINER
from mappings.markup.escapes import Place, address, escaped, is_bare_address, shielded, without
from mappings.markup.lines import settled

_SIGNS = {"bold": "*", "italic": "_", "underline": "+", "strike": "-", "sub": "~", "sup": "^"}
_NOT_IN_ALT = re.compile(r"[^\w.-]+")


@dataclass(slots=True)
class _Sign:
    """One end of a mark; both ends have the same `mark`."""

    mark: "_Mark"
    opens: bool


@dataclass(slots=True)
class _Mark:
    sign: str
    forced: bool = False

    def shown(self, opens: bool) -> str:
        if self.sign == "{{":
            braces = "{{" if opens else "}}"
            return f"{{{braces}}}" if self.forced else braces
        return f"{{{self.sign}}}" if self.forced else self.sign


def wiki_line(line: Line, *, cell: bool = False, header: bool = False) -> str:
    """The line as markup; the line of a table's header is bold as a whole."""
    if any(isinstance(piece, Image) for piece in line):
        line = settled(_apart(line))
    marks = tuple(mark for mark in MARKS if any(mark in piece.marks for piece in line))
    pieces = list(_marked(line, marks, _Context(cell, header, line)))
    if header and pieces:
        # Blanks at its beginning are part of it: Jira wants the star first.
        blanks = isinstance(pieces[0], str) and pieces[0][:1].isspace()
        pieces = list(_enclosed(_Mark("*"), [JOINER, *pieces] if blanks else pieces))
    _force(pieces)
    return shielded("".join(_shown(pieces)))


@dataclass(frozen=True, slots=True)
class _Context:
    cell: bool
    header: bool
    line: Line


def _marked(line: Sequence[Inline], marks: tuple[str, ...], context: _Context) -> Iterator[str | _Sign]:
    """The line with the ends of its marks."""
    if not marks:
        for piece in line:
            yield from _leaf(piece, context)
        return
    for has, pieces in groupby(line, key=lambda piece: marks[0] in piece.marks):
        inside = _marked(list(pieces), marks[1:], context)
        yield from _enclosed(_Mark(_SIGNS[marks[0]]), inside) if has else inside


def _enclosed(mark: _Mark, inside: Iterable[str | _Sign]) -> Iterator[str | _Sign]:
    yield _Sign(mark, True)
    yield from inside
    yield _Sign(mark, False)


def _leaf(piece: Inline, context: _Context) -> Iterator[str | _Sign]:
    if isinstance(piece, Image):
        yield _picture(piece)
        return
    if piece.href is not None and piece.text.strip():
        yield _link(piece.text, piece.href)
    elif "code" in piece.marks:
        yield from _enclosed(_Mark("{{"), [escaped(piece.text, Place.CODE, cell=context.cell)])
    else:
        place = Place.MARKED if piece.marks or context.header else Place.FREE
        preceded, followed = piece is not context.line[0], piece is not context.line[-1]
        yield escaped(piece.text, place, cell=context.cell, preceded=preceded, followed=followed)


def _link(text: str, href: str) -> str:
    url = address(href)
    return f"[{url}|{url}]" if text == url and is_bare_address(text) else f"[{escaped(text, Place.LINK)}|{url}]"


def _picture(image: Image) -> str:
    alt = _NOT_IN_ALT.sub(" ", image.alt).strip()
    return f"!{address(image.src)}{f'|alt={alt}' if alt else ''}!"


def _apart(line: Line) -> Iterator[Inline]:
    """The line with a blank on both sides of pictures, which are none beside a letter."""
    before: Inline | None = None
    for piece in line:
        if before is not None and Image in (type(before), type(piece)):
            ends = isinstance(before, Run) and before.text[-1:].isspace()
            begins = isinstance(piece, Run) and piece.text[:1].isspace()
            yield from [] if ends or begins else [Run(" ", between(before, piece))]
        yield piece
        before = piece


def _shown(pieces: Iterable[str | _Sign]) -> Iterator[str]:
    """The markup, as far as a sign can stand inside of what it marks.

    What `{*}` opens ends for Jira at the next star, even at an escaped one. Inside of two marks escapes have no effect.
    """
    around: list[_Mark] = []
    for piece in pieces:
        if isinstance(piece, str):
            forced = "".join(mark.sign for mark in around if mark.forced)
            others = "".join(mark.sign for mark in around if len(around) > 1)
            yield without(piece, forced, others) if forced or others else piece
            continue
        if piece.mark.sign in _SIGNS.values():
            around = [*around, piece.mark] if piece.opens else around[:-1]
        yield piece.mark.shown(piece.opens)


def _force(pieces: list[str | _Sign]) -> None:
    """Give marks that stand beside letters, or beside others that do, the form that works there."""
    changed = True
    while changed:
        changed = False
        for place, piece in enumerate(pieces):
            if isinstance(piece, _Sign) and not piece.mark.forced and not _stands_free(pieces, place, piece):
                piece.mark.forced = changed = True


def _stands_free(pieces: list[str | _Sign], place: int, sign: _Sign) -> bool:
    beside = place - 1 if sign.opens else place + 1
    if not 0 <= beside < len(pieces):
        return True
    other = pieces[beside]
    if isinstance(other, _Sign):
        return other.opens == sign.opens and not other.mark.forced
    return other[-1:] in " \t(" if sign.opens else other[:1] in " \t.,;:)"
