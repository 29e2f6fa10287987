"""Text templates and conditions of mapping files: one engine, minijinja, so bounded that no mapping can do harm.

A mapping's author may be careless or worse, and the daemon evaluates what he wrote for every record. minijinja runs
no foreign code and its fuel bounds loops; nothing in it bounds memory, and a want of memory there ends the process.
Hence:

| danger | bound |
|---|---|
| code, methods of values, other files | only what `expression_syntax` knows may be written; values are plain data |
| time | no loops, macros, assignments or recursion: each token is evaluated once at most; fuel besides |
| memory | inputs are cut, and counted; no `*`, slices or formats; each filter that could grow a text is our own |
| the stack | brackets, operators and statements are counted |
| a huge result | refused beyond `MOST_RESULT` |
| an error that tells what a record holds | minijinja's own words about values are never passed on |

A value is used up by the one operator that takes it, as nothing can be kept under a name. So what an expression
allocates is bounded by what it reads (`MOST_READ`) and by what its filters give (`expression_values.MOST_TEXT` each).

`mappings.trial` tries what a mapping holds once more, in a process of its own: for what this table forgot.

Lines that hold only a statement leave no empty line behind, and a set is printed as "a, b".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from minijinja import Environment, TemplateError

from mappings.expression_syntax import Reference, read
from mappings.expression_tokens import Kind, place
from mappings.expression_values import FUNCTIONS, ExpressionError, plain, size
from mappings.fields import CUSTOM_PREFIX, Side

__all__ = [
    "Condition",
    "ExhaustionError",
    "ExpressionError",
    "Kind",
    "Template",
    "condition",
    "faults",
    "names",
    "template",
]

MOST_READ = 262_144
"""Characters of all values together that one expression reads, each as often as it is read."""

MOST_RESULT = 65_536
_FUEL = 10_000
_BESIDE_FIELDS = ("key", "url")


class ExhaustionError(ExpressionError):
    """An expression that the engine gave up on: for no record should that happen."""


@dataclass(frozen=True, slots=True)
class _Expression:
    source: str
    references: tuple[Reference, ...]

    @property
    def names(self) -> frozenset[tuple[Side, str]]:
        """The fields that it reads."""
        return _names(self.references)

    @property
    def sides(self) -> frozenset[Side]:
        """The records that have to be there."""
        return frozenset(each.side for each in self.references if each.name is not None)


class Template(_Expression):
    """A text with fields in it."""

    __slots__ = ()

    def render(self, context: Mapping[str, object]) -> str:
        """The text for one record. Raises `ExpressionError`."""
        text: str = _evaluated(_ENGINE.render_str, self, context)
        if len(text) > MOST_RESULT:
            raise ExpressionError(f"the result is longer than {MOST_RESULT:,} characters; shorten the template")
        return text


class Condition(_Expression):
    """A question about a record. Text and sets answer yes when there is anything in them."""

    __slots__ = ()

    def holds(self, context: Mapping[str, object]) -> bool:
        """Whether it is true of one record. Raises `ExpressionError`."""
        result = _evaluated(_ENGINE.eval_expr, self, context)
        if result is None:
            raise ExpressionError(_absent(self, context))
        return bool(result)


@lru_cache(maxsize=1024)
def template(source: str) -> Template:
    """The template that `source` is. Raises `ExpressionError` with the first of its faults."""
    return Template(source, _checked(source, "template"))


@lru_cache(maxsize=1024)
def condition(source: str) -> Condition:
    """The condition that `source` is. Raises `ExpressionError` with the first of its faults."""
    return Condition(source, _checked(source, "condition"))


def faults(source: str, kind: Kind) -> Iterator[str]:
    """All that is wrong with an expression, whatever the records hold."""
    flaws = read(source, kind).flaws
    yield from flaws
    if flaws:
        return
    try:
        # Without any record: whatever fails beyond the grammar is of no interest here.
        (_ENGINE.render_str if kind == "template" else _ENGINE.eval_expr)(source)
    except TemplateError as error:
        if error.kind == "SyntaxError":
            start = len(source.encode()[: (error.range or (0, 0))[0]].decode(errors="ignore"))
            yield f"this is no valid {kind}: {error.detail}{place(source, start)}"
    except ExpressionError:
        pass


def names(source: str) -> frozenset[tuple[Side, str]]:
    """The fields that a template or condition reads; none where it is faulty."""
    # A condition has no braces outside of quotes, so what can be read as one is one, or a template without fields.
    readings = (read(source, "condition"), read(source, "template"))
    return next((_names(each.references) for each in readings if not each.flaws), frozenset())


def _names(references: Iterable[Reference]) -> frozenset[tuple[Side, str]]:
    return frozenset((side, name) for side, name in references if name is not None and name not in _BESIDE_FIELDS)


def _checked(source: str, kind: Kind) -> tuple[Reference, ...]:
    for sentence in faults(source, kind):
        raise ExpressionError(sentence)
    return read(source, kind).references


def _evaluated(run: Callable[..., Any], expression: _Expression, context: Mapping[str, object]) -> Any:
    try:
        return run(expression.source, **_shown(expression.references, context))
    except TemplateError as error:
        kind = error.kind
    except MemoryError:
        kind = "OutOfMemory"
    # Outside of the handlers, so that no report of the error can show what caused it.
    if kind == "UndefinedError":
        raise ExpressionError(_absent(expression, context))
    if kind == "InvalidOperation":
        raise ExpressionError(
            "an operator or filter got a value that it can't work with, as a text where a number is needed; "
            "join texts with ~, and use int or float on numbers only"
        )
    raise ExhaustionError(f"the engine gave it up ({kind}); write it more simply")


def _absent(expression: _Expression, context: Mapping[str, object]) -> str:
    for side, name in expression.references:
        record = context.get(side)
        if not isinstance(record, Mapping):
            return f"there is no {side} to read yet; ask for it first, with '{side} is defined'"
        if name is None:
            continue
        holder, key = _holder(record, name)
        if key not in holder:
            return f"the {side} that was read has no {name}; check the name, or write |default('...') behind it"
    return "a value is missing, as that of an 'if' without an 'else'; say what holds instead"


def _shown(references: Iterable[Reference], context: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """What an expression reads of the context, and nothing else; cut to size."""
    shown: dict[str, dict[str, object]] = {}
    characters = 0
    for side, name in references:
        record = context.get(side)
        if not isinstance(record, Mapping):
            continue
        own = shown.setdefault(side, {"FieldValues": {}})
        if name is None:
            continue
        holder, key = _holder(record, name)
        if key in holder:
            target, _ = _holder(own, name)
            if key not in target:
                target[key] = plain(holder[key])
            characters += size(target[key])
    if characters > MOST_READ:
        raise ExpressionError(f"it reads more than {MOST_READ:,} characters; read fewer long texts at once")
    return shown


def _holder(record: Any, name: str) -> tuple[Any, str]:
    """The dict that has a field, and the field's name there."""
    if name.startswith(CUSTOM_PREFIX):
        return record.get("FieldValues", {}), name.removeprefix(CUSTOM_PREFIX)
    return record, name


def _engine() -> Environment:
    engine = Environment(
        fuel=_FUEL,
        filters=FUNCTIONS,
        undefined_behavior="strict",
        auto_escape_callback=lambda _: False,
        # Its long error texts would quote the values of variables.
        debug=False,
        pycompat=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in list(engine.globals):
        engine.remove_global(name)
    return engine


_ENGINE = _engine()
