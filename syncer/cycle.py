"""One cycle of one project link: recover -> observe -> plan -> guard -> execute -> report.

Level-triggered: everything is derived from what both sides hold and what they last agreed on. A cycle that ends
early loses nothing; the watermarks move only when all that was listed has been handled, or is parked.

| the cycle | lists | reads by id |
|---|---|---|
| a poll | what was updated lately | what has changed |
| a census | that, and all ids | that, what gives reason to, and a share of the rest: see `syncer.reviewing` |
| a whole census | everything | everything |

A census is whole before anything was agreed on, after the mapping was changed, where the last one that was to be whole
didn't come to its end, and where a person asks for it.
"""

import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from state.reviewing import Review
from state.rows import Parked
from syncer.candidates import candidates
from syncer.context import Progress, ProjectLink
from syncer.core.actions import Action, CatalogueAction, CreateOption, PairVersions, writes
from syncer.core.bind import Bound, bind
from syncer.core.plan import Plan, RecordPlan
from syncer.core.planner import plan, plan_catalogue
from syncer.core.records import Side
from syncer.crew import one_ahead
from syncer.errors import ConfigurationError, Missing
from syncer.execute import Executor, Tally
from syncer.holding import clear, screen
from syncer.journalled import Scribe
from syncer.observe import Listings, list_both, situations
from syncer.recover import recover
from syncer.survey import Survey
from syncer.vanishing import judge, missed_earlier

RETENTION = timedelta(days=400)
"""So long the history is kept, and with it what can be undone."""

IDLE_RETENTION = timedelta(days=7)
"""So long it is kept that a cycle found nothing to do."""


@dataclass(frozen=True, slots=True)
class CycleReport:
    """How a cycle went: settled actions by kind, how many of them were writes, and what waits now."""

    project_link: str
    cycle: str
    settled: dict[str, int] = field(default_factory=dict)
    writes: int = 0
    waiting: int = 0
    in_doubt: int = 0


def preview(link: ProjectLink, progress: Progress) -> Plan:
    """The plan as a cycle would make it now, from a census. Reads both servers and the state DB, writes neither."""
    bound = bind_now(link, anticipate=True)
    listings = list_both(link, True, progress)
    chosen = candidates(link, listings.records, census=True)
    judged = judge(link, situations(link, chosen, progress, census=True))
    return screen(link, plan(judged.situations, bound, link.installation), whole=True).plan


def run_cycle(link: ProjectLink, progress: Progress, *, census: bool = False, whole: bool = False) -> CycleReport:
    """Bring both sides in step once; `whole` is a census that reads everything. Raises `SyncerError` when a side is
    down or the project can't be read."""
    cycle = uuid.uuid4().hex[:12]
    link.store.begin_cycle(link.name, cycle, link.now())
    tally = Tally()
    try:
        report = _run(link, cycle, tally, progress, _extent(link, census, whole))
    except BaseException as error:
        detail = str(error) or type(error).__name__
        link.store.finish_cycle(cycle, link.now(), "failed", detail, dict(tally.settled))
        raise
    link.store.finish_cycle(cycle, link.now(), "done", "", report.settled)
    return report


@dataclass(frozen=True, slots=True)
class _Extent:
    """Whether a cycle is a census and, where that is no whole one, how far the rereading of all links has come."""

    census: bool
    review: Review | None


def _extent(link: ProjectLink, census: bool, whole: bool) -> _Extent:
    first = link.store.watermark(link.name, Side.INCIDENT.word) is None
    whole = whole or first or link.store.fingerprint(link.name) != link.mapping.fingerprint
    return _Extent(census or whole, link.store.review(link.name) if census and not whole else None)


def _run(link: ProjectLink, cycle: str, tally: Tally, progress: Progress, extent: _Extent) -> CycleReport:
    intents = link.store.open_intents(link.name)
    observed_at = link.now()
    listings = list_both(link, extent.census and extent.review is None, progress)
    if not (extent.census or intents or _due(link) or candidates(link, listings.records, census=False)):
        _move_watermarks(link, listings)
        return CycleReport(link.name, cycle, waiting=len(link.store.parked(link.name)))

    scribe = Scribe(link, cycle, lambda action: _count(tally, action))
    bound = _bind_and_complete(link, scribe, tally, observed_at)
    resolved = recover(link, bound, intents)
    parked = _by_record(link.store.parked(link.name))
    survey = Survey(link, bound, parked, missed_earlier(link), progress)
    parts = survey.census(listings, resolved, extent.review) if extent.census else survey.poll(listings, resolved)
    # A single thread does one thing after the other.
    with closing(one_ahead(parts) if link.workers > 1 else parts) as made:
        cleared = clear(link, made, progress, whole=extent.census)
        Executor(link, bound, scribe, observed_at, parked, tally).run(filter(_is_decided, cleared), progress)
    _move_watermarks(link, listings)
    if survey.reviewed is not None:
        link.store.set_review(link.name, survey.reviewed)
        link.store.prune(link.name, link.now() - RETENTION, link.now() - IDLE_RETENTION)
    return CycleReport(
        link.name,
        cycle,
        dict(sorted(tally.settled.items())),
        tally.writes,
        len(link.store.parked(link.name)),
        len(link.store.open_intents(link.name)),
    )


def bind_now(link: ProjectLink, *, anticipate: bool = False) -> Bound:
    """The mapping bound to both catalogues as they are now."""
    # Each takes a dozen requests, one after the other.
    with ThreadPoolExecutor(min(link.workers, len(Side)), thread_name_prefix="catalogue") as pool:
        asked = {side: pool.submit(link.ports[side].catalogue) for side in Side}
        try:
            catalogues = {side: answer.result() for side, answer in asked.items()}
        except Missing as missing:
            raise ConfigurationError(f"{link.name}: {missing}") from missing
    return bind(link.mapping, catalogues, link.store.version_links(link.name), anticipate=anticipate)


def _bind_and_complete(link: ProjectLink, scribe: Scribe, tally: Tally, observed_at: datetime) -> Bound:
    """Bind; create the options that the mapping asks for, and bind to them as well; then pair versions."""
    bound = bind_now(link)
    foreign = bound.catalogues[Side.INCIDENT].foreign_link
    if foreign is not None:
        said = f"Enterprise Tester's own link '{foreign}' synchronizes the incidents of this project as well"
        raise ConfigurationError(f"{link.name}: {said}; nothing is written until it is switched off")
    parked = _by_record(link.store.parked(link.name))
    executor = Executor(link, bound, scribe, observed_at, parked, tally)
    if bound.missing:
        created = executor.create_options(each for each in plan_catalogue(bound) if isinstance(each, CreateOption))
        catalogues = {**bound.catalogues, Side.ISSUE: bound.catalogues[Side.ISSUE].with_options(created)}
        bound = bind(link.mapping, catalogues, link.store.version_links(link.name))
    executor.pair_versions(each for each in plan_catalogue(bound) if isinstance(each, PairVersions))
    return bound


def _is_decided(record: RecordPlan) -> bool:
    return record.decided


def _count(tally: Tally, action: Action | CatalogueAction) -> None:
    with tally.lock:
        tally.settled[action.kind] += 1
        tally.writes += writes(action)


def _due(link: ProjectLink) -> bool:
    return any(row.next_try_at <= link.now() for row in link.store.parked(link.name))


def _by_record(parked: Iterable[Parked]) -> dict[tuple[str, str], list[Parked]]:
    grouped: dict[tuple[str, str], list[Parked]] = {}
    for row in parked:
        grouped.setdefault((row.side, row.record_id), []).append(row)
    return grouped


def _move_watermarks(link: ProjectLink, listings: Listings) -> None:
    for side, mark in listings.watermarks.items():
        if mark is not None:
            link.store.set_watermark(link.name, side.word, mark)
