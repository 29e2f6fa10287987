"""The same promises where the state DB is on PostgreSQL, for a sample: a moment of each scenario at which the process
ends, and some moments at which a real one is killed.

What comes of it is compared with what a process on SQLite comes to that nobody interrupts. All moments are gone through
by `CRASH_STATE_DB=postgresql script/test tests/crash`.
"""

import random
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.crash.figures import tell
from tests.crash.killer import Killer
from tests.crash.postgres_states import PostgresDatabase
from tests.crash.scenarios import Scenario, all_scenarios
from tests.crash.sweep import Boundary, Reference, Theatre, differences, go_on
from tests.crash.worlds import Stage
from tests.postgres import server

SEED = 7
KILLED = 5
"""Of so many scenarios one has its process killed."""

SCENARIOS = all_scenarios()


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresDatabase]:
    with server().database(migrated=True) as url:
        made = PostgresDatabase(url)
        yield made
        made.close()


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def figures(killer: Killer) -> Iterator[Counter[str]]:
    counted = Counter[str](scenarios=0, boundaries=0, kills=0, differences=0)
    yield counted
    tell("sample of the crash sweep on PostgreSQL", **counted)


def named(scenario: Scenario) -> str:
    return scenario.name


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_a_process_that_ends_at_some_boundary(
    theatre: Theatre, postgres: PostgresDatabase, figures: Counter[str], scenario: Scenario
) -> None:
    stage, reference = theatre.stage(scenario.servers), theatre.reference(scenario)
    boundary = random.Random(f"{SEED} {scenario.name}").choice(reference.boundaries)
    with stage.kept_in(postgres):
        stage.put(replace(boundary.world, state=postgres.copied(boundary.world.state)))
        figures.update(scenarios=1, boundaries=1)
        _comes_to_its_end(stage, reference, boundary, figures)


@pytest.mark.parametrize("scenario", SCENARIOS[::KILLED], ids=named)
def test_a_process_that_is_killed(
    theatre: Theatre, postgres: PostgresDatabase, killer: Killer, figures: Counter[str], scenario: Scenario
) -> None:
    stage, reference = theatre.stage(scenario.servers), theatre.reference(scenario)
    boundary = random.Random(f"{SEED} {scenario.name}").choice(reference.boundaries)
    with stage.kept_in(postgres):
        stage.put(replace(reference.start, state=postgres.copied(reference.start.state)))
        assert killer.run(stage, reference.place, boundary.number) == -signal.SIGKILL
        figures.update(kills=1)
        _comes_to_its_end(stage, reference, boundary, figures)


def _comes_to_its_end(stage: Stage, reference: Reference, boundary: Boundary, figures: Counter[str]) -> None:
    came = go_on(stage, reference)
    figures.update(differences=came != reference.end)
    assert came == reference.end, differences(reference, f"ended at {boundary.number} ({boundary.words})", came)
