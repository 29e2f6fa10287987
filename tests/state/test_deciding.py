"""What people decide about what waits: recorded while the daemon runs, seen by its next cycle, gone when it is done."""

from dataclasses import replace

import pytest

from state import StateError, Store
from state.effects import Bury, ForgetDecision, Park, Unpark
from state.rows import BothSides, Conflict, Decision, Link
from tests.state.builders import LATER, NOON, entry, linked, settled
from tests.state.processes import other_process

BOTH = BothSides("Mine", "Theirs", "d1", "d2")
WAITING = Park("shop", "incident", "guid-1", "INC-1", "Summary", "both changed", "conflict", NOON, LATER, both=BOTH)
WORD = Decision(1, "Summary", "issue", "d1", "d2", "Anna", LATER)


@pytest.fixture
def link(store: Store) -> Link:
    made = linked(store)
    settled(store, WAITING)
    return made


def conflict(store: Store) -> Conflict:
    (found,) = store.conflicts("shop")
    return found


def decide(store: Store, **changes: object) -> bool:
    found = conflict(store)
    word = replace(WORD, link_id=found.link.id, **changes)  # type: ignore[arg-type]
    return store.decide(found, word, [entry()])


class TestConflicts:
    def test_they_are_shown_with_both_sides_and_their_link_longest_first(self, store: Store, link: Link) -> None:
        older = replace(WAITING, item="Description", at=NOON.replace(hour=1), both=replace(BOTH, issue="x\0\ud83d"))
        settled(store, older, replace(WAITING, item="Priority", both=None))
        first, second = store.conflicts()
        assert (first.parked.item, first.both, first.link) == ("Description", older.both, link)
        assert (second.parked.item, second.both, second.decision) == ("Summary", BOTH, None)
        assert [row.item for row in store.parked("shop")] == ["Description", "Priority", "Summary"]

    def test_those_of_other_project_links_are_left_out(self, store: Store, link: Link) -> None:
        assert store.conflicts("office") == []

    def test_parked_anew_it_shows_what_both_hold_now_and_nothing_where_it_waits_for_else(
        self, store: Store, link: Link
    ) -> None:
        settled(store, replace(WAITING, both=replace(BOTH, incident="Newer")))
        assert conflict(store).both.incident == "Newer"
        settled(store, replace(WAITING, both=None, code="unmapped"))
        assert store.conflicts() == []


class TestDeciding:
    def test_a_word_is_recorded_with_its_history_and_makes_the_field_due(self, store: Store, link: Link) -> None:
        assert decide(store)
        (row,) = store.parked()
        assert (row.next_try_at, row.tries, row.since) == (LATER, 0, NOON)
        assert conflict(store).decision == replace(WORD, link_id=link.id)
        assert store.decisions("shop") == [replace(WORD, link_id=link.id)]
        assert store.decisions("office") == []
        assert store.history() == [entry()]

    def test_the_newer_word_counts(self, store: Store, link: Link) -> None:
        decide(store)
        decide(store, choice="incident", by="Ben")
        (word,) = store.decisions("shop")
        assert (word.choice, word.by) == ("incident", "Ben")

    @pytest.mark.parametrize(
        "since", [replace(WAITING, both=replace(BOTH, issue_digest="d3")), Unpark("shop", "incident", "guid-1", None)]
    )
    def test_what_is_not_as_it_was_shown_is_not_decided(self, store: Store, link: Link, since: Park | Unpark) -> None:
        shown = conflict(store)
        settled(store, since)
        assert not store.decide(shown, replace(WORD, link_id=link.id), [entry()])
        assert (store.decisions("shop"), store.history()) == ([], [])

    def test_a_cycle_under_way_that_parks_the_conflict_again_leaves_the_word_for_the_next(
        self, store: Store, link: Link
    ) -> None:
        decide(store)
        settled(store, replace(WAITING, tries=1, next_try_at=LATER.replace(year=2030)))
        assert store.decisions("shop") == [replace(WORD, link_id=link.id)]
        assert [row.next_try_at for row in store.parked()] == [LATER]

    def test_it_is_forgotten_and_forgetting_twice_is_no_error(self, store: Store, link: Link) -> None:
        decide(store)
        for _ in range(2):
            settled(store, ForgetDecision(link.id, "Description"), ForgetDecision(link.id, "Summary"))
        assert store.decisions("shop") == []

    def test_another_fields_word_stays(self, store: Store, link: Link) -> None:
        decide(store)
        settled(store, ForgetDecision(link.id, "Description"))
        assert len(store.decisions("shop")) == 1

    def test_it_goes_with_its_link(self, store: Store, link: Link) -> None:
        decide(store)
        settled(store, Bury(link.id, "deleted", LATER))
        assert (store.decisions("shop"), store.conflicts()) == ([], [])

    def test_words_are_given_while_another_process_is_the_single_writer(
        self, url: str, store: Store, link: Link
    ) -> None:
        with other_process(url):
            assert decide(store)
            assert store.retry(store.parked(), LATER) == 1
        assert len(store.decisions("shop")) == 1

    def test_a_store_that_only_reads_takes_none(self, store: Store, link: Link, url: str) -> None:
        reading = Store.open_readonly(url)
        with pytest.raises(StateError, match="reading only"):
            decide(reading)
        reading.close()


class TestRetrying:
    def test_what_waits_is_due_at_once_and_its_delay_starts_again(self, store: Store) -> None:
        never = replace(WAITING, next_try_at=LATER.replace(year=2030))
        settled(store, *[never] * 5, replace(never, item="Priority"))
        (wanted,) = (row for row in store.parked() if row.item == "Summary")
        assert (wanted.tries, store.retry([wanted], NOON, [entry()])) == (5, 1)
        by_item = {row.item: (row.tries, row.next_try_at) for row in store.parked()}
        assert by_item == {"Summary": (0, NOON), "Priority": (1, never.next_try_at)}
        assert store.history() == [entry()]

    def test_what_waits_no_longer_is_not_counted(self, store: Store) -> None:
        settled(store, WAITING)
        rows = store.parked()
        settled(store, Unpark("shop", "incident", "guid-1", "Summary"))
        assert store.retry(rows, LATER) == 0
        assert store.parked() == []

    def test_a_try_that_was_under_way_when_a_person_asked_does_not_put_it_off(self, store: Store) -> None:
        """It may have looked before the person mended what was wrong."""
        settled(store, WAITING, WAITING)
        under_way = replace(WAITING, tries=2, reason="refused again", next_try_at=LATER.replace(year=2030))
        store.retry(store.parked(), NOON)
        settled(store, under_way)
        (row,) = store.parked()
        assert (row.next_try_at, row.tries, row.reason) == (NOON, 0, "refused again")

    def test_the_try_that_was_asked_for_does(self, store: Store) -> None:
        settled(store, WAITING, WAITING)
        store.retry(store.parked(), NOON)
        settled(store, replace(WAITING, tries=0))
        (row,) = store.parked()
        assert (row.next_try_at, row.tries) == (LATER, 1)
