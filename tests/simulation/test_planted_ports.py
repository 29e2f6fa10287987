"""Faults that are planted in the ports, each of which some history shows: the simulator can fail.

See `test_simulator.py` for the promises that they break.
"""

from dataclasses import replace

import pytest

from mappings.values import Values
from syncer.core.records import Cause, Draft, Record, Unknown
from syncer.errors import InDoubt
from tests.simulation.model_incidents import ModelIncidents
from tests.simulation.model_issues import ModelIssues
from tests.simulation.simulator import LENGTH, simulator
from tests.simulation.steps import Mood, drawn
from tests.simulation.world import Models

WITHIN = 30
"""So many seeds find each planted fault."""

LOSING = Mood((2, 4), ("lost answer",))
"""Answers get lost in each cycle."""


class SendsAgain(ModelIssues):
    """A create whose answer was lost is sent again."""

    def create(self, draft: Draft) -> Record:
        try:
            return super().create(draft)
        except InDoubt:
            return super().create(draft)


class TakesHiddenForGone(ModelIssues):
    """That an issue can't be seen counts as its deletion."""

    def hides_single_records(self) -> bool:
        return False


class TakesDeniedForMissing(ModelIncidents):
    """That an incident may not be read counts as its absence."""

    def _hidden(self) -> Unknown:
        return Unknown("there is no such incident", Cause.MISSING)


class TellsWhatWasSent(ModelIncidents):
    """A baseline is what was sent, and not what the server made of it."""

    def create(self, draft: Draft) -> Record:
        made = super().create(draft)
        return replace(made, values={**made.values, **draft.values})

    def update(self, record_id: str, changes: Values) -> Record:
        made = super().update(record_id, changes)
        return replace(made, values={**made.values, **changes})


PLANTED: dict[str, tuple[Models, frozenset[str]]] = {
    "a create is sent again": ((ModelIncidents, SendsAgain), frozenset({"duplicate"})),
    "hidden counts as deleted": ((ModelIncidents, TakesHiddenForGone), frozenset({"removed", "dissolved"})),
    "denied counts as missing": ((TakesDeniedForMissing, ModelIssues), frozenset({"removed", "dissolved"})),
    "the baseline is what was sent": ((TellsWhatWasSent, ModelIssues), frozenset({"lost edit", "apart", "restless"})),
}
"""Faults, and the promises of which each breaks one."""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(fault: str) -> None:
    models, promises = PLANTED[fault]
    with simulator(models) as faulty:
        assert any(faulty.run_seed(seed, mood=LOSING).promises & promises for seed in range(WITHIN))


def test_a_failing_history_is_made_short() -> None:
    with simulator((ModelIncidents, SendsAgain)) as faulty:
        seed = next(seed for seed in range(WITHIN) if "duplicate" in faulty.run_seed(seed, mood=LOSING).promises)
        terms, steps = drawn(seed, LENGTH, LOSING)
        short = faulty.shortened(terms, steps, "duplicate")
        assert len(short) <= 3, "a record is made, a cycle loses the answer, and maybe one thing more"
        assert "duplicate" in faulty.run(terms, short).promises
