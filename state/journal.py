"""The journal: a wish is committed before its request leaves, and goes when its outcome is settled.

intend ──► request ──► settle        effects, history and the intent's end are one transaction
              │
              └─ killed ──► open_intents ──► look ──► settle or abandon
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from state import tables
from state.applying import apply
from state.database import Part, columns_of
from state.effects import Effect
from state.errors import StateError
from state.rows import HistoryEntry, Intent, Link, Wish
from state.values_json import dump, load

_INTEND = sa.insert(tables.intents).returning(tables.intents.c.id, sort_by_parameter_order=True)
_END = sa.delete(tables.intents).where(tables.intents.c.id == sa.bindparam("ended"))
_APPEND = sa.insert(tables.history)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of one wish, or what was decided without one: what changes, and what is told of it."""

    intent_id: int | None
    effects: Sequence[Effect]
    history: Sequence[HistoryEntry] = ()


class Journal(Part):
    """Intents, and the only way in which links and what belongs to them change."""

    def intend(self, project_link: str, wish: Wish) -> Intent:
        """Record a wish; it is on disk when this returns. Sets in its payload come back as sorted lists."""
        (intent,) = self.intend_all(project_link, [wish])
        return intent

    def intend_all(self, project_link: str, wishes: Sequence[Wish]) -> list[Intent]:
        """`intend` several, all together; in their order."""
        rows = [_wished(project_link, wish) for wish in wishes]
        ids = self._db.commit(lambda connection: connection.scalars(_INTEND, rows).all())
        return [_as_stored(intent_id, row) for intent_id, row in zip(ids, rows, strict=True)]

    def open_intents(self, project_link: str) -> list[Intent]:
        """The wishes that were neither settled nor abandoned, oldest first."""
        table = tables.intents
        wanted = sa.select(table).where(table.c.project_link == project_link).order_by(table.c.id)
        with self._db.read() as connection:
            return [_intent(row) for row in connection.execute(wanted)]

    def settle(
        self, intent_id: int | None, effects: Sequence[Effect], history: Sequence[HistoryEntry] = ()
    ) -> list[Link]:
        """Apply the effects, append the history and end the intent, all together; return the links created, in order.

        `intent_id` is None for what was decided without writing anywhere. Raises StateError, with nothing applied,
        when an effect doesn't fit what is stored or the intent isn't open any more.
        """
        (created,) = self.settle_all([Settlement(intent_id, effects, history)])
        return created

    def settle_all(self, settlements: Sequence[Settlement]) -> list[list[Link]]:
        """`settle` several, all together; return the links that each created. Raises as `settle` does."""
        return self._db.commit(lambda connection: _settle(connection, settlements))

    def abandon(self, intent_id: int, history: Sequence[HistoryEntry] = ()) -> None:
        """Give a wish up: it goes, and nothing but the history changes. Raises StateError when it isn't open."""
        self.settle(intent_id, (), history)


def _wished(project_link: str, wish: Wish) -> dict[str, Any]:
    return {
        "project_link": project_link,
        "kind": wish.kind,
        "link_id": wish.link_id,
        "incident_id": wish.incident_id,
        "issue_id": wish.issue_id,
        "payload": dump(wish.payload),
        "intended_at": wish.at,
    }


def _as_stored(intent_id: int, row: Mapping[str, Any]) -> Intent:
    """The intent as `open_intents` would give it."""
    stored = {"id": intent_id, "payload": load(row["payload"]), "intended_at": row["intended_at"].astimezone(UTC)}
    return Intent(**{**row, **stored})


def _intent(row: Row[tuple[object, ...]]) -> Intent:
    return Intent(**{**row._mapping, "payload": load(row.payload)})


def append(connection: Connection, history: Iterable[HistoryEntry]) -> None:
    """Tell what was done or decided, in the transaction in which it was."""
    rows = [_columns(entry) for entry in history]
    if rows:
        connection.execute(_APPEND, rows)


def _columns(entry: HistoryEntry) -> dict[str, Any]:
    columns = columns_of(entry)
    # The DB numbers entries itself, also one that was read and is told again.
    del columns["id"]
    told = {name: None if (held := columns[name]) is None else dump(held) for name in ("before", "after")}
    return {**columns, **told}


def _settle(connection: Connection, settlements: Sequence[Settlement]) -> list[list[Link]]:
    created = [
        [link for effect in settlement.effects if (link := apply(connection, effect)) is not None]
        for settlement in settlements
    ]
    append(connection, [entry for settlement in settlements for entry in settlement.history])
    for settlement in settlements:
        if settlement.intent_id is not None:
            _end(connection, settlement.intent_id)
    return created


def _end(connection: Connection, intent_id: int) -> None:
    if connection.execute(_END, {"ended": intent_id}).rowcount == 0:
        raise StateError(f"intent {intent_id} isn't open any more: it was settled or abandoned before")
