"""A state DB moves from SQLite to PostgreSQL, or back, with all it holds or with nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from state import StateError, Store
from state.copying import TABLES, copy
from tests import postgres
from tests.state.builders import linked
from tests.state.filling import fill, new_ids
from tests.state.processes import Waiting, copy_and_die, other_process
from tests.syncer.forked import Forked


class Steps:
    """Progress that is remembered."""

    def __init__(self) -> None:
        self.steps: dict[str, list[int | None]] = {}

    def begin(self, step: str, total: int | None) -> None:
        self.steps[step] = [total, 0]

    def advance(self, step: str, count: int = 1) -> None:
        self.steps[step][1] = (self.steps[step][1] or 0) + count


@pytest.fixture
def source(url: str) -> str:
    """A state DB with rows in all tables, in either kind."""
    store = Store.open(url)
    fill(store)
    store.close()
    return url


@pytest.fixture
def target(url: str, tmp_path: Path) -> Iterator[str]:
    """Where there is nothing yet, in the other kind."""
    if url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path}/target.db"
        return
    with postgres.server().database(migrated=False) as empty:
        yield empty


def held(url: str) -> dict[str, list[tuple[object, ...]]]:
    store = Store.open_readonly(url)
    with store._db.read() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in TABLES
        }
    store.close()
    return rows


def refused(source: str, target: str) -> str:
    with pytest.raises(StateError) as error:
        copy(source, target, Steps())
    return str(error.value)


def test_everything_is_equal_afterwards_and_no_id_is_given_twice(source: str, target: str) -> None:
    steps = Steps()
    copied = copy(source, target, steps)
    before = held(source)
    assert held(target) == before
    assert all(rows for rows in before.values())
    assert copied.rows == {name: len(rows) for name, rows in before.items()}
    assert steps.steps == {name: [len(rows), len(rows)] for name, rows in before.items()}
    ids = []
    for url in (source, target):
        store = Store.open(url)
        with store.single_writer():
            ids.append(new_ids(store))
        store.close()
    assert ids[0] == ids[1] == (5, 3)


def test_a_table_that_never_gave_an_id_gives_the_first_one(url: str, target: str) -> None:
    store = Store.open(url)
    store.set_fingerprint("shop", "aaa")
    store.close()
    copy(url, target, Steps())
    other = Store.open(target)
    assert new_ids(other) == (1, 1)
    other.close()


def test_more_rows_than_one_statement_takes_arrive(url: str, target: str) -> None:
    store = Store.open(url)
    with store._db.write() as connection:
        row = {"project_link": "shop", "issue_id": "1", "reason": "", "buried_at": sa.func.now()}
        tombstones = next(table for table in TABLES if table.name == "tombstones")
        connection.execute(sa.insert(tombstones).values([{**row, "incident_id": f"guid-{n}"} for n in range(2500)]))
    store.close()
    assert copy(url, target, Steps()).rows["tombstones"] == 2500
    assert len(held(target)["tombstones"]) == 2500


@pytest.mark.parametrize("written", ["source", "target"])
def test_a_state_db_that_a_process_writes_is_not_copied(source: str, target: str, written: str) -> None:
    with other_process(source if written == "source" else target) as other:
        assert f"another syncer process (pid {other.pid} on " in refused(source, target)
    assert not any(held(target).values())


def test_a_target_that_holds_anything_is_refused_and_left_alone(source: str, target: str) -> None:
    store = Store.open(target)
    linked(store)
    store.close()
    before = held(target)
    said = refused(source, target)
    assert "isn't empty (links 1); copy into a new DB or schema" in said
    assert held(target) == before


def test_a_state_db_is_not_copied_into_itself(source: str) -> None:
    assert "is writing to this state DB" in refused(source, source)
    assert held(source)["links"]


def test_where_there_is_nothing_nothing_is_copied(url: str, target: str, tmp_path: Path) -> None:
    Store.open(url).close()
    assert refused(url, target).endswith("remembers nothing yet, so there is nothing to copy")
    said = refused(f"sqlite:///{tmp_path}/none.db", target)
    assert said == f"there is no state DB {tmp_path}/none.db yet, so there is nothing to copy"
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("table", ["project_links", "history"])
def test_killed_amid_a_copy_the_target_is_empty_and_a_second_try_goes_through(
    source: str, target: str, table: str
) -> None:
    with Forked(copy_and_die, (source, target, table)) as killed:
        _, err = killed.communicate()
    assert killed.returncode == -signal.SIGKILL, err
    assert not any(held(target).values())
    for url in (source, target):
        # PostgreSQL has to notice that its client is gone.
        store = Store.open(url)
        with store.single_writer(wait=Waiting(5)):
            pass
        store.close()
    copy(source, target, Steps())
    assert held(target) == held(source)
