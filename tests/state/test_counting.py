"""Numbers and signs of life, for those who watch: they say what the rows say."""

from datetime import datetime, timedelta

import pytest

from state import Store, effects
from state.counting import Counting, Numbers, Waiting
from state.rows import Held
from state.signs import Signs, signs, writer_lives
from tests.state.builders import LATER, NOON, entry, intended, linked, new_link, settled


def numbers(store: Store, name: str = "shop", before: datetime = LATER) -> Numbers:
    return Counting.of(store).numbers([name], before)[name]


def park(record: str, code: str, at: datetime, project_link: str = "shop") -> effects.Park:
    return effects.Park(project_link, "incident", record, "INC", "record", "why", code, at, LATER)


def cycle(store: Store, name: str, began: datetime, ended: datetime | None = None, *, good: bool = True) -> None:
    store.begin_cycle("shop", name, began)
    if ended is not None:
        store.finish_cycle(name, ended, "done" if good else "failed", "", {"create": 1})


def test_a_project_link_that_never_ran_has_nothing_to_count(store: Store) -> None:
    assert numbers(store) == Numbers()


def test_links_are_counted_by_project_link(store: Store) -> None:
    settled(store, new_link(1), new_link(2), new_link(3, "desk"))
    assert (numbers(store).links, numbers(store, "desk").links) == (2, 1)


def test_what_waits_is_counted_by_its_code_with_the_age_of_the_oldest(store: Store) -> None:
    settled(
        store,
        park("a", "conflict", LATER),
        park("b", "conflict", NOON),
        park("c", "unmapped", LATER),
        park("d", "conflict", NOON, "desk"),
    )
    assert numbers(store).parked == {"conflict": Waiting(2, NOON), "unmapped": Waiting(1, LATER)}
    assert numbers(store, "desk").parked == {"conflict": Waiting(1, NOON)}


def test_an_intent_is_in_doubt_once_it_is_older_than_a_request_may_be(store: Store) -> None:
    intended(store, 1)
    intended(store, 2)
    assert numbers(store, before=NOON).in_doubt is None
    assert numbers(store, before=LATER).in_doubt == Waiting(2, NOON)


def test_held_removals_are_counted_one_by_one_and_a_held_mapping_is_none_of_them(store: Store) -> None:
    lines = ('delete "A"', "delete B, [C]", "half a character: \ud83d, and none: \0")
    store.set_held("shop", "removals", Held("shop", "d1", "removals", "many", lines, NOON))
    store.set_held("shop", "mapping", Held("shop", "d2", "mapping", "edited", ("a", "b"), NOON))
    assert numbers(store).held == 3


def test_the_last_good_cycle_is_found_behind_those_that_failed(store: Store) -> None:
    cycle(store, "first", NOON - timedelta(hours=1), NOON - timedelta(hours=1), good=False)
    cycle(store, "good", NOON, NOON + timedelta(minutes=1))
    cycle(store, "bad", LATER, LATER, good=False)
    cycle(store, "running", LATER)
    seen = numbers(store)
    assert (seen.good_began, seen.good_ended) == (NOON, NOON + timedelta(minutes=1))
    assert seen.first_began == NOON - timedelta(hours=1)


def test_each_write_of_the_one_who_writes_renews_the_lease(store: Store) -> None:
    counting = Counting.of(store)
    with store.single_writer():
        before = counting.renewals()
        linked(store)
        assert counting.renewals() > before


def test_the_writer_lives_from_its_turn_to_its_end(store: Store, url: str) -> None:
    onlooker = Store.open_readonly(url)
    assert writer_lives(onlooker) is False
    with store.single_writer():
        assert writer_lives(onlooker) is True
    assert writer_lives(onlooker) is False
    onlooker.close()


def test_before_anything_was_made_nobody_writes(url: str) -> None:
    nothing = Store.open_readonly(url)
    assert writer_lives(nothing) is False
    assert signs(nothing, "shop") is None
    nothing.close()


@pytest.mark.parametrize("by", ["history", "intent"])
def test_a_cycle_that_runs_shows_what_it_left_behind_since_it_began(store: Store, by: str) -> None:
    cycle(store, "good", NOON - timedelta(hours=1), NOON - timedelta(hours=1))
    cycle(store, "now", NOON - timedelta(minutes=1))
    assert signs(store, "shop") == Signs(True, NOON - timedelta(minutes=1), None, False)
    if by == "intent":
        intended(store)
    else:
        store.settle(None, [], [entry()])
    assert signs(store, "shop") == Signs(True, NOON - timedelta(minutes=1), NOON, False)


def test_what_an_earlier_cycle_left_is_no_sign_of_this_one(store: Store) -> None:
    store.settle(None, [], [entry()])
    cycle(store, "bad", NOON, NOON, good=False)
    cycle(store, "now", LATER)
    assert signs(store, "shop") == Signs(True, LATER, None, True)
