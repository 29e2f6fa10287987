"""The journal: a wish is committed before its request leaves, and goes when its outcome is settled.

intend ──► request ──► settle        effects, history and the intent's end are one transaction
              │
              └─ killed ──► open_intents ──► look ──► settle or abandon
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from state import tables
from state.applying import apply
from state.coupling_rows import insert_comment_links
from state.database import Part, columns_of
from state.effects import Effect, NewCommentLink
from state.errors import StateError
from state.rows import HistoryEntry, Intent, Link, Wish
from state.values_json import dump, load

_TOLD_BY = ("kind", "link_id", "incident_id", "issue_id", "payload")
_INTEND = sa.insert(tables.intents).returning(tables.intents.c.id, *(tables.intents.c[name] for name in _TOLD_BY))
_END = sa.delete(tables.intents).where(tables.intents.c.id.in_(sa.bindparam("ended", expanding=True)))
_APPEND = sa.insert(tables.history)
_OPEN = (
    sa.select(tables.intents).where(tables.intents.c.project_link == sa.bindparam("of")).order_by(tables.intents.c.id)
)


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
        made = self._db.commit(lambda connection: connection.execute(_INTEND, rows).all())
        # In one statement, whose rows may come back in any order; which of two that are alike is which doesn't matter.
        ids: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for intent_id, *told in sorted(made, reverse=True):
            ids[tuple(told)].append(intent_id)
        return [_as_stored(ids[tuple(row[name] for name in _TOLD_BY)].pop(), row) for row in rows]

    def open_intents(self, project_link: str) -> list[Intent]:
        """The wishes that were neither settled nor abandoned, oldest first."""
        with self._db.read() as connection:
            return [_intent(row) for row in connection.execute(_OPEN, {"of": project_link})]

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
    effects = [(number, effect) for number, each in enumerate(settlements) for effect in each.effects]
    created: list[list[Link]] = [[] for _ in settlements]
    # In their order; comments that follow each other are coupled together.
    for are_comments, some in groupby(effects, lambda each: isinstance(each[1], NewCommentLink)):
        if are_comments:
            insert_comment_links(connection, [effect for _, effect in some if isinstance(effect, NewCommentLink)])
            continue
        for number, effect in some:
            if (link := apply(connection, effect)) is not None:
                created[number].append(link)
    append(connection, [entry for settlement in settlements for entry in settlement.history])
    ended = [settlement.intent_id for settlement in settlements if settlement.intent_id is not None]
    if ended:
        _end(connection, ended)
    return created


def _end(connection: Connection, intent_ids: Sequence[int]) -> None:
    if connection.execute(_END, {"ended": intent_ids}).rowcount != len(intent_ids):
        which = ", ".join(map(str, intent_ids))
        said = f"intent {which} isn't" if len(intent_ids) == 1 else f"one of the intents {which} isn't"
        raise StateError(f"{said} open any more: it was settled or abandoned before")
