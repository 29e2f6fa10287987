"""What is asked of many links at once, and how far their rereading has come."""

import pytest

from state import Store
from state.effects import Bury, NewResultLink
from state.reviewing import Review, Standing
from state.rows import Baseline
from tests.state.builders import LATER, NOON, linked, settled


def test_records_stand_where_their_links_and_their_revisions_are(store: Store) -> None:
    first = linked(store, 1, {"incident": Baseline({"title": "a"}, "rev-1"), "issue": Baseline({}, None)})
    second = linked(store, 2)
    asked = [first.incident_id, second.incident_id, "guid-9"]
    assert store.standings("shop", "incident", asked) == {
        first.incident_id: Standing(first.id, "rev-1"),
        second.incident_id: Standing(second.id, None),
    }
    assert store.standings("shop", "issue", [first.issue_id]) == {first.issue_id: Standing(first.id, None)}
    assert store.standings("office", "incident", asked) == {}


def test_more_records_can_be_asked_for_than_one_statement_takes(store: Store) -> None:
    link = linked(store, 1)
    asked = [*(f"guid-{number}" for number in range(2000, 42_000)), link.incident_id]
    assert set(store.standings("shop", "incident", asked)) == {link.incident_id}


def test_links_are_given_by_their_ids_without_those_that_are_gone(store: Store) -> None:
    made = [linked(store, number) for number in range(1, 5)]
    settled(store, Bury(made[1].id, "parted", NOON))
    left = [made[0], made[2], made[3]]
    assert store.link_ids("shop") == [link.id for link in left]
    assert store.link_ids("office") == []
    assert store.links_of([link.id for link in reversed(made)]) == left


def test_coupled_step_results_are_told_by_their_incidents(store: Store) -> None:
    link = linked(store, 1)
    linked(store, 2)
    settled(store, NewResultLink(link.id, "sr-1", "ours-1"), NewResultLink(link.id, "sr-2", "ours-2"))
    assert store.shown_results("shop") == {link.incident_id: {"sr-1", "sr-2"}}
    assert store.shown_results("office") == {}


@pytest.mark.parametrize("known", [True, False])
def test_how_far_the_rereading_has_come_is_kept_by_project_link(store: Store, known: bool) -> None:
    if known:
        store.set_watermark("shop", "issue", NOON)
    assert store.review("shop") is None
    store.set_review("shop", Review(7, NOON))
    store.set_review("shop", Review(9, LATER))
    assert store.review("shop") == Review(9, LATER)
    assert store.review("office") is None
    store.set_review("shop", None)
    assert store.review("shop") is None
