"""What people were told of is on record beyond the process that told it."""

from dataclasses import replace

from state import Store
from state.told import Told
from tests.state.builders import LATER, NOON

WAITS = Told("parked", "shop", "incident guid-1 Status", NOON, NOON)
LOST = Told("access", "shop", "", LATER, LATER)


def test_what_was_told_stays_until_it_is_over(url: str) -> None:
    store = Store.open(url)
    store.set_told([WAITS, LOST])
    store.set_told([replace(WAITS, told_at=LATER)], [LOST.key])
    store.close()
    again = Store.open(url)
    assert again.told() == [replace(WAITS, told_at=LATER)]
    again.close()


def test_what_was_never_told_may_be_over(store: Store) -> None:
    store.set_told([], [LOST.key])
    assert store.told() == []


def test_who_was_replaced_leaves_word_beside_the_one_who_writes_now(url: str) -> None:
    replaced, writer = Store.open(url), Store.open(url)
    with writer.single_writer():
        replaced.note_occurrence("taken over", "pid 1 on \ud800", NOON)
        assert writer.told() == [Told("taken over", "", "pid 1 on \ufffd", NOON, None)]
    replaced.close()
    writer.close()
