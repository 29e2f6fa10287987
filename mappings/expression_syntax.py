"""What may stand in a template or a condition: read here token by token, before minijinja sees any of it.

An expression is refused unless each of its tokens is known to be harmless. This is an allow-list on purpose: what a
later minijinja adds is refused until somebody has looked at it. The grammar is left to minijinja.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from mappings.expression_tokens import END, Kind, Region, Token, place, regions
from mappings.fields import CUSTOM_PREFIX, Side
from mappings.problems import did_you_mean, listed

MOST_CHARACTERS = 4096
_READS, _STEPS, _DEPTH = "references to fields", "operators and statements", "brackets within brackets"
LIMITS: Mapping[str, int] = MappingProxyType({_READS: 30, "filters": 30, _STEPS: 100, _DEPTH: 10})
"""How many there may be in one expression. Deeper brackets would overflow the stack of a small thread."""

FILTERS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **dict.fromkeys(("first", "float", "int", "last", "length", "lower"), (0, 0)),
        **dict.fromkeys(("sort", "string", "title", "trim", "upper"), (0, 0)),
        "default": (1, 1),
        "join": (0, 1),
        "replace": (2, 2),
        "round": (0, 1),
    }
)
TESTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"defined": (0, 0), "undefined": (0, 0), "startingwith": (1, 1), "endingwith": (1, 1)}
)
"""Filters and tests, each with the fewest and the most arguments that it takes."""

_STATEMENTS = ("if", "elif", "else", "endif")
_WORDS = ("and", "or", "not", "in", "if", "else")
_CONSTANTS = ("true", "false", "True", "False")
_SIDES: tuple[Side, ...] = ("incident", "issue")
_EXAMPLE: Mapping[str, str] = MappingProxyType({"incident": "incident.Summary", "issue": "issue.summary"})


class Reference(NamedTuple):
    """A place where a field is read; without a name, the record itself, as in `issue is defined`."""

    side: Side
    name: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression reads, each time that it does, and what is wrong with it."""

    references: tuple[Reference, ...]
    flaws: tuple[str, ...]


@dataclass(slots=True)
class _Bracket:
    sign: str
    at: int
    owner: str = ""
    takes: tuple[int, int] = (0, 0)
    given: int = 0


@lru_cache(maxsize=1024)
def read(source: str, kind: Kind) -> Reading:
    """What `source` reads and what is wrong with it, as far as that shows without its grammar."""
    if len(source) > MOST_CHARACTERS:
        said = f"the {kind} has {len(source):,} characters; {MOST_CHARACTERS:,} are allowed, so split or shorten it"
        return Reading((), (said,))
    if not source.strip():
        return Reading((), (f"the {kind} is empty; write one, or leave the key out",))
    try:
        source.encode()
    except UnicodeEncodeError as error:
        return Reading((), (f"a broken character stands here; remove it{place(source, error.start)}",))
    reader = _Reader(source)
    for region in regions(source, kind):
        reader.read(region)
    return Reading(tuple(reader.references), tuple(reader.all_flaws()))


class _Reader:
    """Goes through one source once, and notes what it finds."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.references: list[Reference] = []
        self._flaws: list[tuple[int, str]] = []
        self._first_flaws: list[tuple[int, str]] = []
        self._counts = dict.fromkeys(LIMITS, 0)
        self._brackets: list[_Bracket] = []

    def all_flaws(self) -> Iterator[str]:
        yield from (sentence + place(self._source, at) for at, sentence in self._first_flaws)
        self._counts[_READS] = len(self.references)
        for what, most in LIMITS.items():
            if self._counts[what] > most:
                yield f"too many {what}: {self._counts[what]}, and {most} are allowed; split or shorten it"

    def read(self, region: Region) -> None:
        """Notes what is read in one piece of code, and the first thing that is wrong there."""
        tokens = region.tokens
        if region.opener == "%":
            word = tokens[0].text if tokens else ""
            if word not in _STATEMENTS:
                allowed = listed((f"{{% {each} %}}" for each in _STATEMENTS), "and")
                said = f"{{% {word} %}} is not allowed; allowed are {allowed}{did_you_mean(word, _STATEMENTS)}"
                self._flaw(region.at, said)
                tokens = []
            self._counts[_STEPS] += 1
            tokens = tokens[1:]
        self._expression(tokens)
        if region.flaw is not None:
            self._flaw(*region.flaw)
        else:
            for bracket in self._brackets:
                self._flaw(bracket.at, "a bracket is opened here and never closed")
        # One mistake makes much of what stands behind it look wrong.
        self._first_flaws += sorted(self._flaws, key=lambda flaw: flaw[0])[:1]
        self._flaws.clear()
        self._brackets.clear()

    def _expression(self, tokens: list[Token]) -> None:
        here, is_value = 0, False
        while here < len(tokens):
            token = tokens[here]
            if token.text in ("(", "["):
                if is_value:
                    self._flaw(token.at, _CALLED if token.text == "(" else _PICKED)
                is_value = self._opened(_Bracket(token.text, token.at))
            elif token.text in (")", "]"):
                is_value = self._closed(token, empty=tokens[here - 1].text in ("(", "["))
            elif token.text in ("|", "is"):
                here, is_value = self._applied(tokens, here)
            elif token.text in _SIDES:
                here, is_value = self._reference(tokens, here), True
            elif token.kind in ("text", "number") or token.text in _CONSTANTS:
                is_value = True
            else:
                is_value = self._operator(token, _at(tokens, here + 1))
            here += 1

    def _applied(self, tokens: list[Token], here: int) -> tuple[int, bool]:
        """Reads a filter or a test with its opening bracket: the place of the last token, and if a value ends there."""
        what, table = ("filter", FILTERS) if tokens[here].text == "|" else ("test", TESTS)
        self._counts["filters" if what == "filter" else _STEPS] += 1
        here += 1 + (what == "test" and _at(tokens, here + 1).text == "not")
        name, opened = _at(tokens, here), _at(tokens, here + 1)
        if name.text not in table:
            shown = f"the {what} '{name.text}' is not allowed" if name.text else f"the name of a {what} is missing"
            said = f"{shown}; allowed are {listed(sorted(table), 'and')}{did_you_mean(name.text, table)}"
            self._flaw(name.at, said)
        takes = table.get(name.text, (0, len(tokens)))
        if opened.text == "(":
            return here + 1, self._opened(_Bracket("(", opened.at, name.text, takes))
        if takes[0]:
            self._flaw(name.at, _arguments(name.text, takes))
        return here, True

    def _reference(self, tokens: list[Token], here: int) -> int:
        """Reads a field's whole name; the place of its last token."""
        root = tokens[here]
        side: Side = "incident" if root.text == "incident" else "issue"
        parts: list[str] = []
        while True:
            first, second, third = (_at(tokens, here + offset) for offset in (1, 2, 3))
            if first.text == "." and second.kind == "name":
                parts.append(second.text)
                here += 2
            elif first.text == "[" and second.kind == "text" and third.text == "]":
                if "\\" in second.text:
                    self._flaw(second.at, "a field's name is written without a backslash; use the other quotes")
                if second.text[1:].startswith(CUSTOM_PREFIX):
                    self._flaw(second.at, _CUSTOM)
                parts.append(second.text[1:-1])
                here += 3
            else:
                break
        custom = side == "incident" and parts[:1] == ["FieldValues"]
        if custom and len(parts) == 2:
            self.references.append(Reference(side, CUSTOM_PREFIX + parts[1]))
        elif len(parts) == 1 and not custom:
            self.references.append(Reference(side, parts[0]))
        elif not parts and _asks_for_presence(tokens, here + 1):
            self.references.append(Reference(side, None))
        elif custom and len(parts) == 1:
            self._flaw(root.at, _CUSTOM)
        elif not parts:
            self._flaw(root.at, f"'{side}' needs the name of a field, as {_EXAMPLE[side]}")
        else:
            self._flaw(root.at, f"{side}.{'.'.join(parts)} asks a field for more than its value; use a filter")
        return here

    def _operator(self, token: Token, after: Token) -> bool:
        if token.text == "," and self._brackets:
            self._brackets[-1].given += 1
        elif token.text in (".", ","):
            self._flaw(token.at, _PICKED if token.text == "." else "a comma stands here outside of brackets")
        elif token.kind != "name" or token.text in _WORDS:
            self._counts[_STEPS] += 1
        elif after.text == "(":
            self._flaw(token.at, _CALLED)
            return True
        else:
            allowed = "incident.<field>, issue.<field>, true, false, and text in quotes"
            said = f"the name '{token.text}' is unknown; allowed are {allowed}{did_you_mean(token.text, _SIDES)}"
            self._flaw(token.at, said)
            return True
        return False

    def _opened(self, bracket: _Bracket) -> bool:
        self._brackets.append(bracket)
        self._counts[_DEPTH] = max(self._counts[_DEPTH], len(self._brackets))
        return False

    def _closed(self, token: Token, *, empty: bool) -> bool:
        if not self._brackets or self._brackets[-1].sign + token.text not in ("()", "[]"):
            self._flaw(token.at, f"a '{token.text}' stands here that closes nothing")
            return True
        opened = self._brackets.pop()
        if opened.owner and not opened.takes[0] <= opened.given + (not empty) <= opened.takes[1]:
            self._flaw(opened.at, _arguments(opened.owner, opened.takes))
        return True

    def _flaw(self, at: int, sentence: str) -> None:
        self._flaws.append((at if at >= 0 else len(self._source), sentence))


_CUSTOM = 'a custom field goes by its name, as incident.FieldValues["Found on"]'
_CALLED = f"nothing can be called here; use a filter behind a |: {listed(sorted(FILTERS), 'or')}"
_PICKED = "only fields are named with a dot or in [...]; for a part of a value use the filter first or last"


def _at(tokens: list[Token], here: int) -> Token:
    return tokens[here] if here < len(tokens) else END


def _asks_for_presence(tokens: list[Token], here: int) -> bool:
    words = [_at(tokens, here + offset).text for offset in range(3)]
    return words[0] == "is" and words[1 + (words[1] == "not")] in ("defined", "undefined")


def _arguments(name: str, takes: tuple[int, int]) -> str:
    fewest, most = takes
    wanted = "nothing" if not most else str(most) if fewest == most else f"{fewest} or {most}"
    return f"'{name}' takes {wanted} in brackets behind it"
