"""Stopped at any of its boundaries and started again, the synchronizer comes to the very world that it would have
come to otherwise: on both servers and in the state DB. Nothing twice, nothing lost, nothing different."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.figures import tell
from tests.crash.kinds import ON
from tests.crash.scenarios import Scenario, all_scenarios
from tests.crash.sweep import Theatre, differences, lose_answer, outcome

SCENARIOS = all_scenarios()
CREATING = [scenario for scenario in SCENARIOS if scenario.creates]


def named(scenario: Scenario) -> str:
    return scenario.name


@pytest.fixture(scope="module")
def figures() -> Iterator[Counter[str]]:
    # A duplicate, a lost comment or a lost edit is a difference too.
    counted = Counter[str]()
    yield counted
    tell(f"crash sweep{ON}", **counted)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_a_process_that_ends_at_any_boundary(theatre: Theatre, figures: Counter[str], scenario: Scenario) -> None:
    reference = theatre.reference(scenario)
    assert reference.boundaries, "nothing was done, so nothing could be interrupted"
    stage = theatre.stage(scenario.servers)
    for each in reference.boundaries:
        came = outcome(stage, reference, each.world)
        figures.update(differences=came != reference.end)
        assert came == reference.end, differences(reference, f"stopped at {each.number} ({each.words})", came)
    figures.update(scenarios=1, boundaries=len(reference.boundaries), worlds=len(reference.known))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_a_connection_that_is_lost_at_any_write(theatre: Theatre, figures: Counter[str], scenario: Scenario) -> None:
    reference = theatre.reference(scenario)
    for number in range(reference.requests):
        came = lose_answer(theatre.stage(scenario.servers), reference, number)
        figures.update(differences=came != reference.end)
        assert came == reference.end, differences(reference, f"no answer to request {number}", came)
    figures.update(lost_answers=reference.requests)


@pytest.mark.parametrize("scenario", CREATING, ids=named)
def test_either_while_both_indexes_lag(theatre: Theatre, figures: Counter[str], scenario: Scenario) -> None:
    reference, stage = theatre.reference(scenario, lag=True), theatre.stage(scenario.servers)
    assert reference.end == theatre.reference(scenario).end
    for each in reference.boundaries:
        came = outcome(stage, reference, each.world)
        figures.update(differences=came != reference.end)
        assert came == reference.end, differences(reference, f"lagging, stopped at {each.number} ({each.words})", came)
    for number in range(reference.requests):
        came = lose_answer(stage, reference, number)
        figures.update(differences=came != reference.end)
        assert came == reference.end, differences(reference, f"lagging, no answer to request {number}", came)
    figures.update(lagging_boundaries=len(reference.boundaries), lagging_lost_answers=reference.requests)
