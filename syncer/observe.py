"""See what both sides hold: list where to look, then read by id.

    listings (an index, may lag)  ->  candidates  ->  reads by id  ->  situations for the planner

A listing only says where to look: what a record holds is always read by id, so that a lagging index can delay a
change but never turn back an old one. A record is looked at when its listed revision isn't the one that was last
looked at in full, when something of it is parked and due, or when an intent of it was just resolved; what a census
looks at beside is told in `syncer.reviewing`. Pages are held against the state DB one by one, and records are read in
parts: what is in step leaves nothing behind, however many links there are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from state.rows import Baseline, CommentLink, Link, ResultLink, SideName
from syncer.candidates import Candidates, Known
from syncer.context import Progress, ProjectLink
from syncer.core.records import Listed, Observation, Side, StepResult
from syncer.core.situation import Situation
from syncer.reading import Swept, read
from syncer.unlinked import unlinked

AT_ONCE = 100
"""So many links, or records without one, are looked at together; what is in step is forgotten before the next are."""


@dataclass(frozen=True, slots=True)
class Listings:
    """What both sides listed, by id, less what is just as it was last looked at; and the watermark that each side will
    have once all of it was handled."""

    records: Mapping[Side, Mapping[str, Listed]]
    watermarks: Mapping[Side, datetime | None]


def list_both(link: ProjectLink, whole: bool, progress: Progress) -> Listings:
    """List both sides: all records in scope for a whole census, else those since the watermark less the overlap."""
    records: dict[Side, dict[str, Listed]] = {}
    marks: dict[Side, datetime | None] = {}
    for side in Side:
        mark = shown = link.store.watermark(link.name, side.word)
        found: dict[str, Listed] = {}
        progress.begin(f"list {side}s", None)
        # Before the listing begins: what is saved while its pages are read may be on none of them.
        began = link.ports[side].clock()
        since = None if whole or mark is None else _no_later(mark, began) - link.pace.overlap[side]
        for page in link.ports[side].listed(since):
            link.go_on()
            found.update((line.id, line) for line in _not_seen_so(link, side, page))
            shown = max([line.updated_at for line in page] + ([shown] if shown else []), default=None)
            progress.advance(f"list {side}s", len(page))
        # The oldest first, as twins are made in that order.
        records[side] = {line.id: line for line in sorted(found.values(), key=lambda line: line.updated_at)}
        marks[side] = _moved_on(shown, began, link.pace.overlap[side])
    return Listings(records, marks)


def _not_seen_so(link: ProjectLink, side: Side, page: Sequence[Listed]) -> Iterator[Listed]:
    """The lines of a page whose revision isn't the one that was last looked at."""
    standings = link.store.standings(link.name, side.word, [line.id for line in page])
    for line in page:
        standing = standings.get(line.id)
        if standing is None or standing.stamp != line.stamp:
            yield line


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
    """All that `looked_at` gives, at once."""
    swept = sweep(link) if census else None
    return [each for some in looked_at(link, chosen, progress, swept, closely=closely) for each in some]


def looked_at(
    link: ProjectLink, chosen: Candidates, progress: Progress, swept: Swept | None, *, closely: bool = False
) -> Iterator[list[Situation]]:
    """The situations of all records that are to be looked at this cycle, part by part; records without a link in the
    order in which they were updated.

    A census, which is told what was `swept`, reads records as a whole, and so does who looks `closely`; a poll those of
    which something is missing, or was and was decided on."""
    progress.begin("read", len(Side) * len(chosen.links) + chosen.alone)
    whole = swept is not None or closely
    for start in range(0, len(chosen.links), AT_ONCE):
        recalled = _recalled(link, chosen.links[start : start + AT_ONCE])
        ids = {
            Side.INCIDENT: [row.incident_id for row in recalled.links],
            Side.ISSUE: [row.issue_id for row in recalled.links],
        }
        entire = ids if whole else _doubtful(link, recalled, chosen.known)
        seen = {side: read(link, side, ids[side], progress, set(entire[side])) for side in Side}
        yield [_linked(row, seen, recalled, chosen.known, swept) for row in recalled.links]
    yield from unlinked(link, chosen, progress, swept or {}, AT_ONCE, whole=whole)


@dataclass(frozen=True, slots=True)
class _Recalled:
    """What the state DB knows of some links."""

    links: Sequence[Link]
    baselines: Mapping[int, Mapping[SideName, Baseline]]
    comments: Mapping[int, Sequence[CommentLink]]
    results: Mapping[int, Sequence[ResultLink]]


def _recalled(link: ProjectLink, ids: Sequence[int]) -> _Recalled:
    store = link.store
    return _Recalled(store.links_of(ids), store.baselines(ids), store.comment_links(ids), store.result_links(ids))


def _doubtful(link: ProjectLink, recalled: _Recalled, known: Known) -> dict[Side, list[str]]:
    """The records of links of which something was missing, or of which somebody decided what shall become of them."""
    missing = {(row.side, row.record_id) for row in link.store.absences(link.name)}
    rows = [
        row
        for row in recalled.links
        if row.id in known.decisions or missing & {("incident", row.incident_id), ("issue", row.issue_id)}
    ]
    return {Side.INCIDENT: [row.incident_id for row in rows], Side.ISSUE: [row.issue_id for row in rows]}


def sweep(link: ProjectLink) -> Swept:
    """All step-result links by incident. There is no list of one incident's, so only a census looks them up."""
    swept: dict[str, list[StepResult]] = defaultdict(list)
    for result in link.ports[Side.INCIDENT].step_results():
        link.go_on()
        swept[result.incident_id].append(result)
    return swept


def _linked(
    row: Link, seen: Mapping[Side, Mapping[str, Observation]], recalled: _Recalled, known: Known, swept: Swept | None
) -> Situation:
    baselines = recalled.baselines.get(row.id, {})
    return Situation(
        link=row,
        incident=seen[Side.INCIDENT][row.incident_id],
        issue=seen[Side.ISSUE][row.issue_id],
        baselines={side: baselines.get(side.word, Baseline()) for side in Side},
        comment_links=tuple(recalled.comments.get(row.id, ())),
        result_links=tuple(recalled.results.get(row.id, ())),
        results=None if swept is None else tuple(swept.get(row.incident_id, ())),
        waiting=known.waiting.get((Side.INCIDENT, row.incident_id)) or known.waiting.get((Side.ISSUE, row.issue_id)),
        decisions=tuple(known.decisions.get(row.id, ())),
    )
