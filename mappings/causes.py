"""What is behind some complaints of the YAML parser, which only sees where a mistake makes no sense any more.

| typed | the parser complains about |
|---|---|
| a quote that is never closed | what follows the next quote, often many lines below |
| a text that goes on behind a closing quote | the first word of the rest |
| no blank behind a colon | the next line |
| no blank behind a dash | the indentation |
"""

import re
from typing import TypeAlias

Cause: TypeAlias = tuple[int, int, str]
"""Line, column and sentence."""

_PLACE = re.compile(
    r"""(?:^|(?<=\s))\#[^\n]* | (?:^[ ]*|[:\-,]\s+|[\[{][ ]*)(?P<quote>["'])""", re.MULTILINE | re.VERBOSE
)
_REST = {'"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*'")}
_ENDS = re.compile(r"[ \t]*(?:[,:}\]]|$|(?<=[ \t])#)", re.MULTILINE)
_COLON = re.compile(r"\s*(?:-\s+)?\w+:(?=[^\s/]|\xa0)")
_DASH = re.compile(r"\s*-(?=[^\s-])")


def cause(text: str, line: int) -> Cause | None:
    """What explains a complaint about a line of the text; `None` where nothing does."""
    return _quote(text, line) or _glued(text.split("\n"), line)


def _quote(text: str, line: int) -> Cause | None:
    """The last word has the quote that closes a text: what follows it must be able to follow a value."""
    at = 0
    while (opened := _PLACE.search(text, at)) is not None and text.count("\n", 0, opened.end()) < line:
        quote = opened["quote"]
        closed = _REST[quote].match(text, opened.end()) if quote else opened
        if closed is None:
            return None  # A quote that nothing closes at all: that the parser sees.
        if quote and not _ENDS.match(text, closed.end()):
            if "\n" in closed[0]:
                sentence = "a quote is opened here and not closed on this line"
                return (*_spot(text, opened.start("quote")), sentence)
            sentence = (
                "the text goes on behind the quote that closes it; put the whole of it in quotes of the other kind"
            )
            return (*_spot(text, closed.end()), sentence)
        at = closed.end()
    return None


def _glued(lines: list[str], line: int) -> Cause | None:
    if found := _DASH.match("".join(lines[line - 1 : line])):
        return line, found.end(), "put a blank behind the '-'"
    filled = [number for number, each in enumerate(lines[:line], 1) if each.strip() and each.lstrip()[0] != "#"]
    for number in reversed(filled[-2:]):
        if found := _COLON.match(lines[number - 1]):
            return number, found.end(), "put a blank behind the ':'"
    return None


def _spot(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
