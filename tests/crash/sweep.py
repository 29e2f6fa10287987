"""A scenario run once to its end, and then once from each of its boundaries."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.crash.boundaries import Moment, side_of
from tests.crash.instance import STEP, Instance, Place
from tests.crash.pictures import Picture, lines_of
from tests.crash.scenarios import Scenario
from tests.crash.states import SqliteFile, StateDb
from tests.crash.worlds import Servers, Stage, World

LAG_SECONDS = 300
AT_ONCE = 5.0
"""How soon a lagging index is asked again: too soon for it to show what was made."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One moment at which a process may end, and what it leaves then."""

    number: int
    words: str
    world: World


@dataclass(slots=True)
class Reference:
    """A scenario that nothing interrupted. `ends` are the pictures that a further cycle left as they were, and
    `known` what came of each world from which somebody went on."""

    scenario: Scenario
    place: Place
    lag: bool
    start: World
    boundaries: list[Boundary]
    end: Picture
    ends: set[Picture]
    known: dict[str, Picture] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return sum("before the request" in each.words for each in self.boundaries)


class Theatre:
    """The stages of both pairs of servers, started when they are needed, and the references of all scenarios.

    `state` makes the place of a stage's state DB; the stage may use the folder that it is told."""

    def __init__(self, folder: Path, state: Callable[[Path], StateDb] = SqliteFile) -> None:
        self._folder = folder
        self._state = state
        self._stages: dict[Servers, Stage] = {}
        self._references: dict[tuple[str, bool], Reference] = {}

    def stage(self, servers: Servers) -> Stage:
        if servers not in self._stages:
            folder = self._folder / servers
            folder.mkdir()
            self._stages[servers] = Stage(folder, self._state(folder), servers)
        return self._stages[servers]

    def reference(self, scenario: Scenario, *, lag: bool = False) -> Reference:
        """The scenario's run without interruption; with `lag` both indexes lag behind in it."""
        if (scenario.name, lag) not in self._references:
            self._references[scenario.name, lag] = play(self.stage(scenario.servers), scenario, lag=lag)
        return self._references[scenario.name, lag]

    def close(self) -> None:
        for stage in self._stages.values():
            stage.close()


def play(stage: Stage, scenario: Scenario, *, lag: bool) -> Reference:
    """Run the scenario to its end, and take the world at each boundary."""
    stage.begin()
    act = scenario.play(stage)
    for _ in act:
        stage.sync()
    if lag:
        stage.jira.behaviour.search_lag_seconds = stage.tester.behaviour.index_lag_seconds = LAG_SECONDS
    start, boundaries = stage.take(), list[Boundary]()

    def watch(moment: Moment, what: str) -> None:
        boundaries.append(Boundary(len(boundaries), f"{moment}: {what}", stage.take()))

    instance, ends = stage.start(watch), set[Picture]()
    end = to_the_end(stage, instance, ends)
    assert instance.failures == [], f"{scenario.name}: {instance.failures[0]}"
    return Reference(scenario, stage.place, lag, start, boundaries, end, ends)


def to_the_end(stage: Stage, instance: Instance, ends: set[Picture]) -> Picture:
    """Let the instance live until nothing changes any more; the picture then. What is known to be an end is taken
    for one."""
    before: Picture | None = None
    try:
        for look, _ in enumerate(instance.live()):
            now = stage.picture(instance)
            if now in ends:
                return now
            if look > 0 and now == before and '"open intents"' not in now:
                ends.add(now)
                return now
            before = now
    finally:
        instance.close()
    raise AssertionError(f"it never comes to rest:\n{before}")


def go_on(stage: Stage, reference: Reference) -> Picture:
    """A new process in the world as it is now: what it comes to."""
    stage.place = replace(reference.place, pauses=(AT_ONCE, STEP)) if reference.lag else reference.place
    return to_the_end(stage, stage.start(remembers=True), reference.ends)


def outcome(stage: Stage, reference: Reference, world: World) -> Picture:
    """What becomes of a world in which the process has ended; each world is gone on from once."""
    if world.key not in reference.known:
        stage.put(world)
        reference.known[world.key] = go_on(stage, reference)
    return reference.known[world.key]


def lose_answer(stage: Stage, reference: Reference, number: int) -> Picture:
    """The same run in one process, with the connection lost at its request of that number."""
    stage.put(reference.start)
    stage.place = replace(reference.place, pauses=(STEP, AT_ONCE)) if reference.lag else reference.place
    count = 0

    def watch(moment: Moment, what: str) -> None:
        nonlocal count
        if moment == "before the request":
            if count == number:
                stage.lose_answer(side_of(what))
            count += 1

    came = to_the_end(stage, stage.start(watch, remembers=True), reference.ends)
    assert count > number, "it came to its end without that request"
    return came


def differences(reference: Reference, words: str, came: Picture) -> str:
    """What is not as in the uninterrupted world; empty where nothing differs."""
    if came == reference.end:
        return ""
    lines = difflib.unified_diff(lines_of(reference.end), lines_of(came), "uninterrupted", words, n=4, lineterm="")
    return f"{reference.scenario.name}, {words}:\n" + "\n".join(lines)
