"""JQL as text and as a tree.

query   = [ or ] [ "ORDER BY" field [ "ASC" | "DESC" ] { "," ... } ]
or      = and { "OR" and }
and     = not { "AND" not }
not     = "NOT" not | "(" or ")" | clause
clause  = field operator operand
            | field [ "NOT" ] "IN" "(" operand { "," operand } ")"
            | field "IS" [ "NOT" ] "EMPTY"
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from syncer.sandbox.jira.errors import JiraError

MOST_SORT_FIELDS = 7
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<symbol>!=|!~|>=|<=|&&|\|\||[=~<>!(),])
      | (?P<word>[^\s"'=~<>!(),&|]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OPERATORS = ("=", "!=", "~", "!~", ">=", "<=", ">", "<")
_RESERVED = {"and", "or", "not", "in", "is", "order", "empty", "null"}


@dataclass(frozen=True, slots=True)
class Clause:
    """`operator` is one of the symbols, `in`, `not in`, `is` or `is not`; the last two have no operands."""

    field: str
    operator: str
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


Node: TypeAlias = Clause | Not | All | Any


@dataclass(frozen=True, slots=True)
class Sort:
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`where` is None for JQL without a restriction."""

    where: Node | None
    order: tuple[Sort, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    def says(self, *words: str) -> bool:
        return self.kind in ("word", "symbol") and self.text.lower() in words


def parse(jql: str) -> Query:
    """The tree of a JQL text. Raises JiraError 400 where it isn't JQL."""
    return _Parser(_tokens(jql)).query()


def _tokens(jql: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, text = 0, jql.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _refusal(f"The character '{text[at:].lstrip()[0]}' is not expected here.", at)
        kind = found.lastgroup or ""
        tokens.append(_Token(kind, found[kind], found.start(kind)))
        at = found.end()
    return [*tokens, _Token("end", "", len(text))]


def _refusal(text: str, at: int) -> JiraError:
    return JiraError(400, f"Error in the JQL Query: {text} (line 1, character {at + 1})")


class _Parser:
    """Recursive descent over the tokens, one method per rule of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def query(self) -> Query:
        where = None if self._sees("order") or self._now.kind == "end" else self._or()
        order: list[Sort] = []
        if self._take("order"):
            self._need("by", "Expecting 'by' after 'order'.")
            order.append(self._sort())
            while self._take(","):
                order.append(self._sort())
        if self._now.kind != "end":
            raise self._unexpected("Expecting either 'OR' or 'AND'")
        if len(order) > MOST_SORT_FIELDS:
            raise JiraError(400, f"The ORDER BY clause must not have more than {MOST_SORT_FIELDS} fields.")
        return Query(where, tuple(order))

    @property
    def _now(self) -> _Token:
        return self._tokens[self._place]

    def _sees(self, *words: str) -> bool:
        return self._now.says(*words)

    def _take(self, *words: str) -> bool:
        if not self._sees(*words):
            return False
        self._place += 1
        return True

    def _need(self, word: str, otherwise: str) -> None:
        if not self._take(word):
            raise self._unexpected(otherwise)

    def _unexpected(self, wanted: str) -> JiraError:
        if self._now.kind == "end":
            return _refusal(f"{wanted} before the end of the query.", self._now.at)
        return _refusal(f"{wanted} but got '{self._now.text}'.", self._now.at)

    def _or(self) -> Node:
        parts = [self._and()]
        while self._take("or", "||"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._take("and", "&&"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _not(self) -> Node:
        if self._take("not", "!"):
            return Not(self._not())
        if self._take("("):
            inner = self._or()
            self._need(")", "Expecting ')'")
            return inner
        return self._clause()

    def _clause(self) -> Clause:
        field = self._field()
        if self._take("is"):
            operator = "is not" if self._take("not") else "is"
            if not self._take("empty", "null"):
                raise self._unexpected("Expecting 'EMPTY' or 'NULL'")
            return Clause(field, operator)
        negated = self._take("not")
        if self._take("in"):
            return Clause(field, "not in" if negated else "in", self._list())
        if negated or self._now.kind != "symbol" or self._now.text not in _OPERATORS:
            known = ", ".join(_OPERATORS)
            raise self._unexpected(f"Expecting operator (one of {known}, in, not in, is, is not)")
        operator = self._now.text
        self._place += 1
        if operator in ("=", "!=") and self._take("empty", "null"):
            return Clause(field, "is" if operator == "=" else "is not")
        return Clause(field, operator, (self._operand(),))

    def _list(self) -> tuple[str, ...]:
        self._need("(", "Expecting '('")
        operands = [self._operand()]
        while self._take(","):
            operands.append(self._operand())
        self._need(")", "Expecting ')'")
        return tuple(operands)

    def _operand(self) -> str:
        token = self._now
        bare = token.kind == "word" and token.text.lower() not in _RESERVED
        if not bare and token.kind != "quoted":
            raise self._unexpected("Expecting a value")
        self._place += 1
        if self._sees("(") and bare:
            raise JiraError(400, f"Unable to find JQL function '{token.text}()'.")
        return token.text if bare else _unquoted(token.text)

    def _field(self) -> str:
        token = self._now
        if token.kind == "quoted":
            self._place += 1
            return _unquoted(token.text)
        if token.kind != "word" or token.text.lower() in _RESERVED:
            raise self._unexpected("Expecting a field name")
        self._place += 1
        return token.text

    def _sort(self) -> Sort:
        field = self._field()
        if self._take("desc"):
            return Sort(field, descending=True)
        self._take("asc")
        return Sort(field)


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(r"\1", text[1:-1])
