"""The overview: does it run, is everything in step, and what does a person need to do. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from state.counting import Numbers, Waiting
from state.rows import CycleRow, Held
from syncer.activity import Doing
from syncer.cli.console import age
from syncer.console.sparkline import Sparkline, sparkline
from syncer.core.reasons import Reason
from syncer.metrics_now import lag_since

State: TypeAlias = Literal["running", "idle", "failing", "waiting"]

BY_ITSELF = frozenset({"unavailable", "missing", "in-doubt", "to-confirm"})
"""Codes of what heals without anybody: a later look, or a server that is back."""
BY_PAGES = frozenset({"held-removal", "held-mapping"})
"""Codes of what is told as a held set."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person has to do, and the page of the project link on which it is done."""

    sentence: str
    page: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the running cycle, or a plan, is. `total` is None where nobody knows."""

    what: str
    step: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """One project link. `lag` is the age of the oldest change that may not have travelled, as in the metrics."""

    name: str
    state: State
    problem: str
    progress: Progress | None
    lag: str | None
    last_good: datetime | None
    links: int
    parked: int
    conflicts: int
    held: int
    in_doubt: int
    activity: Sparkline
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All project links, below what is amiss with the process or its state DB; `healthy` where nothing is, nothing
    fails and nobody has to do anything."""

    cards: tuple[Card, ...]
    faults: tuple[str, ...]
    sentence: str
    healthy: bool


def overview(cards: Sequence[Card], faults: Sequence[str], frozen: Sequence[str] = ()) -> Overview:
    """The three answers in one sentence, above all cards; `frozen` is what doesn't get on, which no card says."""
    failing = [card.name for card in cards if card.state == "failing"]
    first = [card.name for card in cards if card.last_good is None and card.state != "failing"]
    # What a card says of its project link needn't be said above it, too.
    told = tuple(f"{name}: " for name in (*failing, *first))
    faults = [*frozen, *(fault for fault in faults if not fault.startswith(told) and fault not in frozen)]
    tasks = sum(len(card.tasks) for card in cards)
    said: list[str] = []
    if failing:
        said.append(f"{_counted(len(failing), 'project link')} can't get on: {', '.join(failing)}")
    if first:
        said.append(f"{', '.join(first)}: the first cycle has not ended yet")
    if tasks:
        said.append(f"{_counted(tasks, 'thing')} {'needs' if tasks == 1 else 'need'} a person")
    if frozen or (faults and not said):
        said.append("The daemon doesn't do as it should")
    if not said:
        waiting = sum(card.parked + card.in_doubt for card in cards)
        said.append("Nothing needs a person" if waiting else "Everything is in step")
    return Overview(tuple(cards), tuple(faults), f"{'; '.join(said)}.", not failing and not tasks and not faults)


def card(
    name: str, numbers: Numbers, cycles: Sequence[CycleRow], held: Sequence[Held], doing: Doing, now: datetime
) -> Card:
    """One project link as the state DB and the daemon know it; its cycles are newest first."""
    conflicts, oldest = numbers.parked.get(Reason.CONFLICT), lag_since(numbers)
    return Card(
        name=name,
        state=_state(doing, numbers),
        problem=doing.problem,
        progress=progress_of(doing, "Census" if doing.census else "Cycle") if doing.running else None,
        lag=age(oldest, now) if oldest is not None else None,
        last_good=numbers.good_ended,
        links=numbers.links,
        parked=sum(waiting.count for waiting in numbers.parked.values()),
        conflicts=conflicts.count if conflicts is not None else 0,
        held=sum(len(each.lines) for each in held),
        in_doubt=numbers.in_doubt.count if numbers.in_doubt is not None else 0,
        activity=sparkline(cycles),
        tasks=tuple(_tasks(numbers.parked, held, doing)),
    )


def progress_of(doing: Doing, what: str) -> Progress:
    return Progress(what, doing.step or "begins", doing.done, doing.total)


def _state(doing: Doing, numbers: Numbers) -> State:
    if doing.failures:
        return "failing"
    if doing.running:
        return "running"
    return "waiting" if numbers.good_ended is None else "idle"


def _tasks(parked: Mapping[str, Waiting], held: Sequence[Held], doing: Doing) -> Iterator[Task]:
    if doing.failures:
        tries = f", {doing.failures} times in a row" if doing.failures > 1 else ""
        yield Task(f"The last cycle failed{tries}", "cycles")
    for each in held:
        count = len(each.lines)
        noun = "removal" if each.kind == "removals" else "change"
        of = "" if each.kind == "removals" else " of the new mapping"
        yield Task(f"{_counted(count, noun)}{of} {'is' if count == 1 else 'are'} held: approve or discard", "held")
    for code, waiting in sorted(parked.items(), key=lambda each: (each[0] != Reason.CONFLICT, each[0])):
        if code == Reason.CONFLICT:
            yield Task(f"{_counted(waiting.count, 'conflict')}: choose a side", "waiting#conflicts")
        elif code not in BY_ITSELF | BY_PAGES:
            verb = "waits" if waiting.count == 1 else "wait"
            yield Task(f"{_counted(waiting.count, 'item')} {verb}: {meaning(code)}", f"waiting#{code}")


def meaning(code: str) -> str:
    """What a reason's code means; a code of another version means itself."""
    try:
        return Reason(code).sentence
    except ValueError:
        return code


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
