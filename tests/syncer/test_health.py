"""When the daemon counts as alive, as ready and, by its state DB alone, as healthy; and what it says where not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from state.signs import Signs
from syncer.activity import Doing
from syncer.clocks import Clocks
from syncer.health import QUIET_SECONDS, Pulse, Standing, alive, current, ready, span

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVERY = 60.0
HEALTHY = Pulse(now=1000, loop_age=1, doing={}, every={"shop": EVERY}, request=5, places=2)
PAUSE = Doing(began=990, touched=990)
CYCLE = Doing(running=True, step="read incidents", done=30, total=200, began=900, touched=990)


def pulse(shop: Doing, **changes: object) -> Pulse:
    return replace(HEALTHY, doing={"shop": shop}, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("every", "age", "good"),
    [(60, 119, True), (60, 121, False), (5, 11, False), (3600, 119, True), (3600, 121, False)],
)
def test_a_main_loop_that_stands_still_fails_within_two_intervals_and_within_two_minutes(
    every: float, age: float, good: bool
) -> None:
    verdict = alive(pulse(replace(PAUSE, touched=1000), every={"shop": every}, loop_age=age))
    assert verdict.good is good
    assert verdict.lines == (
        ("shop: it waits for its next cycle",) if good else (f"the main loop has stood still for {span(age)}",)
    )


@pytest.mark.parametrize(("still", "good"), [(119, True), (121, False)])
def test_a_project_link_whose_cycles_are_never_begun_fails_within_two_intervals(still: float, good: bool) -> None:
    verdict = alive(pulse(replace(PAUSE, touched=1000 - still)))
    assert verdict.good is good
    said = (
        "shop: it waits for its next cycle" if good else "shop: no cycle has been begun for 2 min, although one is due"
    )
    assert verdict.lines[0].startswith(said)


@pytest.mark.parametrize(
    ("request_seconds", "still", "good"),
    [(5, 119, True), (5, 121, False), (30, 121, True), (30, 299, True), (30, 301, False)],
)
def test_a_cycle_that_does_not_get_on_hangs_but_one_before_a_slow_server_does_not(
    request_seconds: float, still: float, good: bool
) -> None:
    """Between two records there may be several requests, each of which may take its time."""
    verdict = alive(pulse(replace(CYCLE, touched=1000 - still), request=request_seconds))
    assert verdict.good is good
    if not good:
        assert verdict.lines == (f"shop: its cycle has stood still at 'read incidents' for {span(still)}",)


def test_a_long_cycle_that_gets_on_is_alive_and_says_how_far_it_is() -> None:
    verdict = alive(pulse(replace(CYCLE, began=-100_000)))
    assert (verdict.good, verdict.lines) == (True, ("shop: a cycle runs: read incidents, 30 of 200",))


def test_a_server_that_is_down_leaves_the_daemon_alive() -> None:
    down = replace(PAUSE, failures=50, problem="Jira can't be reached")
    verdict = alive(pulse(down))
    assert (verdict.good, verdict.lines) == (True, ("shop: its last cycle failed: Jira can't be reached",))


def test_a_project_link_that_waits_for_a_free_place_does_not_hang() -> None:
    busy = {"shop": replace(PAUSE, touched=0), "one": CYCLE, "two": CYCLE}
    waiting = replace(HEALTHY, doing=busy, every=dict.fromkeys(busy, EVERY))
    assert alive(waiting).good is True
    assert alive(replace(waiting, places=3)).good is False


def test_an_instance_that_waits_for_its_turn_is_alive_as_long_as_it_comes_round() -> None:
    assert alive(replace(HEALTHY, every={})).lines == ("it waits for its turn",)
    assert alive(replace(HEALTHY, every={}, loop_age=121)).good is False


def test_the_verdict_names_those_that_hang_among_those_that_do_not() -> None:
    both = replace(
        HEALTHY, doing={"shop": CYCLE, "desk": replace(CYCLE, touched=0)}, every={"shop": EVERY, "desk": EVERY}
    )
    verdict = alive(both)
    assert len(verdict.lines) == 2
    assert verdict.faults == ("desk: its cycle has stood still at 'read incidents' for 16 min",)


def standing(seconds: float | None, doing: Doing = PAUSE) -> dict[str, Standing]:
    return {"shop": Standing(EVERY, doing, None if seconds is None else NOON - timedelta(seconds=seconds))}


@pytest.mark.parametrize(("seconds", "good"), [(10, True), (180, True), (181, False)])
def test_it_is_ready_for_three_intervals_after_a_good_cycle(seconds: float, good: bool) -> None:
    verdict = ready(NOON, standing(seconds))
    assert verdict.good is good
    assert f"its last good cycle ended {span(seconds)} ago" in verdict.lines[0]


def test_what_went_wrong_is_said_of_a_project_link_that_is_late() -> None:
    failing = replace(PAUSE, failures=3, problem="Jira refuses the credentials")
    (line,) = ready(NOON, standing(400, failing)).lines
    late, failed = line.split("; ")
    assert late == "shop: its last good cycle ended 6 min ago, more than 3 min"
    assert failed == "its last cycle failed: Jira refuses the credentials"


def test_a_long_cycle_after_a_good_one_leaves_it_ready_and_one_after_a_bad_one_does_not() -> None:
    assert ready(NOON, standing(4000, CYCLE)).good is True
    assert ready(NOON, standing(4000, replace(CYCLE, failures=1, problem="Jira was down"))).good is False


def test_before_the_first_good_cycle_it_is_not_ready_and_says_how_far_it_is() -> None:
    verdict = ready(NOON, standing(None, CYCLE))
    assert (verdict.good, verdict.lines) == (
        False,
        ("shop: no cycle has ended well yet; a cycle runs: read incidents, 30 of 200",),
    )


def test_a_state_db_that_fails_is_told_in_the_place_of_all_project_links() -> None:
    verdict = ready(NOON, standing(1), "the state DB failed: disk I/O error")
    assert (verdict.good, verdict.lines) == (False, ("the state DB failed: disk I/O error",))


def test_a_clock_that_was_set_back_makes_nothing_late_and_no_age_negative() -> None:
    verdict = ready(NOON, standing(-7200))
    assert (verdict.good, verdict.lines) == (True, ("shop: its last good cycle ended 0 s ago",))


def signs(began: float, left: float | None = None, *, runs: bool = True, failed: bool = False) -> Signs:
    """Seconds ago."""
    at = None if left is None else NOON - timedelta(seconds=left)
    return Signs(runs, NOON - timedelta(seconds=began), at, failed)


LONG = 5 * 3600


@pytest.mark.parametrize(
    ("good", "shown", "lives", "healthy"),
    [
        (170, None, False, True),
        (190, None, True, False),
        (None, None, True, False),
        # A first mirror that reads, and one that has written for hours.
        (None, signs(QUIET_SECONDS - 1), True, True),
        (None, signs(QUIET_SECONDS + 1), True, False),
        (None, signs(LONG, 60), True, True),
        (None, signs(LONG, QUIET_SECONDS + 1), True, False),
        # Its process was killed: what it began doesn't run.
        (None, signs(LONG, 60), False, False),
        (None, signs(LONG, 60, runs=False), True, False),
        # A long census after good cycles.
        (600, signs(500), True, True),
        # A server is down: cycles begin and fail, one after the other.
        (600, signs(30, failed=True), True, False),
        (None, signs(100, failed=True), True, False),
        # It was down in the midst of a first mirror, which goes on.
        (None, signs(100, 5, failed=True), True, True),
        (None, signs(181, failed=True), True, True),
    ],
)
def test_by_its_state_db_it_is_healthy_after_a_good_cycle_and_amid_a_long_one_that_gets_on(
    good: float | None, shown: Signs | None, lives: bool, healthy: bool
) -> None:
    at = None if good is None else NOON - timedelta(seconds=good)
    fault = current(NOON, EVERY, at, shown, lives=lives)
    assert (not fault) is healthy
    if good == 190:
        assert fault == "its last good cycle ended 3 min ago, more than 180 s"


def test_a_clock_that_is_set_back_is_noticed_once_and_one_that_drifts_is_not() -> None:
    shown = {"wall": 10_000.0, "steady": 50.0}
    clocks = Clocks(lambda: shown["wall"], lambda: shown["steady"])
    noticed = []
    for wall, steady in [(10, 10), (-3590, 10), (10, 10), (7200, 0), (8, 10)]:
        shown["wall"] += wall
        shown["steady"] += steady
        noticed.append(clocks.set_back())
    assert noticed == [0, 3600, 0, 0, 0]
