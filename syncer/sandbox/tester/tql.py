"""Reads TQL, the tester's query language: the part of it that a mirror of incidents may use.

    query      = [ condition ] [ "ORDER BY" order { "," order } ]
    condition  = both { "OR" both }
    both       = term { "AND" term }
    term       = "(" condition ")" | field operator value | field ( "IN" | "NOT IN" ) "[" value { "," value } "]"
    operator   = "=" | "!=" | "~"
    order      = field [ "ASC" | "DESC" ]
    field, value = bare word | "text" | 'text'

Keywords are read in any case. Assumed: a backslash in a text takes the next character literally.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from syncer.sandbox.tester.errors import Refused

Operator = Literal["=", "!=", "~", "IN", "NOT IN"]

_TOKEN = re.compile(
    r"""\s*(?: (?P<text> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
             | (?P<sign> != | [=~()\[\],] )
             | (?P<word> [^\s=~!()\[\],"'<>{}]+ ) )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition on one field; several values with IN and NOT IN only."""

    field: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (`AND`) or any (`OR`) hold."""

    joint: Literal["AND", "OR"]
    parts: tuple["Condition", ...]


Condition = Comparison | Group


@dataclass(frozen=True, slots=True)
class Order:
    """One key to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was written; `condition` is None where everything matches."""

    condition: Condition | None
    order: tuple[Order, ...]


class _Token(NamedTuple):
    kind: str
    value: str


def parse(text: str) -> Query:
    """The query in `text`. Raises Refused with what was expected where."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[_Token]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise Refused(f"The TQL cannot be read from {text[position : position + 20]!r} on.")
        kind = match.lastgroup or ""
        value = match[kind]
        tokens.append(_Token(kind, re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "text" else value))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; each method consumes what it returns."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens

    def query(self) -> Query:
        condition = None if not self._tokens or self._sees("ORDER") else self._condition()
        order: list[Order] = []
        if self._takes("ORDER"):
            self._needs("BY")
            order.append(self._order())
            while self._takes(","):
                order.append(self._order())
        if self._tokens:
            raise self._unexpected("AND, OR, ORDER BY or the end")
        return Query(condition, tuple(order))

    def _condition(self) -> Condition:
        return self._group("OR", lambda: self._group("AND", self._term))

    def _group(self, joint: Literal["AND", "OR"], read: Callable[[], Condition]) -> Condition:
        parts = [read()]
        while self._takes(joint):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Group(joint, tuple(parts))

    def _term(self) -> Condition:
        if self._takes("("):
            condition = self._condition()
            self._needs(")")
            return condition
        field = self._name("a field")
        for sign in ("=", "!=", "~"):
            if self._takes(sign):
                return Comparison(field, sign, (self._name("a value"),))
        negated = self._takes("NOT")
        if not self._takes("IN"):
            raise self._unexpected("IN" if negated else "=, !=, ~, IN or NOT IN")
        self._needs("[")
        values = [self._name("a value")]
        while self._takes(","):
            values.append(self._name("a value"))
        self._needs("]")
        return Comparison(field, "NOT IN" if negated else "IN", tuple(values))

    def _order(self) -> Order:
        field = self._name("a field")
        descending = self._takes("DESC")
        if not descending:
            self._takes("ASC")
        return Order(field, descending)

    def _name(self, expected: str) -> str:
        if not self._tokens or self._tokens[0].kind == "sign":
            raise self._unexpected(expected)
        return self._tokens.pop(0).value

    def _sees(self, word: str) -> bool:
        return bool(self._tokens) and self._tokens[0].kind != "text" and self._tokens[0].value.upper() == word

    def _takes(self, word: str) -> bool:
        seen = self._sees(word)
        if seen:
            self._tokens.pop(0)
        return seen

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected(word)

    def _unexpected(self, expected: str) -> Refused:
        found = repr(self._tokens[0].value) if self._tokens else "the end"
        return Refused(f"The TQL is malformed: expected {expected}, found {found}.")
