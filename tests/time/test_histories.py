"""Whatever the clocks say: no change is passed over, and an idle poll is cheap. See `histories.py`."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncer.core.records import Side
from tests.time.drawn import OVERLAPS, ZONES, changes_of, drawn
from tests.time.histories import Run, runner
from tests.time.mistakes import MISTAKES

SEEDS = 200
CHUNK = 25
SHOWS_LATE = {"minutes_cut": 60}
"""From which seed on a mistake is looked for that takes two mishaps at once."""
WITHIN = 30


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with runner() as made:
        yield made


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_change_is_missed_and_an_idle_poll_is_cheap(run: Run, first: int) -> None:
    broken = {seed: said for seed in range(first, first + CHUNK) if (said := run(seed, None).broken)}
    assert not broken


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_shows(run: Run, name: str) -> None:
    first = SHOWS_LATE.get(name, 0)
    assert any(run(seed, MISTAKES[name]).broken for seed in range(first, first + WITHIN))


def test_histories_are_not_harmless() -> None:
    """Every zone and every kind of change, servers that are ten minutes off, indexes as late as is allowed."""
    histories = [drawn(seed) for seed in range(SEEDS)]
    assert {each.zone for each in histories} == {*ZONES}
    met = {
        shift
        for each in histories
        for change, shift in changes_of(each.zone).items()
        if each.start < change < each.start + timedelta(seconds=sum(each.waits))
    }
    assert met == {timedelta(minutes=minutes) for minutes in (-60, -30, 30, 60)}
    terms = [each.terms[side] for each in histories for side in Side]
    assert {timedelta(minutes=10), timedelta(minutes=-10)} <= {each.skew for each in terms}
    overlaps = {timedelta(seconds=seconds) for seconds in OVERLAPS}
    assert {each.overlap for each in terms if timedelta(seconds=each.lag) == each.overlap} == overlaps


def test_a_seed_is_the_same_history_again(run: Run) -> None:
    assert run(4, None) == run(4, None)
