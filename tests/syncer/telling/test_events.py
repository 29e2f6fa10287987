"""What counts as an event, and what is known well enough to be over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from state.rows import Held, Parked
from state.told import Told
from syncer.activity import Activity, Doing
from syncer.core.reasons import Reason
from syncer.telling.events import Event, Facts, Group, LinkNow, What, picture

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FINE = Doing(good=1000.0)
"""Of a link whose last good cycle ended 0 seconds ago, at the clock's 1000."""


def facts(doing: Doing = FINE, clock: float = 1000.0, **more: Any) -> Facts:
    usual: dict[str, Any] = {"parked": (), "held": (), "told": (), "token_expires": None, "silent_intervals": 5}
    return Facts(links=[LinkNow("shop", 60.0, doing)], clock=clock, **{**usual, **more})


def kinds(given: Facts) -> list[tuple[str, str]]:
    return [(event.group.what.value, event.group.project_link) for event in picture(given, NOON).events]


def sure(given: Facts) -> set[str]:
    return {group.what.value for group in picture(given, NOON).sure if group.project_link == "shop"}


def waiting(code: str, since: datetime = NOON, item: str = "Status", link: str = "shop") -> Parked:
    return Parked(link, "incident", "guid-1", "#1", item, "the reason", code, since, 1, NOON)


def only(given: Facts) -> Event:
    (event,) = picture(given, NOON).events
    return event


def test_a_conflict_is_one_of_its_own_and_what_else_waits_another() -> None:
    rows = [waiting("conflict"), waiting("unmapped", item="Priority"), waiting("denied", item="record")]
    found = picture(facts(parked=rows), NOON).events
    assert [(event.group.what.value, event.words) for event in found] == [
        ("conflict", "#1, Status: the reason"),
        ("parked", "#1, Priority: the reason"),
        ("parked", "#1: the reason"),
    ]
    assert len({event.key for event in found}) == 3


@pytest.mark.parametrize("code", [Reason.UNAVAILABLE, Reason.IN_DOUBT, Reason.TO_CONFIRM, Reason.MISSING])
def test_what_heals_by_itself_is_told_once_it_takes_an_hour(code: Reason) -> None:
    assert only(facts(parked=[waiting(code)])).tell_from == NOON + timedelta(hours=1)


@pytest.mark.parametrize("code", [Reason.HELD_REMOVAL, Reason.HELD_MAPPING])
def test_what_is_held_is_told_as_one_set(code: Reason) -> None:
    held = Held("shop", "abc", "removals", "more than 10 in 24 hours", ("a", "b"), NOON)
    event = only(facts(parked=[waiting(code)], held=[held]))
    assert (event.group, event.words) == (Group(What.HELD, "shop"), "2 removals (more than 10 in 24 hours)")


def test_what_is_new_waits_a_little_while_a_cycle_runs_that_may_find_more() -> None:
    assert only(facts(replace(FINE, running=True), parked=[waiting("refused")])).tell_from == NOON + MINUTE
    assert only(facts(parked=[waiting("refused")])).tell_from == NOON


def test_a_project_link_that_does_not_run_here_is_neither_told_of_nor_over() -> None:
    found = picture(facts(parked=[waiting("conflict", link="other")]), NOON)
    assert not found.events
    assert "other" not in {group.project_link for group in found.sure}


@pytest.mark.parametrize(("refusals", "told"), [(0, False), (1, False), (2, True), (9, True)])
def test_access_is_lost_once_two_cycles_in_a_row_were_refused(refusals: int, told: bool) -> None:
    doing = Doing(failures=refusals, refusals=refusals, problem="401: check the password", good=990.0)
    assert kinds(facts(doing)) == ([("access", "shop")] if told else [])


def test_a_link_that_is_refused_and_silent_is_one_event() -> None:
    doing = Doing(failures=1, refusals=1, problem="401", good=0.0)
    assert kinds(facts(doing)) == [("access", "shop")]


@pytest.mark.parametrize(
    ("doing", "told"),
    [
        (Doing(good=700.0), False),
        (Doing(good=699.0), True),
        (Doing(good=None, since=701.0), False),
        (Doing(good=None, since=0.0), True),
        (Doing(running=True, touched=999.0), False),  # a first mirror that takes long, and gets on
        (Doing(running=True, touched=600.0), True),  # and one that doesn't
        (Doing(running=True, touched=999.0, failures=7, problem="503"), True),
    ],
)
def test_silent_is_who_had_no_good_cycle_for_five_intervals_and_does_not_get_on(doing: Doing, told: bool) -> None:
    assert kinds(facts(doing)) == ([("silent", "shop")] if told else [])


def test_access_and_silence_are_over_with_a_good_cycle_and_not_with_a_start() -> None:
    always = {"conflict", "parked", "held"}
    assert sure(facts(Doing(since=1000.0))) == always
    assert sure(facts(Doing(good=999.0, failures=1, problem="503"))) == always
    assert sure(facts(FINE)) == always | {"access", "silent"}


def test_a_state_db_that_cannot_be_read_ends_nothing_and_hides_no_silence() -> None:
    blind = facts(Doing(failures=9, problem="disk I/O error"), parked=None, held=None)
    assert kinds(blind) == [("silent", "shop")]
    assert sure(blind) == set()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 5), None),
        (date(2026, 12, 4), "ends on 2026-12-04"),
        (date(2026, 11, 20), "ends on 2026-11-20"),
        (date(2026, 11, 19), "ended on 2026-11-19"),
    ],
)
def test_a_token_is_told_of_two_weeks_before_it_ends(day: date, words: str | None) -> None:
    found = picture(facts(token_expires=day), NOON).events
    assert [event.words for event in found] == ([] if words is None else [words])
    assert len({event.key for event in found}) == len(found)


def test_another_instance_that_took_over_is_told_of_by_what_was_left_on_record() -> None:
    left = Told("taken over", "", "pid 1 was replaced by pid 2", NOON, None)
    assert only(facts(told=[left])).words == "pid 1 was replaced by pid 2"


def test_the_activity_counts_refusals_in_a_row_and_when_it_was_well_last() -> None:
    now = [0.0]
    link = Activity(lambda: now[0]).link("shop")

    def cycle(problem: str = "", *, refused: bool = False) -> Doing:
        now[0] += 10
        link.begin_cycle(census=False)
        if refused:
            link.refuse()
        link.end_cycle(problem)
        return link.doing

    assert cycle("401", refused=True).refusals == 1
    assert cycle("401", refused=True).refusals == 2
    assert cycle("503").refusals == 0
    assert link.doing.good is None
    assert (cycle().good, link.doing.failures) == (40.0, 0)
    assert (cycle("401", refused=True).good, link.doing.refusals, link.doing.since) == (40.0, 1, 0.0)
