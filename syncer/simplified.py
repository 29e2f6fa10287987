"""What a text loses on its way to the other side, because it can't be said there: told by what its HTML is made of.

| to | stays | is lost |
|---|---|---|
| wiki markup, HTML | what `mappings.markup` reads | colours, panels, attached pictures, programs, forms |
| plain text | the words, with lists and quotes drawn | all of that, and every other way to set words off |
| one line | the words | that too, and line ends |
"""

import re
from collections.abc import Iterator

from mappings.lenses import IfEmptyLens, Lens
from mappings.prose import ProseLens
from mappings.values import rendered
from syncer.core.records import Side

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)>")
_COLOUR = re.compile(r"color\s*[:=]", re.IGNORECASE)
_PANEL = re.compile(r"class\s*=\s*[\"'][^\"']*\bpanel\b", re.IGNORECASE)
_ON_THE_WEB = re.compile(r"src\s*=\s*[\"']?https?://|class\s*=\s*[\"'][^\"']*\bemoticon\b", re.IGNORECASE)

_SET_OFF = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite", "var"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strike"),
    **dict.fromkeys(("sub", "sup"), "raised or lowered text"),
    **dict.fromkeys(("code", "tt", "kbd", "samp", "pre"), "code"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "headings"),
    "table": "tables",
}
"""What plain text can't say."""

_NOT_CARRIED = {
    **dict.fromkeys(("script", "style", "noscript", "template"), "programs"),
    **dict.fromkeys(("form", "input", "select", "textarea", "button"), "forms"),
    **dict.fromkeys(("iframe", "object", "embed", "video", "audio", "svg", "math"), "embedded content"),
}
"""What is carried nowhere."""


def simplified(lens: Lens, side: Side, text: str) -> frozenset[str]:
    """What a text of `side` loses, in words; nothing for a lens that carries no prose."""
    prose = lens.lens if isinstance(lens, IfEmptyLens) else lens
    if not isinstance(prose, ProseLens):
        return frozenset()
    if side is Side.ISSUE:
        html = rendered(text) if prose.issue == "wiki" else None
        return frozenset(_lost(html, plain=prose.incident == "plain") if html is not None else ())
    found = set(_lost(text, plain=prose.issue != "wiki")) if prose.incident == "html" else set[str]()
    if prose.issue == "line" and "\n" in text.strip():
        found.add("line ends")
    return frozenset(found)


def _lost(html: str, *, plain: bool) -> Iterator[str]:
    for found in _TAG.finditer(html):
        tag, attributes = found[1].lower(), found[2]
        if tag in _NOT_CARRIED:
            yield _NOT_CARRIED[tag]
        if plain and tag in _SET_OFF:
            yield _SET_OFF[tag]
        if _COLOUR.search(attributes):
            yield "colours"
        if tag == "div" and _PANEL.search(attributes):
            yield "panels"
        if tag == "img" and not _ON_THE_WEB.search(attributes):
            yield "attached pictures"
