"""The stages of the sweep: both servers are started once, and given another world for each run.

Their state DBs are SQLite files, or on PostgreSQL where CRASH_STATE_DB says so.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog

from tests.crash.instance import keep_silent
from tests.crash.kinds import KIND
from tests.crash.postgres_states import PostgresDatabase
from tests.crash.states import SqliteFile, StateDb
from tests.crash.sweep import Theatre
from tests.postgres import server

if KIND != "sqlite":
    # A sample of what all the others do then.
    collect_ignore = ["test_postgres.py"]


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    before = structlog.get_config()
    keep_silent()
    with ExitStack() as databases:
        made = Theatre(tmp_path_factory.mktemp("theatre"), SqliteFile if KIND == "sqlite" else _on_postgres(databases))
        yield made
        made.close()
    structlog.configure(**before)


def _on_postgres(databases: ExitStack) -> Callable[[Path], StateDb]:
    def place(folder: Path) -> StateDb:
        return PostgresDatabase(databases.enter_context(server().database(migrated=True)))

    return place
