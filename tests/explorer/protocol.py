"""The protocol by which a record is created, as a model small enough to be explored to its end.

Two writers share one state DB and may both try to create the twin of one incident. Any of them may be paused at any
step for any time, since an interleaving in which it just isn't its turn is one of those that are explored.

| at | the writer | its next step |
|---|---|---|
| IDLE | has no lease: not started, stopped, or crashed | takes the lease, also from one that holds it |
| CYCLE | begins a cycle | reads intents, then the link |
| UNLINKED | saw no link | reads the intents once more: `syncer.candidates` reads them last |
| PLANNED | saw neither link nor intent | intends, in a transaction that checks the fence |
| INTENDED | has its intent on disk | sends, unless the intent is too old for that by now |
| SENT | waits for the answer | settles with it, or times out and leaves the intent in doubt |
| LOOKING | recovers an intent | looks for the mark |
| FOUND, UNFOUND, GIVING_UP | has looked | settles; waits or goes on to give up; abandons |

Time has no beginning: only ages are kept, up to where they stop to matter. So the states are finite in number though
runs have no end, and exploring them all covers runs of any length.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Rules:
    """What the protocol does; each switch turned off is a program with one rule missing."""

    intends: bool = True
    intends_before_sending: bool = True
    fence_when_intending: bool = True
    fence_when_settling: bool = True
    numbers_never_given_twice: bool = True
    waits_before_giving_up: bool = True
    takes_the_time_before_looking: bool = True
    gives_up_at_all: bool = True
    leaves_in_time: bool = True
    lost_answer_is_in_doubt: bool = True
    never_sent_again: bool = True
    marked_from_birth: bool = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """How slow the world may be, in ticks, and how often it may fail.

    `leave_within`: how old an intent may be when its request leaves. `flight`: how long after that its server may
    still carry it out. `lag`: how long after that a search may miss the record. `settle_after`: the age from which on
    an intent whose mark isn't found is given up. The assumption of it all is that this is more than the other three
    together.
    """

    leave_within: int = 1
    flight: int = 1
    lag: int = 2
    settle_after: int = 5
    crashes: int = 2
    losses: int = 2


class At(StrEnum):
    IDLE = "idle"
    CYCLE = "cycle"
    UNLINKED = "unlinked"
    PLANNED = "planned"
    INTENDED = "intended"
    SENT = "sent"
    LOOKING = "looking"
    UNFOUND = "unfound"
    FOUND = "found"
    GIVING_UP = "giving up"


NOWHERE = 99
"""The id of a record that was taken for made, without an answer that says so."""


class Writer(NamedTuple):
    """`intent` is the number of the intent that it has in hand, `age` how old that is, `answer` a record's id."""

    at: At = At.IDLE
    intent: int | None = None
    age: int = 0
    answer: int | None = None


class Intent(NamedTuple):
    number: int
    age: int


class Request(NamedTuple):
    """A create under way. `sender` is the writer that waits for its answer, if one still does."""

    sender: int | None
    age: int


class Record(NamedTuple):
    """A record on the other side; its id is its place. `listed` once a search can find it."""

    marked: bool
    listed: bool
    age: int


class State(NamedTuple):
    """`holder` is the writer whose fencing number is the current one; `link` the id of the linked record."""

    holder: int | None = None
    writers: tuple[Writer, Writer] = (Writer(), Writer())
    intents: tuple[Intent, ...] = ()
    link: int | None = None
    requests: tuple[Request, ...] = ()
    records: tuple[Record, ...] = ()
    crashes: int = 0
    losses: int = 0


class Step(NamedTuple):
    """What may happen next. A `fault` is a crash, a loss, or a lease taken from one that lives: a pause too long."""

    label: str
    state: State
    fault: bool = False


def wrong(state: State) -> str | None:
    """Which promise the state breaks, if any."""
    if len(state.records) > 1:
        return "two records for one incident"
    if state.link is not None and state.link >= len(state.records):
        return "a link to a record that doesn't exist"
    return None


def settled(state: State) -> bool:
    """One record, one link, nothing in doubt, nothing under way."""
    return len(state.records) == 1 and state.link == 0 and not state.intents and not state.requests
