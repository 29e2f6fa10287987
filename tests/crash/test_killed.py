"""A real process, killed by a real SIGKILL: what it leaves is what the sweep takes for it, and what becomes of it is
the world of the process that nobody killed. Some are killed again, soon after they were started again."""

import random
import signal
from collections.abc import Iterator

import pytest

from tests.crash.figures import tell
from tests.crash.killer import Killer
from tests.crash.kinds import ON
from tests.crash.program import UNHARMED
from tests.crash.scenarios import Scenario, all_scenarios
from tests.crash.sweep import Theatre, differences, outcome

SEED = 5
KILLS = 200
"""So many, dealt out to the scenarios as evenly as it goes."""
TWICE = 3
"""Of so many scenarios one is killed again."""
SOON = 8
"""A process that is killed again comes at most so many boundaries far."""

SCENARIOS = all_scenarios()


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()
    tell(f"killed processes{ON}", scenarios=len(SCENARIOS), kills=made.kills, differences=made.differences)


def named(scenario: Scenario) -> str:
    return scenario.name


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_a_killed_process(theatre: Theatre, killer: Killer, scenario: Scenario) -> None:
    stage, reference = theatre.stage(scenario.servers), theatre.reference(scenario)
    share = len(range(SCENARIOS.index(scenario), KILLS, len(SCENARIOS)))
    for boundary in random.Random(f"{SEED} {scenario.name}").sample(reference.boundaries, share):
        stage.put(reference.start)
        assert killer.run(stage, reference.place, boundary.number) == -signal.SIGKILL
        left, words = stage.take(), f"killed at {boundary.number} ({boundary.words})"
        killer.left.append(left.key == boundary.world.key)
        came = outcome(stage, reference, left)
        killer.differences += came != reference.end
        assert came == reference.end, differences(reference, words, came)


@pytest.mark.parametrize("scenario", SCENARIOS[::TWICE], ids=named)
def test_a_process_that_is_killed_and_then_killed_again(theatre: Theatre, killer: Killer, scenario: Scenario) -> None:
    dice = random.Random(f"{SEED} {scenario.name}")
    stage, reference = theatre.stage(scenario.servers), theatre.reference(scenario)
    boundary, again = dice.choice(reference.boundaries), dice.randrange(SOON)
    stage.put(boundary.world)
    assert killer.run(stage, reference.place, again) in (-signal.SIGKILL, UNHARMED)
    came = outcome(stage, reference, stage.take())
    killer.differences += came != reference.end
    words = f"killed at {boundary.number} ({boundary.words}), and {again} boundaries later"
    assert came == reference.end, differences(reference, words, came)


def test_what_they_left_is_what_the_sweep_takes_for_it(killer: Killer) -> None:
    """To the millisecond, but for some: the requests of a process that asks for several things at once may come to
    their server in another order."""
    if not killer.left:
        pytest.skip("no process was killed, as the other tests of this file weren't run")
    assert sum(killer.left) >= 0.97 * len(killer.left)
