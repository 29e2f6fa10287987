"""Takes templates and conditions apart as minijinja does, so that no code can pass for text.

Blanks, delimiters, quotes and escapes are minijinja's own. What it reads as text is passed over here, and what it reads
as code comes out as tokens, or ends the reading: behind a sign that is unknown there is no telling what is what.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["template", "condition"]

_OPEN = re.compile(r"\{([{%#])[-+]?")
_CLOSE = {"{": re.compile(r"[-+]?\}\}"), "%": re.compile(r"[-+]?%\}")}
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<name>[A-Za-z_]\w*)"""
    r"|(?P<sign>[=!<>]=|[-+/~<>|.,()\[\]])",
    re.ASCII | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\r\n]*")
_HINTS = {"=": "to compare, write ==", "&": "write and", "!": "write not, or !=", "{": "braces stand round code only"}
_SIGNS = "== != < <= > >= ~ + - / | . , ( ) [ ]"


class Token(NamedTuple):
    """A word, sign, number or text in quotes, and where it begins. `kind` is a group of the pattern."""

    kind: str
    text: str
    at: int


END = Token("end", "", -1)
"""What stands behind the last token."""


class Region(NamedTuple):
    """One piece of code: what opens it ("{", "%" or "#", "" for a condition), and what is wrong where, if anything."""

    opener: str
    at: int
    tokens: list[Token]
    flaw: tuple[int, str] | None = None


def place(source: str, at: int) -> str:
    """Where a character of an expression stands, for the end of a sentence."""
    line, column = source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
    return f" (line {line}, character {column} of the text)" if "\n" in source.strip() else f" (character {column})"


def regions(source: str, kind: Kind) -> Iterator[Region]:
    """All code in an expression, up to the first flaw."""
    if kind == "condition":
        tokens, _, flaw = _tokens(source, 0, None)
        yield Region("", 0, tokens, flaw)
        return
    at = 0
    while (opened := _OPEN.search(source, at)) is not None:
        if opened[1] == "#":
            said = "a comment can't stand in a template; put it behind a # of the YAML"
            yield Region("#", opened.start(), [], (opened.start(), said))
            return
        tokens, at, flaw = _tokens(source, opened.end(), _CLOSE[opened[1]])
        yield Region(opened[1], opened.start(), tokens, flaw)


def _tokens(source: str, at: int, close: re.Pattern[str] | None) -> tuple[list[Token], int, tuple[int, str] | None]:
    """The tokens from `at` to `close`, where the text goes on, and what can't be read."""
    tokens: list[Token] = []
    while True:
        blanks = _BLANKS.match(source, at)
        at = blanks.end() if blanks else at
        closed = close and close.match(source, at)
        if closed or at == len(source):
            return tokens, closed.end() if closed else at, None
        found = _TOKEN.match(source, at)
        if found is None:
            return tokens, len(source), (at, _unreadable(source[at]))
        tokens.append(Token(found.lastgroup or "", found[0], at))
        at = found.end()


def _unreadable(sign: str) -> str:
    if sign in "'\"":
        return "a quote is opened here and never closed"
    if sign.isdigit():
        return "this is no number; write it as 3 or 2.5, and text in quotes"
    hint = _HINTS.get(sign, f"the signs that can are {_SIGNS}, and text goes in quotes")
    return f"'{sign}' can't stand here; {hint}"
