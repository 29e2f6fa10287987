"""The promises to workers that help with another worker's turn: they write amid it, and never after it was taken."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from state import StateError, Store
from state.scope import Scope
from tests.state.builders import intended
from tests.state.processes import Waiting
from tests.state.sharers import other_worker

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
"""One machine's SQLite file is nothing to share."""

LONG = 3600
"""Seconds of a lease that isn't renewed by the clock while a test runs."""


@contextmanager
def turn(store: Store) -> Iterator[Store]:
    """A worker's turn at `shop`."""
    own = store.beside()
    with store.joint_writer(lease_seconds=LONG), own.turn_of("shop", store, lease_seconds=LONG):
        yield own


def renewals(store: Store) -> int:
    with store._db.read() as connection:
        return int(connection.scalar(Scope("shop").select("renewals")))


def test_a_part_writes_amid_the_turn_and_does_not_renew_it(url: str, store: Store) -> None:
    with turn(store) as holder:
        helper, before = store.beside(), renewals(store)
        with helper.part_of_turn("shop", holder.number):
            intended(helper, 1)
            helper.require_turn()
        assert renewals(store) == before
        intended(holder, 2)
        assert renewals(store) == before + 1
    assert [intent.incident_id for intent in store.open_intents("shop")] == ["guid-1", "guid-2"]


def test_a_part_neither_sends_nor_records_anything_once_the_link_was_taken_anew(url: str, store: Store) -> None:
    own, helper = store.beside(), store.beside()
    with store.joint_writer(lease_seconds=LONG):
        with own.turn_of("shop", store, lease_seconds=LONG):
            number = own.number
        with helper.part_of_turn("shop", number):
            # The turn is over, and nobody has taken the next one.
            intended(helper, 1)
            with own.turn_of("shop", store, lease_seconds=LONG):
                with pytest.raises(StateError, match="has taken over project link shop"):
                    helper.require_turn()
                with pytest.raises(StateError, match="nothing of this step was recorded"):
                    intended(helper, 2)
            with pytest.raises(StateError, match="has taken over"):
                intended(helper, 3)
        with pytest.raises(StateError, match="has taken over"), helper.part_of_turn("shop", number):
            pass
    assert [intent.incident_id for intent in store.open_intents("shop")] == ["guid-1"]


def test_a_part_and_the_holder_of_the_turn_do_not_wait_for_each_other(url: str, store: Store) -> None:
    with turn(store) as holder:
        one, other = store.beside(), store.beside()
        with (
            one.part_of_turn("shop", holder.number),
            other.part_of_turn("shop", holder.number),
            one._db.write(),
        ):
            intended(holder, 1)
            intended(other, 2)
    assert len(store.open_intents("shop")) == 2


def test_nobody_takes_the_link_between_a_parts_check_and_its_commit(url: str, store: Store) -> None:
    own, helper = store.beside(), store.beside()
    with store.joint_writer(lease_seconds=LONG):
        with own.turn_of("shop", store, lease_seconds=LONG):
            number = own.number
        with helper.part_of_turn("shop", number):
            with helper._db.write(), pytest.raises(StateError), own.turn_of("shop", store, lease_seconds=LONG):
                pass
            with own.turn_of("shop", store, lease_seconds=LONG), pytest.raises(StateError, match="has taken over"):
                intended(helper)


def test_who_takes_the_whole_waits_for_the_commit_of_a_part_and_shuts_it_out_then(url: str, store: Store) -> None:
    helper, taken = store.beside(), threading.Event()
    with other_worker(url, "shop", lease_seconds=LONG) as other:
        with store._db.read() as connection:
            number = connection.scalar(Scope("shop").select("fence"))
        other.kill()
        other.wait()

    def take() -> None:
        with store.single_writer(wait=Waiting(30)):
            taken.set()

    with helper.part_of_turn("shop", number):
        taking = threading.Thread(target=take)
        with helper._db.write():
            taking.start()
            wait_until_it_waits(store)
            assert not taken.is_set()
        taking.join()
        assert taken.is_set()
        with pytest.raises(StateError, match="has taken over"):
            intended(helper)


def wait_until_it_waits(store: Store) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 30
    while True:
        with store._db.read() as connection:
            if connection.scalar(sa.text(waiting)):
                return
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)
