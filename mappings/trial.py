"""Tries the templates and conditions of mappings in a process of its own, before the daemon evaluates them itself.

What may be written in them is so narrow that nothing known can go wrong (see `mappings.expressions`). A fault of the
engine would end the daemon all the same, so here it ends a child instead: one for all expressions, with little memory
and time, and with the largest values and the empty ones. An expression that only fails is let through: made-up values
lack meaning. Refused is what ends the child, or exhausts the engine.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mappings.expression_values import MOST_ENTRIES, MOST_TEXT
from mappings.expressions import (
    MOST_READ,
    Condition,
    ExhaustionError,
    ExpressionError,
    Kind,
    Template,
    condition,
    template,
)
from mappings.fields import CUSTOM_PREFIX

MEMORY = 50 * 2**20
"""Bytes that a child may allocate on top of what it has when it begins."""

CPU_SECONDS = 2
WALL_SECONDS = 10.0

# `mappings` itself would load YAML and the model, and these cost more time than all trials. So the package is an empty
# one here, that only says where its modules are.
PROGRAM = """
import json, sys, types
job = json.load(sys.stdin)
sys.path[:] = job["path"]
sys.modules["mappings"] = types.ModuleType("mappings")
sys.modules["mappings"].__path__ = [job["package"]]
from mappings.trial import answer, attempt
answer(job["sources"], attempt)
"""
"""What the child runs."""

_READY = b"ready"


class _Child(NamedTuple):
    """What a child said of the first sources, and, when it didn't come to the end, why not."""

    verdicts: list[str | None]
    ended: str | None


def try_all(
    sources: Sequence[tuple[Kind, str]], *, program: str = PROGRAM, wall: float = WALL_SECONDS
) -> list[str | None]:
    """For each source what is wrong with it, `None` where it may be evaluated. No sources start no child."""
    verdicts: list[str | None] = []
    while len(verdicts) < len(sources):
        rest = sources[len(verdicts) :]
        child = _run(rest, program, wall)
        verdicts += child.verdicts
        if child.ended is None:
            break
        # It may have died of what the sources before it left behind: then this one is tried alone.
        alone = _run(rest[len(child.verdicts) :][:1], program, wall) if child.verdicts else child
        verdicts.append(alone.verdicts[0] if alone.verdicts else alone.ended)
    return verdicts


def _run(sources: Sequence[tuple[Kind, str]], program: str, wall: float) -> _Child:
    job = {
        "path": [each for each in sys.path if os.path.isabs(each)],
        "package": os.path.dirname(os.path.abspath(__file__)),
        "sources": sources,
    }
    try:
        # -I and -B: nothing is read from this environment or the current folder, and nothing is written.
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", program],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=wall,
            check=False,
        )
        said, ended = done.stdout, _ending(done.returncode)
    except subprocess.TimeoutExpired as late:
        said, ended = late.stdout or b"", f"it takes more than {wall:g} s; write it more simply"
    except OSError:
        said, ended = b"", ""
    ready, *lines = said.split(b"\n")
    if ready != _READY:
        # No source is to blame, and still none may be evaluated untried.
        return _Child(
            ["it can't be tried, as no process can be started for that; try again later"] * len(sources), None
        )
    verdicts = [json.loads(line) for line in lines[:-1]]
    return _Child(verdicts, ended if len(verdicts) < len(sources) else None)


def _ending(status: int) -> str:
    if -status == getattr(signal, "SIGXCPU", None):
        return f"it takes more than {CPU_SECONDS} s of computing; write it more simply"
    name = signal.Signals(-status).name if -status in set(signal.Signals) else f"exit code {status}"
    return f"it ends the process that tries it ({name}), mostly for want of memory; write it more simply"


def answer(sources: Iterable[tuple[Kind, str]], attempt: Callable[[Kind, str], str | None]) -> None:
    """The child's part: limits itself, then says a line for each source."""
    _limit()
    _say(_READY)
    for kind, source in sources:
        _say(json.dumps(attempt(kind, source)).encode())


def attempt(kind: Kind, source: str) -> str | None:
    """What is wrong with one source, `None` where nothing is."""
    try:
        expression = template(source) if kind == "template" else condition(source)
        for context in _contexts(expression):
            try:
                if isinstance(expression, Template):
                    expression.render(context)
                else:
                    expression.holds(context)
            except ExhaustionError:
                raise
            except ExpressionError:
                continue
    except ExpressionError as error:
        return str(error)
    except Exception as error:
        return f"it fails in a way that is not foreseen ({type(error).__name__}); write it more simply"
    return None


def _contexts(expression: Template | Condition) -> Iterator[dict[str, dict[str, object]]]:
    """The largest values of each kind, then the empty ones."""
    most = min(MOST_TEXT, MOST_READ // max(len(expression.references), 1))
    wide = "\N{GRINNING FACE}"
    for value in (wide * most, "9" * most, [wide * (most // MOST_ENTRIES)] * MOST_ENTRIES, 7, "", list[str]()):
        context: dict[str, dict[str, object]] = {}
        for side, name in expression.references:
            custom: dict[str, object] = {}
            record = context.setdefault(side, {"FieldValues": custom})
            inner = record["FieldValues"]
            if name is not None and name.startswith(CUSTOM_PREFIX) and isinstance(inner, dict):
                inner[name.removeprefix(CUSTOM_PREFIX)] = value
            elif name is not None:
                record[name] = value
        yield context


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Not on Windows: there the parent's patience is the only bound.
        return
    # A crash is expected here, so it needs no memory image.
    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: round(time.process_time()) + CPU_SECONDS}
    # Without /proc, nothing tells what the process has already, and systems that lack it don't keep this limit either.
    pages = Path("/proc/self/statm")
    if pages.exists():
        wanted[resource.RLIMIT_AS] = int(pages.read_text().split()[0]) * resource.getpagesize() + MEMORY
    for what, value in wanted.items():
        _, most = resource.getrlimit(what)
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(what, (bound, most))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
