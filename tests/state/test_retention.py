"""Old reports go when they are told to; what keeps records from harm stays for good."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from state import Store
from state.effects import Bury, NoteAbsence, Park
from state.rows import Held
from tests.state.builders import LATER, NOON, entry, intended, linked, settled

HOUR = timedelta(hours=1)


def test_history_and_finished_cycles_of_the_project_link_go_by_age(store: Store) -> None:
    for name in ("shop", "office"):
        for age in range(4):
            store.settle(None, (), [replace(entry(age, name), at=NOON - age * HOUR)])
            store.begin_cycle(name, f"{name}-{age}", NOON - age * HOUR)
            store.finish_cycle(f"{name}-{age}", NOON - age * HOUR + timedelta(minutes=1), "done", "", {})
    assert store.prune("shop", NOON - HOUR) == 4
    assert [told.incident_id for told in store.history("shop")] == ["guid-1", "guid-0"]
    assert [row.cycle for row in store.last_cycles("shop", 9)] == ["shop-1", "shop-0"]
    assert (len(store.history("office")), len(store.last_cycles("office", 9))) == (4, 4)
    assert store.prune("shop", NOON - HOUR) == 0


def test_a_cycle_counts_from_its_end(store: Store) -> None:
    store.begin_cycle("shop", "running", NOON - 9 * HOUR)
    store.begin_cycle("shop", "long", NOON - 9 * HOUR)
    store.finish_cycle("long", NOON, "failed", "no connection", {})
    assert store.prune("shop", NOON) == 0
    assert store.prune("shop", LATER) == 1
    assert [row.cycle for row in store.last_cycles("shop", 9)] == ["running"]


def test_a_cycle_in_which_nothing_was_done_goes_earlier_than_one_that_did_something_or_failed(store: Store) -> None:
    ended: tuple[tuple[str, Literal["done", "failed"], dict[str, int]], ...] = (
        ("idle", "done", {}),
        ("busy", "done", {"update": 1}),
        ("lost", "failed", {}),
    )
    for name, outcome, counts in ended:
        for age in range(2):
            store.begin_cycle("shop", f"{name}-{age}", NOON - age * HOUR)
            store.finish_cycle(f"{name}-{age}", NOON - age * HOUR, outcome, "", counts)
    assert store.prune("shop", NOON - 9 * HOUR, NOON) == 1
    left = {row.cycle for row in store.last_cycles("shop", 9)}
    assert left == {"idle-0", "busy-0", "busy-1", "lost-0", "lost-1"}


def test_what_keeps_records_from_harm_has_no_age(store: Store) -> None:
    link, buried = linked(store, 1), linked(store, 2)
    intent = intended(store)
    settled(
        store,
        Bury(buried.id, "unlinked", NOON),
        Park("shop", "issue", "1", "SHOP-1", "title", "both changed", "conflict", NOON, NOON),
        NoteAbsence("shop", "issue", "1", "record", "not found", NOON),
    )
    store.set_held("shop", "removals", Held("shop", "abc", "removals", "too many", (), NOON))
    store.approve("shop", "abc", "Ann", NOON)
    assert store.prune("shop", NOON + 10_000 * HOUR) == 0
    assert (store.links("shop"), store.open_intents("shop")) == ([link], [intent])
    assert len(store.tombstones("shop")) == len(store.parked()) == len(store.absences("shop")) == 1
    assert len(store.held()) == len(store.approvals("shop")) == 1


def test_the_number_of_an_entry_that_went_is_never_given_again(store: Store) -> None:
    store.settle(None, (), [entry(1)])
    [old] = store.history()
    store.prune("shop", LATER)
    store.settle(None, (), [entry(2)])
    [new] = store.history()
    assert old.id is not None
    assert new.id is not None
    assert new.id > old.id
