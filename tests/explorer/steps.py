"""Everything that may happen next in a state of the model: the steps of writers, of the network and of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.explorer.protocol import NOWHERE, At, Bounds, Intent, Record, Request, Rules, State, Step, Writer


@dataclass(frozen=True, slots=True)
class Protocol:
    """The model under given rules and bounds."""

    rules: Rules
    bounds: Bounds

    def start(self) -> State:
        return State(crashes=self.bounds.crashes, losses=self.bounds.losses)

    def steps(self, state: State) -> Iterator[Step]:
        for number, writer in enumerate(state.writers):
            yield from self._writes(state, number, writer)
        yield from self._travels(state)
        if self._may_wait(state):
            yield Step("time passes", self._older(state))

    def _writes(self, state: State, who: int, writer: Writer) -> Iterator[Step]:
        name = f"W{who + 1}"
        if writer.at is not At.IDLE and state.crashes:
            yield Step(f"{name} crashes", _stopped(state, who)._replace(crashes=state.crashes - 1), True)
        yield from _TURNS[writer.at](self, state, who, writer, name)

    def _leases(self, state: State, who: int, _: Writer, name: str) -> Iterator[Step]:
        lives = state.holder is not None and state.writers[state.holder].at is not At.IDLE
        taken = _with(state, who, Writer(At.CYCLE))._replace(holder=who)
        yield Step(f"{name} takes the lease" + (" over" if lives else ""), taken, lives)

    def _begins(self, state: State, who: int, _: Writer, name: str) -> Iterator[Step]:
        for intent in state.intents:
            looking = Writer(At.LOOKING, intent.number, intent.age)
            yield Step(f"{name} sees intent {intent.number}", _with(state, who, looking))
        if not state.intents and state.link is None:
            yield Step(f"{name} sees no link", _with(state, who, Writer(At.UNLINKED)))

    def _plans(self, state: State, who: int, _: Writer, name: str) -> Iterator[Step]:
        if state.intents:
            yield Step(f"{name} sees an intent, and leaves the record alone", _with(state, who, Writer(At.CYCLE)))
        else:
            yield Step(f"{name} plans a create", _with(state, who, Writer(At.PLANNED)))

    def _intends(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        if not self.rules.intends or not self.rules.intends_before_sending:
            yield from self._sends(state, who, writer, name)
        else:
            yield self._intend(state, who, At.INTENDED, None)

    def _intend(self, state: State, who: int, then: At, answer: int | None) -> Step:
        """In one transaction: check the fence, add the intent."""
        if self.rules.fence_when_intending and state.holder != who:
            return Step(f"W{who + 1} may not intend: it was fenced off", _stopped(state, who))
        used = {intent.number for intent in state.intents}
        if self.rules.numbers_never_given_twice:
            # As good as new: nobody remembers who had it before.
            used |= {writer.intent for writer in state.writers if writer.intent is not None}
        number = min(set(range(1, len(used) + 2)) - used)
        intents = (*state.intents, Intent(number, 0))
        after = _with(state, who, Writer(then, number, 0, answer))._replace(intents=intents)
        return Step(f"W{who + 1} commits intent {number}", after)

    def _sends(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        """Look at the clock and let the request go, which nothing can come between."""
        if self.rules.leaves_in_time and writer.age > self.bounds.leave_within:
            late = writer._replace(at=At.GIVING_UP)
            yield Step(f"{name} finds its intent too old to send", _with(state, who, late))
            return
        requests = tuple(sorted((*state.requests, Request(who, 0)), key=str))
        yield Step(
            f"{name} sends the create", _with(state, who, writer._replace(at=At.SENT))._replace(requests=requests)
        )

    def _waits(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        mine = [request for request in state.requests if request.sender == who]
        if writer.answer is not None:
            yield from self._answered(state, who, writer, name)
        lost = not mine and writer.answer is None
        if lost or state.losses:
            after = _forget_sender(state, who)._replace(losses=state.losses - (not lost))
            yield Step(f"{name} gets no answer", self._doubts(after, who, writer), not lost)

    def _doubts(self, state: State, who: int, writer: Writer) -> State:
        if not self.rules.never_sent_again:
            return _with(state, who, writer._replace(at=At.INTENDED, answer=None))
        if not self.rules.lost_answer_is_in_doubt:
            return _with(state, who, writer._replace(at=At.FOUND, answer=0 if state.records else NOWHERE))
        return _with(state, who, Writer(At.CYCLE))

    def _answered(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        assert writer.answer is not None
        record = state.records[writer.answer]
        if not record.marked:
            records = _put(state.records, writer.answer, record._replace(marked=True))
            yield Step(f"{name} marks R{writer.answer + 1} by a second call", state._replace(records=records))
        elif self.rules.intends and not self.rules.intends_before_sending and writer.intent is None:
            yield self._intend(state, who, At.SENT, writer.answer)
        else:
            yield from self._settles(state, who, writer, name)

    def _settles(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        if not self._may_end(state, who, writer) or state.link is not None:
            yield Step(f"{name} may not settle", _stopped(state, who))
            return
        linked = _ended(state, who, writer)._replace(link=writer.answer)
        yield Step(f"{name} links R{(writer.answer or 0) + 1}", linked)

    def _looks(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        found = [number for number, record in enumerate(state.records) if record.marked and record.listed]
        for number in found:
            seen = writer._replace(at=At.FOUND, answer=number)
            yield Step(f"{name} finds R{number + 1} by its mark", _with(state, who, seen))
        if not found:
            unfound = _with(state, who, writer._replace(at=At.UNFOUND))
            if self.rules.takes_the_time_before_looking:
                (judged,) = self._judges(unfound, who, unfound.writers[who], name)
                yield Step(f"{name} finds nothing: {judged.label}", judged.state)
            else:
                yield Step(f"{name} finds nothing", unfound)

    def _judges(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        old = writer.age >= self.bounds.settle_after or not self.rules.waits_before_giving_up
        if old and self.rules.gives_up_at_all:
            yield Step(f"{name} is to give up", _with(state, who, writer._replace(at=At.GIVING_UP)))
        else:
            yield Step(f"{name} is to wait", _with(state, who, Writer(At.CYCLE)))

    def _gives_up(self, state: State, who: int, writer: Writer, name: str) -> Iterator[Step]:
        if self._may_end(state, who, writer):
            yield Step(f"{name} abandons intent {writer.intent}", _ended(state, who, writer))
        else:
            yield Step(f"{name} may not abandon", _stopped(state, who))

    def _may_end(self, state: State, who: int, writer: Writer) -> bool:
        fenced = self.rules.fence_when_settling and state.holder != who
        open_still = writer.intent is None or any(intent.number == writer.intent for intent in state.intents)
        return open_still and not fenced

    def _travels(self, state: State) -> Iterator[Step]:
        """The network and the other side's server."""
        for place, request in enumerate(state.requests):
            rest = state._replace(requests=state.requests[:place] + state.requests[place + 1 :])
            new = len(state.records)
            made = (*state.records, Record(self.rules.marked_from_birth, False, 0))
            after = rest._replace(records=made)
            if request.sender is not None:
                waiting = after.writers[request.sender]._replace(answer=new)
                after = _with(after, request.sender, waiting)
            yield Step(f"the server makes R{new + 1}", after)
            if state.losses:
                yield Step("a create is lost on its way", rest._replace(losses=state.losses - 1), True)
        for number, record in enumerate(state.records):
            if not record.listed:
                listed = Record(record.marked, True, 0)
                yield Step(
                    f"the index lists R{number + 1}", state._replace(records=_put(state.records, number, listed))
                )

    def _may_wait(self, state: State) -> bool:
        """Nothing is under way for longer than the bounds say."""
        arriving = any(request.age >= self.bounds.flight for request in state.requests)
        indexing = any(not record.listed and record.age >= self.bounds.lag for record in state.records)
        return not arriving and not indexing

    def _older(self, state: State) -> State:
        most = max(self.bounds.settle_after, self.bounds.leave_within + 1)
        one, two = (w._replace(age=min(w.age + 1, most)) if _ages(w) else w for w in state.writers)
        return state._replace(
            writers=(one, two),
            intents=tuple(i._replace(age=min(i.age + 1, most)) for i in state.intents),
            requests=tuple(r._replace(age=r.age + 1) for r in state.requests),
            records=tuple(r if r.listed else r._replace(age=r.age + 1) for r in state.records),
        )


Turn = Callable[[Protocol, State, int, Writer, str], Iterator[Step]]

_TURNS: dict[At, Turn] = {
    At.IDLE: Protocol._leases,
    At.CYCLE: Protocol._begins,
    At.UNLINKED: Protocol._plans,
    At.PLANNED: Protocol._intends,
    At.INTENDED: Protocol._sends,
    At.SENT: Protocol._waits,
    At.LOOKING: Protocol._looks,
    At.UNFOUND: Protocol._judges,
    At.FOUND: Protocol._settles,
    At.GIVING_UP: Protocol._gives_up,
}


def _ages(writer: Writer) -> bool:
    """Whether the writer will still ask for the age of its intent."""
    return writer.at in (At.INTENDED, At.LOOKING, At.UNFOUND)


def _with(state: State, who: int, writer: Writer) -> State:
    one, two = state.writers
    return state._replace(writers=(writer, two) if who == 0 else (one, writer))


def _stopped(state: State, who: int) -> State:
    return _with(_forget_sender(state, who), who, Writer())


def _forget_sender(state: State, who: int) -> State:
    return state._replace(requests=tuple(r._replace(sender=None) if r.sender == who else r for r in state.requests))


def _ended(state: State, who: int, writer: Writer) -> State:
    """The writer's intent is gone from the journal."""
    intents = tuple(intent for intent in state.intents if intent.number != writer.intent)
    return _with(state, who, Writer(At.CYCLE))._replace(intents=intents)


def _put(records: tuple[Record, ...], place: int, record: Record) -> tuple[Record, ...]:
    return (*records[:place], record, *records[place + 1 :])
