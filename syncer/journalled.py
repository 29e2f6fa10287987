"""The one way to write: intend, act, settle. Everything that changes a server or the state DB passes here.

| what the call says | then |
|---|---|
| an answer | settled with it: effects, history and the end of the intent in one transaction |
| `InDoubt` | the intent stays for the recovery; the error goes on to the caller |
| any other `SideError` | nothing was done: the intent is abandoned, a refusal is put into the history |
| nothing: the intent is too old to call | likewise: somebody else may have given it up and begun anew |
| nothing: a write before it in its row failed | likewise; it is begun anew |
| no answer because the process ends | the intent stays, in doubt |
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from state import effects
from state.journal import Settlement
from state.rows import HistoryEntry, Intent, Link, Outcome, Wish
from syncer.context import ProjectLink
from syncer.core.actions import Action, CatalogueAction, CreateRecord, UpdateRecord
from syncer.core.causes import cause
from syncer.core.plan import Waiting
from syncer.core.records import Draft, Record, Side
from syncer.core.removals import EndDecision
from syncer.errors import InDoubt, Missing, Rejected, SideError, Unavailable

Answer = TypeVar("Answer")

LEAVE_WITHIN = timedelta(seconds=10)
"""An intent older than this isn't acted on: the process stood still, and a successor judges by the intent's age whether
its request can still arrive."""

log = structlog.get_logger("syncer")


@dataclass(frozen=True, slots=True)
class Ids:
    """Which records an action is about, as far as they exist."""

    link_id: int | None = None
    incident_id: str | None = None
    issue_id: str | None = None


@dataclass(frozen=True, slots=True)
class Birth:
    """One create among several; `settle` says what follows from the record that was made."""

    action: CreateRecord
    draft: Draft
    ids: Ids
    body: Mapping[str, Any]
    settle: Callable[[Record], Sequence[effects.Effect]]


@dataclass(frozen=True, slots=True)
class Write:
    """One write in a row of several; `call` does it, `settle` says what follows from its answer. `before` is what it
    takes away, for the history."""

    action: Action | CatalogueAction
    ids: Ids
    body: Mapping[str, Any]
    call: Callable[[], Any]
    settle: Callable[[Any], Sequence[effects.Effect]]
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Scribe:
    """Keeps the journal of one cycle. `settled` is told of each action after it was settled."""

    link: ProjectLink
    cycle: str
    settled: Callable[[Action | CatalogueAction], None]

    def write(
        self,
        action: Action | CatalogueAction,
        ids: Ids | None,
        body: Mapping[str, Any],
        call: Callable[[], Answer],
        settle: Callable[[Answer], Sequence[effects.Effect]],
        before: Mapping[str, Any] | None = None,
    ) -> tuple[Answer, list[Link]]:
        """Carry out an action that changes a server; gives its answer, and the links that settling made.

        `before` is what the action takes away, for the history. Raises what `call` raises."""
        ids = ids or Ids()
        intent = self.link.store.intend(self.link.name, self._wish(action, ids, body))
        try:
            self._refuse_if_late(intent, action.side or Side.ISSUE)
            answer = call()
        except SideError as error:
            self._leave(intent, action, ids, error)
            raise
        return answer, self._settle(intent.id, action, ids, settle(answer), before)

    def write_all(
        self, births: Sequence[Birth], call: Callable[[], Sequence[Record | SideError]]
    ) -> list[tuple[Record, list[Link]] | SideError]:
        """Carry out several creates with one call, as `write` does with one; gives for each its answer and the links
        that settling made, or its error. What the call raises concerns them all."""
        wishes = [self._wish(birth.action, birth.ids, birth.body) for birth in births]
        intents = self.link.store.intend_all(self.link.name, wishes)
        try:
            self._refuse_if_late(intents[0], births[0].action.side)
            answers = call()
        except SideError as error:
            answers = [error] * len(births)
        settled: list[tuple[Birth, Settlement]] = []
        for birth, intent, answer in zip(births, intents, answers, strict=True):
            if isinstance(answer, SideError):
                self._leave(intent, birth.action, birth.ids, answer)
            else:
                entry = self._entry(birth.action, birth.ids, "settled")
                settled.append((birth, Settlement(intent.id, birth.settle(answer), [entry])))
        made = self.link.store.settle_all([settlement for _, settlement in settled]) if settled else []
        for (birth, _), links in zip(settled, made, strict=True):
            self._tell(birth.action, birth.ids, links)
        told = iter(made)
        return [answer if isinstance(answer, SideError) else (answer, next(told)) for answer in answers]

    def write_row(self, row: Sequence[Write]) -> tuple[int, SideError | None]:
        """Carry out several writes, each after the one before it, with their intents and their ends recorded together.

        Gives how many of them were done, and the error of the next one if it failed. What comes after it is left
        undone, and so is what has waited for too long: it is to be begun anew."""
        wishes = [self._wish(write.action, write.ids, write.body) for write in row]
        intents = self.link.store.intend_all(self.link.name, wishes)
        settlements, failure = self._in_turn(row, intents)
        done = len(settlements)
        rest = intents[done:]
        if failure is not None:
            settlements.append(self._left(rest.pop(0), row[done].action, row[done].ids, failure))
        self.link.store.settle_all([*settlements, *(Settlement(intent.id, ()) for intent in rest)])
        for write in row[:done]:
            self._tell(write.action, write.ids, ())
        if failure is not None:
            self._tell_failure(row[done].action, row[done].ids, failure)
        return done, failure

    def _in_turn(self, row: Sequence[Write], intents: Sequence[Intent]) -> tuple[list[Settlement], SideError | None]:
        """What follows from each write that was done, and the error of the one that wasn't."""
        settlements: list[Settlement] = []
        for write, intent in zip(row, intents, strict=True):
            if settlements and self._stood(intent) > LEAVE_WITHIN:
                break
            try:
                self._refuse_if_late(intent, write.action.side or Side.ISSUE)
                answer = write.call()
            except SideError as error:
                return settlements, error
            entry = self._entry(write.action, write.ids, "settled", before=write.before)
            settlements.append(Settlement(intent.id, write.settle(answer), [entry]))
        return settlements, None

    def _wish(self, action: Action | CatalogueAction, ids: Ids, body: Mapping[str, Any]) -> Wish:
        return Wish(action.kind, ids.link_id, ids.incident_id, ids.issue_id, body, self.link.now())

    def _leave(self, intent: Intent, action: Action | CatalogueAction, ids: Ids, error: SideError) -> None:
        self.link.store.settle_all([self._left(intent, action, ids, error)])
        self._tell_failure(action, ids, error)

    def _left(self, intent: Intent, action: Action | CatalogueAction, ids: Ids, error: SideError) -> Settlement:
        """What becomes of a wish that wasn't granted."""
        if isinstance(error, InDoubt):
            return Settlement(None, (), [self._entry(action, ids, "in doubt", str(error))])
        refused = isinstance(error, (Rejected, Missing))
        return Settlement(intent.id, (), [self._entry(action, ids, "refused", str(error))] if refused else ())

    def note(
        self,
        action: Action | CatalogueAction,
        changes: Sequence[effects.Effect],
        ids: Ids | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> list[Link]:
        """Settle an action that changes nothing but the state DB."""
        return self._settle(None, action, ids or Ids(), changes, before)

    def park(self, side: Side, record_id: str, key: str, waiting: Waiting, tries: int = 0) -> None:
        """Let one item wait, to be tried again after a delay that grows with the tries."""
        self.link.store.settle(None, [self.parking(side, record_id, key, waiting, tries)])

    def parking(self, side: Side, record_id: str, key: str, waiting: Waiting, tries: int) -> effects.Park:
        now = self.link.now()
        due = now + self.link.pace.delay(tries + 1)
        return effects.Park(
            project_link=self.link.name,
            side=side.word,
            record_id=record_id,
            record_key=key,
            item=waiting.item,
            reason=waiting.reason,
            code=waiting.code.value,
            at=now,
            next_try_at=due,
            tries=tries,
            both=waiting.both,
        )

    def end(self, decisions: Sequence[EndDecision], changes: Sequence[effects.Effect], ids: Ids) -> None:
        """Settle what is left to settle of a record, and with it that decisions are void."""
        entries = [self._entry(decision, ids, "settled") for decision in decisions]
        self.link.store.settle(None, changes, entries)
        for decision in decisions:
            log.info(decision.sentence(), **self._place(ids))
            self._count(decision, "settled")
            self.settled(decision)

    def _stood(self, intent: Intent) -> timedelta:
        return self.link.now() - intent.intended_at

    def _refuse_if_late(self, intent: Intent, side: Side) -> None:
        stood = self._stood(intent)
        if stood > LEAVE_WITHIN:
            said = f"this process stood still for {stood.total_seconds():.0f} s before it could send its request"
            raise Unavailable(side, f"{said}; nothing was sent, the next cycle tries again")

    def _settle(
        self,
        intent_id: int | None,
        action: Action | CatalogueAction,
        ids: Ids,
        changes: Sequence[effects.Effect],
        before: Mapping[str, Any] | None,
    ) -> list[Link]:
        links = self.link.store.settle(intent_id, changes, [self._entry(action, ids, "settled", before=before)])
        self._tell(action, ids, links)
        return links

    def _tell(self, action: Action | CatalogueAction, ids: Ids, links: Sequence[Link]) -> None:
        made = next((Ids(link.id, link.incident_id, link.issue_id) for link in links), ids)
        log.info(action.sentence(), **self._place(made))
        self._count(action, "settled")
        self.settled(action)

    def _tell_failure(self, action: Action | CatalogueAction, ids: Ids, error: SideError) -> None:
        if isinstance(error, InDoubt):
            self._tell_trouble(action, ids, "in doubt", error)
        elif isinstance(error, (Rejected, Missing)):
            self._tell_trouble(action, ids, "refused", error)

    def _tell_trouble(self, action: Action | CatalogueAction, ids: Ids, outcome: Outcome, error: SideError) -> None:
        """What the server said may quote the record: it is in the history, and in the log on request only."""
        log.warning(f"{outcome}: {action.sentence()}", **self._place(ids), status=error.status)
        log.debug(f"{outcome}, in the server's words", **self._place(ids), reason=str(error))
        self._count(action, outcome)

    def _place(self, ids: Ids) -> dict[str, str | None]:
        """What every line of the log says."""
        return {
            "cycle": self.cycle,
            "link": self.link.name,
            "incident": ids.incident_id,
            "issue": ids.issue_id,
        }

    def _count(self, action: Action | CatalogueAction, outcome: Outcome) -> None:
        side = "none" if action.side is None else action.side.word
        self.link.meter.acted(self.link.name, action.kind, side, outcome)

    def _entry(
        self,
        action: Action | CatalogueAction,
        ids: Ids,
        outcome: Outcome,
        detail: str = "",
        before: Mapping[str, Any] | None = None,
    ) -> HistoryEntry:
        changes = action.changes if isinstance(action, UpdateRecord) else ()
        return HistoryEntry(
            at=self.link.now(),
            project_link=self.link.name,
            cycle=self.cycle,
            kind=action.kind,
            side=action.side.word if action.side is not None else None,
            incident_id=ids.incident_id,
            issue_id=ids.issue_id,
            sentence=action.sentence(),
            outcome=outcome,
            detail=detail,
            cause=cause(action),
            before=before or {change.name: change.before for change in changes} or None,
            after={change.name: change.after for change in changes} or None,
        )
