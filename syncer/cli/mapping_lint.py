"""`syncer mapping lint`: all that is wrong with mapping files, each with its place; with `--live` both servers help.

A file that can't be loaded is told about, and the others are looked at all the same. Settings are only read where
something of them is needed.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mappings import MappingError, load_mapping, load_mappings
from mappings.load import SUFFIXES
from mappings.model import Mapping as LinkMapping
from mappings.problems import Problem
from syncer.cli.console import out, say, watching
from syncer.cli.session import Session

if TYPE_CHECKING:
    from config.model import Settings
    from syncer.linting_fields import Remark


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One line of the report; `error` is False for what needn't be put right."""

    problem: Problem
    error: bool = True

    def __str__(self) -> str:
        problem = self.problem
        if self.error:
            return str(problem)
        return f"{problem.file}:{problem.line}:{problem.column}: note: {problem.sentence}"


def lint(session: Session, path: Path | None, *, live: bool, as_json: bool) -> int:
    """Print the report; 1 if something has to be put right."""
    from syncer.linting_offline import oddities, overlaps

    settings = session.settings() if live or path is None else None
    where = path or (settings.mappings if settings is not None else Path())
    files = _files(where)
    mappings, problems = _loaded(where, files)
    lines = [Line(problem) for problem in problems]
    lines += [_line(mapping, remark) for mapping in mappings for remark in oddities(mapping)]
    lines += [_line(mapping, remark) for mapping, remark in overlaps(mappings)]
    if live and settings is not None:
        session.logging(settings, quiet=True)
        lines += _live(settings, mappings)
    lines.sort()
    if as_json:
        print(json.dumps([_as_json(line) for line in lines], indent=2))
    else:
        _show(lines, len(files))
    return 1 if any(line.error for line in lines) else 0


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = (each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and not each.name.startswith("."))
    return sorted(each for each in files if each.is_file())


def _loaded(path: Path, files: Iterable[Path]) -> tuple[Sequence[LinkMapping], Sequence[Problem]]:
    """The mappings that load, and the problems of the others."""
    try:
        return load_mappings(path), ()
    except MappingError as error:
        problems = error.problems
    spoilt = {problem.file for problem in problems}
    mappings = []
    for file in files:
        # Expressions are only tried where all files can be read, so that another one may turn out to be bad here.
        if str(file) not in spoilt:
            try:
                mappings.append(load_mapping(file))
            except MappingError as error:
                problems += error.problems
    return mappings, problems


def _line(mapping: LinkMapping, remark: "Remark") -> Line:
    document, fault = mapping.document, remark.fault
    if document is None:
        raise ValueError("a mapping that is looked at here was read from a file")
    spot = document.key_at(fault.loc) if fault.at_key else document.value_at(fault.loc)
    return Line(document.problem(spot, fault.sentence), remark.error)


def _show(lines: Sequence[Line], files: int) -> None:
    console = out()
    for line in lines:
        say(console, str(line), "red" if line.error else "")
    wrong = [line for line in lines if line.error]
    notes = _counted(len(lines) - len(wrong), "note")
    if wrong:
        spoilt = len({line.problem.file for line in wrong})
        say(console, f"{len(wrong)} to be put right in {_counted(spoilt, 'file')}", "bold red")
    else:
        also = f", {notes}" if len(lines) else ""
        say(console, f"{_counted(files, 'mapping file')}, nothing to put right{also}", "bold")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _as_json(line: Line) -> dict[str, str | int]:
    problem = line.problem
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": "error" if line.error else "note",
        "sentence": problem.sentence,
    }


def _live(settings: "Settings", mappings: Sequence[LinkMapping]) -> Iterator[Line]:
    from syncer.hearing import heard_of
    from syncer.linting import remarks

    with watching("lint") as progress:
        step = "ask both servers about mappings"
        progress.begin(step, len(mappings))
        for mapping, heard in heard_of(mappings, settings):
            progress.advance(step)
            yield from (_line(mapping, remark) for remark in remarks(mapping, heard))
