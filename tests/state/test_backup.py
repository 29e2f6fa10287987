"""A backup is one moment of the state DB, sound or not there at all, and making it harms nothing."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from state import StateError, Store
from state.backup import back_up
from tests.state.builders import entry, intended, linked, new_link


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(url(tmp_path))
    yield store
    store.close()


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/syncer.db"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_copy_holds_what_was_recorded_beside_a_writer_that_goes_on(live: Store, tmp_path: Path) -> None:
    with live.single_writer():
        link = linked(live)
        made = back_up(url(tmp_path), tmp_path / "copies.db")
        linked(live, 2)
    assert (made.path, made.links, made.size) == (tmp_path / "copies.db", 1, (tmp_path / "copies.db").stat().st_size)
    copy = Store.open_readonly(f"sqlite:///{made.path}")
    assert copy.links("shop") == [link]
    copy.close()


def test_the_copy_is_one_file_that_only_its_owner_reads(live: Store, tmp_path: Path) -> None:
    linked(live)
    folder = tmp_path / "copies"
    folder.mkdir()
    made = back_up(url(tmp_path), folder / "a.db")
    assert files(folder) == ["a.db"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(made.path)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_each_copy_under_write_load_is_one_moment(live: Store, tmp_path: Path) -> None:
    """Each intent goes with its link in one transaction: none is seen without the other's end."""
    ended = threading.Event()
    recorded: list[int] = []

    def load() -> None:
        while not ended.is_set():
            number = len(recorded) + 1
            live.settle(intended(live, number).id, [new_link(number)], [entry(number)])
            recorded.append(number)

    writer = threading.Thread(target=load)
    writer.start()
    try:
        for number in range(10):
            before = len(recorded)
            made = back_up(url(tmp_path), tmp_path / f"copy-{number}.db")
            copy = Store.open_readonly(f"sqlite:///{made.path}")
            count = len(copy.links("shop"))
            assert before <= count == made.links == len(copy.history("shop", limit=10**6))
            assert len(copy.open_intents("shop")) <= 1
            copy.close()
    finally:
        ended.set()
        writer.join()
    assert len(recorded) > 10


def test_a_file_that_is_there_is_replaced_only_by_force(live: Store, tmp_path: Path) -> None:
    linked(live)
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StateError, match="is there already; name another file, or replace it with --force"):
        back_up(url(tmp_path), target)
    assert target.read_text() == "precious"
    assert back_up(url(tmp_path), target, force=True).links == 1


@pytest.mark.parametrize("name", ["syncer.db", "syncer.db-wal", "syncer.db-shm", "other/../syncer.db", "alias.db"])
def test_the_live_files_are_never_written_over(live: Store, tmp_path: Path, name: str) -> None:
    linked(live)
    (tmp_path / "other").mkdir()
    (tmp_path / "alias.db").symlink_to(tmp_path / "syncer.db")
    with pytest.raises(StateError, match="is the state DB's own file"):
        back_up(url(tmp_path), tmp_path / name, force=True)
    assert len(live.links("shop")) == 1


def test_a_db_that_is_damaged_gives_no_backup_and_leaves_the_one_before(live: Store, tmp_path: Path) -> None:
    for number in range(200):
        linked(live, number)
    live.close()
    target = tmp_path / "copy.db"
    back_up(url(tmp_path), target)
    sound = target.read_bytes()
    damaged = bytearray((tmp_path / "syncer.db").read_bytes())
    damaged[8192:-4096] = os.urandom(len(damaged) - 8192 - 4096)
    (tmp_path / "syncer.db").write_bytes(damaged)
    with pytest.raises(StateError):
        back_up(url(tmp_path), target, force=True)
    assert target.read_bytes() == sound
    assert [name for name in files(tmp_path) if name.startswith(".")] == []


def test_another_programs_db_gives_no_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "syncer.db")) as other:
        other.execute("CREATE TABLE tunes (name)")
    with pytest.raises(StateError, match="holds tables of another program"):
        back_up(url(tmp_path), tmp_path / "copy.db")
    assert files(tmp_path) == ["syncer.db"]


def test_where_nothing_is_yet_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="there is nothing to back up"):
        back_up(url(tmp_path), tmp_path / "copy.db")
    assert files(tmp_path) == []


@pytest.mark.parametrize(("target", "said"), [("none/copy.db", "No such file"), (".", "is a folder; name a file in")])
def test_a_place_that_cannot_be_written_is_named(live: Store, tmp_path: Path, target: str, said: str) -> None:
    with pytest.raises(StateError, match=said):
        back_up(url(tmp_path), tmp_path / target)


def test_postgresql_has_means_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="pg_dump") as raised:
        back_up("postgresql+psycopg://syncer:c4nary@db.example.com/syncer", tmp_path / "copy.db")
    assert "c4nary" not in str(raised.value)
