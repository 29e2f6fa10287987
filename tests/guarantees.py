"""docs/guarantees.md: what is promised, on which assumption, and what the suite that shows it covered in its last run.

`script/prove` and `script/soak` run the suites, which append what they covered to the file that GUARANTEES_OUT names, a
JSON object a line. What each suite told last is kept in docs/guarantees.jsonl, and the page is made of it:

    python -m tests.guarantees <file>
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
RECORD = DOCS / "guarantees.jsonl"
PAGE = DOCS / "guarantees.md"


@dataclass(frozen=True, slots=True)
class Promise:
    """`suite` is what the suite calls itself where it tells its size, `path` where it stands."""

    sentence: str
    assumption: str
    suite: str
    path: str


PROMISES = (
    Promise(
        "A create whose answer was lost is never made twice, in whatever order two writers, crashes, lost answers and "
        "a lagging index come.",
        "`settle_after` is longer than these together: the 10 s within which a request leaves after its intent, the "
        "10 s that it may then wait for a limit, the longest time it may then be under way or worked on, and the "
        "longest lag of the index.",
        "create protocol",
        "tests/explorer",
    ),
    Promise(
        "Stopped at any of its requests and commits, or cut off from an answer, and started again, the synchronizer "
        "comes to the very world to which it would have come otherwise: on both servers and in the state DB.",
        "A record that carries our mark can be read by its id at once, and is found by its mark within `settle_after`.",
        "crash sweep",
        "tests/crash/test_sweep.py",
    ),
    Promise(
        "The same holds for a real process that a real SIGKILL ends, also if the next one is killed soon after.",
        "What the state DB has committed outlasts the process; of a power failure only the disk can promise that.",
        "killed processes",
        "tests/crash/test_killed.py",
    ),
    Promise(
        "The same at every moment where the state DB is on PostgreSQL "
        "(`CRASH_STATE_DB=postgresql script/test tests/crash`).",
        "As above, of the PostgreSQL server.",
        "crash sweep on PostgreSQL",
        "tests/crash",
    ),
    Promise(
        "In each run of all tests: one moment of each scenario on PostgreSQL, and some processes that are killed.",
        "As above.",
        "sample of the crash sweep on PostgreSQL",
        "tests/crash/test_postgres.py",
    ),
    Promise(
        "Whatever people and servers do in whatever order, both sides agree once the faults stop: no duplicate, no "
        "lost edit or comment, nothing back that was deleted, nothing removed that is only hidden, nothing hidden told "
        "to the other side, and a second quiet cycle writes nothing.",
        "Servers keep what they acknowledged, and tell a record's revision or the time of its last change. What people "
        "change between our last look at a record and our write, a few requests, counts as changed before it. See the "
        "list below.",
        "simulator",
        "tests/simulation",
    ),
    Promise(
        "The same over many more histories.",
        "As above.",
        "soak",
        "tests/simulation",
    ),
    Promise(
        "The same with the state DB in PostgreSQL, where each history goes just as it does with a SQLite file.",
        "As above.",
        "simulator on PostgreSQL",
        "tests/simulation/test_on_postgres.py",
    ),
    Promise(
        "No change is passed over by the polls, whatever clocks, time zones and indexes say; an idle poll takes two "
        "requests a side at most.",
        "The index shows a change within the overlap, and the clock that a server tells is within one overlap of the "
        "one that stamps its records.",
        "time",
        "tests/time",
    ),
    Promise(
        "Of two instances one writes: the other one waits, and takes over from one that ended or was paused for longer "
        "than the lease; a paused one sends no further write when it wakes.",
        "A request that had left before the pause can't be called back: a create among them is found by its mark "
        "within `settle_after`.",
        "two instances",
        "tests/syncer/cli/test_two_instances.py",
    ),
)
"""Each sentence of the page."""

ASSUMED = """
## What the simulator lets pass, since no synchronizer could tell

- An edit made after the look at a record by which a write was planned, and before that write reaches it (some four
  requests, ten seconds at most), is taken for older than the write, except where the server can refuse by revision.
- After an update whose answer was lost, an edit by a person in the same moment counts as a conflict.
- A record that somebody hides or deletes after our create was carried out, while we don't know of it yet, may get a
  second twin: there is nothing left to find it by.
- A clone of a mirrored record carries its mark too, and may stay parked until a person decides.
- Where the state DB was lost while only one record of a pair bore a mark, that one waits as long as the other can't be
  read, or as a clone of it bears the mark too. If it is hidden or deleted before that is settled, another twin is made.
"""

HEAD = """# What is promised, and what shows it

Each promise rests on an assumption about servers and disks, and is shown by a suite of the tests. What a suite covered
when it was last run for this page was written by the suite itself: `script/prove` and, for the long run, `script/soak`.
All of it ran against the two sandbox servers or models of them, never against a live Jira or Enterprise Tester.

| promise | assumption | shown by | its last run |
|---|---|---|---|
"""


def covered(lines: Iterable[str]) -> dict[str, Counter[str]]:
    """What each suite covered: its parts' numbers, added up."""
    sizes: dict[str, Counter[str]] = {}
    for line in lines:
        told: Mapping[str, object] = json.loads(line)
        size = sizes.setdefault(str(told["suite"]), Counter())
        size.update({name: count for name, count in told.items() if isinstance(count, int)})
    return sizes


def page(sizes: Mapping[str, Mapping[str, int]]) -> str:
    """The page. Raises `KeyError` for a promise whose suite was never run."""
    rows = []
    for each in PROMISES:
        size = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sizes[each.suite].items())
        rows.append(f"| {each.sentence} | {each.assumption} | [{each.path}](../{each.path}) | {size} |")
    return HEAD + "\n".join(rows) + "\n" + ASSUMED


def main(fresh: Path) -> None:
    """Put what was told just now in the place of what the same suites told before, and write the page."""
    sizes = covered(RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else ())
    sizes.update(covered(fresh.read_text(encoding="utf-8").splitlines()))
    text = page(sizes)
    RECORD.write_text("".join(json.dumps({"suite": suite, **sizes[suite]}) + "\n" for suite in sorted(sizes)))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
