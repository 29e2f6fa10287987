"""The promise that one process writes, whatever becomes of the others."""

import os
from pathlib import Path

import pytest

from state import StateError, Store
from tests import postgres
from tests.state.builders import intended, linked
from tests.state.processes import lose_lock, other_process


def test_a_second_process_is_refused_and_told_who_is_at_it(url: str, store: Store) -> None:
    with other_process(url) as other:
        with pytest.raises(StateError) as refused, store.single_writer():
            pass
        expected = (
            rf"another syncer process \(pid {other.pid}( on \S+)?\) is writing to this state DB; stop it, or wait"
        )
        refused.match(expected)


def test_a_killed_process_holds_nothing(url: str, store: Store) -> None:
    with other_process(url) as other:
        other.kill()
        other.wait()
        with store.single_writer():
            intended(store)
    assert len(store.open_intents("shop")) == 1


def test_who_can_not_ask_whether_it_still_may_write_is_told_so_and_goes_on_once_it_can() -> None:
    with postgres.server().database(migrated=True) as url:
        store = Store.open(url)
        with store.single_writer():
            store.require_turn()
            with postgres.server().away(url), pytest.raises(StateError, match="nothing was read"):
                store.require_turn()
            store.require_turn()
        store.close()


def test_the_same_process_is_no_exception(url: str, store: Store) -> None:
    again = Store.open(url)
    with store.single_writer():
        for one in (store, again):
            with pytest.raises(StateError, match=f"pid {os.getpid()}"), one.single_writer():
                pass
        intended(store)
    with again.single_writer():
        intended(again)
    again.close()


def test_the_lock_is_free_again_after_an_error(store: Store) -> None:
    with pytest.raises(RuntimeError, match="a bug"), store.single_writer():
        raise RuntimeError("a bug")
    with store.single_writer():
        intended(store)


def test_no_lock_file_is_left_behind(tmp_path: Path, file_store: Store) -> None:
    with file_store.single_writer():
        assert list(tmp_path.glob("*.lock-*")) == [tmp_path / "syncer.db.lock-1"]
    assert not list(tmp_path.glob("*.lock-*"))


def test_the_lock_file_of_a_process_that_was_killed_goes_with_its_successor(tmp_path: Path, file_store: Store) -> None:
    with other_process(f"sqlite:///{tmp_path}/syncer.db") as other:
        other.kill()
        other.wait()
    with file_store.single_writer():
        assert list(tmp_path.glob("*.lock-*")) == [tmp_path / "syncer.db.lock-2"]


def test_a_symbolic_link_to_the_db_has_the_same_lock(tmp_path: Path, file_store: Store) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "alias.db").symlink_to(tmp_path / "syncer.db")
    alias = Store.open(f"sqlite:///{tmp_path}/elsewhere/alias.db")
    with file_store.single_writer(), pytest.raises(StateError, match="another syncer process"), alias.single_writer():
        pass
    alias.close()


def test_who_lost_the_lock_and_goes_on_can_record_nothing(url: str, store: Store) -> None:
    successor = Store.open(url)
    with store.single_writer():
        intent = intended(store)
        lose_lock(url)
        with successor.single_writer():
            linked(successor)
            with pytest.raises(StateError, match=rf"\(pid {os.getpid()} on \S+\) has taken over .* this one must stop"):
                intended(store, 2)
            with pytest.raises(StateError, match="has taken over"):
                store.settle(intent.id, [])
            assert successor.open_intents("shop") == [intent]
    successor.close()
