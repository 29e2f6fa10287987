"""What HTML says, read in another way than the code under test does."""

from html.parser import HTMLParser
from typing import TypeAlias
from urllib.parse import unquote

from mappings.markup.characters import unshielded

Said: TypeAlias = tuple[str, str, frozenset[str]]

_MARKS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline", "s": "strike",
    "del": "strike", "sup": "sup", "sub": "sub", "code": "code", "tt": "code",
}  # fmt: skip
_PLACES = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th"}
)
_BREAKS = frozenset({"p", "br"})


def meaning(html: str) -> list[Said]:
    """Where everything stands, what it is and how it is set off, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.said()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._said: list[Said] = []
        self._marks: list[str] = []
        self._verbatim = False

    def said(self) -> list[Said]:
        """Neighbours that are alike are one, blanks at their ends are nobody's, and so are breaks beside blocks."""
        merged: list[Said] = []
        for kind, text, marks in self._said:
            # How a blank is set off can't be seen.
            alike = merged and merged[-1][0] == "text" and (merged[-1][2] == marks or not text.strip())
            if kind == "text" and alike:
                merged[-1] = (kind, merged[-1][1] + text, merged[-1][2])
            else:
                merged.append((kind, text, marks))
        shown = [(kind, " ".join(unshielded(text).split()), marks) for kind, text, marks in merged]
        told = [each for each in shown if each[1] or each[0] == "break"]
        beside = [("", "", frozenset[str]()), *told], [*told[1:], ("", "", frozenset[str]())]
        return [
            each
            for before, each, after in zip(beside[0], told, beside[1], strict=False)
            if each[0] != "break" or {before[0], after[0]} <= {"text", "image"}
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._verbatim = self._verbatim or tag == "pre"
        if tag in _MARKS:
            self._marks.append(_MARKS[tag])
        elif tag == "a":
            self._marks.append(f"to {unquote(known.get('href') or '')}")
        elif tag == "img":
            self._said.append(("image", f"{known.get('src')} {known.get('alt')}", frozenset()))
        elif tag == "hr" or tag in _PLACES:
            self._said.append(("place", tag, frozenset()))
        elif tag in _BREAKS:
            self._said.append(("break", "", frozenset()))

    def handle_endtag(self, tag: str) -> None:
        self._verbatim = self._verbatim and tag != "pre"
        if tag in _MARKS or tag == "a":
            self._marks.pop()
        elif tag in _PLACES:
            self._said.append(("place", f"/{tag}", frozenset()))
        elif tag == "p":
            self._said.append(("break", "", frozenset()))

    def handle_data(self, data: str) -> None:
        places = [text for kind, text, _ in self._said if kind == "place"]
        header = bool(places) and places[-1] == "th"
        marks = frozenset(self._marks) - ({"bold"} if header else set())
        # An address is a link for Jira whether it was made one or not.
        self._said.append(("text", data, marks - {f"to {data}"}))
