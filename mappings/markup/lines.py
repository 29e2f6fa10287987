"""Lines gathered from HTML's text, whose line ends are formatting and whose blanks round a line are nobody's."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from mappings.markup.blocks import Image, Inline, Line, Lines, Run, between
from mappings.markup.characters import unshielded

_BLANKS = re.compile(r"[ \t\n]+")


class LineMaker:
    """Collects what stands in lines until a block begins."""

    def __init__(self) -> None:
        self._lines: list[list[Inline]] = [[]]

    def add(self, piece: Inline) -> None:
        if isinstance(piece, Run):
            if "\n" in piece.text:
                piece = piece.saying(_BLANKS.sub(lambda found: " " if "\n" in found[0] else found[0], piece.text))
            last = self._lines[-1][-1] if self._lines[-1] else None
            if isinstance(last, Run) and _alike(last, piece):
                self._lines[-1][-1] = last.saying(last.text + piece.text)
                return
        self._lines[-1].append(piece)

    def end_line(self) -> None:
        self._lines.append([])

    def taken(self) -> Iterable[Lines]:
        """The lines so far, a group for what stands between empty ones."""
        lines, self._lines = self._lines, [[]]
        group: list[Line] = []
        for line in map(_trimmed_line, lines):
            if line:
                group.append(line)
            elif group:
                yield tuple(group)
                group = []
        if group:
            yield tuple(group)


def joined(lines: Iterable[Line]) -> Line:
    """Several lines as one."""
    whole: list[Inline] = []
    for line in lines:
        whole.extend([Run(" "), *line] if whole else line)
    return settled(whole)


def without(lines: Lines, mark: str) -> Lines:
    """The lines without one kind of mark."""
    return tuple(settled(replace(each, marks=each.marks - {mark}) for each in line) for line in lines)


def with_mark(lines: Lines, mark: str) -> Lines:
    """The lines with a mark on all that isn't code."""
    return tuple(
        settled(each if "code" in each.marks else replace(each, marks=each.marks | {mark}) for each in line)
        for line in lines
    )


def settled(pieces: Iterable[Inline]) -> Line:
    """The line in the one way to say it: neighbours differ, and blanks are set off only as both their neighbours are.

    How a blank is set off can't be seen, and Jira wants marks and links to begin and end with something else.
    """
    parts = [part for piece in pieces for part in _around_blanks(piece) if isinstance(part, Image) or part.text]
    if len(parts) == 1 and not _is_blank(parts[0]):
        return tuple(parts)
    line: list[Inline] = []
    for piece in _blanks_settled(parts):
        last = line[-1] if line else None
        if isinstance(piece, Run) and isinstance(last, Run) and _alike(last, piece):
            line[-1] = last.saying(last.text + piece.text)
        else:
            line.append(piece)
    return tuple(line)


def _alike(one: Run, other: Run) -> bool:
    return one.marks == other.marks and one.href == other.href


def _around_blanks(piece: Inline) -> Iterator[Inline]:
    """A piece, the blanks round it apart."""
    if isinstance(piece, Image) or not (piece.text[:1].isspace() or piece.text[-1:].isspace()):
        yield piece
        return
    inside = piece.text.strip()
    before, _, after = piece.text.partition(inside) if inside else (piece.text, "", "")
    yield from (piece.saying(text) for text in (before, inside, after) if text)


def _blanks_settled(pieces: list[Inline]) -> Iterator[Inline]:
    left: Inline | None = None
    nearest: Inline | None = None
    following: list[Inline | None] = []
    for piece in reversed(pieces):
        following.append(nearest)
        nearest = nearest if _is_blank(piece) else piece
    for piece, right in zip(pieces, reversed(following), strict=True):
        if not isinstance(piece, Run) or not _is_blank(piece):
            left = piece
            yield piece
            continue
        yield Run(piece.text, between(left, right))


def _is_blank(piece: Inline) -> bool:
    return isinstance(piece, Run) and not piece.text.strip()


def _trimmed_line(pieces: list[Inline]) -> Line:
    """A line without blanks round it, and without our joiners."""
    # A blank that doesn't break is how HTML indents, so it stays where a line begins.
    kept = _trimmed(pieces, 0, lambda text: text.lstrip(" \t\n"))
    shown = [each.saying(unshielded(each.text)) if isinstance(each, Run) else each for each in kept]
    return settled(_trimmed(shown, -1, str.rstrip))


def _trimmed(pieces: list[Inline], end: int, trim: Callable[[str], str]) -> list[Inline]:
    pieces = list(pieces)
    while pieces:
        piece = pieces[end]
        if isinstance(piece, Image):
            break
        text = trim(piece.text)
        if text:
            pieces[end] = piece.saying(text)
            break
        del pieces[end]
    return pieces
