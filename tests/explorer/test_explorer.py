"""Nothing is created twice, in whatever order two writers, crashes, losses and lags come; and each rule is needed."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.explorer.explorer import Exploration, explore
from tests.explorer.protocol import At, Bounds, Rules
from tests.explorer.steps import Protocol

TWICE, NOWHERE, STUCK = (
    "two records for one incident",
    "a link to a record that doesn't exist",
    "it never settles again",
)

BROKEN = {
    "sent without an intent": (TWICE, {"intends": False}),
    "the intent comes after the call": (TWICE, {"intends_before_sending": False}),
    "the fence isn't checked when intending": (TWICE, {"fence_when_intending": False}),
    "given up without waiting": (TWICE, {"waits_before_giving_up": False}),
    "the time is taken after looking": (TWICE, {"takes_the_time_before_looking": False}),
    "sent long after it was intended": (TWICE, {"leaves_in_time": False}),
    "sent again after a lost answer": (TWICE, {"never_sent_again": False}),
    "marked by a second call": (TWICE, {"marked_from_birth": False}),
    "a lost answer counts as a success": (NOWHERE, {"lost_answer_is_in_doubt": False}),
    "never given up": (STUCK, {"gives_up_at_all": False}),
    "the fence isn't checked when settling, and intents' numbers are given again": (
        TWICE,
        {"fence_when_settling": False, "numbers_never_given_twice": False},
    ),
}
"""Programs that lack a rule, and what goes wrong with each."""

SMALL: dict[str, Any] = {"crashes": 1, "losses": 1}


@pytest.fixture(scope="module")
def covered() -> Iterator[dict[str, int]]:
    """How much was explored; told to the file that GUARANTEES_OUT names once all that can happen was."""
    sizes = {"states": 0, "depth": 0, "counterexamples": 0}
    yield sizes
    told_to = os.environ.get("GUARANTEES_OUT")
    if told_to and sizes["states"]:
        with Path(told_to).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"suite": "create protocol", **sizes}) + "\n")


def explored(rules: Rules | None = None, **bounds: int) -> Exploration:
    protocol = Protocol(rules or Rules(), Bounds(**bounds))
    return explore(protocol.start(), protocol.steps)


def test_one_record_and_one_link_whatever_happens_in_whatever_order(covered: dict[str, int]) -> None:
    """Two writers, paused at will and fenced off any number of times, two crashes, two losses, lags from none to 2."""
    found = explored()
    assert found.trace is None, str(found.trace)
    covered.update(states=found.states, depth=found.depth)
    assert found.states > 50_000, "the model has lost most of what can happen"
    expected = {"crashes", "takes the lease over", "may not intend", "too old", "gets no answer", "lost on its way"}
    expected |= {"to wait", "abandons", "finds R1", "links R1", "may not settle", "may not abandon"}
    unmet = {words for words in expected if not any(words in label for label in found.labels)}
    assert unmet == set(), "these never happen: what is promised of them is empty"
    assert found.reached == {at for at in At if at is not At.UNFOUND}, "the time is taken before looking, in one step"


@pytest.mark.parametrize(("finding", "lacking"), BROKEN.values(), ids=BROKEN)
def test_a_program_that_lacks_one_rule_goes_wrong(
    covered: dict[str, int], finding: str, lacking: dict[str, bool]
) -> None:
    found = explored(Rules(**lacking))
    print(found.trace)
    assert found.trace is not None, f"nothing goes wrong in {found.states} states"
    assert found.trace.finding == finding
    covered["counterexamples"] += 1


@pytest.mark.parametrize("rule", ["fence_when_settling", "numbers_never_given_twice"])
def test_of_these_two_rules_one_alone_is_enough(rule: str) -> None:
    """An intent that somebody else has ended can't be ended again, unless its number means another one by now."""
    found = explored(Rules(**{rule: False}), **SMALL)
    assert found.trace is None, str(found.trace)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_settle_after_has_to_be_longer_than_all_delays_together(covered: dict[str, int], lag: int) -> None:
    """The one assumption: true by a single tick it is enough, untrue by none it isn't."""
    delays = Bounds().leave_within + Bounds().flight + lag
    enough = explored(lag=lag, settle_after=delays + 1, **SMALL)
    assert enough.trace is None, str(enough.trace)
    short = explored(lag=lag, settle_after=delays, **SMALL)
    print(short.trace)
    assert short.trace is not None
    assert short.trace.finding == TWICE
    covered["counterexamples"] += 1


def test_a_counterexample_is_a_shortest_one_and_reads_step_by_step() -> None:
    found = explored(Rules(never_sent_again=False))
    assert str(found.trace) == "\n".join(
        [
            "two records for one incident, after 9 steps:",
            "  W1 takes the lease",
            "  W1 sees no link",
            "  W1 plans a create",
            "  W1 commits intent 1",
            "  W1 sends the create",
            "  W1 gets no answer",
            "  W1 sends the create",
            "  the server makes R1",
            "  the server makes R2",
        ]
    )
