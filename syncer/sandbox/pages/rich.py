"""Texts with markup as a page may show them: whatever they hold, nothing of it runs and nothing is fetched.

Pictures are replaced by their names: they could be fetched from anywhere, and tell who looks.
"""

import re

import nh3

_WORDS = """
    a b blockquote br cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small span strong
    sub sup table tbody td tfoot th thead tr tt u ul
"""
TAGS = set(_WORDS.split())
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_PICTURE = re.compile(r"<img([^>]*)>")
_NAMED = re.compile(r'"([^"]+)"')


class Html(str):
    """A text that templates put into a page as it is."""

    def __html__(self) -> str:
        return str(self)


def html(text: str) -> Html:
    """HTML from anywhere, made harmless."""
    clean = nh3.clean(
        text, tags=TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, attribute_filter=_kept
    )
    # Safe: it has just been cleaned, and what `_kept` lets into a picture's attributes can't end its tag.
    return Html(_PICTURE.sub(_name, clean))


def html_or_text(text: str | None) -> str | Html:
    """HTML made harmless where it is any, else the text itself."""
    if text and nh3.is_html(text):
        return html(text)
    return text or ""


def _kept(tag: str, _attribute: str, value: str) -> str:
    return re.sub(r"[^\w .-]", "", value.rsplit("/", 1)[-1])[:80] if tag == "img" else value


def _name(found: re.Match[str]) -> str:
    names = _NAMED.findall(found[1])
    return f"<em>[{names[-1] if names else 'picture'}]</em>"
