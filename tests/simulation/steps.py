"""What a seed decides: the terms of a world, and the list of steps that are done in it. Plain values; dropping any of
the steps leaves a history that can be run too, which is how a failing one is made short."""

import random
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from syncer.core.records import Side
from tests.simulation.faults import Kind
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
    "deface mirrored comment",
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
}
"""How often something is done, in relation; what is missing here weighs one."""

FAULTS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "person")


@dataclass(frozen=True, slots=True)
class Deal:
    """Somebody does something. `pick` chooses the record among those that there are by then, `more` what about it."""

    doing: Doing
    side: Side
    pick: int
    more: int
    number: int


@dataclass(frozen=True, slots=True)
class Upset:
    """At the `at`-th call of a cycle, or at its `at`-th `write`, something goes wrong, or somebody does something."""

    at: int
    kind: Kind
    deal: Deal | None = None
    write: bool = False


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


Step: TypeAlias = Deal | Cycle | Weather | Remap


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


@dataclass(frozen=True, slots=True)
class Mood:
    """How many upsets a cycle may have, and of which kinds they are where nobody has a hand in them."""

    upsets: tuple[int, ...]
    kinds: tuple[Kind, ...]


USUAL = Mood((0, 1, 1, 2, 3), FAULTS)


def drawn(seed: int, length: int, mood: Mood = USUAL) -> tuple[Terms, tuple[Step, ...]]:
    """Everything about one history."""
    dice = random.Random(seed)
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
    )
    first = [_deal(dice, number, "create") for number in range(3)]
    rest = [_step(dice, number, mood) for number in range(3, length)]
    return terms, (*first, _cycle(dice, length, mood), *rest)


SKEWS = (0.0, 0.0, -45.0, 45.0, -400.0, 400.0)
"""How far servers' clocks may be off, in seconds."""


def _step(dice: random.Random, number: int, mood: Mood) -> Step:
    chance = dice.random()
    if chance < 0.32:
        return _cycle(dice, number, mood)
    if chance < 0.35:
        return Weather(dice.choice(list(Side)), dice.choice([0.0, 5.0, 25.0]))
    if chance < 0.36:
        return Remap(dice.choice(["newest", "incident", "issue", "ask"]))
    return _deal(dice, number)


def _deal(dice: random.Random, number: int, doing: Doing | None = None) -> Deal:
    kinds = list(get_args(Doing))
    drawn_kind = dice.choices(kinds, [WEIGHTS.get(kind, 1) for kind in kinds])[0]
    return Deal(doing or drawn_kind, dice.choice(list(Side)), dice.randrange(1000), dice.randrange(1000), number)


def _cycle(dice: random.Random, number: int, mood: Mood) -> Cycle:
    upsets = []
    for place in range(dice.choice(mood.upsets)):
        write = dice.random() < 0.6
        at = dice.randrange(1, 6 if write else 12)
        if dice.random() < 0.35:
            deal = replace(_deal(dice, number), number=1000 * (place + 1) + number)
            upsets.append(Upset(at, "person", deal, write))
        else:
            upsets.append(Upset(at, dice.choice(mood.kinds), write=write))
    return Cycle(dice.choice([1.0, 20.0, 90.0, 400.0]), dice.random() < 0.4, tuple(upsets))
