"""See what both sides hold: list where to look, then read by id.

    listings (an index, may lag)  ->  candidates  ->  reads by id  ->  situations for the planner

A listing only says where to look: what a record holds is always read by id, so that a lagging index can delay a
change but never turn back an old one. A record is looked at when its listed revision isn't the one that was last
looked at in full, when something of it is parked and due, or when an intent of it was just resolved.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.rows import Baseline, Link
from syncer.candidates import Candidates, Known
from syncer.claims import claims
from syncer.context import Progress, ProjectLink
from syncer.core.records import Listed, Observation, Side, StepResult
from syncer.core.situation import Situation
from syncer.reading import read
from syncer.unlinked import unlinked


@dataclass(frozen=True, slots=True)
class Listings:
    """What both sides listed, by id, and the watermark that each side will have once all of it was handled."""

    records: Mapping[Side, Mapping[str, Listed]]
    watermarks: Mapping[Side, datetime | None]


def list_both(link: ProjectLink, census: bool, progress: Progress) -> Listings:
    """List both sides: all records in scope for a census, else those since the watermark less the overlap."""
    records: dict[Side, dict[str, Listed]] = {}
    marks: dict[Side, datetime | None] = {}
    for side in Side:
        mark = link.store.watermark(link.name, side.word)
        found: dict[str, Listed] = {}
        progress.begin(f"list {side}s", None)
        # Before the listing begins: what is saved while its pages are read may be on none of them.
        began = link.ports[side].clock()
        since = None if census or mark is None else _no_later(mark, began) - link.pace.overlap[side]
        for page in link.ports[side].listed(since):
            link.go_on()
            found.update((line.id, line) for line in page)
            progress.advance(len(page))
        # The oldest first, as twins are made in that order.
        records[side] = {line.id: line for line in sorted(found.values(), key=lambda line: line.updated_at)}
        shown = max([line.updated_at for line in found.values()] + ([mark] if mark else []), default=None)
        marks[side] = _moved_on(shown, began, link.pace.overlap[side])
    return Listings(records, marks)


def _moved_on(shown: datetime | None, began: datetime | None, overlap: timedelta) -> datetime | None:
    """The watermark after a listing that the server began to give at `began`, by its own clock.

    What is older than the overlap was shown by then, also where nothing changes. What was saved later counts for
    nothing, and a server whose clock was set back is followed."""
    if began is None:
        return shown
    # Whole seconds, as far as we know its clock at all.
    behind = (began - overlap).replace(microsecond=0)
    return behind if shown is None else max(_no_later(shown, began), behind)


def _no_later(at: datetime, clock: datetime | None) -> datetime:
    return at if clock is None else min(at, clock)


def situations(
    link: ProjectLink, chosen: Candidates, progress: Progress, *, census: bool, closely: bool = False
) -> list[Situation]:
    """The situations of all records that are to be looked at this cycle, in the order in which they were updated.

    A census reads records as a whole, and so does who looks `closely`; a poll those of which something is missing, or
    was and was decided on."""
    wanted, known = chosen.wanted, chosen.known
    progress.begin("read", sum(map(len, wanted.values())))
    whole = {side: set(ids) for side, ids in wanted.items()} if census or closely else _doubtful(link, known)
    seen = {side: read(link, side, wanted[side], progress, whole[side]) for side in Side}
    fresh = {
        side: [
            *chosen.fresh[side],
            *(i for i in chosen.claiming.get(side, ()) if claims(seen[side].get(i), link.installation)),
        ]
        for side in Side
    }
    swept = _sweep(link) if census else None
    linked = [_linked(row, seen, known, swept) for row in chosen.links]
    return linked + unlinked(link, fresh, seen, known, swept or {}, progress)


def _doubtful(link: ProjectLink, known: Known) -> dict[Side, set[str]]:
    """The records of links of which something was missing, or of which somebody decided what shall become of them."""
    missing = {(row.side, row.record_id) for row in link.store.absences(link.name)}
    rows = [
        row
        for row in known.links
        if row.id in known.decisions or missing & {("incident", row.incident_id), ("issue", row.issue_id)}
    ]
    return {Side.INCIDENT: {row.incident_id for row in rows}, Side.ISSUE: {row.issue_id for row in rows}}


def _sweep(link: ProjectLink) -> dict[str, list[StepResult]]:
    """All step-result links by incident. There is no list of one incident's, so only a census looks them up."""
    swept: dict[str, list[StepResult]] = defaultdict(list)
    for result in link.ports[Side.INCIDENT].step_results():
        link.go_on()
        swept[result.incident_id].append(result)
    return swept


def _linked(
    row: Link,
    seen: Mapping[Side, Mapping[str, Observation]],
    known: Known,
    swept: Mapping[str, Sequence[StepResult]] | None,
) -> Situation:
    baselines = known.baselines.get(row.id, {})
    return Situation(
        link=row,
        incident=seen[Side.INCIDENT][row.incident_id],
        issue=seen[Side.ISSUE][row.issue_id],
        baselines={side: baselines.get(side.word, Baseline()) for side in Side},
        comment_links=tuple(known.comments.get(row.id, ())),
        result_links=tuple(known.results.get(row.id, ())),
        results=None if swept is None else tuple(swept.get(row.incident_id, ())),
        waiting=known.waiting.get((Side.INCIDENT, row.incident_id)) or known.waiting.get((Side.ISSUE, row.issue_id)),
        decisions=tuple(known.decisions.get(row.id, ())),
    )
