"""Faults that are planted in the ports and in the state DB, each of which some history shows: the simulator can fail.

See `test_simulator.py` for the promises that they break.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from mappings.values import Values
from state.errors import StateError
from syncer.core.records import Cause, Comment, Draft, Listed, Record, Unknown
from syncer.errors import InDoubt
from tests.simulation.clock import Clock
from tests.simulation.model_incidents import ModelIncidents
from tests.simulation.model_issues import ModelIssues
from tests.simulation.mortal_store import MortalStore
from tests.simulation.rows import Row
from tests.simulation.simulator import LENGTH, simulator
from tests.simulation.steps import Mood, drawn
from tests.simulation.test_found import CLOCK_BEHIND, HISTORIES, TERMS
from tests.simulation.world import Models

WITHIN = 30
"""So many seeds find each planted fault."""

LOSING = Mood((2, 4), ("lost answer", "error after"))
"""Answers get lost in each cycle."""

FREEZING = Mood((2, 4), ("slow",), 1.0)
"""Processes stand still in each cycle."""


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


class ShowsEverything(ModelIssues):
    """Comments that are for a few people only are given like any other."""

    def _comments(self, row: Row) -> tuple[Comment, ...]:
        return tuple(map(self._shown, row.remarks.values()))


class SkipsPages(ModelIssues):
    """Of a listing only the page with the newest records is read."""

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        yield list(super().listed(since))[-1]


class SeesNoMarks(ModelIssues):
    """Marks can't be read, so that nothing is known any more after the state DB was lost."""

    def _record(self, row: Row) -> Record:
        return replace(super()._record(row), mark=None)


class TrustsClocks(ModelIncidents):
    """Who edited what is asked for by our own clock, as if the server's were the same."""

    def _edited(self, row: Row, since: datetime, until: datetime) -> frozenset[str]:
        return frozenset() if row.saved_by == "us" or row.updated_at < since else frozenset(row.values)


class AsksNobody(MortalStore):
    """No request asks whether it is still our turn."""

    def require_turn(self) -> None:
        return None


class Unfenced(AsksNobody):
    """Nor does any transaction."""

    @contextmanager
    def writing(self, clock: Clock, wait: Callable[[StateError], None] | None) -> Iterator[int]:
        with super().writing(clock, wait) as number:
            self._db._fence = None
            yield number


PLANTED: dict[str, tuple[Models, frozenset[str]]] = {
    "a create is sent again": ((ModelIncidents, SendsAgain), frozenset({"duplicate"})),
    "hidden counts as deleted": ((ModelIncidents, TakesHiddenForGone), frozenset({"removed", "dissolved"})),
    "denied counts as missing": ((TakesDeniedForMissing, ModelIssues), frozenset({"removed", "dissolved"})),
    "the baseline is what was sent": ((TellsWhatWasSent, ModelIssues), frozenset({"lost edit", "apart", "restless"})),
    "restricted comments are shown": ((ModelIncidents, ShowsEverything), frozenset({"leaked"})),
    "pages are skipped": ((ModelIncidents, SkipsPages), frozenset({"no twin"})),
    "marks are not seen": ((ModelIncidents, SeesNoMarks), frozenset({"duplicate"})),
}
"""Faults, and the promises of which each breaks one."""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(fault: str) -> None:
    models, promises = PLANTED[fault]
    with simulator(models) as faulty:
        assert any(faulty.run_seed(seed, mood=LOSING).promises & promises for seed in range(WITHIN))


@pytest.mark.parametrize(("store", "promises"), [(AsksNobody, {"overtaken"}), (Unfenced, {"duplicate"})])
def test_a_process_that_writes_on_after_it_was_succeeded_is_caught(
    store: type[MortalStore], promises: set[str]
) -> None:
    with simulator(store=store) as faulty:
        assert any(faulty.run_seed(seed, mood=FREEZING).promises & promises for seed in range(WITHIN))


def test_a_clock_that_is_trusted_is_caught() -> None:
    with simulator((TrustsClocks, ModelIssues)) as faulty:
        outcome = faulty.run(replace(TERMS, skews=(-400.0, 0.0)), HISTORIES[CLOCK_BEHIND])
        assert outcome.promises & {"lost edit", "apart"}


def test_a_failing_history_is_made_short() -> None:
    with simulator((ModelIncidents, SendsAgain)) as faulty:
        seed = next(seed for seed in range(WITHIN) if "duplicate" in faulty.run_seed(seed, mood=LOSING).promises)
        terms, steps = drawn(seed, LENGTH, LOSING)
        short = faulty.shortened(terms, steps, "duplicate")
        assert len(short) <= 3, "a record is made, a cycle loses the answer, and maybe one thing more"
        assert "duplicate" in faulty.run(terms, short).promises
