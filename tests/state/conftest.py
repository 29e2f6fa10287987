"""A fresh state DB for each test: a SQLite file, and a PostgreSQL schema too where a server is named.

TEST_POSTGRES names one, as in `postgresql+psycopg://postgres@/postgres?host=/tmp`.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from state import Store

_SERVER = os.environ.get("TEST_POSTGRES")


@pytest.fixture(params=["sqlite", *(["postgresql"] if _SERVER else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a state DB may be made."""
    if request.param == "sqlite" or _SERVER is None:
        yield f"sqlite:///{tmp_path}/syncer.db"
        return
    schema = f"t_{uuid.uuid4().hex}"
    engine = sa.create_engine(_SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        yield f"{_SERVER}{'&' if '?' in _SERVER else '?'}options=-csearch_path%3D{schema}"
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


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
