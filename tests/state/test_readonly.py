"""The promise to `plan` and `status`: looking changes nothing, and works before there is anything to look at."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from state import StateError, Store
from state.tables import cycles
from tests.state.builders import LATER, NOON, entry, intended, linked, new_link

HALF_DONE = {
    "cycle": "c-1",
    "project_link": "shop",
    "started_at": NOON,
    "outcome": "running",
    "detail": "",
    "counts": "{}",
}


def test_before_the_first_cycle_there_is_an_empty_store_and_no_file(tmp_path: Path) -> None:
    store = Store.open_readonly(f"sqlite:///{tmp_path}/var/lib/syncer.db")
    assert store.links("shop") == []
    assert store.links_by_ids("shop", ["guid-1"], ["1"]) == []
    assert store.fingerprint("shop") is None
    assert store.watermark("shop", "issue") is None
    assert store.parked() == []
    assert store.held() == []
    assert store.absences("shop") == []
    assert store.find_links(text="INC") == []
    assert store.last_cycles("shop") == []
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_db_without_tables_is_looked_at_as_an_empty_one(url: str) -> None:
    store = Store.open_readonly(url)
    assert store.links("shop") == []
    store.close()
    assert Store.open_readonly(url).links("shop") == []


@pytest.mark.parametrize(
    "write",
    [
        intended,
        lambda store: store.settle(None, [new_link(5)]),
        lambda store: store.abandon(1),
        lambda store: store.set_held("shop", "removals", None),
        lambda store: store.approve("shop", "abc", "Ann", NOON),
        lambda store: store.use_approval("shop", "abc"),
        lambda store: store.prune("shop", NOON),
        lambda store: store.set_watermark("shop", "issue", LATER),
        lambda store: store.set_fingerprint("shop", "aaa"),
        lambda store: store.begin_cycle("shop", "c-1", NOON),
        lambda store: store.finish_cycle("c-1", NOON, "done", "", {}),
        lambda store: store.single_writer().__enter__(),
    ],
)
def test_no_way_of_writing_is_open(url: str, write: Callable[[Store], object]) -> None:
    for made in (False, True):
        if made:
            Store.open(url).close()
        store = Store.open_readonly(url)
        with pytest.raises(StateError, match="was opened for reading only; nothing was recorded"):
            write(store)
        assert store.links("shop") == []
        store.close()


def test_the_db_itself_refuses_what_a_bug_might_write(url: str) -> None:
    Store.open(url).close()
    reader = Store.open_readonly(url)
    with pytest.raises(StateError, match=r"read-?only"), reader._db.read() as connection:
        connection.execute(sa.insert(cycles).values(HALF_DONE))
    reader.close()


def test_looking_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "syncer.db"
    writer = Store.open(f"sqlite:///{file}")
    linked(writer)
    writer.close()
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    reader = Store.open_readonly(f"sqlite:///{file}")
    assert reader.count_links("shop") == 1
    reader.close()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert not list(tmp_path.glob("*.lock*"))


def test_readers_see_what_was_settled_while_the_writer_goes_on(url: str) -> None:
    writer = Store.open(url)
    reader = Store.open_readonly(url)
    with writer.single_writer():
        link = linked(writer)
        writer.settle(None, (), [entry()])
        assert reader.links("shop") == [link]
        assert reader.history() == [entry()]
    reader.close()
    writer.close()


def test_a_reader_neither_waits_for_the_writer_nor_sees_half_of_what_it_does(url: str) -> None:
    writer = Store.open(url)
    reader = Store.open_readonly(url)
    with writer._db.write() as connection:
        connection.execute(sa.insert(cycles).values(HALF_DONE))
        assert reader.last_cycles("shop") == []
    assert len(reader.last_cycles("shop")) == 1
    reader.close()
    writer.close()
