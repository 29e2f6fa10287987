"""Where the queue's own tables lie: in a schema beside the state DB's, one for each version of the engine.

Jobs are derived from the state DB again and again, so nothing in these tables is worth a migration: another version
begins with empty ones, and workers of two versions side by side are kept apart by the leases alone.
"""

from importlib.metadata import version

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from state import StateError
from state.location import DEAD_SERVER, locate

_LOCK = "syncer job queue"


def prepare(url: str) -> dict[str, str]:
    """Make the tables if they are missing; gives what libpq is to be told to find them.

    Raises StateError where the server can't be reached, or doesn't let us make them.
    """
    location = locate(url)
    told = {name: str(value) for name, value in location.url.translate_connect_args(username="user").items()}
    told["dbname"] = told.pop("database", "")
    told |= DEAD_SERVER | {name: str(value) for name, value in location.url.query.items()}
    try:
        with psycopg.connect(**told) as connection:  # type: ignore[arg-type] # libpq's own names, which it can't know
            schema = _made(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StateError(
            f"workers need a schema of their own in {location.name}: {error.diag.message_primary}; let its owner do "
            "GRANT CREATE ON DATABASE ... TO the user of the state DB"
        ) from error
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise StateError(f"the job queue in {location.name} can't be prepared: {said[0]}") from error
    return {**told, "options": f"{told.get('options', '')} -csearch_path={schema}".strip()}


def _made(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    # Workers that start together wait for each other here.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    (beside,) = connection.execute("SELECT current_schema()").fetchone() or ("public",)
    schema = f"{beside}_jobs_{version('procrastinate').replace('.', '_')}"
    (known,) = connection.execute("SELECT to_regclass(%s)", [f'"{schema}".procrastinate_jobs']).fetchone() or (None,)
    if known is None:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
        connection.execute(SchemaManager.get_schema())
    return schema
