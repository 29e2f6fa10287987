"""The last id that each table gave, whether its row is still there or not: no id is ever given twice."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.tables import metadata

NUMBERED = tuple(table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"])
"""The tables that number their rows by themselves."""

_SQLITE = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))


def last_given(connection: Connection, table: sa.Table) -> int:
    """The last id that `table` gave; 0 where it never gave one."""
    if connection.dialect.name == "sqlite":
        return connection.scalar(sa.select(_SQLITE.c.seq).where(_SQLITE.c.name == table.name)) or 0
    name = connection.scalar(sa.select(_serial(table)))
    row = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {name}").one()
    return int(row.last_value) if row.is_called else 0


def go_on_after(connection: Connection, table: sa.Table, last: int) -> None:
    """Have `table` give `last` + 1 next."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.delete(_SQLITE).where(_SQLITE.c.name == table.name))
        connection.execute(sa.insert(_SQLITE).values(name=table.name, seq=last))
        return
    # A sequence that gave nothing yet is told so by the third argument.
    connection.execute(sa.select(sa.func.setval(_serial(table), max(last, 1), last > 0)))


def _serial(table: sa.Table) -> sa.ColumnElement[str]:
    return sa.func.pg_get_serial_sequence(table.name, "id")
