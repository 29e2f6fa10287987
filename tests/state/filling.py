"""A state DB in which every table has rows, some of them gone again."""

from state import Store
from state.effects import (
    Bury,
    NewCommentLink,
    NewLink,
    NewResultLink,
    NewVersionLink,
    NoteAbsence,
    Park,
)
from state.rows import Baseline, BothSides, Decision, Discard, Held
from state.told import Told
from tests.state.builders import LATER, NOON, entry, intended, linked, new_link, settled

AWKWARD = "Gr\u00fc\u00df '\"\\%s\u2028\U0001f41e"
"""Text that quoting and encoding might break."""


def fill(store: Store) -> None:
    """Rows in every table; of links, comments, results, intents and entries the last one given is gone again."""
    agreed = Baseline({"title": AWKWARD, "labels": frozenset({"b", "a"})}, "rev-1")
    for n in range(1, 5):
        linked(store, n, {"incident": agreed, "issue": Baseline({"title": None}, None)})
    settled(store, NewCommentLink(1, "issue", "ic", "jc", "d", "d"), NewCommentLink(4, "issue", "ic", "jc", "d", "d"))
    settled(store, NewResultLink(1, "sr", "ours"), NewResultLink(4, "sr", "ours"), NewVersionLink("shop", "v1", "201"))
    settled(store, Bury(4, AWKWARD, LATER), NoteAbsence("shop", "issue", "10001", "record", "not found", NOON))
    sides = BothSides("Mine", "Theirs", "d1", "d2")
    settled(store, Park("shop", "incident", "guid-1", "INC-1", "title", AWKWARD, "conflict", NOON, LATER, 0, sides))
    (conflict,) = store.conflicts()
    assert store.decide(conflict, Decision(1, "title", "issue", "d1", "d2", "Ann", LATER), [])
    store.set_held("shop", "removals", Held("shop", "abc", "removals", "too many", ("one", "two"), NOON))
    store.approve("shop", "abc", "Ann", NOON)
    store.discard([Discard("shop", "def", "Bob", NOON)])
    intent, gone = intended(store, 5), intended(store, 6)
    assert intent.id < gone.id
    store.settle(gone.id, [], [entry(1), entry(2)])
    store.begin_cycle("shop", "c-1", NOON)
    store.finish_cycle("c-1", LATER, "done", "", {"push": 1})
    store.set_watermark("shop", "issue", LATER)
    store.set_fingerprint("shop", "aaa")
    store.set_told([Told("parked", "shop", "INC-1", NOON, LATER)])


def new_ids(store: Store) -> tuple[int, int]:
    """The ids that the next link and the next intent get."""
    made: NewLink = new_link(9)
    [link] = store.settle(None, [made])
    return link.id, intended(store, 9).id
