"""What needs a person now, as events: judged from what the state DB holds and what the daemon is doing.

| event | is there while |
|---|---|
| conflict | a field waits because both sides changed it |
| parked | something waits that a person has to mend; what heals by itself counts only once it takes long |
| held | removals, or the changes of an edited mapping, wait for approval |
| access | cycles in a row end with a server that refuses the account or shows no such project |
| silent | no good cycle for so many intervals, for another reason or for none that is known |
| token | Jira's token ends soon, or has ended |
| taken over | another instance had to take the place of one that gave no sign of life: once, without an end |

That something is over needs a good reason too: after a start nothing is known of access before the first good cycle.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from state.rows import Held, Parked
from state.told import Told
from syncer.activity import Doing
from syncer.core.reasons import Reason


class What(StrEnum):
    """The kinds of events."""

    CONFLICT = "conflict"
    PARKED = "parked"
    HELD = "held"
    ACCESS = "access"
    SILENT = "silent"
    TOKEN = "token"
    TAKEN_OVER = "taken over"


REFUSALS = 2
"""So many cycles in a row have to be refused: one may be a server that is just being restarted."""

TOKEN_NOTICE = timedelta(days=14)
PATIENCE = timedelta(hours=1)
"""How long what usually heals by itself may wait before anybody hears of it."""

BUSY = timedelta(minutes=1)
"""How long something new may wait for the end of the running cycle, which may find more of the kind."""

HEALING = frozenset({Reason.UNAVAILABLE, Reason.IN_DOUBT, Reason.TO_CONFIRM, Reason.MISSING})
HELD_BACK = frozenset({Reason.HELD_REMOVAL, Reason.HELD_MAPPING})
"""What waits so is told as one held set."""


@dataclass(frozen=True, slots=True)
class Group:
    """Events that go into one message. `project_link` is empty for what concerns all."""

    what: What
    project_link: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that needs a person, since when, in words; not told before `tell_from`."""

    group: Group
    subject: str
    since: datetime
    words: str
    tell_from: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return self.group.what.value, self.group.project_link, self.subject


@dataclass(frozen=True, slots=True)
class LinkNow:
    """One project link that runs here: its interval in seconds, and what it is doing, with times of a clock."""

    name: str
    every: float
    doing: Doing


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is judged. `clock` is the time of the clock that `links` have theirs from. `parked` and `held` are None
    where the state DB couldn't be read."""

    links: Sequence[LinkNow]
    parked: Sequence[Parked] | None
    held: Sequence[Held] | None
    told: Collection[Told]
    token_expires: date | None
    silent_intervals: int
    clock: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The events there are; of the groups in `sure`, those are all."""

    events: tuple[Event, ...]
    sure: frozenset[Group]


def picture(facts: Facts, now: datetime) -> Picture:
    """What needs a person at `now`, in the project links that run here."""
    events = [*_token(facts.token_expires, now), *_occurred(facts.told, now)]
    sure = {Group(What.TOKEN)}
    for link in facts.links:
        events += _trouble(link, facts, now)
        if facts.parked is not None and facts.held is not None:
            events += [*_waiting(link, facts.parked, now), *_held(link, facts.held, now)]
            sure |= {Group(what, link.name) for what in (What.CONFLICT, What.PARKED, What.HELD)}
        if link.doing.good is not None and not link.doing.failures and not _is_silent(link, facts):
            sure |= {Group(what, link.name) for what in (What.ACCESS, What.SILENT)}
    return Picture(tuple(events), frozenset(sure))


def _waiting(link: LinkNow, parked: Sequence[Parked], now: datetime) -> Iterator[Event]:
    for row in parked:
        if row.project_link != link.name or row.code in HELD_BACK:
            continue
        what = What.CONFLICT if row.code == Reason.CONFLICT else What.PARKED
        tell_from = now
        if row.code in HEALING:
            tell_from = row.since + PATIENCE
        elif link.doing.running:
            tell_from = row.since + BUSY
        item = "" if row.item == "record" else f", {row.item}"
        words = f"{row.record_key}{item}: {row.reason}"
        subject = f"{row.side} {row.record_id} {row.item}"
        yield Event(Group(what, link.name), subject, row.since, words, tell_from)


def _held(link: LinkNow, held: Sequence[Held], now: datetime) -> Iterator[Event]:
    for row in held:
        if row.project_link == link.name:
            count = f"{len(row.lines)} {'removals' if row.kind == 'removals' else 'changes of the edited mapping'}"
            words = f"{count} ({row.reason})"
            yield Event(Group(What.HELD, link.name), row.kind, row.held_at, words, now)


def _trouble(link: LinkNow, facts: Facts, now: datetime) -> Iterator[Event]:
    """Access or silence, never both: whoever mends the one mends the other."""
    silent = _is_silent(link, facts)
    if link.doing.refusals >= REFUSALS or (link.doing.refusals and silent):
        what, words = What.ACCESS, link.doing.problem
    elif silent:
        what, words = What.SILENT, link.doing.problem or "it doesn't get on, and says no reason"
    else:
        return
    good = link.doing.since if link.doing.good is None else link.doing.good
    since = now - timedelta(seconds=facts.clock - good)
    yield Event(Group(what, link.name), "", since, words, now)


def _is_silent(link: LinkNow, facts: Facts) -> bool:
    """A long cycle that gets on, such as a first mirror, isn't silence; a failing one that gets on is."""
    doing = link.doing
    last = doing.since if doing.good is None else doing.good
    if doing.running and not doing.failures:
        last = max(last, doing.touched)
    return facts.clock - last > facts.silent_intervals * link.every


def _token(expires: date | None, now: datetime) -> Iterator[Event]:
    if expires is None:
        return
    end = datetime.combine(expires, time(), UTC)
    if now < end - TOKEN_NOTICE:
        return
    words = f"{'ends' if now.date() <= expires else 'ended'} on {expires}"
    yield Event(Group(What.TOKEN), "jira", end - TOKEN_NOTICE, words, now)


def _occurred(told: Collection[Told], now: datetime) -> Iterator[Event]:
    for row in told:
        if row.told_at is None and row.what == What.TAKEN_OVER:
            yield Event(Group(What.TAKEN_OVER), row.subject, row.since, row.subject, now)
