"""What opening a state DB promises: made where it can be, refused with one clear sentence where it can't."""

import logging
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from state import StateError, Store, schema
from state.tables import metadata
from tests.state.builders import linked
from tests.state.processes import open_and_close
from tests.syncer.forked import Forked

CANARY = "c4nary"


def refused(url: str) -> str:
    """The one sentence with which both ways of opening refuse a URL."""
    with pytest.raises(StateError) as to_write:
        Store.open(url)
    with pytest.raises(StateError) as to_read:
        Store.open_readonly(url)
    assert str(to_write.value) == str(to_read.value)
    assert "\n" not in str(to_write.value)
    return str(to_write.value)


def changed_migrations(folder: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program have one migration more than it has."""
    newest = ScriptDirectory(str(schema.SCRIPTS)).get_current_head()
    shutil.copytree(schema.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(
        f"from alembic import op\nrevision = '9999'\ndown_revision = '{newest}'\ndef upgrade():\n    {step}\n"
    )
    monkeypatch.setattr(schema, "SCRIPTS", folder)


def test_a_missing_db_is_made_with_its_folder_and_found_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/lib 100%/a?b#c/syncer.db".replace("%", "%25").replace("?", "%3F")
    first = Store.open(url)
    link = linked(first)
    first.close()
    again = Store.open(url)
    assert again.links("shop") == [link]
    again.close()


def test_an_empty_file_is_an_empty_db(tmp_path: Path) -> None:
    (tmp_path / "syncer.db").touch()
    store = Store.open(f"sqlite:///{tmp_path}/syncer.db")
    assert store.links("shop") == []
    store.close()


def test_each_migration_is_named_by_its_revision_and_follows_the_one_before() -> None:
    """By their names alone a DB's age is told."""
    scripts = ScriptDirectory(str(schema.SCRIPTS))
    newest_first = [Path(each.path).name.partition("_")[0] for each in scripts.walk_revisions()]
    assert [each.revision for each in scripts.walk_revisions()] == newest_first
    assert newest_first == sorted(newest_first, reverse=True)
    assert len(newest_first) == len(list(schema.SCRIPTS.glob("versions/[0-9]*.py")))


def test_the_migrations_make_the_very_tables_that_the_program_uses(store: Store) -> None:
    with store._db.read() as connection:
        options = {"compare_type": True, "target_metadata": metadata}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_a_power_cut_loses_nothing_that_was_committed(file_store: Store) -> None:
    with file_store._db.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_opening_leaves_logging_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("alembic").level, logging.root.manager.disable)
    Store.open(f"sqlite:///{tmp_path}/syncer.db").close()
    after = (root.level, list(root.handlers), logging.getLogger("alembic").level, logging.root.manager.disable)
    assert after == before


def test_processes_that_open_a_new_db_together_all_succeed(url: str) -> None:
    processes = [Forked(open_and_close, (url,)) for _ in range(4)]
    outcomes = [(process.communicate()[1], process.returncode) for process in processes]
    assert outcomes == [("", 0)] * 4


def test_opening_waits_for_whoever_is_making_the_same_db(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "syncer.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.2, other.close)
    done.start()
    Store.open(f"sqlite:///{tmp_path}/syncer.db").close()
    done.join()


class TestUrls:
    @pytest.mark.parametrize("url", ["", "syncer.db", "/var/lib/syncer.db", "postgresql+psycopg://host:port/db", "://"])
    def test_what_is_no_url_is_refused_with_an_example(self, url: str) -> None:
        assert refused(url).startswith("the state DB's URL can't be read; write it as sqlite:////absolute/path")

    @pytest.mark.parametrize("driver", ["mysql", "postgresql+nonesuch", "sqlite+aiosqlite", "oracle"])
    def test_another_kind_of_db_is_refused_by_name(self, driver: str) -> None:
        assert refused(f"{driver}://host/db").startswith(f"the state DB can't be kept in '{driver}'; use sqlite:///")

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
    def test_a_db_that_would_forget_is_refused(self, url: str) -> None:
        assert "would forget every link" in refused(url)

    @pytest.mark.parametrize("rest", ["host/syncer.db", "/file:x?mode=memory&uri=true", "/x?timeout=1&timeout=2"])
    def test_what_sqlite_has_not_got_is_refused(self, rest: str) -> None:
        assert "SQLite hasn't got" in refused(f"sqlite://{rest}") or "isn't a number" in refused(f"sqlite://{rest}")

    @pytest.mark.parametrize(
        "url",
        [
            f"postgresql+psycopg://syncer:{CANARY}@127.0.0.1:PORT/db?password={CANARY}&connect_timeout=2",
            f"postgresql+psycopg://syncer:{CANARY}@host:{CANARY}/db",
            f"mysql://syncer:{CANARY}@host/db",
            f"syncer:{CANARY}@host/db",
        ],
    )
    def test_a_password_is_never_shown(self, url: str) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with pytest.raises(StateError) as failed:
                Store.open(url.replace("PORT", str(unused.getsockname()[1])))
        assert CANARY not in "".join(traceback.format_exception(failed.value))


class TestPlaces:
    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert refused(f"sqlite:///{tmp_path}").startswith(f"{tmp_path} is a folder or a device")

    def test_a_file_of_another_kind_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("not a database, but dear to somebody")
        assert "isn't a SQLite DB; move it away" in refused(f"sqlite:///{tmp_path}/notes.txt")
        assert (tmp_path / "notes.txt").read_text() == "not a database, but dear to somebody"
        assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]

    def test_a_torn_db_is_refused(self, tmp_path: Path) -> None:
        store = Store.open(f"sqlite:///{tmp_path}/syncer.db")
        store.close()
        whole = (tmp_path / "syncer.db").read_bytes()
        (tmp_path / "syncer.db").write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
        with pytest.raises(StateError, match="malformed"):
            Store.open(f"sqlite:///{tmp_path}/syncer.db")

    def test_another_programs_db_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "places.db") as connection:
            connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.close()
        assert "tables of another program (bookmarks)" in refused(f"sqlite:///{tmp_path}/places.db")
        with sqlite3.connect(tmp_path / "places.db") as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
        connection.close()

    def test_a_folder_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for folder in (tmp_path / "file", Path("/proc/nowhere")):
            with pytest.raises(StateError, match=f"the folder {folder}/var for the state DB can't be made"):
                Store.open(f"sqlite:///{folder}/var/syncer.db")

    @pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o644), (0o777, 0o444)])
    def test_what_may_not_be_written_is_refused_when_opened_and_not_later(
        self, shared_folder: Path, folder_mode: int, file_mode: int
    ) -> None:
        Store.open(f"sqlite:///{shared_folder}/syncer.db").close()
        (shared_folder / "syncer.db").chmod(file_mode)
        shared_folder.chmod(folder_mode)
        said = said_to_a_user_without_rights(f"sqlite:///{shared_folder}/syncer.db")
        assert "can't be written by user" in said
        assert said.endswith("give it to that user or keep the state DB elsewhere")

    def test_what_may_not_be_read_is_refused(self, shared_folder: Path) -> None:
        (shared_folder / "inner").mkdir(mode=0o000)
        said = said_to_a_user_without_rights(f"sqlite:///{shared_folder}/inner/syncer.db")
        assert said == f"the state DB {shared_folder}/inner/syncer.db can't be read: Permission denied"


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="syncer-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def said_to_a_user_without_rights(url: str) -> str:
    """What opening says to somebody else where we are root, to whom nothing is forbidden."""
    we_are = os.geteuid()
    if we_are == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(StateError) as refused:
            Store.open(url)
    finally:
        os.seteuid(we_are)
    return str(refused.value)


class TestVersions:
    def test_a_db_of_a_newer_program_is_refused(self, tmp_path: Path) -> None:
        Store.open(f"sqlite:///{tmp_path}/syncer.db").close()
        with sqlite3.connect(tmp_path / "syncer.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        said = refused(f"sqlite:///{tmp_path}/syncer.db")
        assert "was written by a newer syncer (its tables are of version 9999" in said
        assert said.endswith("install that version or restore a backup")

    def test_a_db_of_an_older_program_is_migrated_with_all_it_holds(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        older = Store.open(url)
        link = linked(older)
        older.close()
        changed_migrations(tmp_path / "next 100%", "op.execute('CREATE TABLE extra (n INTEGER)')", monkeypatch)
        with pytest.raises(StateError, match="was written by an older syncer; run `syncer sync` once"):
            Store.open_readonly(url)
        newer = Store.open(url)
        assert newer.links("shop") == [link]
        with newer._db.read() as connection:
            assert sa.inspect(connection).has_table("extra")
        newer.close()
        Store.open_readonly(url).close()

    def test_a_migration_that_fails_leaves_the_db_as_it_was(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        older = Store.open(url)
        link = linked(older)
        older.close()
        with monkeypatch.context() as patched:
            step = "op.execute('CREATE TABLE extra (n INTEGER)'); op.execute('CREATE TABLE links (n INTEGER)')"
            changed_migrations(tmp_path / "next", step, patched)
            with pytest.raises(StateError, match="already exists"):
                Store.open(url)
        again = Store.open(url)
        assert again.links("shop") == [link]
        with again._db.read() as connection:
            assert not sa.inspect(connection).has_table("extra")
        again.close()
