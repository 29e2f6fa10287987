"""How far each project link has come, and what people are told of it."""

from datetime import timedelta

import pytest

from state import StateError, Store
from state.effects import Park
from state.rows import CycleRow, HistoryEntry
from tests.state.builders import LATER, NOON, entry, settled


def test_watermarks_are_kept_by_project_link_and_side(store: Store) -> None:
    assert store.watermark("shop", "incident") is None
    store.set_watermark("shop", "incident", NOON)
    store.set_watermark("shop", "issue", NOON)
    store.set_watermark("shop", "issue", LATER)
    assert store.watermark("shop", "incident") == NOON
    assert store.watermark("shop", "issue") == LATER
    assert store.watermark("office", "issue") is None


def test_the_fingerprint_of_the_applied_mapping_is_kept(store: Store) -> None:
    store.set_watermark("shop", "issue", NOON)
    assert store.fingerprint("shop") is None
    store.set_fingerprint("shop", "aaa")
    store.set_fingerprint("shop", "bbb")
    assert store.fingerprint("shop") == "bbb"
    assert store.fingerprint("office") is None
    assert store.watermark("shop", "issue") == NOON


def test_cycles_are_told_newest_first(store: Store) -> None:
    for n, outcome in enumerate(["done", "failed", "done"]):
        store.begin_cycle("shop", f"c-{n}", NOON + timedelta(minutes=n))
        if outcome == "done":
            store.finish_cycle(f"c-{n}", LATER, "done", "", {"create issue": n})
        else:
            store.finish_cycle(f"c-{n}", LATER, "failed", "Jira: no connection", {})
    store.begin_cycle("shop", "c-3", LATER)
    store.begin_cycle("office", "c-4", LATER)
    [running] = store.last_cycles("shop")
    assert running == CycleRow("c-3", "shop", LATER, None, "running", "", {})
    assert [row.cycle for row in store.last_cycles("shop", 3)] == ["c-3", "c-2", "c-1"]
    [done] = store.last_cycles("shop", 1, "done")
    assert done == CycleRow("c-2", "shop", NOON + timedelta(minutes=2), LATER, "done", "", {"create issue": 2})
    [failed] = store.last_cycles("shop", 5, "failed")
    assert failed.detail == "Jira: no connection"


def test_a_cycle_begins_once_and_ends_only_after_that(store: Store) -> None:
    store.begin_cycle("shop", "c-1", NOON)
    with pytest.raises(StateError, match="c-1 was begun before"):
        store.begin_cycle("office", "c-1", NOON)
    with pytest.raises(StateError, match="c-2 can't be finished: it was never begun"):
        store.finish_cycle("c-2", NOON, "done", "", {})


def test_the_history_is_told_newest_first_and_by_record(store: Store) -> None:
    told = [entry(1), entry(2), entry(3, "office"), entry(1)]
    for one in told:
        store.settle(None, (), [one])
    assert store.history() == told[::-1]
    assert store.history("shop") == [entry(1), entry(2), entry(1)]
    assert store.history(record="guid-1") == [entry(1), entry(1)]
    assert store.history("shop", record="10002") == [entry(2)]
    assert store.history("office", record="10002") == []
    assert store.history(limit=2) == [entry(1), entry(3, "office")]


def test_the_history_keeps_what_stood_before_and_after(store: Store) -> None:
    told = HistoryEntry(
        at=NOON,
        project_link="shop",
        cycle="c-1",
        kind="push",
        side=None,
        incident_id=None,
        issue_id="1",
        sentence="pushed",
        outcome="in doubt",
        detail="no answer",
        before={"labels": frozenset({"b", "a"})},
        after={},
    )
    store.settle(None, (), [told])
    [kept] = store.history()
    assert kept.before == {"labels": ["a", "b"]}
    assert kept.after == {}
    assert (kept.side, kept.incident_id, kept.outcome, kept.detail) == (None, None, "in doubt", "no answer")


def test_no_title_however_broken_keeps_an_action_from_being_told(store: Store) -> None:
    settled(store, Park("shop", "issue", "1", "SHOP-1", "title", "half \ud83d and \0", "refused", NOON, LATER))
    [item] = store.parked()
    assert item.reason == "half \ufffd and \ufffd"


def test_what_waits_longest_is_told_first(store: Store) -> None:
    settled(store, Park("shop", "issue", "1", "SHOP-1", "title", "both changed", "conflict", LATER, LATER))
    settled(store, Park("office", "issue", "2", "OFF-1", "title", "both changed", "conflict", NOON, LATER))
    assert [item.record_key for item in store.parked()] == ["OFF-1", "SHOP-1"]
