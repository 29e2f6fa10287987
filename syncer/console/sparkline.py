"""How busy the last cycles were, as bars of an SVG that the server draws. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from state.rows import CycleRow

CYCLES = 48
WIDTH, HEIGHT, GAP = 240, 36, 1


@dataclass(frozen=True, slots=True)
class Bar:
    """One cycle, in units of the drawing. `tone` is done, failed or running."""

    x: int
    y: int
    width: int
    height: int
    tone: str


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`said` is what the picture says, in words."""

    bars: tuple[Bar, ...]
    said: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(cycles: Sequence[CycleRow]) -> Sparkline:
    """The picture of these cycles, which come newest first and are drawn oldest first.

    Heights grow with the logarithm: beside a first mirror of thousands, one action is still seen."""
    rows = list(reversed(cycles[:CYCLES]))
    counts = [sum(row.counts.values()) for row in rows]
    most = max(counts, default=0)
    step = WIDTH // CYCLES
    bars = []
    for place, (row, count) in enumerate(zip(rows, counts, strict=True)):
        share = math.log1p(count) / math.log1p(most) if most else 0.0
        height = max(2, round(share * HEIGHT))
        x = WIDTH - (len(rows) - place) * step
        bars.append(Bar(x, HEIGHT - height, step - GAP, height, row.outcome))
    failed = sum(row.outcome == "failed" for row in rows)
    said = f"{sum(counts)} actions in the last {len(rows)} cycles" + (f", {failed} of them failed" if failed else "")
    return Sparkline(tuple(bars), said)
