"""A fresh state DB for each test, on SQLite and on a PostgreSQL that the tests start themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from state import Store
from tests import postgres
from tests.fresh_state import lay


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a state DB may be made."""
    # Who asks for a store has its tables made anyway.
    migrated = "store" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "syncer.db"
        yield lay(path) if migrated else f"sqlite:///{path}"
        return
    with postgres.server().database(migrated=migrated) as empty:
        yield empty


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """For what only SQLite does."""
    opened = Store.open(f"{lay(tmp_path / 'syncer.db')}?timeout=0.1")
    yield opened
    opened.close()
