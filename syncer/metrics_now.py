"""What is so at the moment, for Prometheus: read from the state DB and from the process when somebody asks."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from itertools import chain
from typing import TypeAlias

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from state import StateError
from state.counting import Counting, Numbers
from syncer.activity import Doing
from syncer.core.reasons import Reason
from syncer.journalled import LEAVE_WITHIN
from syncer.vitals import Runs, longest_request
from syncer.web.front import Probed

DISTRIBUTION = "enterprise-tester-syncer"

OF_PROCESS = {
    "syncer_build_info": "The version that runs; always 1.",
    "syncer_writing": "1 where this instance writes, 0 while it waits for its turn.",
    "syncer_alive": "1 where /livez says so: the main loop comes round, and the cycles begin and get on.",
    "syncer_ready": "1 where /readyz says so: state DB, lease, and a good cycle of each project link lately.",
    "syncer_loop_age_seconds": "Since when the main loop has not come round, which it does every few seconds.",
    "syncer_state_db_readable": "1 where the state DB answered just now; where it did not, what lies in it is missing.",
}
OF_CYCLES = {
    "syncer_interval_seconds": "From the start of one cycle to the start of the next, by settings and mapping.",
    "syncer_cycle_running": "1 while a cycle runs.",
    "syncer_cycle_idle_seconds": "Since when the project link has shown no sign that it gets on.",
}
OF_STATE = {
    "syncer_last_success_timestamp_seconds": "When the last good cycle ended, as a Unix time.",
    "syncer_lag_seconds": "Age of the oldest change that may not have travelled: since the last good cycle began, or a "
    "server has owed us an answer, whichever is longer. What waits for a person is counted apart.",
    "syncer_links": "Incidents and issues that are known to be the same thing.",
    "syncer_parked": "Fields, comments and records that wait, by reason code (docs/reasons.md).",
    "syncer_parked_oldest_age_seconds": "Since when the oldest of what is parked has waited; 0 where nothing does.",
    "syncer_conflicts": "Fields that both sides changed and that wait for a person.",
    "syncer_held_deletions": "Deletions that are held until a person approves or discards them.",
    "syncer_intents_in_doubt": "Writes that were sent longer ago than a request takes, with no known outcome.",
    "syncer_intents_in_doubt_oldest_age_seconds": "Since when the oldest of those is in doubt; 0 where none is.",
}
LABELS: dict[str, tuple[str, ...]] = {"syncer_build_info": ("version",), "syncer_parked": ("project_link", "reason")}

WAITS_FOR_SERVER = (Reason.UNAVAILABLE, Reason.IN_DOUBT, Reason.UNREADABLE)
"""Reasons to wait that pass when a server is well again, without a person."""

_CODES = frozenset(reason.value for reason in Reason)

Samples: TypeAlias = Iterator[tuple[str, tuple[str, ...], float]]


class MetricsNow(Collector):
    """Collects the gauges of one daemon or worker. What lies in a state DB that doesn't answer is left out, no more."""

    def __init__(self, probed: Probed) -> None:
        self._probed = probed

    def describe(self) -> Iterable[Metric]:
        """All of them, without values."""
        return _families().values()

    def collect(self) -> Iterable[Metric]:
        now, runs = self._probed.now(), self._probed.runs
        every: dict[str, float] = {}
        numbers: dict[str, Numbers] = {}
        readable = True
        if runs is not None:
            try:
                every = runs.intervals()
                numbers = self._numbers(runs, every, now)
            except StateError:
                readable = False
        families = _families()
        of_links = chain.from_iterable(_of_link(name, each, now) for name, each in numbers.items())
        for name, labels, value in chain(self._of_process(readable=readable), self._of_cycles(every), of_links):
            families[name].add_metric(labels, value)
        return [family for family in families.values() if family.samples]

    def _numbers(self, runs: Runs, names: Mapping[str, float], now: datetime) -> dict[str, Numbers]:
        under_way = LEAVE_WITHIN + timedelta(seconds=longest_request(self._probed.settings))
        return Counting.of(runs.store).numbers(names, now - under_way)

    def _of_process(self, *, readable: bool) -> Samples:
        runs = self._probed.runs
        yield "syncer_build_info", (version(DISTRIBUTION),), 1
        yield "syncer_writing", (), runs is not None
        yield "syncer_alive", (), self._probed.vitals.alive().good
        yield "syncer_ready", (), self._probed.vitals.ready().good
        yield "syncer_loop_age_seconds", (), self._probed.activity.loop_age()
        if runs is not None:
            yield "syncer_state_db_readable", (), readable

    def _of_cycles(self, intervals: Mapping[str, float]) -> Samples:
        activity = self._probed.activity
        doing = activity.doing()
        for name, every in intervals.items():
            does = doing.get(name, Doing())
            yield "syncer_interval_seconds", (name,), every
            yield "syncer_cycle_running", (name,), does.running
            yield "syncer_cycle_idle_seconds", (name,), activity.clock() - does.touched


def _families() -> dict[str, GaugeMetricFamily]:
    labels = {**dict.fromkeys([*OF_CYCLES, *OF_STATE], ("project_link",)), **LABELS}
    told = {**OF_PROCESS, **OF_CYCLES, **OF_STATE}
    return {name: GaugeMetricFamily(name, words, labels=labels.get(name, ())) for name, words in told.items()}


def _of_link(name: str, numbers: Numbers, now: datetime) -> Samples:
    waits = [waiting.since for waiting in numbers.parked.values()]
    doubts = numbers.in_doubt
    conflicts = numbers.parked.get(Reason.CONFLICT)
    if numbers.good_ended is not None:
        yield "syncer_last_success_timestamp_seconds", (name,), numbers.good_ended.timestamp()
    oldest = lag_since(numbers)
    if oldest is not None:
        yield "syncer_lag_seconds", (name,), _age(oldest, now)
    yield "syncer_links", (name,), numbers.links
    for code, waiting in numbers.parked.items():
        yield "syncer_parked", (name, _known(code)), waiting.count
    yield "syncer_parked_oldest_age_seconds", (name,), _age(min(waits), now) if waits else 0
    yield "syncer_conflicts", (name,), conflicts.count if conflicts else 0
    yield "syncer_held_deletions", (name,), numbers.held
    yield "syncer_intents_in_doubt", (name,), doubts.count if doubts else 0
    yield "syncer_intents_in_doubt_oldest_age_seconds", (name,), _age(doubts.since, now) if doubts else 0


def lag_since(numbers: Numbers) -> datetime | None:
    """The earliest time from which a change may not have travelled yet; None before the first cycle.

    What was there when a good cycle began was seen by it, and was settled, parked, held or left in doubt."""
    seen = numbers.good_began or numbers.first_began
    waits = [numbers.parked[code].since for code in WAITS_FOR_SERVER if code in numbers.parked]
    doubts = [numbers.in_doubt.since] if numbers.in_doubt else []
    return min([*([seen] if seen else []), *waits, *doubts], default=None)


def _known(code: str) -> str:
    """A code that an older or newer syncer parked with is none of ours."""
    return code if code in _CODES else "other"


def _age(since: datetime, now: datetime) -> float:
    """Seconds; a time that lies ahead, as the clock was set back, is no age."""
    return max(0.0, (now - since).total_seconds())
