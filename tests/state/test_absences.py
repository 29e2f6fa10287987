"""What wasn't there when looked for: kept with its age until it is found again or its link is buried."""

from datetime import timedelta

import pytest

from state import Store
from state.effects import Bury, ForgetAbsence, NoteAbsence, Park
from state.rows import Absence, SideName
from tests.state.builders import LATER, NOON, linked, settled


def missing(item: str = "record", side: SideName = "issue", record_id: str = "10001") -> NoteAbsence:
    return NoteAbsence("shop", side, record_id, item, "read by id: not found", NOON)


def items(store: Store) -> list[tuple[str, str]]:
    return [(absence.record_id, absence.item) for absence in store.absences("shop")]


@pytest.mark.parametrize("item", ["record", "comment 7", "mark", "result sr-1"])
def test_an_absence_is_kept_with_its_cause(store: Store, item: str) -> None:
    settled(store, missing(item))
    assert store.absences("shop") == [Absence("shop", "issue", "10001", item, "read by id: not found", NOON, NOON, 1)]
    assert store.absences("office") == []


def test_missing_again_it_keeps_its_age_and_counts_the_look(store: Store) -> None:
    settled(store, missing())
    settled(store, NoteAbsence("shop", "issue", "10001", "record", "the index is being rebuilt", LATER))
    [absence] = store.absences("shop")
    assert (absence.first_seen_at, absence.last_seen_at, absence.times) == (NOON, LATER, 2)
    assert absence.cause == "the index is being rebuilt"


def test_looks_are_counted_for_each_item_of_each_record_on_each_side(store: Store) -> None:
    settled(store, missing(), missing("mark"), missing(side="incident"), missing(record_id="10002"))
    assert [absence.times for absence in store.absences("shop")] == [1, 1, 1, 1]


def test_one_item_is_found_again_or_all_of_the_record(store: Store) -> None:
    settled(store, missing("record"), missing("mark"), missing("comment 7"), missing(record_id="10002"))
    settled(store, ForgetAbsence("shop", "issue", "10001", "mark"), ForgetAbsence("shop", "issue", "10001", "mark"))
    assert items(store) == [("10001", "comment 7"), ("10001", "record"), ("10002", "record")]
    settled(store, ForgetAbsence("shop", "incident", "10001", None), ForgetAbsence("office", "issue", "10001", None))
    assert len(items(store)) == 3
    settled(store, ForgetAbsence("shop", "issue", "10001", None))
    assert items(store) == [("10002", "record")]


def test_missing_anew_after_it_was_found_it_counts_from_one(store: Store) -> None:
    settled(store, missing(), missing(), ForgetAbsence("shop", "issue", "10001", "record"))
    settled(store, NoteAbsence("shop", "issue", "10001", "record", "not found", LATER))
    [absence] = store.absences("shop")
    assert (absence.first_seen_at, absence.times) == (LATER, 1)


def test_what_is_missing_longest_is_told_first(store: Store) -> None:
    settled(store, NoteAbsence("shop", "issue", "10001", "record", "not found", LATER), missing(record_id="10002"))
    settled(store, NoteAbsence("shop", "issue", "10002", "record", "not found", LATER + timedelta(hours=1)))
    assert items(store) == [("10002", "record"), ("10001", "record")]


def test_a_buried_link_leaves_nothing_of_its_records_to_wait_for_or_to_look_for(store: Store) -> None:
    link = linked(store, 1)
    sides: tuple[tuple[SideName, str], ...] = (("incident", "guid-1"), ("issue", "10001"), ("issue", "10002"))
    for side, record_id in sides:
        settled(store, missing("record", side, record_id), missing("mark", side, record_id))
        for name in ("shop", "office"):
            settled(store, Park(name, side, record_id, "KEY-1", "title", "both changed", "conflict", NOON, LATER))
    settled(store, Bury(link.id, "the issue was deleted", LATER))
    assert items(store) == [("10002", "mark"), ("10002", "record")]
    assert [item.record_id for item in store.parked("shop")] == ["10002"]
    assert len(store.parked("office")) == 3
