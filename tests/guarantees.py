"""docs/guarantees.md: what is promised, on which assumption, and what the suite that shows it covered in its last run.

`script/prove` runs the suites, which append what they covered to the file that GUARANTEES_OUT names, a JSON object a
line, and then writes the page from it:

    python -m tests.guarantees <file> > docs/guarantees.md
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


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
        "longest time it may then be under way or worked on, and the longest lag of the index.",
        "create protocol",
        "tests/explorer",
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

HEAD = """# What is promised, and what shows it

Each promise rests on an assumption about servers and disks, and is shown by a suite of the tests. What a suite covered
when it was last run for this page was written by the suite itself: `script/prove` runs them all and writes this page.
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
    """The page. Raises `KeyError` for a promise whose suite wasn't run."""
    rows = []
    for each in PROMISES:
        size = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sizes[each.suite].items())
        rows.append(f"| {each.sentence} | {each.assumption} | [{each.path}](../{each.path}) | {size} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as told_by_suites:
        sys.stdout.write(page(covered(told_by_suites)))
