"""The synchronizer's account on a modelled server: what any request of it passes, and what it may see."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from syncer.core.records import Cause, Comment, Record, Side, Unknown
from syncer.errors import Denied, Missing, Rejected
from tests.simulation.faults import Faults, Turn
from tests.simulation.mishaps import STALE_SECONDS
from tests.simulation.rows import Remark, Row
from tests.simulation.server import Server

Answer = TypeVar("Answer")


class Account(ABC):
    """One account; one that isn't `trusted` has the wrong password. `before_write` is as the adapters' is."""

    def __init__(
        self,
        server: Server,
        faults: Faults,
        installation: str,
        before_write: Turn = lambda: None,
        *,
        trusted: bool = True,
    ) -> None:
        self.server = server
        self.faults = faults
        self.installation = installation
        self._before_write = before_write
        self._trusted = trusted

    @property
    def side(self) -> Side:
        return self.server.side

    @abstractmethod
    def _record(self, row: Row) -> Record:
        """The record as its adapter would give it."""

    @abstractmethod
    def _hidden(self) -> Unknown:
        """What reading a record says that this account may not see."""

    def _ask(self, name: str) -> None:
        """A request that changes nothing arrives, or this raises."""
        self.faults.call(self.side, name, self._let_in)

    def _do(self, name: str, act: Callable[[], Answer]) -> Answer:
        """A request that writes."""

        def acting() -> Answer:
            self._let_in()
            return act()

        return self.faults.call(self.side, name, acting, self._before_write)

    def _let_in(self) -> None:
        if not self._trusted:
            raise Denied(self.side, "wrong password", status=401)

    def _why_absent(self, record_id: str) -> Unknown | None:
        row = self.server.rows.get(record_id)
        if row is None or row.state == "gone":
            return Unknown("there is no such record", Cause.MISSING)
        if record_id in self.server.garbled:
            return Unknown("it could not be read: an error page")
        match row.state:
            case "hidden":
                return self._hidden()
            case "archived":
                return Unknown("it is archived now", Cause.ARCHIVED)
            case "moved":
                return Unknown("it was moved away", Cause.MOVED)
            case _:
                return None

    def _held(self, record_id: str) -> Row:
        """The record to be written. Raises what its server answers where it can't be."""
        absent = self._why_absent(record_id)
        if absent is None:
            return self.server.rows[record_id]
        if absent.cause is Cause.MISSING:
            raise Missing(self.side, absent.reason, status=404)
        if absent.cause is Cause.DENIED:
            raise Denied(self.side, absent.reason, status=403)
        raise Rejected(self.side, absent.reason, status=400)

    def _told(self, row: Row) -> Record:
        self.server.was_read(row)
        row.told = self._record(row)
        return row.told

    def _told_late(self, record_id: str) -> Record | None:
        """The record as it was a moment ago: what we were told last, where only people have touched it since, and
        not longer ago than a server's copy may lag."""
        row = self.server.rows.get(record_id)
        if row is None or row.told is None or row.touched_at is None:
            return None
        if self.server.clock.now() - row.touched_at > timedelta(seconds=STALE_SECONDS):
            return None
        self.server.was_read(row, late=True)
        self.faults.count("stale")
        return row.told

    def _remark(self, row: Row, comment_id: str) -> Remark:
        if comment_id not in row.remarks:
            raise Missing(self.side, f"there is no comment {comment_id}", status=404)
        return row.remarks[comment_id]

    def _shown(self, remark: Remark) -> Comment:
        return Comment(remark.id, remark.author, remark.body, remark.created_at, remark.mark)

    def _comments(self, row: Row) -> tuple[Comment, ...]:
        return tuple(self._shown(each) for each in row.remarks.values() if not each.restricted)
