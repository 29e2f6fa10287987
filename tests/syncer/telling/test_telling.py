"""When people are told: laws over every sequence of what begins and ends."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from state.told import Told
from syncer.telling.events import Event, Group, Picture, What
from syncer.telling.telling import SPACING, Manners, Step, steps

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MANNERS = Manners(DAY)
TICK = timedelta(minutes=1)
KINDS = [Group(What.CONFLICT, "shop"), Group(What.PARKED, "shop"), Group(What.SILENT, "shop"), Group(What.TOKEN)]

Moments: TypeAlias = list[tuple[frozenset[Event], int, bool]]


class Listener:
    """The one who is told, with the record that is kept of it; a restart forgets all but the record."""

    def __init__(self) -> None:
        self.record: dict[tuple[str, str, str], Told] = {}
        self.spoken: dict[Group, datetime] = {}
        self.heard: list[tuple[datetime, Step]] = []

    def look(self, events: Sequence[Event], now: datetime, sure: frozenset[Group] = frozenset(KINDS)) -> list[Step]:
        found = steps(Picture(tuple(events), sure), list(self.record.values()), self.spoken, MANNERS, now)
        for step in found:
            for key in step.over:
                del self.record[key]
            self.record |= {row.key: row for row in step.told}
            self.spoken[step.group] = now
            self.heard.append((now, step))
        return found

    def restart(self) -> None:
        self.spoken = {}


def event(group: Group, subject: str = "", since: datetime = NOON, tell_from: datetime = NOON) -> Event:
    return Event(group, subject, since, "words", tell_from)


ALL = [event(group, subject) for group in KINDS for subject in ("a", "b", "c")]
MOMENTS = st.lists(st.tuples(st.frozensets(st.sampled_from(ALL)), st.integers(0, 2000), st.booleans()), max_size=30)


@given(MOMENTS)
def test_each_event_is_told_once_when_it_begins_and_once_when_it_is_over(moments: Moments) -> None:
    listener, now = Listener(), NOON
    told: set[Event] = set()
    for events, minutes, restarted in moments:
        now += timedelta(minutes=minutes)
        if restarted:
            listener.restart()
        before = set(listener.record)
        for step in listener.look(sorted(events, key=lambda each: each.key), now):
            if step.state == "new":
                assert not {each.key for each in step.about} & before, "told twice"
                told |= set(step.about)
            assert set(step.over) <= before, "what was never told is over"
            assert not set(step.over) & {each.key for each in events}, "over, and still there"
    for _ in range(2):
        now += SPACING
        listener.look([], now)
    assert listener.record == {}
    for each in told:
        begun = sum(each in step.about for _, step in listener.heard if step.state == "new")
        ended = sum(each.key in step.over for _, step in listener.heard)
        assert begun == ended > 0


@given(MOMENTS)
def test_one_kind_in_one_project_link_is_never_spoken_of_too_often(moments: Moments) -> None:
    """Only that it is wholly over is said at once."""
    listener, now = Listener(), NOON
    for events, minutes, _ in moments:
        now += timedelta(minutes=minutes)
        listener.look(sorted(events, key=lambda each: each.key), now)
    for group in KINDS:
        heard = [(at, step) for at, step in listener.heard if step.group == group]
        for (earlier, _), (later, step) in pairwise(heard):
            assert later - earlier >= SPACING or (step.state == "over" and not step.left)
            assert step.state != "still" or later - earlier >= DAY


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_what_lasts_is_told_again_every_day_whatever_restarts(restarts: list[bool]) -> None:
    listener = Listener()
    for number, restarted in enumerate(restarts):
        if restarted:
            listener.restart()
        listener.look([ALL[0]], NOON + number * timedelta(hours=6))
    assert [step.state for _, step in listener.heard] == ["new"] + ["still"] * ((len(restarts) - 1) // 4)


def test_a_hundred_at_once_are_one_message_and_stay_one() -> None:
    listener = Listener()
    many = [event(KINDS[1], str(number)) for number in range(100)]
    assert [(step.state, step.left) for step in listener.look(many, NOON)] == [("new", 100)]
    assert listener.look(many, NOON + TICK) == []
    assert [(step.state, step.left) for step in listener.look([], NOON + 2 * TICK)] == [("over", 0)]


def test_what_joins_and_what_leaves_soon_after_is_told_together_a_little_later() -> None:
    listener = Listener()
    first, second, third = ALL[:3]
    listener.look([first, second], NOON)
    assert listener.look([second, third], NOON + TICK) == []
    [step] = listener.look([second, third], NOON + SPACING)
    assert (step.state, step.about, step.gone, step.left) == ("new", (third,), 1, 2)


def test_what_flickers_is_not_a_message_each_time() -> None:
    listener = Listener()
    for number in range(60):
        listener.look([ALL[0]] if number % 2 else [], NOON + number * TICK)
    assert len(listener.heard) <= 2 * 60 / 5


def test_what_was_there_too_shortly_to_be_told_is_never_over_either() -> None:
    listener = Listener()
    later = event(KINDS[1], "a", tell_from=NOON + TICK)
    assert listener.look([later], NOON) == []
    assert listener.look([], NOON + TICK) == []


def test_nothing_is_over_only_because_nobody_can_say() -> None:
    listener = Listener()
    listener.look([ALL[0]], NOON)
    assert listener.look([], NOON + DAY, frozenset()) == []
    assert [step.state for step in listener.look([], NOON + DAY)] == ["over"]


def test_an_occurrence_is_told_once_and_leaves_nothing_behind() -> None:
    listener = Listener()
    row = Told("taken over", "", "one was replaced by another", NOON, None)
    listener.record[row.key] = row
    happened = event(Group(What.TAKEN_OVER), row.subject)
    assert [step.about for step in listener.look([happened], NOON)] == [(happened,)]
    assert listener.record == {}


def test_a_clock_that_was_set_back_silences_nobody() -> None:
    listener = Listener()
    listener.look([ALL[0]], NOON + 365 * DAY)
    assert [step.state for step in listener.look([ALL[0]], NOON)] == ["still"]
    assert listener.look([ALL[0]], NOON + TICK) == []
