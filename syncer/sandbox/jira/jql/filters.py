"""A syntax tree as a test for one issue.

As in Jira, `!=` and `not in` don't find issues whose field is empty: that takes `is empty`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import ge, gt, le, lt
from zoneinfo import ZoneInfo

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.jql.moments import read_moment
from syncer.sandbox.jira.jql.syntax import All, Any, Clause, Node, Not
from syncer.sandbox.jira.jql.terms import Term, term, unknown_field
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.store import Store

Test = Callable[[Issue], bool]

_MOMENTS = {"created": "created", "createddate": "created", "updated": "updated", "updateddate": "updated"}
_TEXTS = {
    "summary": ("summary",),
    "description": ("description",),
    "text": ("summary", "description", "environment"),
}
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}
_WORDS = re.compile(r"\w+\*?")


@dataclass(frozen=True, slots=True)
class Asker:
    """What the meaning of a query depends on besides its text."""

    store: Store
    now: datetime
    zone: ZoneInfo


def build(asker: Asker, node: Node) -> Test:
    """The test that a tree stands for. Raises JiraError 400 for unknown fields, values and operators."""
    match node:
        case Not(part):
            inner = build(asker, part)
            return lambda issue: not inner(issue)
        case All(parts):
            every = [build(asker, part) for part in parts]
            return lambda issue: all(test(issue) for test in every)
        case Any(parts):
            some = [build(asker, part) for part in parts]
            return lambda issue: any(test(issue) for test in some)
        case Clause():
            return _clause(asker, node)


def _clause(asker: Asker, clause: Clause) -> Test:
    name = clause.field.lower()
    if name in _MOMENTS:
        return _moment(asker, clause, _MOMENTS[name])
    known = term(name)
    if name in _TEXTS and (clause.operator in ("~", "!~") or known is None):
        return _words(clause, _TEXTS[name])
    if known is None:
        raise unknown_field(clause.field)
    return _membership(asker, clause, known)


def _membership(asker: Asker, clause: Clause, known: Term) -> Test:
    read = known.read
    if clause.operator == "is":
        return lambda issue: not read(issue)
    if clause.operator == "is not":
        return lambda issue: bool(read(issue))
    if clause.operator not in ("=", "!=", "in", "not in"):
        raise _unsupported(clause)
    named = list(clause.operands)
    # "Unresolved" is no resolution but the absence of one.
    empty = known.name == "resolution" and "unresolved" in map(str.lower, named)
    if empty:
        named = [one for one in named if one.lower() != "unresolved"]
    wanted = frozenset[str]().union(*(known.ids(asker.store, one) for one in named))
    if clause.operator in ("=", "in"):
        return lambda issue: not wanted.isdisjoint(read(issue)) or (empty and not read(issue))
    return lambda issue: bool(read(issue)) and wanted.isdisjoint(read(issue))


def _moment(asker: Asker, clause: Clause, field: str) -> Test:
    compare = _COMPARISONS.get(clause.operator)
    if compare is None:
        raise _unsupported(clause)
    epoch = asker.store.behaviour.epoch_literals
    bound = read_moment(clause.operands[0], clause.field, asker.now, asker.zone, epoch=epoch)

    def test(issue: Issue) -> bool:
        held = issue.moment(field)
        return held is not None and compare(held, bound)

    return test


def _words(clause: Clause, fields: tuple[str, ...]) -> Test:
    """Every word has to occur, `*` at its end stands for any ending; a quoted phrase occurs as it is."""
    if clause.operator in ("is", "is not"):
        return lambda issue: any(issue.text(name) for name in fields) == (clause.operator == "is not")
    if clause.operator not in ("~", "!~"):
        raise _unsupported(clause)
    wanted = clause.operands[0].casefold()
    phrase = wanted.strip('"') if wanted.startswith('"') else None
    words = _WORDS.findall(wanted)

    def occurs(issue: Issue) -> bool:
        texts = [issue.text(name) for name in fields]
        if "environment" in fields:
            texts += [comment.body for comment in issue.comments.values()]
        text = "\n".join(texts).casefold()
        if phrase is not None:
            return phrase in text
        held = set(_WORDS.findall(text))
        return bool(words) and all(_found(word, held) for word in words)

    return occurs if clause.operator == "~" else lambda issue: not occurs(issue)


def _found(word: str, held: set[str]) -> bool:
    if word.endswith("*"):
        return any(one.startswith(word[:-1]) for one in held)
    return word in held


def _unsupported(clause: Clause) -> JiraError:
    return JiraError(400, f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
