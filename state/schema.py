"""Which version of our tables a DB holds, and how it is brought to this program's version.

Alembic does the steps, told where they lie by code: there is no alembic.ini, and nobody's logging is touched. To see
that there are none to do takes only their files' names, so most processes never load Alembic, which takes a while.
"""

import threading
from pathlib import Path
from typing import Literal, TypeAlias

import sqlalchemy as sa

from state.database import Database
from state.errors import StateError
from state.tables import metadata

Age: TypeAlias = Literal["empty", "older", "current"]

SCRIPTS = Path(__file__).parent / "migrations"
_APPLIED = sa.table("alembic_version", sa.column("version_num"))
# Alembic hands the connection to `env.py` through module globals, so two threads can't migrate at once.
_migrating = threading.Lock()


def age(database: Database) -> Age:
    """How a DB's tables compare with this program's.

    Raises StateError for those of a newer program or of another program altogether.
    """
    with database.read() as connection:
        return _age(connection, database.name)


def migrate(database: Database) -> None:
    """Bring the tables to this program's version, in one transaction: all of it or nothing.

    Does nothing where another process was quicker.
    """
    with _migrating, database.write() as connection:
        if connection.dialect.name == "postgresql":
            # SQLite's write lock is taken already; here another process may be migrating too.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("syncer migration"))))
        _upgrade(connection)


def too_old(database: Database) -> StateError:
    """What to tell somebody who only looks at a DB that must be migrated first."""
    return StateError(f"{database.name} was written by an older syncer; run `syncer sync` once to bring it up to date")


def _age(connection: sa.Connection, name: str) -> Age:
    known = _revisions()
    found = sa.inspect(connection).has_table(_APPLIED.name)
    revision = connection.scalar(sa.select(_APPLIED.c.version_num)) if found else None
    if revision is None:
        _refuse_foreign(connection, name)
        return "empty"
    if revision not in known:
        raise StateError(
            f"{name} was written by a newer syncer (its tables are of version {revision}, this one knows them up to "
            f"{known[-1]}): install that version or restore a backup"
        )
    return "current" if revision == known[-1] else "older"


def _refuse_foreign(connection: sa.Connection, name: str) -> None:
    """A SQLite file with tables but without our version is another program's; a PostgreSQL DB may be shared."""
    found = set(sa.inspect(connection).get_table_names())
    foreign = found if connection.dialect.name == "sqlite" else found & set(metadata.tables)
    if foreign:
        raise StateError(
            f"{name} holds tables of another program ({', '.join(sorted(foreign)[:3])}); name a DB of its own"
        )


def _revisions() -> list[str]:
    """All that this program knows, the newest last: each file is named by its revision, and they are counted up."""
    return sorted(path.name.partition("_")[0] for path in SCRIPTS.glob("versions/[0-9]*.py"))


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # The option is read with %-interpolation, and a folder's name may hold a percent sign.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
