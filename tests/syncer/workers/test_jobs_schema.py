"""Where the job queue's tables lie: beside the state DB's own, made once, or refused with advice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy.engine import make_url

from state import StateError
from syncer.workers.jobs_schema import prepare
from tests import postgres


@pytest.fixture
def url() -> Iterator[str]:
    with postgres.server().database(migrated=True) as made:
        yield made


def schemas(url: str) -> list[str]:
    with psycopg.connect(**prepare(url)) as connection:  # type: ignore[arg-type] # libpq's own names
        found = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'procrastinate_jobs'")
        return [name for (name,) in found]


def test_workers_that_start_together_make_one_schema(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: prepare(url), range(4)))
    assert all(each == told[0] for each in told)
    assert schemas(url) == ["public_jobs_3_10_0"]


def test_two_state_dbs_in_schemas_of_one_db_have_queues_of_their_own(url: str) -> None:
    with psycopg.connect(**prepare(url)) as connection:  # type: ignore[arg-type] # libpq's own names
        connection.execute("CREATE SCHEMA other")
    prepare(f"{url}&options=-csearch_path%3Dother")
    assert sorted(schemas(url)) == ["other_jobs_3_10_0", "public_jobs_3_10_0"]


def test_who_may_not_make_a_schema_is_told_what_is_missing(url: str) -> None:
    name = make_url(url).database
    with psycopg.connect(**prepare(url)) as connection:  # type: ignore[arg-type] # libpq's own names
        connection.execute(f"DROP SCHEMA public_jobs_3_10_0 CASCADE; CREATE ROLE plain_{name} LOGIN".encode())
    with pytest.raises(
        StateError, match="permission denied for database .*; let its owner do GRANT CREATE ON DATABASE"
    ):
        prepare(url.replace("postgres@", f"plain_{name}@"))


def test_a_server_that_is_not_there_is_told_in_one_sentence() -> None:
    with pytest.raises(StateError, match="the job queue in the state DB .* can't be prepared: connection failed"):
        prepare("postgresql+psycopg://nobody:secret@127.0.0.1:1/nothing")
