"""Step-result links, each coupled with the remote link that shows it."""

import pytest

from state import StateError, Store
from state.effects import Bury, DropResultLink, NewResultLink
from state.rows import ResultLink
from tests.state.builders import NOON, linked, settled


def test_a_coupling_is_kept_by_its_link_and_every_link_asked_for_is_answered(store: Store) -> None:
    link, other = linked(store, 1), linked(store, 2)
    settled(store, NewResultLink(link.id, "sr-2", "ours:sr-2"), NewResultLink(link.id, "sr-1", "ours:sr-1"))
    first, second = store.result_links([link.id])[link.id]
    assert first == ResultLink(first.id, link.id, "sr-2", "ours:sr-2")
    assert second == ResultLink(second.id, link.id, "sr-1", "ours:sr-1")
    assert store.result_links([link.id, other.id, 99]) == {link.id: [first, second], other.id: [], 99: []}


def test_a_step_result_is_coupled_once_within_a_link(store: Store) -> None:
    link, other = linked(store, 1), linked(store, 2)
    settled(store, NewResultLink(link.id, "sr-1", "ours:sr-1"))
    with pytest.raises(StateError, match=r"sr-1 can't be coupled with .* ours:new, because .* ours:sr-1 already"):
        settled(store, NewResultLink(link.id, "sr-1", "ours:new"))
    settled(store, NewResultLink(other.id, "sr-1", "ours:sr-1"))
    assert [len(kept) for kept in store.result_links([link.id, other.id]).values()] == [1, 1]


def test_a_dropped_coupling_is_gone_may_be_dropped_again_and_made_again(store: Store) -> None:
    link = linked(store)
    settled(store, NewResultLink(link.id, "sr-1", "ours:sr-1"), NewResultLink(link.id, "sr-2", "ours:sr-2"))
    first, second = store.result_links([link.id])[link.id]
    settled(store, DropResultLink(first.id), DropResultLink(first.id))
    assert store.result_links([link.id]) == {link.id: [second]}
    settled(store, NewResultLink(link.id, "sr-1", "ours:sr-1"))
    assert store.result_links([link.id])[link.id][-1].id > second.id


def test_couplings_go_with_their_link(store: Store) -> None:
    link, other = linked(store, 1), linked(store, 2)
    settled(store, NewResultLink(link.id, "sr-1", "a"), NewResultLink(other.id, "sr-1", "b"))
    settled(store, Bury(link.id, "unlinked", NOON))
    found = store.result_links([link.id, other.id])
    assert [result.global_id for several in found.values() for result in several] == ["b"]
