"""Signs of life, for somebody who only looks at the state DB: does its writer live, and does its work get on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from state.store import Store
from state.tables import cycles, history, intents, writer
from state.writer_lock import FileLocks, SessionLocks


@dataclass(frozen=True, slots=True)
class Signs:
    """A project link's newest cycle: whether it `runs`, when it `began`, and when it last left something behind, if it
    did. `failed`: the newest cycle that has ended ended badly."""

    runs: bool
    began: datetime
    left: datetime | None
    failed: bool


def writer_lives(store: Store) -> bool:
    """Whether a process holds the lease and is alive, as far as one look can tell: it may be frozen."""
    with store._db.read() as connection:
        row = connection.execute(sa.select(writer.c.fence, writer.c.lease_seconds)).one_or_none()
    if row is None or row.lease_seconds == 0:
        return False
    lock = SessionLocks(store._db) if store._path is None else FileLocks(store._path)
    return lock.is_held(row.fence)


def signs(store: Store, project_link: str) -> Signs | None:
    """What the newest cycle shows of itself; None where there was none."""
    newest = sa.select(cycles.c.started_at, cycles.c.outcome).where(cycles.c.project_link == project_link)
    newest = newest.order_by(cycles.c.id.desc()).limit(1)
    with store._db.read() as connection:
        last = connection.execute(newest).one_or_none()
        if last is None:
            return None
        before = connection.execute(newest.where(cycles.c.outcome != "running")).one_or_none()
        failed = before is not None and before.outcome == "failed"
        left = [at for at in _left(connection, project_link) if at is not None and at >= last.started_at]
        return Signs(last.outcome == "running", last.started_at, max(left, default=None), failed)


def _left(connection: Connection, name: str) -> list[datetime | None]:
    """The newest entry of the history, and the newest intent: what a cycle leaves behind as it writes."""
    told = sa.select(history.c.at).where(history.c.project_link == name).order_by(history.c.id.desc()).limit(1)
    wished = sa.select(sa.func.max(intents.c.intended_at)).where(intents.c.project_link == name)
    return [connection.scalar(told), connection.scalar(wished)]
