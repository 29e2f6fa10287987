"""Writing what waits for a person or a fix."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.effects import Park, Unpark
from state.tables import parked


def park(connection: Connection, effect: Park) -> None:
    """Let an item wait; one that waits already keeps its age and counts one try more."""
    here = sa.and_(_of_record(effect), parked.c.item == effect.item)
    newest = {
        "record_key": effect.record_key,
        "reason": effect.reason,
        "code": effect.code,
        "next_try_at": effect.next_try_at,
    }
    again = sa.update(parked).where(here).values(**newest, tries=parked.c.tries + 1)
    if connection.execute(again).rowcount == 0:
        connection.execute(
            sa.insert(parked).values(
                project_link=effect.project_link,
                side=effect.side,
                record_id=effect.record_id,
                item=effect.item,
                since=effect.at,
                tries=1,
                **newest,
            )
        )


def unpark(connection: Connection, effect: Unpark) -> None:
    """End an item's waiting, or that of everything of the record."""
    gone = sa.delete(parked).where(_of_record(effect))
    connection.execute(gone if effect.item is None else gone.where(parked.c.item == effect.item))


def _of_record(effect: Park | Unpark) -> sa.ColumnElement[bool]:
    return sa.and_(
        parked.c.project_link == effect.project_link,
        parked.c.side == effect.side,
        parked.c.record_id == effect.record_id,
    )
