"""The command line of the bench; without arguments it runs a small set in a few minutes."""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.cases import CASES, Case
from bench.measuring import Lab
from bench.report import as_line, as_row, races, routes, table

SLOW = "150/350"
"""Milliseconds of reads and writes between two continents; what a run without a case takes beside 0/0."""

FAR_SMALL, FAR_WHOLE = 50, 200
"""How many incidents are mirrored so far away: one after another, the plain script needs some 2.6 s for each."""

EPILOG = """\
cases:
{cases}

A run without a case measures all of them small, and 50 incidents by mirror and plain script at 150/350 ms as well;
--whole takes the sizes in brackets, which can take hours. The servers add the latency to each read and to each write.

  wall      seconds from the start of the program to its exit; cycle: what its cycles took by the state DB
  replay    seconds in which a bare client asks the same requests again, in as many threads; ratio: wall / replay
  CPU       seconds of all cores, user and system; peak: resident memory
  per item  requests on both sides per incident, link or edit

examples:
  script/bench
  script/bench first-mirror --size 2000 --latency 150/350
  script/bench idle --size 1000 10000 --cache ~/.cache/bench --json rows.jsonl
"""


def main(words: Sequence[str]) -> int:
    """Measure what is asked for, print the tables, and append the rows to a file; 1 if something can't be measured."""
    asked = _parser().parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows, failures = _measured(asked, asked.cache.absolute() if asked.cache else Path(folder))
    _print(rows)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _measured(asked: argparse.Namespace, cache: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows, each appended to the file as soon as it is there, and what went wrong with other cases."""
    lab = Lab(
        connections=asked.connections,
        comments=asked.comments,
        seed=asked.seed,
        replays=not asked.no_replay,
        cache=cache,
    )
    rows: list[dict[str, Any]] = []
    failures: list[str] = []
    for case, size, latency in _wanted(asked):
        reads, writes = _latency(latency)
        print(f"{case.name} {size:,} {case.unit}, latency {latency} ms ...", file=sys.stderr, flush=True)
        try:
            for measured in case.measure(replace(lab, reads=reads, writes=writes), size):
                rows.append(as_row(measured))
                if asked.json:
                    with asked.json.open("a", encoding="utf-8") as file:
                        file.write(as_line(rows[-1]))
        except RuntimeError as problem:  # the other cases can still be measured
            failures.append(f"{case.name} {size:,} was not measured: {problem}")
    return rows, failures


def _wanted(asked: argparse.Namespace) -> Iterable[tuple[Case, int, str]]:
    """What is to be measured: which case, how large, at which latency."""
    cases = {case.name: case for case in CASES}
    if asked.case is not None:
        case = cases[asked.case]
        sizes = asked.size or (case.sizes if asked.whole else case.small)
        return [(case, size, asked.latency) for size in sizes]
    planned = [(case, size, asked.latency) for case in CASES for size in (case.sizes if asked.whole else case.small)]
    far_size = FAR_WHOLE if asked.whole else FAR_SMALL
    return [*planned, *((cases[name], far_size, SLOW) for name in ("first-mirror", "plain-script"))]


def _print(rows: Sequence[dict[str, Any]]) -> None:
    blocks = [table(rows), races(rows)]
    for row in rows:
        blocks.append([f"{row['case']} {row['size']:,} at {row['latency']} ms:", "", *routes(row)])
    print("\n\n".join("\n".join(block) for block in blocks if block))


def _latency(text: str) -> tuple[float, float]:
    reads, _, writes = text.partition("/")
    return float(reads), float(writes or reads)


def _checked_latency(text: str) -> str:
    try:
        reads, writes = _latency(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} isn't READS/WRITES in milliseconds, such as 150/350") from None
    if min(reads, writes) < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is negative; give milliseconds, such as 150/350")
    return f"{reads:g}/{writes:g}"


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number from 1 on")
    return number


def _parser() -> argparse.ArgumentParser:
    told = "\n".join(f"  {case.name:13}{_sizes(case.small)} {case.unit} [{_sizes(case.sizes)}]" for case in CASES)
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Measures what mirroring costs, against both sandbox servers in processes of their own.",
        epilog=EPILOG.format(cases=told),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("case", nargs="?", choices=[case.name for case in CASES], metavar="CASE", help="one case only")
    parser.add_argument("--size", type=_positive, nargs="+", metavar="N", help="how large, for one case")
    parser.add_argument("--whole", action="store_true", help="take all the sizes that a case has")
    parser.add_argument("--latency", type=_checked_latency, default="0/0", metavar="READS/WRITES", help="milliseconds")
    parser.add_argument("--connections", type=_positive, default=16, metavar="N", help="per side, and threads (16)")
    parser.add_argument(
        "--comments", type=_positive, default=3, metavar="N", help="of each incident to be mirrored (3)"
    )
    parser.add_argument("--seed", type=_positive, default=1, metavar="N", help="another seed, other incidents (1)")
    parser.add_argument("--no-replay", action="store_true", help="leave out the replay")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        help="keep mirrored projects there; empty it after a change of what is written",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="append a JSON object a row to that file")
    return parser


def _sizes(sizes: Sequence[int]) -> str:
    return ", ".join(f"{size:,}" for size in sizes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
