"""Writing what waits for a person or a fix."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.columns import UtcTime
from state.database import columns_of
from state.effects import ForgetDecision, Park, Unpark
from state.rows import BothSides, Parked
from state.tables import decisions, parked
from state.values_json import dump


def park(connection: Connection, effect: Park) -> None:
    """Let an item wait; one that waits already keeps its age and counts one try more.

    Where a person asked while it was tried that it be tried at once, it stays due: what was tried now may have been
    observed before that person mended it.
    """
    here = _at(effect)
    newest = {
        "record_key": effect.record_key,
        "reason": effect.reason,
        "code": effect.code,
        "sides": None if effect.both is None else _dump(effect.both),
    }
    asked = parked.c.tries < effect.tries
    again = sa.update(parked).where(here)
    due = sa.case((asked, parked.c.next_try_at), else_=sa.literal(effect.next_try_at, UtcTime))
    tries = sa.case((asked, parked.c.tries), else_=parked.c.tries + 1)
    if connection.execute(again.values(**newest, tries=tries, next_try_at=due)).rowcount == 0:
        connection.execute(
            sa.insert(parked).values(
                project_link=effect.project_link,
                side=effect.side,
                record_id=effect.record_id,
                item=effect.item,
                since=effect.at,
                tries=1,
                next_try_at=effect.next_try_at,
                **newest,
            )
        )


def make_due(connection: Connection, item: Parked, at: datetime, both: BothSides | None = None) -> int:
    """Let a parked item be due, where it waits still; and only where it waits with `both`, if that is given. Gives how
    many items that were.

    No tries count any more: so the writer sees, too, that this was asked for while it was trying.
    """
    here = _at(item) if both is None else sa.and_(_at(item), parked.c.sides == _dump(both))
    return connection.execute(sa.update(parked).where(here).values(tries=0, next_try_at=at)).rowcount


def _dump(both: BothSides) -> str:
    """What both sides hold, as text that is the same for the same."""
    return dump(columns_of(both))


def unpark(connection: Connection, effect: Unpark) -> None:
    """End an item's waiting, or that of everything of the record."""
    gone = sa.delete(parked).where(_of_record(effect))
    connection.execute(gone if effect.item is None else gone.where(parked.c.item == effect.item))


def forget_decision(connection: Connection, effect: ForgetDecision) -> None:
    """End a decision, if it is there.

    One that was made while an earlier one was carried out goes with it: it was about the same two values, and one of
    them has changed by that.
    """
    here = sa.and_(decisions.c.link_id == effect.link_id, decisions.c.item == effect.item)
    connection.execute(sa.delete(decisions).where(here))


def _at(item: Park | Parked) -> sa.ColumnElement[bool]:
    return sa.and_(_of_record(item), parked.c.item == item.item)


def _of_record(effect: Park | Unpark | Parked) -> sa.ColumnElement[bool]:
    return sa.and_(
        parked.c.project_link == effect.project_link,
        parked.c.side == effect.side,
        parked.c.record_id == effect.record_id,
    )
