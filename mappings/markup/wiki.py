"""Text and HTML to the part of Jira's wiki markup that Jira stores as it was sent.

Jira Cloud parses what it is sent and writes it out its own way. What it would write otherwise (bare addresses, `-`
for lists, plain headers of tables) isn't written here in the first place.
"""

import re

from mappings.markup.blocks import (
    Block,
    Cell,
    Heading,
    Line,
    Lines,
    Listing,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Table,
)
from mappings.markup.characters import JOINER, doubled, tidy
from mappings.markup.clean import LONGEST
from mappings.markup.escapes import escaped, shielded
from mappings.markup.inline import wiki_line
from mappings.markup.limits import notice
from mappings.markup.reader import blocks_of

_MACRO = re.compile(r"\{(?=noformat|code|quote|panel|color)", re.IGNORECASE)


def wiki_from_plain(text: str) -> str:
    """Markup that shows exactly the text, less what `tidy` takes away. No field holds more than what is looked at."""
    text = tidy(text) if len(text) <= LONGEST else f"{tidy(text[:LONGEST])}\n\n{notice()}"
    return "\n".join(shielded(escaped(line)) for line in text.split("\n"))


def wiki_from_html(html: str, base: str | None = None) -> str:
    """Markup for what the HTML says; relative links lead to `base`, or nowhere."""
    blocks, whole = blocks_of(html, base)
    wiki = _stacked(blocks)
    return wiki if whole else f"{wiki}\n\n{escaped(notice())}"


def _stacked(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(lines):
            return _lines(lines)
        case Heading(level, line):
            return f"h{level}. {wiki_line(line)}"
        case Listing():
            return "\n".join(_items(block, ""))
        case Preformatted(text):
            return _preformatted(text)
        case Quote(blocks):
            return f"{{quote}}{_stacked(blocks)}{{quote}}"
        case Table(rows):
            return "\n".join(_row(row) for row in rows)
        case Rule():
            return "----"


def _lines(lines: Lines) -> str:
    return "\n".join(wiki_line(line) for line in lines)


def _items(listing: Listing, above: str) -> list[str]:
    signs = above + ("#" if listing.ordered else "*")
    shown: list[str] = []
    for item in listing.items:
        for place, block in enumerate(item):
            match block:
                case Listing():
                    shown.extend(_items(block, signs))
                case Paragraph(lines):
                    shown.append(f"{signs} {_lines(lines)}")
                case _:
                    # The line of a list that begins the item, or goes on in it.
                    shown.append(_block(block) if place else f"{signs} {_block(block)}")
    return shown


def _preformatted(text: str) -> str:
    shown = _MACRO.sub("{" + JOINER, doubled(text))
    # Jira takes blanks at the beginning away, and a backslash at the end would escape what closes.
    before, after = JOINER * shown[:1].isspace(), JOINER * shown.endswith("\\")
    return f"{{noformat}}{before}{shown}{after}{{noformat}}"


def _row(cells: tuple[Cell, ...]) -> str:
    return "".join(("||" if cell.header else "|") + _cell(cell) for cell in cells) + ("||" if cells[-1].header else "|")


def _cell(cell: Cell) -> str:
    lines: tuple[Line, ...] = cell.lines
    return " \\\\ ".join(wiki_line(line, cell=True, header=cell.header) for line in lines) or " "
