"""The history as an undo and a limit on deletions need it: numbered, with causes, filtered and counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from state import Store
from state.rows import HistoryEntry
from tests.state.builders import NOON, entry


def tell(store: Store, *entries: HistoryEntry) -> None:
    store.settle(None, (), entries)


def removal(minutes: int, **changes: Any) -> HistoryEntry:
    return replace(entry(minutes), kind="remove issue", at=NOON + timedelta(minutes=minutes), **changes)


def test_an_entry_is_numbered_when_it_is_stored_and_found_by_its_number(store: Store) -> None:
    tell(store, entry(1), entry(2))
    second, first = store.history()
    assert entry(1).id is None
    assert first.id is not None
    assert second.id is not None
    assert first.id < second.id
    assert store.history(entry_id=first.id) == [entry(1)]
    assert store.history("office", entry_id=first.id) == []
    assert store.history(entry_id=second.id + 1) == []


def test_an_entry_that_is_told_again_is_another_one(store: Store) -> None:
    tell(store, entry(1))
    [first] = store.history()
    tell(store, first)
    again, kept = store.history()
    assert again == kept == first
    assert (kept.id, again.id) != (first.id, first.id)


def test_causes_and_what_was_taken_back_are_kept(store: Store) -> None:
    tell(store, removal(1, cause="the incident was deleted: half \ud83d"))
    [removed] = store.history()
    tell(store, replace(entry(1), kind="undo", undoes=removed.id))
    undone, removed = store.history()
    assert (removed.cause, removed.undoes) == ("the incident was deleted: half \ufffd", None)
    assert (undone.cause, undone.undoes) == ("", removed.id)


def test_a_whole_record_comes_back_as_it_was(store: Store) -> None:
    in_tokyo = datetime(2026, 11, 20, 21, 0, 0, 5, tzinfo=timezone(timedelta(hours=9)))
    record = {
        "id": "10001",
        "values": {"title": "cut \ud83d\0", "labels": frozenset({"b", "a"}), "status": None},
        "comments": (
            {"id": "7", "author": "Ann", "at": in_tokyo, "body": "x" * 100_000},
            {"id": "8", "author": "Bob", "at": None, "body": ""},
        ),
    }
    tell(store, removal(1, before=record, after={}))
    [told] = store.history()
    assert told.before is not None
    first, second = told.before["comments"]
    assert told.before["values"] == {"title": "cut \ud83d\0", "labels": ["a", "b"], "status": None}
    assert (first["author"], first["body"]) == ("Ann", "x" * 100_000)
    assert datetime.fromisoformat(first["at"]) == in_tokyo
    assert datetime.fromisoformat(first["at"]).tzinfo == UTC
    assert second == {"id": "8", "author": "Bob", "at": None, "body": ""}
    assert told.after == {}


def test_the_history_is_told_since_a_time_and_of_some_kinds(store: Store) -> None:
    tell(store, entry(1), removal(1), removal(2), removal(3, project_link="office"))
    half_past = NOON + timedelta(minutes=2)
    kinds = ["remove issue", "close issue"]
    assert [told.incident_id for told in store.history(kinds=kinds)] == ["guid-3", "guid-2", "guid-1"]
    assert [told.incident_id for told in store.history("shop", since=half_past)] == ["guid-2"]
    assert [told.incident_id for told in store.history(since=half_past, kinds=kinds)] == ["guid-3", "guid-2"]
    assert store.history(since=half_past + timedelta(minutes=1, microseconds=1)) == []
    assert store.history(kinds=[]) == []
    assert store.history(record="guid-1", kinds=["create issue"], limit=1) == [entry(1)]


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-10)), timezone(timedelta(hours=13))])
def test_what_was_settled_within_a_time_is_counted_in_any_zone(store: Store, zone: timezone) -> None:
    tell(store, entry(1), *(removal(minutes) for minutes in range(10)), removal(9, project_link="office"))
    tell(store, removal(9, outcome="refused"), removal(9, outcome="in doubt"))
    since = (NOON + timedelta(minutes=4)).astimezone(zone)
    assert store.count_history("shop", ["remove issue"], since) == 6
    assert store.count_history("shop", ["remove issue", "create issue"], NOON.astimezone(zone)) == 11
    assert store.count_history("shop", ["remove issue"], since, "refused") == 1
    assert store.count_history("shop", [], NOON) == 0
    assert store.count_history("cellar", ["remove issue"], NOON) == 0
