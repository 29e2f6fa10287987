"""Reading at size: few statements whatever the number of records, and answers that are complete."""

from collections.abc import Iterator, Sized
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from state import Store
from state.effects import Bury, NewCommentLink
from state.rows import Baseline
from tests.state.builders import NOON, linked, new_link, settled

MANY = 1_500
# The smallest limit on parameters of one statement that any SQLite was ever built with.
ALWAYS_TAKEN = 999


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to any DB inside the block."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, parameters: Sized, *_: object) -> None:
        assert len(parameters) < ALWAYS_TAKEN
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_fifteen_hundred_ids_are_looked_up_in_a_few_statements(store: Store) -> None:
    baseline = Baseline({"title": "Crash"}, None)
    links = store.settle(None, [new_link(n, baselines={"issue": baseline}) for n in range(MANY)])
    some = links[::10]
    settled(store, *(NewCommentLink(link.id, "issue", "1", "2", "d", "d") for link in some))
    unknown = [f"unknown-{n}" for n in range(MANY)]
    with statements() as sent:
        by_incident = store.links_by_ids("shop", [f"guid-{n}" for n in range(MANY)] + unknown, [])
        by_issue = store.links_by_ids("shop", unknown, [f"{10_000 + n}" for n in range(MANY)])
        baselines = store.baselines([link.id for link in links])
        comments = store.comment_links([link.id for link in links])
    assert by_incident == by_issue == links
    assert baselines == {link.id: {"issue": baseline} for link in links}
    assert [len(comments[link.id]) for link in links] == [1, *[0] * 9] * (MANY // 10)
    assert len(sent) < MANY / 50

    settled(store, *(Bury(link.id, "deleted", NOON) for link in some))
    with statements() as sent:
        stones = store.tombstones_by_ids("shop", [f"guid-{n}" for n in range(MANY)], unknown)
    assert len(stones) == MANY / 10
    assert len(sent) < MANY / 50


def test_a_link_that_is_asked_for_by_both_ids_comes_once(store: Store) -> None:
    link, other = linked(store, 1), linked(store, 2)
    assert store.links_by_ids("shop", ["guid-1", "guid-1"], ["10001", "10002"]) == [link, other]
    assert store.links_by_ids("office", ["guid-1"], ["10001"]) == []
    assert store.links_by_ids("shop", [], []) == []


def test_a_link_is_found_by_either_side(store: Store) -> None:
    link = linked(store, 1)
    linked(store, 2)
    assert store.link_of("shop", incident_id="guid-1") == link
    assert store.link_of("shop", issue_id="10001") == link
    assert store.link_of("shop", incident_id="guid-1", issue_id="10001") == link
    assert store.link_of("shop", incident_id="guid-1", issue_id="10002") is None
    assert store.link_of("office", incident_id="guid-1") is None


def test_a_link_of_nothing_in_particular_is_not_looked_for(store: Store) -> None:
    with pytest.raises(ValueError, match="needs the id"):
        store.link_of("shop")


def test_every_link_that_was_asked_for_is_answered(store: Store) -> None:
    link = linked(store)
    assert store.baselines([link.id, 99]) == {link.id: {}, 99: {}}
    assert store.comment_links([link.id, 99]) == {link.id: [], 99: []}
