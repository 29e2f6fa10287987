"""HTML as blocks. What Jira can't say in a place is said there in another way, and no word is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mappings.markup.blocks import (
    Block,
    Cell,
    Heading,
    Image,
    Line,
    Listing,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Run,
    Table,
)
from mappings.markup.characters import unshielded
from mappings.markup.clean import cleaned, is_block
from mappings.markup.emoticons import emoticon
from mappings.markup.flat import lines_of
from mappings.markup.lines import LineMaker, joined, with_mark, without
from mappings.markup.tree import Element, Node, text_of, tree

MOST_LEVELS = 8
"""How deep lists go; what stands deeper stands on the last level."""

_MARKS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "var": "italic",
    "u": "underline", "ins": "underline", "s": "strike", "strike": "strike", "del": "strike",
    "sub": "sub", "sup": "sup", "code": "code", "tt": "code", "kbd": "code", "samp": "code",
}  # fmt: skip
_FOR_READERS_ONLY = frozenset({"user-hover", "issue-link"})
"""Classes of the links that Jira makes of a mention and of an issue's key: their text says it all."""


def blocks_of(html: str, base: str | None = None) -> tuple[tuple[Block, ...], bool]:
    """What the HTML says, and whether that is all of it; relative links lead to `base`, or nowhere."""
    html, whole = cleaned(html, base)
    return tuple(_Reader().read(tree(html))), whole


@dataclass(frozen=True, slots=True)
class _Style:
    marks: frozenset[str] = frozenset()
    href: str | None = None

    def marked(self, mark: str) -> "_Style":
        if "code" in self.marks or mark == "code":
            return _Style(frozenset({"code"}) if self.href is None else self.marks, self.href)
        beside = {"sub": "sup", "sup": "sub"}.get(mark)
        return replace(self, marks=self.marks - {beside} | {mark})


@dataclass(slots=True)
class _Reader:
    """Reads what stands in one element; `level` counts the lists round it."""

    level: int = 0
    found: list[Block] = field(default_factory=list)
    lines: LineMaker = field(default_factory=LineMaker)

    def read(self, element: Element, style: _Style | None = None) -> list[Block]:
        self._walk(element.children, style or _Style())
        self._flush()
        return self.found

    def _flush(self) -> None:
        self.found.extend(Paragraph(lines) for lines in self.lines.taken())

    def _walk(self, nodes: Iterable[Node], style: _Style) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.lines.add(Run(node, style.marks, style.href))
            elif is_block(node.tag):
                self._flush()
                self._block(node, style)
                self._flush()
            else:
                self._phrase(node, style)

    def _phrase(self, element: Element, style: _Style) -> None:
        match element.tag:
            case "br":
                self.lines.end_line()
            case "a":
                self._link(element, style)
            case "img":
                self._image(element, style)
            case tag if tag in _MARKS:
                self._walk(element.children, style.marked(_MARKS[tag]))
            case _:
                self._walk(element.children, style)

    def _link(self, link: Element, style: _Style) -> None:
        href = link.attributes.get("href", "").strip()
        if _FOR_READERS_ONLY.intersection(link.attributes.get("class", "").split()):
            self.lines.add(Run(text_of(link), style.marks, style.href))
        elif not href or style.href is not None:
            self._walk(link.children, style)
        elif text_of(link).strip():
            self._walk(link.children, _Style(style.marks - {"code"}, href))
        else:
            # A link without words: a picture, beside which the link stands.
            self._walk(link.children, style)
            if href not in (child.attributes.get("src") for child in link.children if isinstance(child, Element)):
                self.lines.add(Run(href.removeprefix("mailto:"), style.marks - {"code"}, href))

    def _image(self, image: Element, style: _Style) -> None:
        src, alt = image.attributes.get("src", "").strip(), " ".join(image.attributes.get("alt", "").split())
        if "emoticon" in image.attributes.get("class", "").split():
            self.lines.add(Run(emoticon(alt, src), style.marks, style.href))
        elif src.startswith(("http://", "https://")):
            self.lines.add(Image(src, alt, style.marks - {"code"}))
        elif alt:
            self.lines.add(Run(alt, style.marks, style.href))

    def _block(self, element: Element, style: _Style) -> None:
        match element.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.found.extend(_headed(block, int(element.tag[1])) for block in self._inside(element, style))
            case "ul" | "ol":
                self._list(element, style)
            case "pre":
                text = unshielded(text_of(element)).lstrip("\n").rstrip()
                self.found.extend([Preformatted(text)] if text.strip() else [])
            case "blockquote":
                self.found.extend(_quoted(self._inside(element, style)))
            case "table":
                self._table(element, style)
            case "hr":
                self.found.append(Rule())
            case _:
                self._walk(element.children, style)

    def _inside(self, element: Element, style: _Style, level: int | None = None) -> list[Block]:
        return _Reader(self.level if level is None else level).read(element, style)

    def _list(self, element: Element, style: _Style) -> None:
        items: list[tuple[Block, ...]] = []
        deepest = self.level >= MOST_LEVELS
        for child in element.children:
            wrapped = child if isinstance(child, Element) and child.tag == "li" else Element("li", {}, [child])
            inside = self._inside(wrapped, style, self.level if deepest else self.level + 1)
            _add_items(items, inside)
        if deepest:
            self.found.extend(block for item in items for block in item)
        elif items:
            self.found.append(Listing(element.tag == "ol", tuple(items)))

    def _table(self, element: Element, style: _Style) -> None:
        rows: list[tuple[Cell, ...]] = []
        for child in _rows(element):
            if child.tag == "tr":
                cells = tuple(self._cell(cell, style) for cell in child.children if isinstance(cell, Element))
                rows.extend([cells] if any(cell.lines for cell in cells) else [])
            else:
                self.found.extend(self._inside(child, style))
        if rows:
            self.found.append(Table(tuple(rows)))

    def _cell(self, element: Element, style: _Style) -> Cell:
        lines = lines_of(self._inside(element, style))
        header = element.tag == "th"
        return Cell(without(lines, "bold") if header else lines, header)


def _add_items(items: list[tuple[Block, ...]], inside: Iterable[Block]) -> None:
    """Add what stands in an item to a list. A list with nothing before it belongs to the item before, if any."""
    for item in _items(inside):
        if isinstance(item[0], Listing) and items:
            items[-1] += item
        elif isinstance(item[0], Listing):
            items.extend(item[0].items)
            _add_items(items, item[1:])
        else:
            items.append(item)


def _rows(table: Element) -> Iterable[Element]:
    """The rows of a table, and its caption."""
    for child in table.children:
        if isinstance(child, Element):
            yield from _rows(child) if child.tag in ("thead", "tbody", "tfoot") else (child,)


def _headed(block: Block, level: int) -> Block:
    return Heading(level, joined(block.lines)) if isinstance(block, Paragraph) else block


def _quoted(found: Iterable[Block]) -> Iterable[Block]:
    """Quotations of what can be quoted, and between them what can't."""
    inside: list[Block] = []
    for block in found:
        if isinstance(block, Table | Rule):
            yield from [Quote(tuple(inside))] if inside else []
            inside = []
            yield block
        elif isinstance(block, Quote):
            inside.extend(block.blocks)
        else:
            inside.append(_bold(block))
    yield from [Quote(tuple(inside))] if inside else []


def _bold(block: Block) -> Block:
    """A heading where there can be none."""
    return Paragraph(with_mark((block.line,), "bold")) if isinstance(block, Heading) else block


def _items(found: Iterable[Block]) -> Iterable[tuple[Block, ...]]:
    """The item that a list has for what stands in one, or several: what follows on a list begins the next one."""
    lines: list[Line] = []
    item: list[Block] = []
    for block in found:
        if isinstance(block, Paragraph | Heading | Quote | Table | Rule):
            if item:
                yield _item(lines, item)
                lines, item = [], []
            lines.extend(lines_of([_bold(block)]))
        else:
            if isinstance(block, Preformatted) and any(isinstance(each, Listing) for each in item):
                yield _item(lines, item)
                lines, item = [], []
            item.append(block)
    if lines or item:
        yield _item(lines, item)


def _item(lines: list[Line], item: list[Block]) -> tuple[Block, ...]:
    return (Paragraph(tuple(lines)), *item) if lines else tuple(item)
