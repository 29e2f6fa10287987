"""Blocks as lines of text: for plain text, and for places where Jira knows lines only, such as a table's cell."""

from collections.abc import Iterable, Iterator

from mappings.markup.blocks import (
    Block,
    Heading,
    Inline,
    Line,
    Lines,
    Listing,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Run,
    Table,
)  # fmt: skip
from mappings.markup.lines import settled

CODE = frozenset({"code"})


def lines_of(found: Iterable[Block]) -> Lines:
    """The blocks as lines, without empty ones between."""
    return tuple(settled(line) for block in found for line in _lines(block))


def _lines(block: Block) -> Iterable[Line]:
    match block:
        case Paragraph(lines):
            return lines
        case Heading(_, line):
            return (line,)
        case Listing():
            return _list_lines(block)
        case Preformatted(text):
            return tuple((Run(line.strip(), CODE),) for line in text.split("\n") if line.strip())
        case Quote(blocks):
            return tuple(prefixed("> ", line) for line in lines_of(blocks))
        case Table(rows):
            return tuple(row_line(cell.lines for cell in row) for row in rows)
        case Rule():
            return ()


def _list_lines(listing: Listing) -> Iterator[Line]:
    for sign, item in signed(listing):
        for place, line in enumerate(lines_of(item)):
            yield prefixed(sign if place == 0 else " " * len(sign), line)


def signed(listing: Listing) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The items of a list, each with what stands before it."""
    for number, item in enumerate(listing.items, start=1):
        yield (f"{number}. " if listing.ordered else "- "), item


def row_line(cells: Iterable[Lines]) -> Line:
    """A row of a table in one line."""
    row: list[Inline] = []
    for place, lines in enumerate(cells):
        row.extend([Run(" |" if row else "|")] if place else [])
        for line in lines:
            row.extend([Run(" ")] if row else [])
            row.extend(line)
    return tuple(row)


def prefixed(prefix: str, line: Line) -> Line:
    """A line with some text before it."""
    first = line[0] if line else None
    if isinstance(first, Run) and not first.marks and first.href is None:
        return (first.saying(prefix + first.text), *line[1:])
    return (Run(prefix), *line)
