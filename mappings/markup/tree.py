"""Cleaned HTML as a tree that is never deep, so that what walks it may recurse."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

from mappings.markup.clean import is_block

DEEPEST = 40
_VOID = frozenset({"br", "hr", "img"})


@dataclass(slots=True)
class Element:
    """An element, or with an empty tag the whole."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)


Node: TypeAlias = Element | str


def tree(html: str) -> Element:
    """The tree of well-formed HTML. Elements that are too deep give way to what they hold."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


def text_of(node: Node) -> str:
    """All text in a node, a line end for `<br>`."""
    if isinstance(node, str):
        return node
    return "\n" if node.tag == "br" else "".join(text_of(child) for child in node.children)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self._beyond = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))
        elif len(self._open) <= DEEPEST:
            element = Element(tag, {name: value or "" for name, value in attrs})
            self._open[-1].children.append(element)
            self._open.append(element)
        else:
            self._beyond += 1
            self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._beyond:
            self._beyond -= 1
            self._part(tag)
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _part(self, tag: str) -> None:
        """What an element that isn't there would have held apart still stands in lines of its own."""
        if is_block(tag):
            self._open[-1].children.append(Element("br"))
