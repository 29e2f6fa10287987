"""Writes the tables of a run into docs/performance.md, between its two markers.

python -m bench.page ROWS.jsonl COMMAND      rows as `--json` appends them, and the command that made them
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.report import races, routes, table

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def filled(page: str, rows: Sequence[Mapping[str, Any]], command: str) -> str:
    """The page with new tables. Raises ValueError where it has lost its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no tables to fill; it needs the lines {BEGIN} and {END}")
    blocks = [[f"`{command}` made these tables:"], table(rows), races(rows)]
    mirrors = [row for row in rows if row["case"] == "first-mirror"]
    if mirrors:
        blocks += [
            ["The requests of the largest first mirror:"],
            routes(max(mirrors, key=lambda row: int(row["size"]))),
        ]
    text = "\n\n".join("\n".join(block) for block in blocks if block)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def main(rows: Path, command: str) -> None:
    """Fill the page."""
    told = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), told, command), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), " ".join(sys.argv[2:]))
