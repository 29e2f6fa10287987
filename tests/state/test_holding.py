"""What is held until a person approves it: exactly that set, once, while the daemon runs."""

import os
import threading
from dataclasses import replace

import pytest

from state import StateError, Store
from state.effects import Park
from state.rows import Approval, Discard, Held
from tests.state.builders import LATER, NOON, entry, intended, linked, settled
from tests.state.processes import lose_lock, other_process

REMOVALS = Held("shop", "abc", "removals", "99 of 100 records", ("delete SHOP-1", "delete SHOP-2"), NOON)
MAPPING = Held("shop", "def", "mapping", "the filter would drop 3 records", ("drop SHOP-3",), LATER)


def hold(store: Store, held: Held) -> None:
    store.set_held(held.project_link, held.kind, held)


class TestHeld:
    def test_one_set_of_each_kind_is_held_for_each_project_link(self, store: Store) -> None:
        office = replace(REMOVALS, project_link="office", held_at=LATER)
        for held in (MAPPING, office, REMOVALS):
            hold(store, held)
        assert store.held() == [REMOVALS, office, MAPPING]
        assert store.held("shop") == [REMOVALS, MAPPING]
        assert store.held("cellar") == []

    def test_another_set_takes_the_place_of_the_one_before(self, store: Store) -> None:
        hold(store, REMOVALS)
        other = replace(REMOVALS, digest="xyz", lines=("delete SHOP-9",), held_at=LATER)
        hold(store, other)
        assert store.held() == [other]

    def test_the_same_set_keeps_its_age_and_takes_the_newer_reason(self, store: Store) -> None:
        hold(store, REMOVALS)
        hold(store, replace(REMOVALS, reason="99 of 99 records", held_at=LATER))
        assert store.held() == [replace(REMOVALS, reason="99 of 99 records")]

    def test_a_set_that_comes_back_is_held_anew(self, store: Store) -> None:
        """Its age tells whether an approval of the same digest was given before or after it came back."""
        hold(store, REMOVALS)
        hold(store, replace(REMOVALS, digest="xyz"))
        hold(store, replace(REMOVALS, held_at=LATER))
        assert store.held() == [replace(REMOVALS, held_at=LATER)]

    def test_nothing_is_held_any_more(self, store: Store) -> None:
        for held in (REMOVALS, MAPPING, replace(REMOVALS, project_link="office")):
            hold(store, held)
        for _ in range(2):
            store.set_held("shop", "removals", None)
        assert store.held() == [replace(REMOVALS, project_link="office"), MAPPING]

    def test_lines_are_kept_however_broken(self, store: Store) -> None:
        broken = replace(REMOVALS, lines=("delete \ud83d\0", "", 'a "quoted"\nline'), reason="half \ud83d")
        hold(store, broken)
        assert store.held() == [replace(broken, reason="half \ufffd")]

    def test_a_set_is_not_held_in_the_place_of_another_kind(self, store: Store) -> None:
        for project_link, held in (("office", REMOVALS), ("shop", MAPPING)):
            with pytest.raises(ValueError, match=f"can't be held as removals of {project_link}"):
                store.set_held(project_link, "removals", held)
        assert store.held() == []


class TestApprovals:
    def test_an_approval_counts_until_it_is_used(self, store: Store) -> None:
        store.approve("shop", "def", "Bob", LATER)
        store.approve("shop", "abc", "Ann", NOON)
        store.approve("office", "abc", "Cid", NOON)
        assert store.approvals("shop") == [Approval("shop", "abc", "Ann", NOON), Approval("shop", "def", "Bob", LATER)]
        for _ in range(2):
            store.use_approval("shop", "abc")
        assert store.approvals("shop") == [Approval("shop", "def", "Bob", LATER)]
        assert store.approvals("office") == [Approval("office", "abc", "Cid", NOON)]

    def test_given_twice_the_newer_approval_counts_once(self, store: Store) -> None:
        store.approve("shop", "abc", "Ann", NOON)
        store.approve("shop", "abc", "Bob", LATER)
        assert store.approvals("shop") == [Approval("shop", "abc", "Bob", LATER)]
        store.use_approval("shop", "abc")
        assert store.approvals("shop") == []

    def test_a_person_approves_while_another_process_is_the_single_writer(self, url: str, store: Store) -> None:
        with other_process(url) as daemon:
            store.approve("shop", "abc", "Ann", NOON)
            assert daemon.poll() is None
            with pytest.raises(StateError, match=f"pid {daemon.pid}"), store.single_writer():
                pass
        assert len(store.approvals("shop")) == 1

    def test_an_approval_takes_neither_lock_nor_fence_from_the_writer(self, url: str, store: Store) -> None:
        person = Store.open(url)
        with store.single_writer():
            person.approve("shop", "abc", "Ann", NOON)
            assert len(store.approvals("shop")) == 1
            store.use_approval("shop", "abc")
            intended(store)
        person.close()

    def test_where_the_writer_was_replaced_a_person_may_still_approve(self, url: str, store: Store) -> None:
        """The console of a daemon that lost its lock: it must not use an approval, but may take one."""
        successor = Store.open(url)
        with store.single_writer():
            lose_lock(url)
            with successor.single_writer():
                store.approve("shop", "abc", "Ann", NOON)
                with pytest.raises(StateError, match=rf"\(pid {os.getpid()} on \S+\) has taken over"):
                    store.use_approval("shop", "abc")
                assert len(successor.approvals("shop")) == 1
        successor.close()

    def test_an_approval_waits_for_the_transaction_under_way(self, url: str, store: Store) -> None:
        person = Store.open(url)
        entered, leave = threading.Event(), threading.Event()

        def write() -> None:
            with store._db.write():
                entered.set()
                leave.wait(0.3)

        writing = threading.Thread(target=write)
        writing.start()
        assert entered.wait(5)
        person.approve("shop", "abc", "Ann", NOON)
        leave.set()
        writing.join()
        assert len(person.approvals("shop")) == 1
        person.close()


class TestDiscards:
    WORD = Discard("shop", "abc", "Ann", NOON)

    def test_a_discard_counts_until_it_is_used(self, store: Store) -> None:
        words = [replace(self.WORD, digest="def", at=LATER), self.WORD, replace(self.WORD, project_link="office")]
        store.discard(words)
        assert store.discards("shop") == [words[1], words[0]]
        for _ in range(2):
            store.use_discard("shop", "abc")
        assert (store.discards("shop"), store.discards("office")) == ([words[0]], [words[2]])

    def test_of_an_approval_and_a_discard_the_newer_counts(self, store: Store) -> None:
        store.approve("shop", "abc", "Ann", NOON)
        store.approve("shop", "def", "Ann", NOON)
        store.discard([self.WORD])
        assert ([row.digest for row in store.approvals("shop")], len(store.discards("shop"))) == (["def"], 1)
        store.approve("shop", "abc", "Bob", LATER)
        assert (len(store.approvals("shop")), store.discards("shop")) == (2, [])

    def test_it_is_in_the_history_and_what_waits_for_it_is_due(self, store: Store) -> None:
        linked(store)
        waiting = Park("shop", "incident", "guid-1", "INC-1", "removal", "held", "held-removal", NOON, LATER)
        settled(store, waiting, replace(waiting, item="Summary"))
        store.discard([self.WORD], [row for row in store.parked() if row.item == "removal"], [entry()])
        assert {row.item: row.next_try_at for row in store.parked()} == {"removal": NOON, "Summary": LATER}
        assert store.history() == [entry()]

    def test_a_person_discards_while_another_process_is_the_single_writer(self, url: str, store: Store) -> None:
        with other_process(url):
            store.discard([self.WORD])
        assert store.discards("shop") == [self.WORD]
