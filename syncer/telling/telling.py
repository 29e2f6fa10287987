"""When people are told what: once when something begins, now and then while it lasts, once when it is over.

Events of one kind in one project link go into one message. The first of them is told at once, and that the last of
them is over too; in between, at most one message in `SPACING` says what came and what went. A hundred fields that wait
are so one message, and a field that waits and heals every minute isn't a message every minute.

Nothing here knows of a clock, a receiver or a database: a `Step` is a message with what is on record once it is sent.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from state.told import Told
from syncer.telling.events import Event, Group, Picture, What

State: TypeAlias = Literal["new", "still", "over"]

SPACING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Step:
    """One message, and what is on record once it was sent.

    `about` are the events that it names: the new ones, or all of the group in a reminder, longest first. `gone` is how
    many are over since the last message, `left` how many there are now, `since` when the longest of them began.
    """

    group: Group
    state: State
    about: tuple[Event, ...]
    gone: int
    left: int
    since: datetime
    told: tuple[Told, ...]
    over: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Manners:
    """How often people are spoken to."""

    remind_after: timedelta
    spacing: timedelta = SPACING


def steps(
    seen: Picture, told: Collection[Told], spoken: Mapping[Group, datetime], manners: Manners, now: datetime
) -> list[Step]:
    """What is to be told at `now`, given what was `told` and when each group was `spoken` of last, as far as known."""
    events: dict[Group, list[Event]] = {}
    for event in sorted(seen.events, key=lambda each: (each.since, each.key)):
        events.setdefault(event.group, []).append(event)
    known: dict[Group, list[Told]] = {}
    for row in told:
        if row.told_at is not None:
            known.setdefault(Group(What(row.what), row.project_link), []).append(row)
    return [
        step
        for group in dict.fromkeys([*events, *known])
        for step in _of_group(
            _Standing(group, events.get(group, []), known.get(group, []), group in seen.sure, spoken.get(group)),
            manners,
            now,
        )
    ]


@dataclass(frozen=True, slots=True)
class _Standing:
    """One group: the events there are, those that were told, whether the former are all, when it was spoken of."""

    group: Group
    events: list[Event]
    known: list[Told]
    sure: bool
    spoken: datetime | None

    def last(self) -> datetime | None:
        times = [row.told_at for row in self.known if row.told_at is not None]
        return max([*times, *([self.spoken] if self.spoken else [])], default=None)


def _of_group(standing: _Standing, manners: Manners, now: datetime) -> Iterator[Step]:
    if standing.group.what is What.TAKEN_OVER:
        yield from _occurrences(standing)
        return
    current = {event.key for event in standing.events}
    before = {row.key for row in standing.known}
    over = tuple(row.key for row in standing.known if standing.sure and row.key not in current)
    fresh = tuple(event for event in standing.events if event.key not in before and event.tell_from <= now)
    last = standing.last()
    # A time of the future is one of a clock that was set back since.
    elapsed = None if last is None or last > now else now - last
    rested = elapsed is None or elapsed >= manners.spacing
    left = [row for row in standing.known if row.key not in over]
    if over and not left and not fresh:
        yield _step(standing, "over", (), [], over, now)
    elif (over or fresh) and rested:
        yield _step(standing, "new" if fresh else "over", fresh, left, over, now)
    elif left and standing.events and (elapsed is None or elapsed >= manners.remind_after):
        yield _step(standing, "still", tuple(each for each in standing.events if each.key in before), left, (), now)


def _step(
    standing: _Standing,
    state: State,
    about: tuple[Event, ...],
    left: list[Told],
    over: tuple[tuple[str, str, str], ...],
    now: datetime,
) -> Step:
    new = [Told(*event.key, event.since, now) for event in about] if state == "new" else []
    told = [*(replace(row, told_at=now) for row in left), *new]
    since = min((row.since for row in told or standing.known), default=now)
    return Step(standing.group, state, about, len(over), len(told), since, tuple(told), over)


def _occurrences(standing: _Standing) -> Iterator[Step]:
    for event in standing.events:
        yield Step(standing.group, "new", (event,), 0, 1, event.since, (), (event.key,))
