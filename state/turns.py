"""How each project link stands among workers: when it was looked at last, and what the next one has to know.

All times are the server's: no two workers' clocks are compared.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from state.columns import UtcTime
from state.database import Part
from state.tables import turns

_NOW = sa.func.now(type_=UtcTime)


@dataclass(frozen=True, slots=True)
class Turn:
    """One project link: how long ago its last turn and its last whole census began, None where there was none.

    `refusals` counts the turns in a row that ended with refused credentials, `rest` is how long it is to be left alone.
    """

    since_began: timedelta | None = None
    since_census: timedelta | None = None
    refusals: int = 0
    rest: timedelta = timedelta()


class Turns(Part):
    """What workers leave behind for each other."""

    def turns(self) -> dict[str, Turn]:
        """Every project link that ever had a turn."""
        return self._turns(sa.select(turns, _NOW.label("now")))

    def turn(self, project_link: str) -> Turn:
        """That project link's."""
        found = self._turns(sa.select(turns, _NOW.label("now")).where(turns.c.project_link == project_link))
        return found.get(project_link, Turn())

    def begin_turn(self, project_link: str) -> None:
        """Record that a turn begins now."""
        with self._db.write() as connection:
            connection.execute(_of(project_link).values(began_at=_NOW))

    def end_turn(self, project_link: str, *, census: bool, refusals: int, rest: timedelta) -> None:
        """Record how it ended: `census` where it looked at everything, `rest` from now on."""
        values = {"refusals": refusals, "rest_until": sa.func.now() + sa.literal(rest, sa.Interval)}
        with self._db.write() as connection:
            connection.execute(
                _of(project_link).values(**values, **({"census_at": turns.c.began_at} if census else {}))
            )

    def _turns(self, wanted: sa.Select[tuple[object, ...]]) -> dict[str, Turn]:
        with self._db.read() as connection:
            return {row.project_link: _turn(row) for row in connection.execute(wanted)}


def _of(project_link: str) -> sa.Update:
    return sa.update(turns).where(turns.c.project_link == project_link)


def _turn(row: sa.Row[tuple[object, ...]]) -> Turn:
    def since(at: datetime | None) -> timedelta | None:
        return None if at is None else row.now - at

    rest = timedelta() if row.rest_until is None else max(row.rest_until - row.now, timedelta())
    return Turn(since(row.began_at), since(row.census_at), row.refusals, rest)
