"""The promises to workers that share a state DB: a project link is one worker's, and `syncer run` stays apart."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from state import StateError, Store
from state.signs import writer_lives
from tests.state.builders import intended
from tests.state.processes import Waiting, frozen, next_line, tell
from tests.state.sharers import LEASE, other_worker

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
"""One machine's SQLite file is nothing to share."""


@contextmanager
def joined(store: Store) -> Iterator[Store]:
    """Amid the joint lease, another store for turns."""
    with store.joint_writer(lease_seconds=LEASE, wait=Waiting(5)):
        yield store.beside()


def test_two_workers_are_at_two_links_at_once_and_at_one_link_in_turn(url: str, store: Store) -> None:
    with other_worker(url, "shop") as other, joined(store) as ours:
        with ours.turn_of("office", store):
            intended(ours, 1, "office")
            tell(other, "record(2)")
            assert next_line(other) == "recorded\n"
        with (
            pytest.raises(StateError, match=rf"another worker \(pid {other.pid} on \S+\) is at project link shop"),
            ours.turn_of("shop", store),
        ):
            pass
        tell(other, "leave()")
        assert next_line(other) == "left\n"
        with ours.turn_of("shop", store):
            intended(ours, 3)
    assert [intent.incident_id for intent in store.open_intents("shop")] == ["guid-2", "guid-3"]


def test_of_many_that_want_a_link_at_once_one_has_it(url: str, store: Store) -> None:
    inside, most, had, together = 0, 0, 0, threading.Barrier(6)

    def want(own: Store) -> None:
        nonlocal inside, most, had
        for _ in range(5):
            together.wait()
            try:
                with own.turn_of("shop", store, lease_seconds=LEASE):
                    inside, had = inside + 1, had + 1
                    most = max(most, inside)
                    time.sleep(0.02)
                    inside -= 1
            except StateError:
                continue

    with store.joint_writer():
        threads = [threading.Thread(target=want, args=(store.beside(),)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1
    assert had >= 5


def test_the_link_of_a_killed_worker_is_free_at_once(url: str, store: Store) -> None:
    with other_worker(url, "shop", lease_seconds=3600) as other, joined(store) as ours:
        other.kill()
        other.wait()
        with ours.turn_of("shop", store, wait=Waiting(5)):
            intended(ours)


def test_the_link_of_a_frozen_worker_is_had_after_its_lease_and_it_records_nothing_when_it_wakes(
    url: str, store: Store
) -> None:
    with other_worker(url, "shop") as other, joined(store) as ours, frozen(other):
        began = time.monotonic()
        with ours.turn_of("shop", store, wait=Waiting(LEASE * 5)):
            assert time.monotonic() - began > LEASE
            tell(other, "record(1)")
            other.send_signal(signal.SIGCONT)
            said = {next_line(other), next_line(other)}
            intended(ours, 2)
        assert any(f"lost to pid {os.getpid()} on " in line for line in said)
        assert any("has taken over project link shop of the state DB" in line for line in said)
    assert [intent.incident_id for intent in store.open_intents("shop")] == ["guid-2"]


def test_a_single_writer_is_refused_while_a_worker_lives_and_a_worker_while_it_writes(url: str, store: Store) -> None:
    with other_worker(url, "shop") as other:
        with pytest.raises(StateError, match="workers that share it"), store.single_writer(wait=Waiting(LEASE + 1)):
            pass
        assert writer_lives(store)
        other.kill()
        other.wait()
        with store.single_writer(wait=Waiting(5)):
            joining = Store.open(url)
            with pytest.raises(StateError, match=f"pid {os.getpid()}"), joining.joint_writer():
                pass
            joining.close()
    assert not writer_lives(store)


def test_who_takes_the_whole_from_frozen_workers_takes_every_turn(url: str, store: Store) -> None:
    with other_worker(url, "shop") as other, frozen(other):
        with store.single_writer(wait=Waiting(LEASE * 5)):
            tell(other, "record(1)")
            other.send_signal(signal.SIGCONT)
            said = {next_line(other), next_line(other)}
            assert any(f"lost to pid {os.getpid()} on " in line for line in said)
            assert any("has taken over" in line for line in said)
        assert store.open_intents("shop") == []
        # Though it is alive, its number of the whole is an old one, and it gets no further turn.
        tell(other, "leave()")
        assert next_line(other) == "left\n"
        tell(other, "again()")
        assert "has taken over" in next_line(other)


def test_what_one_turn_leaves_behind_the_next_one_knows(url: str, store: Store) -> None:
    with joined(store) as ours:
        assert (ours.turns(), ours.turn("shop").since_census) == ({}, None)
        with ours.turn_of("shop", store):
            ours.begin_turn("shop")
            ours.end_turn("shop", census=True, refusals=2, rest=timedelta(minutes=5))
        turn = store.turns()["shop"]
        assert turn.refusals == 2
        assert timedelta(minutes=4) < turn.rest <= timedelta(minutes=5)
        assert turn.since_began is not None
        assert timedelta() <= turn.since_began < timedelta(minutes=1)
        assert turn.since_census == turn.since_began


def test_a_turn_is_had_amid_the_joint_lease_only(url: str, store: Store) -> None:
    with pytest.raises(ValueError, match="amid a joint_writer"), store.beside().turn_of("shop", store):
        pass


def test_a_sqlite_file_is_not_shared(url: str, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/syncer.db")
    with (
        pytest.raises(StateError, match="can't be shared by workers; they need one on PostgreSQL"),
        store.joint_writer(),
    ):
        pass
    store.close()
