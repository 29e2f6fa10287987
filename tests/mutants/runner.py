"""Plant each fault in a copy of the tree, run the suites that should see it, and print who did.

Run by `script/mutants`; without names all faults, two at a time, and then the table goes into `docs/mutants.md`. What
is believed is a suite that passes on the sound copy and fails on the faulty one; where one can't even be collected,
nothing is known.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.fault import Fault, Rotten
from tests.mutants.planted import FAULTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutants.md"
BEGIN, END = "<!-- written by script/mutants -->\n", "<!-- as far as here -->\n"
AT_ONCE = 2
LONGEST = 600
"""Seconds after which a run of suites counts as hanging, which is neither a pass nor a failure."""
LEFT_OUT = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "mutants-*")
PASSED, FAILED = 0, 1
"""pytest's exit codes; with all others it couldn't do what it was asked to."""


@dataclass(frozen=True, slots=True)
class Run:
    """One suite on one tree."""

    suite: str
    code: int | None
    seconds: float
    said: str

    @property
    def caught(self) -> bool:
        return self.code == FAILED


@dataclass(frozen=True, slots=True)
class Verdict:
    fault: Fault
    runs: tuple[Run, ...]

    @property
    def caught_by(self) -> list[str]:
        return [run.suite for run in self.runs if run.caught]


def main(names: Sequence[str]) -> int:
    """0 when every suite was sound and every fault was caught by all suites that claim to see it."""
    known = {fault.name: fault for fault in FAULTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such fault: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    chosen = [known[name] for name in names] or list(known.values())
    try:
        for fault in chosen:
            fault.applied(ROOT)
    except Rotten as rotten:
        print(rotten, file=sys.stderr)
        return 2
    began = time.monotonic()
    with trees(AT_ONCE) as idle, ThreadPoolExecutor(AT_ONCE) as pool:
        suites = dict.fromkeys(suite for fault in chosen for suite in fault.suites)
        sound = list(pool.map(lambda suite: on_a_tree(idle, None, suite), suites))
        unsound = [run for run in sound if run.code != PASSED]
        for run in unsound:
            print(f"fails without any fault: {run.suite}\n{run.said}", file=sys.stderr)
        verdicts = list(pool.map(lambda fault: judge(idle, fault), chosen))
    told = report(verdicts, time.monotonic() - began)
    print(told, end="")
    if not names:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")
    return int(bool(unsound) or any(not run.caught for verdict in verdicts for run in verdict.runs))


def judge(idle: "SimpleQueue[Path]", fault: Fault) -> Verdict:
    return Verdict(fault, tuple(on_a_tree(idle, fault, suite) for suite in fault.suites))


@contextmanager
def trees(count: int) -> Iterator["SimpleQueue[Path]"]:
    """Copies of the source that nobody works in."""
    idle: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for number in range(count):
            tree = Path(folder) / str(number)
            shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
            idle.put(tree)
        yield idle


def on_a_tree(idle: "SimpleQueue[Path]", fault: Fault | None, suite: str) -> Run:
    tree = idle.get()
    try:
        return run(tree, suite) if fault is None else run_with(tree, fault, suite)
    finally:
        idle.put(tree)


def run_with(tree: Path, fault: Fault, suite: str) -> Run:
    """The suite on the tree with the fault in it, which is taken out again."""
    file = tree / fault.file
    sound = file.read_text(encoding="utf-8")
    file.write_text(fault.applied(tree), encoding="utf-8")
    try:
        return run(tree, suite)
    finally:
        file.write_text(sound, encoding="utf-8")


def run(tree: Path, suite: str) -> Run:
    """The tree comes first, before the installed program; no compiled file of the tree before may be taken for it."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", suite]
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return Run(suite, None, time.monotonic() - began, f"hung for {LONGEST} s")
    last = "\n".join(done.stdout.splitlines()[-3:])
    return Run(suite, done.returncode, time.monotonic() - began, last)


def report(verdicts: Sequence[Verdict], seconds: float) -> str:
    """The table of the page, and the sum of it."""
    lines = ["| fault | what users would suffer | caught by | s |", "|---|---|---|---|"]
    for verdict in verdicts:
        took = sum(run.seconds for run in verdict.runs)
        shown = [f"`{short(run.suite)}`" if run.caught else missed(run) for run in verdict.runs]
        lines.append(f"| {verdict.fault.name} | {verdict.fault.harm} | {', '.join(shown)} | {took:.0f} |")
    caught = sum(bool(verdict.caught_by) for verdict in verdicts)
    idle = sum(not run.caught for verdict in verdicts for run in verdict.runs)
    counts = f"{len(verdicts)} faults, {caught} caught, {len(verdicts) - caught} not caught"
    lines += ["", f"{counts}; {idle} suites missed one that they claim to see; {seconds:.0f} s"]
    return "\n".join(lines) + "\n"


def replaced(page: str, told: str) -> str:
    """The page with what was told in the place of what an earlier run told."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{told}\n{END}{after}"


def missed(run: Run) -> str:
    why = {PASSED: "MISSED", None: "HUNG"}.get(run.code, f"BROKEN ({run.code})")
    return f"**{why}** `{short(run.suite)}`"


def short(suite: str) -> str:
    """A suite without the folder that all have in common."""
    return suite.removeprefix("tests/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
