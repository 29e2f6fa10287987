"""Where wiki markup can be broken so that both parts still say what the whole said."""

import re
from collections.abc import Iterator
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
_VERBATIM_TOKEN = re.compile(r"(?P<verbatim>\{noformat\})|(?P<gap>\n+|[ \t]+)|(?P<text>\w{1,20}|.)", re.DOTALL)
_MACRO = re.compile(r"\{(?:noformat|quote)\}")
_BEGINS_LINE = re.compile(r"[-*#]+\s|-{4}|\||h[1-6]\.|bq\.|\{(?:noformat|quote)\}")
_LEAST: dict[Gap, int] = {"block": 2, "inside": 2, "line": 2, "blank": 4, "nothing": 100}
"""The best break of each kind is taken if it leaves at least one such part of the room filled."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, its macros closed, and the rest, its macros opened again; `marks` would close the part's."""

    text: str
    gap: Gap
    rest: str
    marks: str = ""


@dataclass(slots=True)
class _State:
    """What is open at a place."""

    verbatim: bool = False
    quote: bool = False
    marks: list[str] = field(default_factory=list)

    def closing(self) -> str:
        return "{noformat}" * self.verbatim + "{quote}" * self.quote

    def unmarked(self) -> str:
        """What closes the marks, if nothing was meant to go on in them."""
        return "".join(mark.replace("{{", "}}") for mark in reversed(self.marks))

    def opening(self) -> str:
        return "{quote}" * self.quote + "{noformat}" * self.verbatim


@dataclass(frozen=True, slots=True)
class _Break:
    end: int
    resume: int
    closing: str
    opening: str
    gap: Gap
    marks: str


def first_part(text: str, room: int) -> Part:
    """What of the text fits into the room, and the rest."""
    best = _breaks(text, room)
    fitting = (found for gap, share in _LEAST.items() if (found := best.get(gap)) and found.end * share >= room)
    found = next(fitting, None) or max(_breaks(text, room, anywhere=True).values(), key=_end, default=None)
    if found is None:
        # Not even the first link, or other thing that should stay whole, fits.
        end = room if size(text[:room]) <= room else room // 2
        return Part(text[:end], "nothing", text[end:])
    return Part(text[: found.end] + found.closing, found.gap, found.opening + text[found.resume :], found.marks)


def _end(found: _Break) -> int:
    return found.end


def _breaks(text: str, room: int, *, anywhere: bool = False) -> dict[Gap, _Break]:
    """The last place of each kind at which the text can be broken; `anywhere` stands for in marks, too."""
    state, length = _State(), 0
    best: dict[Gap, _Break] = {}
    for token in _tokens(text):
        before = length
        length += size(token[0])
        kind = _seen(state, token)
        closing = size(state.closing())
        if before + closing > room:
            break
        if token.end() == len(text) or (state.marks and not anywhere):
            continue
        gap = _GAPS.get(token[0]) if kind == "gap" else "nothing"
        if gap == "nothing" and (kind not in ("text", "atom") or length + closing > room):
            continue
        if gap == "block" and closing:
            gap = "inside"
        end = token.end() if gap == "nothing" else token.start()
        if gap is None or text[end - 1 : end].isspace() or not _may_begin(text, token.end(), gap, anywhere):
            continue
        best[gap] = _Break(end, token.end(), state.closing(), state.opening(), gap, state.unmarked())
    return best


def _may_begin(text: str, place: int, gap: Gap, anywhere: bool) -> bool:
    """Whether the next part may begin at the place: what was text in its line may have an effect at one's beginning."""
    if gap == "block":
        return True
    if gap == "nothing" and text[place].isspace():
        return False
    refused = _BEGINS_LINE if gap in ("blank", "nothing") and not anywhere else _MACRO
    return refused.match(text, place) is None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """What the text is made of; what is verbatim is text."""
    place, verbatim = 0, False
    while token := (_VERBATIM_TOKEN if verbatim else _TOKEN).match(text, place):
        verbatim ^= token.lastgroup == "verbatim"
        place = token.end()
        yield token


def _seen(state: _State, token: re.Match[str]) -> str:
    """Follow what a token opens and closes, and say what kind it is."""
    kind = token.lastgroup or "text"
    match kind:
        case "verbatim":
            state.verbatim = not state.verbatim
        case "quote":
            state.quote = not state.quote
        case "gap" if "\n" in token[0]:
            state.marks.clear()
        case "mark":
            sign = token[0].replace("}}", "{{")
            if sign in state.marks:
                state.marks.remove(sign)
            else:
                state.marks.append(sign)
    return kind
