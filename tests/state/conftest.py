"""A fresh state DB for each test, on SQLite and on a PostgreSQL that the tests start themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from state import Store
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a state DB may be made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/syncer.db"
        return
    # Who asks for a store has its tables made anyway.
    with postgres.server().database(migrated="store" in request.fixturenames) as empty:
        yield empty


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """For what only SQLite does."""
    opened = Store.open(f"sqlite:///{tmp_path}/syncer.db?timeout=0.1")
    yield opened
    opened.close()
