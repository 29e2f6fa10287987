"""HTML as text that reads well: lists with "- " and "1. ", quotes with "> ", tables with " | "."""

from mappings.markup.blocks import Block, Image, Inline, Line, Lines, Listing, Paragraph, Preformatted, Quote, Run
from mappings.markup.characters import tidy
from mappings.markup.flat import lines_of, signed
from mappings.markup.limits import notice
from mappings.markup.reader import blocks_of


def plain_from_html(html: str, base: str | None = None) -> str:
    """The text of HTML. Where a link leads stands behind it, unless its text says so."""
    blocks, whole = blocks_of(html, base)
    text = _stacked(blocks)
    return tidy(text if whole else f"{text}\n\n{notice()}")


def _stacked(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Listing():
            return _list(block)
        case Preformatted(text):
            return text
        case Quote(blocks):
            return "\n".join(f"> {line}" for line in _stacked(blocks).split("\n"))
        case Paragraph(lines):
            return _lines(lines)
        case _:
            return _lines(lines_of([block])) or "----"


def _list(listing: Listing) -> str:
    shown = []
    for sign, item in signed(listing):
        lines = "\n".join(_block(block) for block in item).split("\n")
        shown.append(sign + lines[0])
        shown.extend(f"{' ' * len(sign)}{line}" for line in lines[1:])
    return "\n".join(shown)


def _lines(lines: Lines) -> str:
    return "\n".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    return "".join(_piece(piece, line[place + 1 : place + 2]) for place, piece in enumerate(line))


def _piece(piece: Inline, after: Line) -> str:
    if isinstance(piece, Image):
        return f"{piece.alt} ({piece.src})" if piece.alt and piece.alt != piece.src else piece.src
    goes_on = bool(after) and isinstance(after[0], Run) and after[0].href == piece.href
    if piece.href is None or goes_on or _says(piece.text, piece.href):
        return piece.text
    return f"{piece.text} ({piece.href})"


def _says(text: str, href: str) -> bool:
    return text.rstrip().endswith((href, href.rstrip("/"), href.removeprefix("mailto:")))
