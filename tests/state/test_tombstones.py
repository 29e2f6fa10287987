"""Tombstones keep two records apart for good, until a person says otherwise."""

from state import Store
from state.effects import Bury, Exhume, KeepApart, Park
from state.rows import Tombstone
from tests.state.builders import LATER, NOON, linked, new_link, settled

WAITING = Park("shop", "incident", "guid-1", "#1", "record", "its issue is missing", "missing", NOON, LATER)


def test_tombstones_are_told_by_project_link_oldest_first(store: Store) -> None:
    [office] = store.settle(None, [new_link(3, "office")])
    settled(store, Bury(linked(store, 1).id, "deleted", LATER), Bury(office.id, "deleted", NOON))
    settled(store, Bury(linked(store, 2).id, "unlinked", NOON))
    assert store.tombstones("shop") == [
        Tombstone("shop", "guid-2", "10002", "unlinked", NOON),
        Tombstone("shop", "guid-1", "10001", "deleted", LATER),
    ]
    assert [stone.incident_id for stone in store.tombstones("office")] == ["guid-3"]


def test_only_the_very_tombstone_is_taken_away_and_may_be_again(store: Store) -> None:
    settled(store, Bury(linked(store).id, "unlinked", NOON))
    settled(store, Bury(store.settle(None, [new_link(1, issue_id="10002")])[0].id, "unlinked", LATER))
    settled(store, Exhume("shop", "guid-1", "10009"), Exhume("office", "guid-1", "10001"))
    assert len(store.tombstones("shop")) == 2
    settled(store, Exhume("shop", "guid-1", "10001"), Exhume("shop", "guid-1", "10001"))
    assert [stone.issue_id for stone in store.tombstones("shop")] == ["10002"]


def test_a_person_who_links_two_records_again_takes_their_tombstone_away_in_one_step(store: Store) -> None:
    settled(store, Bury(linked(store).id, "unlinked", NOON))
    [link] = store.settle(None, [Exhume("shop", "guid-1", "10001"), new_link(1)])
    assert store.links("shop") == [link]
    assert store.tombstones("shop") == []


def test_a_link_that_was_dissolved_elsewhere_is_remembered_once_and_nothing_of_it_waits(store: Store) -> None:
    settled(store, WAITING, KeepApart("shop", "guid-1", "10001", "the issue remembers it", NOON))
    settled(store, KeepApart("shop", "guid-1", "10001", "told again", LATER))
    assert store.tombstones("shop") == [Tombstone("shop", "guid-1", "10001", "the issue remembers it", NOON)]
    assert store.parked("shop") == []
