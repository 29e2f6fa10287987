"""Histories drawn from seeds: run one, judge it, replay it, and make a failing one short.

    python -m tests.simulation.simulator [SEEDS] [FIRST] [LENGTH] [--postgres]

runs so many seeds from the first one on, prints those that fail with the shortest history that still does, and the
size of it all at the end. A seed's history is the same whether the state DB lies in a SQLite file or in PostgreSQL.
"""

import argparse
import hashlib
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from tests.crash.figures import tell
from tests.simulation.disks import Disk, Place, in_a_file, in_postgres
from tests.simulation.edits import lost_edits
from tests.simulation.invariants import rules_of, violations
from tests.simulation.mortal_store import MortalStore
from tests.simulation.steps import Cycle, Mood, Step, Terms, drawn
from tests.simulation.world import MODELS, Models, World

LENGTH = 14
"""Steps of a history in the tests; a longer run has `SOAKING` of them."""

SOAKING = 40

QUIET_SECONDS = 600.0
"""Between two quiet cycles: longer than any delay before something is tried or looked at again."""

MOST_QUIET = 14
"""So many quiet cycles at most until nothing is written any more."""

RUNS_A_DISK = 20
"""So many histories share a state DB, before it grows too large to be quick."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one history went: what it broke, and its trace, by which a replay is compared."""

    violations: tuple[str, ...]
    trace: tuple[str, ...]
    met: Counter[str] = field(default_factory=Counter)

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    @property
    def promises(self) -> frozenset[str]:
        """Which promises were broken, to tell failures apart."""
        return frozenset(each.split(":")[0] for each in self.violations)


class Simulator:
    """Runs histories; `models` are the classes of both ports."""

    def __init__(self, disk: Disk, models: Models) -> None:
        self._models = models
        self._runs = 0
        self._disk = disk

    def run(self, terms: Terms, steps: Sequence[Step]) -> Outcome:
        """One history to its end, and what it broke."""
        self._runs += 1
        if self._runs % RUNS_A_DISK == 0:
            self._disk.lose()
        world = World(terms, f"sim-{self._runs}", self._disk, self._models)
        for step in steps:
            world.faults.note(f"step: {step}")
            world.do(step)
        broken = [*_quietened(world), *violations(world)]
        met = Counter(world.faults.met)
        met["raced"] = lost_edits(world.deeds, rules_of(world)).raced
        world.close()
        return Outcome(tuple(broken), tuple(world.faults.trace), met)

    def run_seed(self, seed: int, length: int = LENGTH, mood: Mood | None = None) -> Outcome:
        return self.run(*drawn(seed, length, mood))

    def shortened(self, terms: Terms, steps: Sequence[Step], promise: str) -> list[Step]:
        """The same history with all steps and upsets left out that aren't needed to break the same promise."""

        def fails(candidate: Sequence[Step]) -> bool:
            return promise in self.run(terms, candidate).promises

        left = list(steps)
        size = len(left) // 2
        while size:
            start = 0
            while start < len(left):
                candidate = left[:start] + left[start + size :]
                if fails(candidate):
                    left = candidate
                else:
                    start += size
            size //= 2
        for place, step in enumerate(left):
            for upset in step.upsets if isinstance(step, Cycle) else ():
                now = left[place]
                assert isinstance(now, Cycle)
                calmer = replace(now, upsets=tuple(each for each in now.upsets if each is not upset))
                if fails([*left[:place], calmer, *left[place + 1 :]]):
                    left[place] = calmer
        return left


def _quietened(world: World) -> Iterator[str]:
    """Let the faults stop and time pass, until nothing is written any more; a sentence if that never comes."""
    for server in world.servers.values():
        server.lag = timedelta()
    still = 0
    for _ in range(MOST_QUIET):
        world.clock.tick(QUIET_SECONDS)
        world.approve()
        report = world.cycle(Cycle(0, census=True))
        if report is None:
            yield "failed: a quiet cycle did not come to its end"
            return
        still = still + 1 if report.writes == 0 else 0
        # Once could be the wait for an absence to be confirmed, twice the wait for the approval of what follows.
        if still >= (3 if world.undecided else 2):
            return
    yield f"restless: after {MOST_QUIET} quiet cycles something is still written"


@contextmanager
def simulator(
    models: Models = MODELS, store: type[MortalStore] = MortalStore, place: Place = in_a_file
) -> Iterator[Simulator]:
    """A simulator with a state DB of its own; the synchronizer's log is not written meanwhile. `models` are the classes
    of both ports, and `store` that of the state DB."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with place(store) as disk:
            yield Simulator(disk, models)
    finally:
        structlog.configure(**before)


def told(steps: Sequence[Step], outcome: Outcome) -> str:
    """A failing history, for a person."""
    lines = ["broken:", *(f"  {each}" for each in outcome.violations), "steps:", *(f"  {each}" for each in steps)]
    return "\n".join([*lines, "trace:", *(f"  {line}" for line in outcome.trace)])


KINDS = {"duplicates": ("duplicate",), "lost": ("lost", "removed", "dissolved", "leaked")}
"""What a suite is asked for: the promises that begin so; all others are differences."""


def size_of(outcome: Outcome, length: int = LENGTH) -> Counter[str]:
    """What one history covered, and what came of it."""
    met = outcome.met
    other = ("crash", "person", "raced", "clock set", "taken over", "state lost", "state put back")
    broken = Counter(
        next((kind for kind, begin in KINDS.items() if each.startswith(begin)), "differences")
        for each in outcome.violations
    )
    return Counter(
        {
            "seeds": 1,
            "steps": length,
            "faults": sum(count for kind, count in met.items() if kind not in other),
            "crashes": met["crash"],
            "pauses": sum(count for kind, count in met.items() if kind.startswith("pause")),
            "take_overs": met["taken over"],
            "clocks_set": met["clock set"],
            "state_dbs_lost_or_put_back": met["state lost"] + met["state put back"],
            "acts_within_cycles": met["person"],
            "failures": bool(outcome.violations),
            **{kind: broken[kind] for kind in (*KINDS, "differences")},
        }
    )


def main(seeds: int, first: int, length: int, place: Place) -> int:
    """Run seeds; 1 where any fails."""
    sizes: Counter[str] = Counter()
    failing: list[int] = []
    with simulator(place=place) as sim:
        for seed in range(first, first + seeds):
            outcome = sim.run_seed(seed, length)
            sizes.update(size_of(outcome, length))
            if outcome.violations:
                failing.append(seed)
                terms, steps = drawn(seed, length)
                short = sim.shortened(terms, steps, min(outcome.promises))
                print(f"seed {seed} fails, trace {outcome.digest}\n{terms}")
                print(told(short, sim.run(terms, short)), flush=True)
    tell("soak" if place is in_a_file else "soak on PostgreSQL", **sizes)
    print(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sizes.items()))
    print(f"failing seeds: {', '.join(map(str, failing)) or 'none'}")
    return 1 if failing else 0


def _asked(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation.simulator")
    asked.add_argument("seeds", type=int, nargs="?", default=10_000, help="how many to run")
    asked.add_argument("first", type=int, nargs="?", default=0, help="the first of them")
    asked.add_argument("length", type=int, nargs="?", default=SOAKING, help="steps of each history")
    asked.add_argument("--postgres", action="store_true", help="with the state DB in PostgreSQL, not in a SQLite file")
    given = asked.parse_args(arguments)
    return main(given.seeds, given.first, given.length, in_postgres if given.postgres else in_a_file)


if __name__ == "__main__":
    sys.exit(_asked(sys.argv[1:]))
