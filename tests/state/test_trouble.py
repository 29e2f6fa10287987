"""What happens when the disk is full, another program holds the DB, or many threads come at once."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from state import StateError, Store
from state.effects import SetBaseline
from state.rows import Baseline
from tests.state.builders import entry, intended, linked, new_link

THREADS = 8
LARGE = Baseline({"description": "x" * 10_000}, None)


@contextmanager
def no_file_may_grow_beyond(size: int) -> Iterator[None]:
    """What a full disk does to a write: it fails in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_undoes_the_step_and_is_survived(tmp_path: Path, file_store: Store) -> None:
    intent = intended(file_store)
    room = (tmp_path / "syncer.db-wal").stat().st_size + 20_000
    effects = [new_link(n, baselines={"issue": LARGE}) for n in range(100)]
    with no_file_may_grow_beyond(room):
        with pytest.raises(StateError, match=r"syncer\.db failed: .*(disk|full).*; nothing of this step was recorded"):
            file_store.settle(intent.id, effects, [entry()])
        assert file_store.links("shop") == []
        assert file_store.open_intents("shop") == [intent]
    assert len(file_store.settle(intent.id, effects, [entry()])) == 100
    assert file_store.open_intents("shop") == []


def test_a_db_that_another_program_holds_is_told_and_survived(tmp_path: Path, file_store: Store) -> None:
    holder = sqlite3.connect(tmp_path / "syncer.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match=r"syncer\.db failed: database is locked; nothing of this step was recorded"):
        intended(file_store)
    assert file_store.open_intents("shop") == []
    holder.close()
    intended(file_store)


def test_an_error_of_ours_undoes_the_step(store: Store) -> None:
    with pytest.raises(TypeError):
        store.settle(None, [new_link(1), SetBaseline(1, "issue", {"title": object()}, None)])  # type: ignore[dict-item]  # what JSON can't say, on purpose
    assert store.links("shop") == []


def test_threads_lose_nothing_of_each_other(store: Store) -> None:
    """All merge fields of their own into one baseline: a lost update would be a field that is missing."""
    link = linked(store)

    def settle(thread: int) -> None:
        for n in range(10):
            intent = intended(store, n)
            values = {f"field-{thread}-{n}": "agreed"}
            store.settle(intent.id, [SetBaseline(link.id, "issue", values, None)], [entry(n)])
            assert values.items() <= store.baselines([link.id])[link.id]["issue"].values.items()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(settle, range(THREADS)))
    assert len(store.baselines([link.id])[link.id]["issue"].values) == THREADS * 10
    assert len(store.history(limit=1000)) == THREADS * 10
    assert store.open_intents("shop") == []


def test_threads_take_turns_however_long_one_takes(file_store: Store) -> None:
    """SQLite by itself would give up waiting after the tenth of a second that this store allows."""
    with ThreadPoolExecutor(1) as pool:
        with file_store._db.write():
            waiting = pool.submit(intended, file_store)
            time.sleep(0.3)
            assert not waiting.done()
        assert [waiting.result()] == file_store.open_intents("shop")


def test_of_threads_that_link_the_same_record_one_succeeds(store: Store) -> None:
    def link(n: int) -> bool:
        try:
            store.settle(None, [new_link(n, incident_id="guid-1")])
        except StateError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(link, range(THREADS))) == [False] * (THREADS - 1) + [True]
    assert store.count_links("shop") == 1


def test_stores_can_be_opened_side_by_side(tmp_path: Path) -> None:
    def open_and_link(n: int) -> int:
        store = Store.open(f"sqlite:///{tmp_path}/{n}.db")
        linked(store)
        found = store.count_links("shop")
        store.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(open_and_link, range(THREADS))) == [1] * THREADS
