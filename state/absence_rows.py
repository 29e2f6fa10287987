"""Writing what wasn't there when looked for."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.effects import ForgetAbsence, NoteAbsence
from state.tables import absences


def note(connection: Connection, effect: NoteAbsence) -> None:
    """Note an item as missing; one that was missing before keeps its age and counts one look more."""
    here = sa.and_(_of_record(effect), absences.c.item == effect.item)
    newest = {"cause": effect.cause, "last_seen_at": effect.at}
    again = sa.update(absences).where(here).values(**newest, times=absences.c.times + 1)
    if connection.execute(again).rowcount == 0:
        connection.execute(
            sa.insert(absences).values(
                project_link=effect.project_link,
                side=effect.side,
                record_id=effect.record_id,
                item=effect.item,
                first_seen_at=effect.at,
                times=1,
                **newest,
            )
        )


def forget(connection: Connection, effect: ForgetAbsence) -> None:
    """End an item's absence, or that of everything of the record."""
    gone = sa.delete(absences).where(_of_record(effect))
    connection.execute(gone if effect.item is None else gone.where(absences.c.item == effect.item))


def _of_record(effect: NoteAbsence | ForgetAbsence) -> sa.ColumnElement[bool]:
    return sa.and_(
        absences.c.project_link == effect.project_link,
        absences.c.side == effect.side,
        absences.c.record_id == effect.record_id,
    )
