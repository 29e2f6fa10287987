"""The journal's promises: a wish is on disk before its request leaves, and ends together with what it changed."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from state import StateError, Store
from state.rows import Intent, Wish
from tests.state.builders import NOON, entry, intended, new_link


def test_an_intent_survives_its_process(url: str) -> None:
    before = Store.open(url)
    intent = intended(before)
    before.close()
    after = Store.open(url)
    expected = Intent(intent.id, "shop", None, "create issue", "guid-1", None, {"summary": "Crash 1"}, NOON)
    assert after.open_intents("shop") == [intent] == [expected]
    after.close()


def test_open_intents_are_those_of_the_project_link_oldest_first(store: Store) -> None:
    first, other, second = intended(store, 2), intended(store, 3, "office"), intended(store, 1)
    assert store.open_intents("shop") == [first, second]
    assert store.open_intents("office") == [other]


def test_settling_ends_the_intent_and_tells_the_history(store: Store) -> None:
    intent, waiting = intended(store, 1), intended(store, 2)
    [link] = store.settle(intent.id, [new_link(1)], [entry(1)])
    assert store.open_intents("shop") == [waiting]
    assert store.links("shop") == [link]
    assert store.history() == [entry(1)]


def test_what_cannot_be_settled_whole_is_not_settled_at_all(store: Store) -> None:
    intent = intended(store)
    with pytest.raises(StateError, match="linked already"):
        store.settle(intent.id, [new_link(1), new_link(2), new_link(1)], [entry(1)])
    assert store.links("shop") == []
    assert store.history() == []
    assert store.open_intents("shop") == [intent]


def test_an_intent_is_settled_once(store: Store) -> None:
    intent = intended(store)
    store.settle(intent.id, [new_link(1)])
    with pytest.raises(StateError, match=f"intent {intent.id} isn't open any more"):
        store.settle(intent.id, [new_link(2)], [entry(2)])
    with pytest.raises(StateError, match="isn't open any more"):
        store.abandon(intent.id)
    assert store.count_links("shop") == 1
    assert store.history() == []


def test_an_abandoned_intent_is_gone_and_the_history_says_why(store: Store) -> None:
    intent = intended(store)
    store.abandon(intent.id, [entry()])
    assert store.open_intents("shop") == []
    assert store.history() == [entry()]
    assert intended(store).id > intent.id


def test_what_was_decided_without_writing_needs_no_intent(store: Store) -> None:
    waiting = intended(store)
    [link] = store.settle(None, [new_link(1)])
    assert store.links("shop") == [link]
    assert store.open_intents("shop") == [waiting]


@pytest.fixture
def local_time_of_hawaii(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "HST10")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("local_time_of_hawaii")
def test_times_come_back_in_utc_to_the_microsecond_wherever_the_machine_is(store: Store) -> None:
    in_hawaii = NOON.astimezone(timezone(timedelta(hours=-10)))
    intent = store.intend("shop", Wish("agree", 1, None, None, {}, in_hawaii))
    assert intent.intended_at == NOON
    assert intent.intended_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 20, 12)
    with pytest.raises(StateError, match="lacks a time zone"):
        store.intend("shop", Wish("agree", 1, None, None, {}, naive))
    assert store.open_intents("shop") == []


def test_a_payload_may_hold_anything_that_a_server_may_have_said(store: Store) -> None:
    payload = {"text": "cut \ud83d\0", "deep": [{"a": None, "b": 1.5}], "set": frozenset({"2", "1"})}
    intent = store.intend("shop", Wish("k", None, None, None, payload, NOON))
    assert intent.payload == {**payload, "set": ["1", "2"]}
    assert store.open_intents("shop") == [intent]


class TestManyThreads:
    """What several threads want recorded at the same time goes to the disk together."""

    THREADS = 8

    def test_each_gets_what_it_asked_for_and_a_refused_step_spoils_no_other(self, store: Store) -> None:
        started = threading.Barrier(self.THREADS)

        def one(number: int) -> str:
            started.wait(10)
            for _ in range(10):
                intent = intended(store, number)
                store.settle(intent.id, (), [entry(number)])
                if number % 2:
                    with pytest.raises(StateError, match="isn't open any more"):
                        store.settle(intent.id, [new_link(number)])
            return f"guid-{number}"

        with ThreadPoolExecutor(self.THREADS) as pool:
            told = list(pool.map(one, range(self.THREADS)))
        assert told == [f"guid-{number}" for number in range(self.THREADS)]
        assert store.open_intents("shop") == []
        assert store.links("shop") == []
        assert len(store.history("shop", limit=1000)) == self.THREADS * 10

    def test_where_nothing_can_be_recorded_all_are_told_so(self, store: Store) -> None:
        intents = [intended(store, number) for number in range(self.THREADS)]
        with store._db.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE history"))

        def one(intent: Intent) -> bool:
            with pytest.raises(StateError, match="nothing of this step was recorded"):
                store.settle(intent.id, (), [entry()])
            return True

        with ThreadPoolExecutor(self.THREADS) as pool:
            assert all(pool.map(one, intents))
        assert len(store.open_intents("shop")) == self.THREADS
