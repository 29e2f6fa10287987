"""A state DB that an older syncer filled keeps all that it holds, and takes all that the newer one records."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from state import Store, schema
from state.effects import Exhume, NewResultLink, NoteAbsence, Park
from state.rows import (
    Baseline,
    BothSides,
    CommentLink,
    CycleRow,
    Decision,
    Discard,
    HistoryEntry,
    Intent,
    Link,
    Parked,
    Tombstone,
    VersionLink,
)
from state.tables import metadata
from tests.state.builders import LATER, NOON, entry, intended, new_link, settled

LINK = Link(5, "shop", "guid-5", "10005", "INC-5", "SHOP-5", frozenset({"issue"}), NOON)
TOLD = HistoryEntry(
    at=NOON,
    project_link="shop",
    cycle="c-1",
    kind="push",
    side="issue",
    incident_id="guid-5",
    issue_id="10005",
    sentence="pushed",
    outcome="settled",
    detail="d",
    before={"title": "a"},
    after={"title": "b"},
)
BOTH = BothSides("Mine", "Theirs", "d1", "d2")
PARKED = Parked("shop", "issue", "10005", "SHOP-5", "title", "both changed", "refused", NOON, 3, LATER)
FIRST: Mapping[str, Mapping[str, object]] = {
    "project_links": {
        "project_link": "shop",
        "fingerprint": "aaa",
        "incident_watermark": NOON,
        "issue_watermark": LATER,
    },
    "links": {
        "id": 5,
        "project_link": "shop",
        "incident_id": "guid-5",
        "issue_id": "10005",
        "incident_key": "INC-5",
        "issue_key": "SHOP-5",
        "incident_marked": False,
        "issue_marked": True,
        "created_at": NOON,
    },
    "baselines": {"link_id": 5, "side": "issue", "field_values": '{"labels":["a","b"]}', "stamp": "rev-1"},
    "comment_links": {
        "id": 6,
        "link_id": 5,
        "owner": "issue",
        "incident_comment_id": "ic",
        "issue_comment_id": "jc",
        "incident_digest": "d1",
        "issue_digest": "d2",
    },
    "version_links": {"project_link": "shop", "incident_version_id": "v1", "issue_version_id": "201"},
    "tombstones": {
        "project_link": "shop",
        "incident_id": "guid-4",
        "issue_id": "10004",
        "reason": "deleted",
        "buried_at": NOON,
    },
    "intents": {
        "id": 7,
        "project_link": "shop",
        "link_id": 5,
        "kind": "push",
        "incident_id": "guid-5",
        "issue_id": None,
        "payload": '{"a":1}',
        "intended_at": NOON,
    },
    "parked": {
        "project_link": "shop",
        "side": "issue",
        "record_id": "10005",
        "item": "title",
        "record_key": "SHOP-5",
        "reason": "both changed",
        "since": NOON,
        "tries": 3,
        "next_try_at": LATER,
    },
    "history": {
        "id": 8,
        "at": NOON,
        "project_link": "shop",
        "cycle": "c-1",
        "kind": "push",
        "side": "issue",
        "incident_id": "guid-5",
        "issue_id": "10005",
        "sentence": "pushed",
        "outcome": "settled",
        "detail": "d",
        "before": '{"title":"a"}',
        "after": '{"title":"b"}',
    },
    "cycles": {
        "id": 9,
        "cycle": "c-1",
        "project_link": "shop",
        "started_at": NOON,
        "finished_at": LATER,
        "outcome": "done",
        "detail": "",
        "counts": '{"push":1}',
    },
}


@pytest.fixture
def first_url(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A DB whose tables are those of the first release, a row in each of them."""
    others = [path.name for path in schema.SCRIPTS.glob("versions/0*.py") if not path.name.startswith("0001")]
    shutil.copytree(schema.SCRIPTS, tmp_path / "first", ignore=shutil.ignore_patterns("__pycache__", *others))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "SCRIPTS", tmp_path / "first")
        store = Store.open(url)
    with store._db.write() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        assert set(tables.tables) == {*FIRST, "writer", "alembic_version"}
        for name, row in FIRST.items():
            assert set(row) == set(tables.tables[name].columns.keys())
            connection.execute(sa.insert(tables.tables[name]).values(row))
    store.close()
    return url


def test_all_that_the_first_release_kept_is_still_there(first_url: str) -> None:
    store = Store.open(first_url)
    assert store.links("shop") == [LINK]
    assert store.baselines([5]) == {5: {"issue": Baseline({"labels": frozenset({"a", "b"})}, "rev-1")}}
    assert store.comment_links([5]) == {5: [CommentLink(6, 5, "issue", "ic", "jc", "d1", "d2")]}
    assert store.version_links("shop") == [VersionLink("shop", "v1", "201")]
    assert store.tombstones("shop") == [Tombstone("shop", "guid-4", "10004", "deleted", NOON)]
    assert store.open_intents("shop") == [Intent(7, "shop", 5, "push", "guid-5", None, {"a": 1}, NOON)]
    assert store.parked() == [PARKED]
    assert [(told, told.id) for told in store.history()] == [(TOLD, 8)]
    assert store.last_cycles("shop") == [CycleRow("c-1", "shop", NOON, LATER, "done", "", {"push": 1})]
    assert (store.watermark("shop", "incident"), store.watermark("shop", "issue")) == (NOON, LATER)
    assert store.fingerprint("shop") == "aaa"
    store.close()


def test_the_tables_become_those_that_the_program_uses(first_url: str) -> None:
    store = Store.open(first_url)
    with store._db.read() as connection:
        options = {"compare_type": True, "target_metadata": metadata}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    store.close()


# Rows with ids of our choosing leave PostgreSQL's sequences behind, and the next ids would be taken.
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_upgraded_db_takes_all_that_is_new(first_url: str) -> None:
    store = Store.open(first_url)
    settled(store, NewResultLink(5, "sr-1", "ours:sr-1"), Exhume("shop", "guid-4", "10004"))
    settled(store, NoteAbsence("shop", "issue", "10005", "record", "not found", NOON))
    settled(store, Park("shop", "issue", "10005", "SHOP-5", "title", "both changed again", "conflict", LATER, LATER))
    assert [(item.code, item.since, item.tries) for item in store.parked()] == [("conflict", NOON, 4)]
    assert store.conflicts() == []
    store.discard([Discard("shop", "abc", "Ann", NOON)])
    settled(
        store, Park("shop", "incident", "guid-5", "INC-5", "title", "both changed", "conflict", NOON, LATER, 0, BOTH)
    )
    (conflict,) = store.conflicts()
    assert store.decide(conflict, Decision(5, "title", "issue", "d1", "d2", "Ann", LATER), [])
    assert store.discards("shop") == [Discard("shop", "abc", "Ann", NOON)]
    store.settle(7, [new_link(4)], [replace(entry(4), cause="asked for", undoes=8)])
    assert [told.undoes for told in store.history()] == [8, None]
    assert [link.issue_key for link in store.recent_links("shop", 9)] == ["SHOP-4", "SHOP-5"]
    assert intended(store).id == 8
    assert store.prune("shop", LATER) == 2
    store.close()


def test_an_older_syncer_that_still_runs_can_tell_its_history_until_it_stops(first_url: str) -> None:
    """It holds the tables as it knows them: what it inserts has neither a cause nor anything it undoes."""
    store = Store.open(first_url)
    with store._db.write() as connection:
        names = [column for column in FIRST["history"] if column != "id"]
        told = sa.table("history", *(sa.column(name) for name in names))
        connection.execute(sa.insert(told).from_select(names, sa.select(*told.c)))
    assert [(one.cause, one.undoes) for one in store.history()] == [("", None)] * 2
    store.close()


def test_an_older_syncer_that_still_runs_can_park_until_it_stops(first_url: str) -> None:
    """What it parks has no code of its own."""
    store = Store.open(first_url)
    with store._db.write() as connection:
        known = [sa.column(name, metadata.tables["parked"].c[name].type) for name in FIRST["parked"]]
        waiting = sa.table("parked", *known)
        connection.execute(sa.insert(waiting).values({**FIRST["parked"], "item": "status"}))
    assert store.parked() == [replace(PARKED, item="status"), PARKED]
    store.close()
