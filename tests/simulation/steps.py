"""What a seed decides: the terms of a world, and the list of steps that are done in it. Plain values; dropping any of
the steps leaves a history that can be run too, which is how a failing one is made short."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, TypeAlias, get_args

from syncer.core.records import Side
from tests.simulation.mishaps import Kind
from tests.simulation.server import Normaliser

Doing: TypeAlias = Literal[
    "create",
    "edit title",
    "edit text",
    "clear text",
    "edit priority",
    "edit status",
    "add version",
    "drop version",
    "edit both",
    "comment",
    "edit comment",
    "delete comment",
    "restrict comment",
    "deface mirrored comment",
    "link result",
    "unlink result",
    "delete",
    "hide",
    "archive",
    "move",
    "bring back",
    "clone",
    "unmark",
    "rename version",
]
WEIGHTS: dict[Doing, int] = {
    "create": 7,
    "edit title": 5,
    "edit text": 8,
    "edit priority": 3,
    "edit status": 3,
    "edit both": 4,
    "comment": 8,
    "edit comment": 4,
    "delete comment": 3,
    "delete": 4,
    "hide": 2,
    "bring back": 3,
    "link result": 2,
}
"""How often something is done, in relation; what is missing here weighs one."""

PAUSES: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind.startswith("pause"))
FAULTS: tuple[Kind, ...] = (
    *(kind for kind in get_args(Kind) if kind != "person" and kind not in PAUSES),
    *("late", "late", "stale"),
)
"""Some are for few calls only, and are drawn more often."""


@dataclass(frozen=True, slots=True)
class Deal:
    """Somebody does something. `pick` chooses the record among those that there are by then, `more` what about it."""

    doing: Doing
    side: Side
    pick: int
    more: int
    number: int


@dataclass(frozen=True, slots=True)
class Jump:
    """A server's clock, or ours, is set: from now on it is off by so much."""

    side: Side | None
    skew_seconds: float


@dataclass(frozen=True, slots=True)
class Upset:
    """At the `at`-th call of a cycle, or at its `at`-th `write`, something goes wrong, or somebody does something.

    A process that stands still does so for `seconds`, while somebody does something and another instance waits."""

    at: int
    kind: Kind
    deal: Deal | Jump | None = None
    write: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Cycle:
    """The synchronizer runs, after a while."""

    after_seconds: float
    census: bool
    upsets: tuple[Upset, ...] = ()


@dataclass(frozen=True, slots=True)
class Weather:
    """From now on a server's index lags so much."""

    side: Side
    lag_seconds: float


@dataclass(frozen=True, slots=True)
class Remap:
    """The mapping is edited: its table of priorities, or who wins conflicts."""

    conflict: str


@dataclass(frozen=True, slots=True)
class Backup:
    """The state DB is copied."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The state DB is lost, or the last copy is put in its place; links are adopted by hand, or by the next cycle."""

    restored: bool
    by_hand: bool


Step: TypeAlias = Deal | Cycle | Weather | Remap | Jump | Backup | Loss


@dataclass(frozen=True, slots=True)
class Terms:
    """What stays the same over a whole history."""

    conflict: str
    deletions: tuple[str, str]
    comments: str
    at_most: int
    normalisers: tuple[Normaliser, Normaliser]
    skews: tuple[float, float]
    counts_versions: bool
    secures_single_records: bool
    tick_seconds: float
    page_size: int = 50
    own_skew: float = 0.0
    steady: bool = True
    """Whether our own clock is never set. Where it is, one waits longer for what is in doubt."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How many upsets a cycle may have, of which kinds they are where nobody has a hand in them, and how many of them
    let the process stand still."""

    upsets: tuple[int, ...]
    kinds: tuple[Kind, ...]
    pauses: float = 0.0


USUAL = Mood((0, 1, 1, 2, 3), FAULTS, 0.05)
STORMY = Mood((4, 6), FAULTS, 0.1)
"""Something goes wrong again and again."""

MOODS = (USUAL, USUAL, USUAL, STORMY)


def drawn(seed: int, length: int, mood: Mood | None = None) -> tuple[Terms, tuple[Step, ...]]:
    """Everything about one history."""
    dice = random.Random(seed)
    mood = mood or dice.choice(MOODS)
    normalisers: tuple[Normaliser, ...] = get_args(Normaliser)
    terms = Terms(
        conflict=dice.choice(["newest", "incident", "issue", "ask"]),
        deletions=(dice.choice(["delete", "close", "unlink"]), dice.choice(["delete", "close", "unlink"])),
        comments=dice.choice(["notice", "notice", "keep"]),
        at_most=dice.choice([2, 1000, 1000]),
        normalisers=(dice.choice(normalisers), dice.choice(normalisers)),
        skews=(dice.choice(SKEWS), dice.choice(SKEWS)),
        counts_versions=dice.random() < 0.5,
        secures_single_records=dice.random() < 0.3,
        tick_seconds=dice.choice([0.02, 0.3, 1.5]),
        page_size=dice.choice([2, 50, 50]),
        own_skew=dice.choice(OWN_SKEWS),
        steady=dice.random() < 0.8,
    )
    first = [_deal(dice, number, "create") for number in range(3)]
    rest = [_step(dice, number, mood) for number in range(3, length)]
    return terms, (*first, _cycle(dice, length, mood), *rest)


SKEWS = (0.0, 0.0, -45.0, 45.0, -400.0, 400.0)
"""How far servers' clocks may be off, in seconds."""

OWN_SKEWS = (0.0, 0.0, -200.0, 200.0)
"""And how far ours may be: no two of them differ by more than ten minutes."""

LONGEST_JUMP = timedelta(seconds=max(OWN_SKEWS) - min(OWN_SKEWS))

PAUSE_SECONDS = (8.0, 40.0, 200.0)
"""How long a process stands still: less than a lease, or more. In the longest time another one does two cycles."""


def _step(dice: random.Random, number: int, mood: Mood) -> Step:
    chance = dice.random()
    if chance < 0.32:
        return _cycle(dice, number, mood)
    if chance < 0.35:
        return Weather(dice.choice(list(Side)), dice.choice([0.0, 5.0, 25.0]))
    if chance < 0.36:
        return Remap(dice.choice(["newest", "incident", "issue", "ask"]))
    if chance < 0.38:
        return _jump(dice)
    if chance < 0.40:
        return Backup()
    if chance < 0.415:
        return Loss(dice.random() < 0.5, dice.random() < 0.5)
    return _deal(dice, number)


def _jump(dice: random.Random) -> Jump:
    side = dice.choice([None, None, *Side])
    return Jump(side, dice.choice(SKEWS if side else OWN_SKEWS))


def _deal(dice: random.Random, number: int, doing: Doing | None = None) -> Deal:
    kinds = list(get_args(Doing))
    drawn_kind = dice.choices(kinds, [WEIGHTS.get(kind, 1) for kind in kinds])[0]
    return Deal(doing or drawn_kind, dice.choice(list(Side)), dice.randrange(1000), dice.randrange(1000), number)


def _cycle(dice: random.Random, number: int, mood: Mood) -> Cycle:
    upsets = [_upset(dice, number, place, mood) for place in range(dice.choice(mood.upsets))]
    return Cycle(dice.choice([1.0, 20.0, 90.0, 400.0]), dice.random() < 0.4, tuple(upsets))


def _upset(dice: random.Random, number: int, place: int, mood: Mood) -> Upset:
    write = dice.random() < 0.6
    at = dice.randrange(1, 6 if write else 12)
    chance = dice.random()
    deal = replace(_deal(dice, number), number=1000 * (place + 1) + number)
    if chance < 0.33:
        return Upset(at, "person", deal, write)
    if chance < 0.35:
        return Upset(at, "person", _jump(dice), write)
    if chance < 0.35 + mood.pauses:
        doing = deal if dice.random() < 0.7 else None
        return Upset(at, dice.choice(PAUSES), doing, write, dice.choice(PAUSE_SECONDS))
    return Upset(at, dice.choice(mood.kinds), write=write)
