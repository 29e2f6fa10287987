"""What happens in a history, drawn from its seed: people who edit, clocks that are wrong, indexes that lag, polls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from syncer.core.records import Side

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
    "Pacific/Pago_Pago",
)
"""Of each kind: whole, half and quarter hours; ahead and behind as far as it goes; changes by an hour, by half an hour,
in either half of the year, and none."""

FIRST = datetime(2026, 3, 3, tzinfo=UTC)
LAST = datetime(2026, 12, 20, tzinfo=UTC)
MOST_SKEW = 600
OVERLAPS = (60, 120, 300, 600)
SPANS = (600, 3600, 10_800)
GAPS = ((1, 10), (10, 90), (60, 400), (600, 3000))
BURSTS = (0.002, 1.0, 60.0, 300.0)
"""Within how many seconds the edits of one burst come."""
PAGES = (2, 3, 10, 50)


@dataclass(frozen=True, slots=True)
class Terms:
    """One server: how far its clock is ahead of the true one, how late its index is at most, its longest page; and
    how far polls read again."""

    skew: timedelta
    lag: int
    overlap: timedelta
    page: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody changes the `pick`-th record of a side, in a round, or where it is None creates one."""

    at: float
    side: Side
    pick: int | None


@dataclass(frozen=True, slots=True)
class History:
    """`zone` is that of our account's profile in Jira, `waits` are the seconds before each poll."""

    seed: int
    zone: str
    deployment: Literal["cloud", "datacenter"]
    start: datetime
    terms: Mapping[Side, Terms]
    edits: tuple[Edit, ...]
    waits: tuple[float, ...]


def drawn(seed: int) -> History:
    """The history of that seed."""
    random = Random(f"time {seed}")
    zone = random.choice(ZONES)
    span = random.choice(SPANS)
    return History(
        seed,
        zone,
        random.choice(("cloud", "datacenter")),
        _start(random, zone, span),
        {side: _terms(random) for side in Side},
        tuple(sorted(_edits(random, span), key=lambda edit: edit.at)),
        tuple(_waits(random, span)),
    )


def _start(random: Random, zone: str, span: int) -> datetime:
    """Mostly so that a change of the zone's offset comes amid the history, where it has any."""
    changes = list(changes_of(zone))
    if changes and random.random() < 0.75:
        return random.choice(changes) - timedelta(seconds=random.uniform(0, span))
    return FIRST + random.random() * (LAST - FIRST)


def _terms(random: Random) -> Terms:
    overlap = random.choice(OVERLAPS)
    lag = random.choice((0, random.randint(0, overlap), overlap))
    skew = random.choice((0.0, random.uniform(-MOST_SKEW, MOST_SKEW), -MOST_SKEW, MOST_SKEW))
    return Terms(timedelta(seconds=skew), lag, timedelta(seconds=overlap), random.choice(PAGES))


def _edits(random: Random, span: int) -> Iterator[Edit]:
    """Bursts, some of them of both sides at once; an empty project is one that nobody has come to yet."""
    for _ in range(random.randint(1, 6)):
        begin, length = random.uniform(0, span), random.choice(BURSTS)
        sides = random.choice(([Side.INCIDENT], [Side.ISSUE], list(Side)))
        for _ in range(random.randint(1, 6)):
            pick = None if random.random() < 0.35 else random.randrange(100)
            yield Edit(begin + random.uniform(0, length), random.choice(sides), pick)


def _waits(random: Random, span: int) -> Iterator[float]:
    """Often or seldom, and some of both."""
    passed, count = 0.0, random.randint(3, 7)
    usual = span / count
    while passed < span and count:
        wait = random.uniform(*random.choice(GAPS)) if random.random() < 0.5 else random.uniform(0, 2 * usual)
        yield wait
        passed, count = passed + wait, count - 1


@cache
def changes_of(zone: str) -> Mapping[datetime, timedelta]:
    """When the zone's offset changes within the time of the histories, and by how much."""
    found: dict[datetime, timedelta] = {}
    at, offset = FIRST, None
    while at < LAST:
        here = at.astimezone(ZoneInfo(zone)).utcoffset()
        if here is not None and offset is not None and here != offset:
            found[at] = here - offset
        at, offset = at + timedelta(minutes=30), here
    return found
