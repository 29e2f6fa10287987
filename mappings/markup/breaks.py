"""Where wiki markup can be broken so that both parts still say what the whole said."""

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mappings.markup.characters import size

Gap: TypeAlias = Literal["block", "inside", "line", "blank", "nothing"]
"""What stood where the text was broken: an empty line, one inside of a macro, a line end, a blank."""

_GAPS: dict[str, Gap] = {"\n\n": "block", "\n": "line", " ": "blank"}
_TOKEN = re.compile(
    r"""
      (?P<verbatim>\{noformat\})
    | (?P<quote>\{quote\})
    | (?P<gap>\n+|[ \t]+)
    | (?P<atom>(?m:^[*\#]+[ ]|^h[1-6]\.[ ]|^----$)
        | \[[^\[\]\n]*\] | ![^\s!|]+(?:\|[^!\n]*)?! | \\[^\n]?\u2060* | [^\\\n]\u2060+ )
    | (?P<mark>\{(?:[*_+\-^~]|\{\{|\}\})\} | \{\{ | \}\}
        | (?<![A-Za-z0-9])[*_+\-^~] | [*_+\-^~](?![A-Za-z0-9]))
    | (?P<text>\w{1,20}|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEGINS_LINE = re.compile(r"[-*#]+\s|-{4}|\||h[1-6]\.|bq\.|\{(?:noformat|quote)\}")
_LEAST: dict[Gap, int] = {"block": 2, "line": 2, "blank": 4, "nothing": 100}
"""The best break of each kind is taken if it leaves at least one such part of the room filled."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: closed, what was broken, and what follows, opened again."""

    text: str
    gap: Gap
    rest: str


@dataclass(slots=True)
class _State:
    """What is open at a place."""

    verbatim: bool = False
    quote: bool = False
    marks: set[str] = field(default_factory=set)

    def closing(self) -> str:
        return "{noformat}" * self.verbatim + "{quote}" * self.quote

    def opening(self) -> str:
        return "{quote}" * self.quote + "{noformat}" * self.verbatim


@dataclass(frozen=True, slots=True)
class _Break:
    end: int
    resume: int
    closing: str
    opening: str


def first_part(text: str, room: int) -> Part:
    """What of the text fits into the room, and the rest."""
    best = _breaks(text, room)
    fitting = ((gap, best[gap]) for gap, share in _LEAST.items() if gap in best and best[gap].end * share >= room)
    gap, found = next(fitting, (None, None))
    if gap is None or found is None:
        return _hard(text, room)
    inside: Gap = "inside" if gap == "block" and found.closing else gap
    return Part(text[: found.end] + found.closing, inside, found.opening + text[found.resume :])


def _breaks(text: str, room: int) -> dict[Gap, _Break]:
    """The last place of each kind at which the text can be broken."""
    state, length = _State(), 0
    best: dict[Gap, _Break] = {}
    for token in _TOKEN.finditer(text):
        before = length
        length += size(token[0])
        kind = _seen(state, token)
        if before + size(state.closing()) > room:
            break
        # What was text in its line would have an effect where a line begins.
        if state.marks or token.end() == len(text) or _BEGINS_LINE.match(text, token.end()):
            continue
        gap = _GAPS.get(token[0]) if kind == "gap" else None
        if gap is not None:
            best[gap] = _Break(token.start(), token.end(), state.closing(), state.opening())
        elif kind == "text" and length + size(state.closing()) <= room and not text[token.end()].isspace():
            best["nothing"] = _Break(token.end(), token.end(), state.closing(), state.opening())
    return best


def _seen(state: _State, token: re.Match[str]) -> str:
    """Follow what a token opens and closes; the token's kind, markup inside of verbatim text being text."""
    kind = token.lastgroup or "text"
    if state.verbatim and kind not in ("verbatim", "gap"):
        return "text"
    match kind:
        case "verbatim":
            state.verbatim = not state.verbatim
        case "quote":
            state.quote = not state.quote
        case "gap" if "\n" in token[0]:
            state.marks.clear()
        case "mark":
            sign = token[0].replace("}}", "{{")
            state.marks ^= {sign}
    return kind


def _hard(text: str, room: int) -> Part:
    """A break of a text that has no good place for one: behind something whole, if anything whole fits."""
    end = length = 0
    for token in _TOKEN.finditer(text):
        length += size(token[0])
        if length > room:
            break
        end = token.end()
    if not end:
        end = room if size(text[:room]) <= room else room // 2
    return Part(text[:end], "nothing", text[end:])
