"""The same histories with the state DB in PostgreSQL: no promise is broken there either, and nothing goes otherwise.

That no history depends on the engine is told by their traces: each request, each transaction, each fault, in order.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.figures import tell
from tests.simulation.disks import in_postgres
from tests.simulation.simulator import LENGTH, Simulator, simulator, size_of, told
from tests.simulation.steps import drawn

SEEDS = range(2000, 2030)
"""Others than in a SQLite file."""


@pytest.fixture(scope="module")
def in_file() -> Iterator[Simulator]:
    with simulator() as made:
        yield made


@pytest.fixture(scope="module")
def on_postgres() -> Iterator[Simulator]:
    with simulator(place=in_postgres) as made:
        yield made


def test_a_history_breaks_no_promise_on_postgresql_and_is_the_same_as_in_a_sqlite_file(
    in_file: Simulator, on_postgres: Simulator
) -> None:
    size: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for seed in SEEDS:
        outcome = on_postgres.run_seed(seed)
        size.update(size_of(outcome))
        met += outcome.met
        assert not outcome.violations, f"seed {seed}\n{told(drawn(seed, LENGTH)[1], outcome)}"
        assert outcome.trace == in_file.run_seed(seed).trace, f"seed {seed}"
    assert {"crash", "taken over", "state lost", "state put back"} <= {*met}
    tell("simulator on PostgreSQL", **size)
