"""What a person asks for at the command line, carried out: one wish, one intent, one entry in the history.

| how it goes | then |
|---|---|
| done | effects, history and the end of the intent in one transaction |
| it can't be done, and nothing was | the intent is abandoned, a person reads why |
| a server refuses or goes away | likewise, and the history says so |
| in doubt, or the process ends | the intent stays until the next cycle gives it up |

Nothing of a wish is carried on by itself: whoever asked asks again. So each wish looks first at what is done already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mappings.values import Value
from state import effects, rows
from state.rows import HistoryEntry, Outcome
from syncer.candidates import waiting_records
from syncer.context import ProjectLink
from syncer.core.records import Cause, Observation, Present, Record, Side, Unknown
from syncer.errors import InDoubt, SideError, SyncerError

BY_HAND = "by hand"
"""Stands in the history where a cycle's name does for what the synchronizer does by itself."""


class Refused(SyncerError):
    """What was asked for can't be done; nothing was written for it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: as the history will tell it. `sentence` is replaced by that of what was done."""

    kind: str
    sentence: str
    incident_id: str | None
    issue_id: str | None
    side: Side | None = None
    cause: str = BY_HAND
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: in one sentence, in the state DB, and what is needed to take it back.

    The ids are given where they aren't those of the wish: a record that was created anew."""

    sentence: str
    changes: Sequence[effects.Effect] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    ids: Mapping[Side, str | None] = field(default_factory=dict)


class Deed(Protocol):
    """Carries a wish out. Raises `Refused` before anything is written, and what ports raise."""

    def __call__(self) -> Done: ...


def carry_out(link: ProjectLink, wish: Wish, deed: Deed) -> str:
    """Carry out a wish; gives the sentence of what was done. Raises what the deed raises."""
    _insist_certain(link, wish)
    payload = {"sentence": wish.sentence}
    intent = link.store.intend(
        link.name, rows.Wish(wish.kind, None, wish.incident_id, wish.issue_id, payload, link.now())
    )
    try:
        done = deed()
    except InDoubt as doubt:
        link.store.settle(None, (), [_entry(link, wish, "in doubt", str(doubt))])
        raise
    except SyncerError as error:
        told = [_entry(link, wish, "refused", str(error))] if isinstance(error, SideError) else []
        link.store.abandon(intent.id, told)
        raise
    link.store.settle(intent.id, done.changes, [_entry(link, wish, "settled", done=done)])
    return done.sentence


def _insist_certain(link: ProjectLink, wish: Wish) -> None:
    waiting = waiting_records(link.store.open_intents(link.name))
    for side, record_id in ((Side.INCIDENT, wish.incident_id), (Side.ISSUE, wish.issue_id)):
        if record_id is not None and (side, record_id) in waiting:
            reason = waiting[side, record_id]
            raise Refused(f"the {side} waits: {reason}; run 'syncer sync' first, which looks how it went")


def _entry(link: ProjectLink, wish: Wish, outcome: Outcome, detail: str = "", done: Done | None = None) -> HistoryEntry:
    """Only what was settled takes something back: a failed try must not count as an undo."""
    ids = {Side.INCIDENT: wish.incident_id, Side.ISSUE: wish.issue_id, **(done.ids if done else {})}
    return HistoryEntry(
        at=link.now(),
        project_link=link.name,
        cycle=BY_HAND,
        kind=wish.kind,
        side=wish.side.word if wish.side is not None else None,
        incident_id=ids[Side.INCIDENT],
        issue_id=ids[Side.ISSUE],
        sentence=done.sentence if done else wish.sentence,
        outcome=outcome,
        detail=detail,
        before=done.before if done else None,
        after=done.after if done else None,
        cause=wish.cause,
        undoes=wish.undoes if outcome == "settled" else None,
    )


def look(link: ProjectLink, side: Side, record_id: str) -> Observation:
    """The record as it is now."""
    for _, seen in link.ports[side].read([record_id]):
        return seen
    return Unknown("the server left it out of its answer")


def read(link: ProjectLink, side: Side, record_id: str) -> Record:
    """The record as it is now. Raises `Refused` where it can't be read."""
    seen = look(link, side, record_id)
    if isinstance(seen, Present):
        return seen.record
    raise Refused(f"the {side} {record_id} can't be read: {_why(seen)}")


def read_if_there(link: ProjectLink, side: Side, record_id: str) -> Record | None:
    """The record, `None` where its server says that there is none. Raises `Refused` for anything less clear."""
    seen = look(link, side, record_id)
    if isinstance(seen, Present):
        return seen.record
    if isinstance(seen, Unknown) and seen.cause is Cause.MISSING:
        return None
    raise Refused(f"the {side} {record_id} can't be read now: {_why(seen)}; nothing is done before it can")


def _why(seen: Observation) -> str:
    return seen.reason if isinstance(seen, Unknown) else "it is gone"


def values_of(image: Mapping[str, Any] | None) -> dict[str, Value]:
    """Field values as the history keeps them, with sets where JSON has lists."""
    return {name: frozenset(held) if isinstance(held, list) else held for name, held in (image or {}).items()}
