"""The picture of the last cycles: newest at the right edge, failures told in words too."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from state.rows import CycleRow
from syncer.console.sparkline import CYCLES, HEIGHT, WIDTH, sparkline

START = datetime(2026, 1, 1, tzinfo=UTC)


def cycle(number: int, actions: int, outcome: Literal["done", "failed"] = "done") -> CycleRow:
    at = START + timedelta(minutes=number)
    return CycleRow(str(number), "shop", at, at, outcome, "", {"create": actions} if actions else {})


def test_the_newest_cycle_is_at_the_right_edge_and_the_busiest_is_the_highest() -> None:
    picture = sparkline([cycle(3, 1), cycle(2, 5000), cycle(1, 0)])
    last = picture.bars[-1]
    assert last.x + last.width in (WIDTH - 1, WIDTH)
    assert [bar.height for bar in picture.bars][1] == HEIGHT
    assert picture.bars[0].height < last.height < HEIGHT
    assert picture.said == "5001 actions in the last 3 cycles"


def test_a_failure_is_told_in_words_and_no_cycle_is_no_picture() -> None:
    assert sparkline([cycle(2, 0, "failed"), cycle(1, 0)]).said == "0 actions in the last 2 cycles, 1 of them failed"
    assert sparkline([]).bars == ()


def test_all_bars_lie_within_the_picture() -> None:
    bars = sparkline([cycle(number, number) for number in range(CYCLES * 2, 0, -1)]).bars
    assert len(bars) == CYCLES
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH and 0 <= bar.y <= HEIGHT - bar.height for bar in bars)
