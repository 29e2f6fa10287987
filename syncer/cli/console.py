"""How the commands speak: results on standard output, progress on standard error, plain where nobody watches."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from syncer.logs import printable

if TYPE_CHECKING:
    from syncer.context import Progress as Watcher

PLAIN_WIDTH = 1000
"""Width of tables in files and pipes: wide enough for one line a row."""


def out() -> Console:
    """Standard output."""
    return _console(sys.stdout)


def err() -> Console:
    """Standard error."""
    return _console(sys.stderr)


def _console(file: TextIO) -> Console:
    width = None if file.isatty() or os.environ.get("COLUMNS") else PLAIN_WIDTH
    # Nothing that is printed is markup: it comes from files and servers.
    return Console(file=file, width=width, markup=False, emoji=False, highlight=False)


def say(console: Console, text: str = "", style: str = "") -> None:
    """One line, as long as it is."""
    console.print(Text(printable(text), style), soft_wrap=True)


def program() -> str:
    """How to call this program from here: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.name != "syncer" or shutil.which("syncer") == str(called):
        return "syncer"
    inside = called.is_relative_to(Path.cwd())
    return str(called.relative_to(Path.cwd())) if inside else str(called)


def sign(console: Console, ok: bool) -> str:
    """A tick or a cross, in letters where the terminal has no signs."""
    if console.encoding.lower().startswith("utf"):
        return "✓" if ok else "✗"
    return "ok" if ok else "FAILED"


def table(console: Console, title: str, *columns: str) -> Table:
    """An empty table with a title and headings; without lines where nobody watches."""
    grid = Table(*columns, title=printable(title) or None, title_justify="left", show_edge=False, pad_edge=False)
    if not console.is_terminal:
        grid.box = None
    return grid


def row(grid: Table, *cells: str, style: str = "") -> None:
    """Add one row of plain text."""
    grid.add_row(*(Text(printable(cell), style) for cell in cells))


def age(since: datetime, now: datetime) -> str:
    """How long ago, as people say it: "12 s", "3 min", "5 h", "2 days"."""
    seconds = max(0, int((now - since).total_seconds()))
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def counted(counts: Mapping[str, int]) -> str:
    """Actions by kind: "create 3, add comment 7"; "nothing" for none."""
    return ", ".join(f"{kind} {count}" for kind, count in counts.items()) or "nothing"


@contextmanager
def watching(label: str) -> "Iterator[Watcher]":
    """Progress for people: bars on a terminal, else one line a step; both on standard error."""
    console = err()
    if not console.is_terminal:
        yield _Lines(console, label)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        yield _Bars(bars, label)


class _Lines:
    def __init__(self, console: Console, label: str) -> None:
        self._console = console
        self._label = label

    def begin(self, step: str, total: int | None) -> None:
        if total != 0:
            say(self._console, f"{self._label}: {step}" + (f" {total}" if total is not None else ""))

    def advance(self, step: str, count: int = 1) -> None:
        return None


class _Bars:
    def __init__(self, bars: Progress, label: str) -> None:
        self._bars = bars
        self._label = label
        self._tasks: dict[str, TaskID] = {}

    def begin(self, step: str, total: int | None) -> None:
        self._finish()
        if total != 0:
            self._tasks[step] = self._bars.add_task(f"{self._label}: {step}", total=total)

    def advance(self, step: str, count: int = 1) -> None:
        if step in self._tasks:
            self._bars.advance(self._tasks[step], count)

    def _finish(self) -> None:
        """A bar without a total would move for ever: what has come is all there was."""
        for task in self._bars.tasks:
            if task.total is None:
                self._bars.update(task.id, total=task.completed)
