"""HTML from anywhere, made harmless and well-formed before anything else looks at it.

What costs a parser more than linear time is taken away first: more text than any field holds, ampersands that begin
nothing, and elements inside elements without end. Their text stays.
"""

import re
from functools import lru_cache

import nh3

from mappings.markup.characters import readable

LONGEST = 256 * 1024
"""How much HTML is looked at; the rest is cut off."""
_DEEPEST = 100
_MOST_PASSES = 4

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_PHRASES = frozenset({
    "a", "b", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "s", "samp", "span", "strike",
    "strong", "sub", "sup", "tt", "u", "var",
})  # fmt: skip
_ATTRIBUTES = {"a": {"href", "class"}, "img": {"src", "alt", "class"}}
_SCHEMES = {"http", "https", "mailto", "ftp"}
_WITHOUT_TRACE = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}
_NESTING = re.compile(
    r"<(/?)(ul|ol|div|span|font|table|blockquote|section|article|center|form|fieldset|dl|details|figure|a|b|i|u|s"
    r"|em|strong|code|pre|sub|sup|del|ins|tt|big|small|strike|nobr)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")


def is_block(tag: str) -> bool:
    """Whether an element stands in lines of its own."""
    return tag in _BLOCKS


def cleaned(html: str, base: str | None = None) -> tuple[str, bool]:
    """Well-formed HTML of allowed elements only, and whether all of it was looked at.

    Relative links lead to `base`, and nowhere without one.
    """
    html, whole = _capped(readable(html))
    html = _BARE_AMPERSAND.sub("&amp;", _shallow(html))
    for _ in range(_MOST_PASSES):
        # The output isn't always a fixed point, as "<p><select><p>" shows.
        again = _cleaner(base).clean(html)
        if again == html:
            break
        html = again
    return html, whole


@lru_cache(maxsize=64)
def _cleaner(base: str | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_BLOCKS | _PHRASES),
        clean_content_tags=_WITHOUT_TRACE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", base) if base and re.match(r"https?://[\w.-]", base) else "deny",
    )


def _capped(html: str) -> tuple[str, bool]:
    if len(html) <= LONGEST:
        return html, True
    html = html[:LONGEST]
    tag = html.rfind("<")
    return html[:tag] if tag > html.rfind(">") else html, False


def _shallow(html: str) -> str:
    """The HTML without tags that lead too deep: parsers take their time for lists of ten thousand levels."""
    depth = 0

    def put(found: re.Match[str]) -> str:
        nonlocal depth
        if found[1]:
            depth = max(depth - 1, 0)
            return found[0] if depth < _DEEPEST else " "
        depth += 1
        return found[0] if depth <= _DEEPEST else " "

    return _NESTING.sub(put, html)
