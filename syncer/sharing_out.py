"""A cycle that finds a great many records without a link lets other workers give twins to them.

    the holder of the turn: split ──► offer ──► carry out what nobody else began ──► wait ──► look at all as ever
    any worker:                         └─────► carry out a portion

A portion only makes things quicker. Whatever became of it, the cycle goes on from the state DB: what was linked is
linked, and all else is looked at by the holder of the turn. Nothing but new twins is ever shared out: edits, deletions,
the guard, the catalogue and the watermarks stay with the holder, and so does each record that a mark of ours concerns,
as who belongs to whom is seen among all of them only.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import structlog

from syncer.candidates import Ids, candidates
from syncer.claims import named_by
from syncer.context import Progress, ProjectLink
from syncer.core.bind import Bound
from syncer.core.records import Side, StepResult
from syncer.crew import one_ahead
from syncer.execute import Executor, Tally, by_record
from syncer.journalled import Scribe
from syncer.observe import Listings, sweep
from syncer.portion import Portion, ShareOut, split
from syncer.reading import Swept, read
from syncer.survey import Survey

MANY = 1000
"""With no more records to be mirrored than that, one worker is done before others are of help."""

PORTION = 250
"""So many records are a minute or two of one worker's work; a multiple of what goes into one request."""

LOOK_SECONDS = 0.5

log = structlog.get_logger("syncer")


@dataclass(frozen=True, slots=True)
class Hands:
    """What is needed to carry out portions beside the link."""

    bound: Bound
    progress: Progress
    tally: Tally


@dataclass(frozen=True, slots=True)
class Rest:
    """What the cycle still has to look at: what was listed, less what portions have linked; `before` are the links that
    were there before them, None where nothing was shared out, and `swept` is what was swept for them."""

    listings: Listings
    before: Sequence[int] | None = None
    swept: Swept | None = None


def share_out(link: ProjectLink, cycle: str, listings: Listings, resolved: Ids, hands: Hands, *, census: bool) -> Rest:
    """Where there are many records to be mirrored, and others may help, mirror them together.

    Raises what a cycle raises, and `Stopped` where a worker is gone amid a portion: it may be frozen, and is kept from
    writing only once the link is taken anew."""
    offer = link.share_out
    if offer is None or max(map(len, listings.records.values())) <= MANY:
        return Rest(listings)
    before = link.store.link_ids(link.name)
    whole = _to_be_shared(link, cycle, listings, resolved, hands.progress)
    if len(whole.ids) <= MANY:
        return Rest(listings)
    swept = sweep(link) if census else None
    if swept is not None:
        whole = replace(whole, results=tuple(each for record_id in whole.ids for each in swept.get(record_id, ())))
    _work_together(link, list(split(whole, PORTION)), offer, hands)
    _count(link, cycle, hands.tally)
    linked = link.store.standings(link.name, whole.side.word, whole.ids)
    lines = {record_id: line for record_id, line in listings.records[whole.side].items() if record_id not in linked}
    return Rest(replace(listings, records={**listings.records, whole.side: lines}), before, swept)


def carry_out(link: ProjectLink, portion: Portion, hands: Hands) -> None:
    """Give twins to the records of a portion, as far as they still need some. Raises what a cycle raises."""
    log.info("a portion begins", link=link.name, cycle=portion.cycle, portion=portion.number, records=len(portion.ids))
    parked, observed_at = by_record(link.store.parked(link.name)), link.now()
    scribe = Scribe(link, portion.cycle, hands.tally.count)
    survey = Survey(link, hands.bound, parked, {}, hands.progress, swept=_swept(portion))
    parts = survey.portion(portion.side, portion.ids)
    with closing(one_ahead(parts) if link.workers > 1 else parts) as made:
        plans = (record for part in made for record in part if record.decided)
        Executor(link, hands.bound, scribe, observed_at, parked, hands.tally).run(plans, hands.progress)
    log.info("a portion is done", link=link.name, cycle=portion.cycle, portion=portion.number)


def _to_be_shared(link: ProjectLink, cycle: str, listings: Listings, resolved: Ids, progress: Progress) -> Portion:
    """The records that a cycle would mirror of the side that has more of them; none where the other has many, too."""
    chosen = candidates(link, listings.records, resolved, census=False)
    ids = {side: [*chosen.fresh[side], *chosen.claiming.get(side, ())] for side in Side}
    few, many = sorted(Side, key=lambda side: len(ids[side]))
    alone: list[str] = []
    if len(ids[few]) <= PORTION:
        # What names a twin among the many belongs to it, whatever that one says.
        seen = read(link, few, ids[few], progress, ()).values()
        told_of = {twin_id for each in seen for twin_id in named_by(each, link.installation)}
        alone = [each for each in chosen.fresh[many] if each not in told_of]
    return Portion(link.name, cycle, 1, link.mapping.fingerprint, many, tuple(alone))


def _swept(portion: Portion) -> Swept | None:
    if portion.results is None:
        return None
    swept: dict[str, list[StepResult]] = defaultdict(list)
    for result in portion.results:
        swept[result.incident_id].append(result)
    return swept


def _work_together(link: ProjectLink, portions: Sequence[Portion], offer: ShareOut, hands: Hands) -> None:
    """Until each portion was carried out, or has failed."""
    records = sum(len(portion.ids) for portion in portions)
    log.info("a mirror is shared out", link=link.name, cycle=portions[0].cycle, portions=len(portions), records=records)
    with offer(portions) as shared:
        # The last first, as others begin with the first.
        for portion in reversed(portions):
            link.go_on()
            if shared.take_back(portion):
                carry_out(link, portion, hands)
        while not shared.are_over():
            link.rest(LOOK_SECONDS)


def _count(link: ProjectLink, cycle: str, tally: Tally) -> None:
    """What others did in this cycle counts as its own."""
    settled = link.store.count_settled(link.name, cycle)
    with tally.lock:
        tally.settled = Counter({kind: count for kind, (count, _) in settled.items()})
        tally.writes = sum(sent for _, sent in settled.values())
