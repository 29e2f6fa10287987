"""Whether the daemon is alive, and whether it is ready: judged by what was seen of it, for probes and metrics.

| question | asked by | no means | looks at |
|---|---|---|---|
| alive | /livez, the heartbeat file | it hangs, and only a new start helps | loops, cycles |
| ready | /readyz | something is amiss that a person should know of | state DB, lease, last good cycles |
| current | `syncer healthcheck` | the same, from outside of the process | the state DB alone |

A server that is down, credentials that are refused and a full disk leave the daemon alive: it tries again, and a new
start would mend nothing. Times that end in `_at`, and `now`, are seconds of one monotonic clock or aware datetimes, as
their types say; all else is in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from state.signs import Signs
from syncer.activity import Doing

INTERVALS = 3
"""A project link is ready while its last good cycle ended within so many of its intervals."""

FROZEN_INTERVALS = 2
"""What shows nothing of itself for so many intervals hangs."""

LOOP_SECONDS = 120.0
"""The main loop comes round every few seconds: with long intervals, it isn't waited for that long."""

REQUESTS = 10
"""Between two signs of life a cycle sends some requests, a few of them with repetitions. Where each of so many takes as
long as a request may, the server is slow; beyond that the cycle hangs."""

QUIET_SECONDS = 1800.0
"""A cycle that lists and reads a large project leaves nothing in the state DB for so long at most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines` are one sentence for each project link, or for what concerns all of them; `faults` are those of them that
    tell of a fault."""

    lines: tuple[str, ...]
    faults: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class Pulse:
    """The process at one moment. `every` are the intervals of the project links that run in it, and `idle` says what it
    does while there are none. `request` is the longest that a request may take, `places` how many cycles may run at the
    same time. `queue_age` is since when the loop of a worker's job queue has not come round."""

    now: float
    loop_age: float
    doing: Mapping[str, Doing]
    every: Mapping[str, float]
    request: float
    places: int
    idle: str = "it waits for its turn"
    queue_age: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A project link: its interval, what it does, and when its last good cycle ended."""

    every: float
    doing: Doing
    good_at: datetime | None


def alive(pulse: Pulse) -> Verdict:
    """Whether the loops come round, and each project link's cycles begin and get on."""
    limit = min([LOOP_SECONDS, *(FROZEN_INTERVALS * every for every in pulse.every.values())])
    for loop, age in (("main loop", pulse.loop_age), ("job queue's loop", pulse.queue_age)):
        if age > limit:
            return _fault(f"the {loop} has stood still for {span(age)}")
    if not pulse.every:
        return Verdict((pulse.idle,))
    seen = {name: pulse.doing[name] for name in pulse.every if name in pulse.doing}
    full = sum(doing.running for doing in seen.values()) >= pulse.places
    faults = {name: _hangs(doing, pulse, pulse.every[name], full=full) for name, doing in seen.items()}
    return _of_links(faults, {name: _doing(doing) for name, doing in seen.items()})


def _hangs(doing: Doing, pulse: Pulse, every: float, *, full: bool) -> str:
    """Why the project link counts as hanging, empty where it doesn't."""
    still = pulse.now - doing.touched
    if doing.running:
        limit = max(FROZEN_INTERVALS * every, REQUESTS * pulse.request)
        at = f" at '{doing.step}'" if doing.step else ""
        return f"its cycle has stood still{at} for {span(still)}" if still > limit else ""
    # One that rests after refused credentials is looked after all the same; one may have to wait for a free place.
    if still > FROZEN_INTERVALS * every and not full:
        return f"no cycle has been begun for {span(still)}, although one is due every {span(every)}"
    return ""


def ready(now: datetime, links: Mapping[str, Standing], trouble: str = "") -> Verdict:
    """Whether both sides are in step as far as it lies with this process. `trouble` is what is amiss with the state DB
    or the lease."""
    if trouble:
        return _fault(trouble)
    if not links:
        return Verdict(("no project link had its last turn here",))
    faults = {name: _late(now, standing) for name, standing in links.items()}
    ended = {name: standing.good_at for name, standing in links.items()}
    return _of_links(faults, {name: f"its last good cycle ended {_ago(at, now)}" for name, at in ended.items()})


def _late(now: datetime, standing: Standing) -> str:
    doing, limit = standing.doing, INTERVALS * standing.every
    if standing.good_at is None:
        return f"no cycle has ended well yet; {_doing(doing)}"
    age = (now - standing.good_at).total_seconds()
    # A long cycle after a good one is no fault; whether it gets on is the other question.
    if age <= limit or (doing.running and not doing.failures):
        return ""
    return f"its last good cycle ended {span(age)} ago, more than {span(limit)}; {_doing(doing)}"


def _fault(sentence: str) -> Verdict:
    return Verdict((sentence,), (sentence,))


def _of_links(faults: Mapping[str, str], otherwise: Mapping[str, str]) -> Verdict:
    """The fault of each project link, or what is said of it where it has none."""
    lines = tuple(f"{name}: {fault or otherwise[name]}" for name, fault in faults.items())
    return Verdict(lines, tuple(line for line, fault in zip(lines, faults.values(), strict=True) if fault))


def _ago(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{span((now - at).total_seconds())} ago"


def _doing(doing: Doing) -> str:
    """What a project link does now, in a part of a sentence."""
    if doing.running:
        of = "" if doing.total is None else f" of {doing.total}"
        how_far = f", {doing.done}{of}" if doing.done or of else ""
        return f"a cycle runs: {doing.step or 'it begins'}{how_far}"
    return f"its last cycle failed: {doing.problem}" if doing.problem else "it waits for its next cycle"


def current(now: datetime, every: float, good_at: datetime | None, signs: Signs | None, *, lives: bool) -> str:
    """What speaks against a project link by its state DB alone, empty where nothing does.

    `lives`: its writer does. In the order of the rows the first that applies decides:

    | the state DB shows | then |
    |---|---|
    | a good cycle within `INTERVALS` | nothing is wrong |
    | a cycle that runs, its writer alive, with a sign of it that is younger than `QUIET_SECONDS` | nothing is wrong |
    | the same after a cycle that failed | nothing, once it wrote something or ran longer than a failing one would |
    | anything else | the last good cycle is too old, or missing |
    """
    limit = INTERVALS * every
    age = None if good_at is None else (now - good_at).total_seconds()
    if (age is not None and age <= limit) or (lives and signs is not None and _gets_on(now, signs, limit)):
        return ""
    if age is None:
        return "no cycle has ended well yet"
    return f"its last good cycle ended {span(age)} ago, more than {limit:.0f} s"


def _gets_on(now: datetime, signs: Signs, limit: float) -> bool:
    if not signs.runs or (now - (signs.left or signs.began)).total_seconds() > QUIET_SECONDS:
        return False
    runs_for = (now - signs.began).total_seconds()
    return not signs.failed or signs.left is not None or runs_for > limit


def span(seconds: float) -> str:
    """A time as people say it: "12 s", "3 min", "5 h", "2 days"; one that lies ahead, as a clock was set, is none."""
    whole = max(0, int(seconds))
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if whole >= 2 * length:
            return f"{whole // length} {unit}"
    return f"{whole} s"
