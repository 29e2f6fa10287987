"""HTML for Enterprise Tester: what Jira's HTML says, in the few elements that every editor knows, or plain text."""

from html import escape

from mappings.markup.blocks import (
    MARKS,
    Block,
    Cell,
    Heading,
    Image,
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
    text_of,
)
from mappings.markup.characters import JOINER, doubled, tidy
from mappings.markup.limits import notice
from mappings.markup.reader import blocks_of

_TAGS = {"bold": "strong", "italic": "em", "underline": "u", "strike": "s", "sub": "sub", "sup": "sup", "code": "code"}


def clean_html(html: str, base: str | None = None) -> str:
    """The HTML without all that could do something; relative links lead to `base`, or nowhere.

    Cleaning it again changes nothing.
    """
    blocks, whole = blocks_of(html, base)
    shown = _all(blocks)
    return shown if whole else f"{shown}{html_from_plain(notice())}"


def html_from_plain(text: str) -> str:
    """The text as paragraphs, and lines in them."""
    text = tidy(text)
    paragraphs = text.split("\n\n") if text else []
    return "".join(
        f"<p>{'<br/>'.join(_shielded(_text(line), line) for line in each.split(chr(10)))}</p>" for each in paragraphs
    )


def _all(blocks: tuple[Block, ...]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(lines):
            return f"<p>{_lines(lines)}</p>"
        case Heading(level, line):
            return f"<h{level}>{_line(line)}</h{level}>"
        case Listing(ordered, items):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{_item(item)}</li>' for item in items)}</{tag}>"
        case Preformatted(text):
            return f"<pre>{escape(doubled(text))}</pre>"
        case Quote(blocks):
            return f"<blockquote>{_all(blocks)}</blockquote>"
        case Table(rows):
            return f"<table><tbody>{''.join(_row(row) for row in rows)}</tbody></table>"
        case Rule():
            return "<hr/>"


def _item(blocks: tuple[Block, ...]) -> str:
    return "".join(_lines(block.lines) if isinstance(block, Paragraph) else _block(block) for block in blocks)


def _row(row: tuple[Cell, ...]) -> str:
    tags = ((cell, "th" if cell.header else "td") for cell in row)
    return f"<tr>{''.join(f'<{tag}>{_lines(cell.lines)}</{tag}>' for cell, tag in tags)}</tr>"


def _lines(lines: Lines) -> str:
    return "<br/>".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    return _shielded("".join(_piece(piece) for piece in line), text_of(line[:1]) if isinstance(line[0], Run) else "")


def _piece(piece: Inline) -> str:
    if isinstance(piece, Image):
        shown = f'<img src="{escape(piece.src)}" alt="{escape(piece.alt)}"/>'
    else:
        shown = _text(piece.text)
        if piece.href is not None:
            shown = f'<a href="{escape(piece.href)}">{shown}</a>'
    for mark in reversed((*MARKS, "code")):
        if mark in piece.marks:
            shown = f"<{_TAGS[mark]}>{shown}</{_TAGS[mark]}>"
    return shown


def _text(text: str) -> str:
    return escape(doubled(text), quote=False)


def _shielded(line: str, text: str) -> str:
    """The HTML of a line whose text begins with blanks, which a reader of HTML would take away."""
    return JOINER + line if text.startswith((" ", "\t")) else line
