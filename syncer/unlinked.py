"""Records that the state DB tells no twin of: each alone, or put together with the one that a mark names.

Which of them belong together is seen among all of them only. So the side that has fewer is read first, and the other
part by part: what names a twin there, or is named by one, waits for the last part. Nothing can belong to the rest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from state.rows import Link, Tombstone
from syncer.candidates import NONE, Candidates, Ids, Known
from syncer.claims import claims, named_by
from syncer.context import Progress, ProjectLink
from syncer.core.records import Observation, Present, Record, Side
from syncer.core.situation import Situation
from syncer.reading import Swept, read


def unlinked(
    link: ProjectLink, chosen: Candidates, progress: Progress, swept: Swept, size: int, *, whole: bool
) -> Iterator[list[Situation]]:
    """The situations of all chosen records without a link, in parts of some `size` records."""
    ids = {side: [*chosen.fresh[side], *chosen.claiming.get(side, ())] for side in Side}
    few, many = sorted(Side, key=lambda side: len(ids[side]))
    seen = {few: read(link, few, ids[few], progress, ids[few] if whole else ()), many: {}}
    told_of = {twin_id for each in seen[few].values() for twin_id in named_by(each, link.installation)}
    fresh = {side: {*chosen.fresh[side]} for side in Side}
    for start in range(0, len(ids[many]), size):
        part = ids[many][start : start + size]
        looked = read(link, many, part, progress, part if whole else ())
        apart = {i: each for i, each in looked.items() if i in told_of or named_by(each, link.installation)}
        seen[many].update(apart)
        alone = [record_id for record_id in part if record_id in fresh[many] and record_id not in apart]
        yield _put_together(link, {**NONE, many: alone}, {many: looked, few: {}}, chosen.known, swept, progress)
    last = {
        side: [i for i, each in seen[side].items() if i in fresh[side] or claims(each, link.installation)]
        for side in Side
    }
    if any(last.values()):
        yield _put_together(link, last, seen, chosen.known, swept, progress)


def _put_together(
    link: ProjectLink,
    fresh: Ids,
    seen: Mapping[Side, dict[str, Observation]],
    known: Known,
    swept: Swept,
    progress: Progress,
) -> list[Situation]:
    """Records without a link, put together with the twin that a mark of this installation names."""
    twins: dict[tuple[Side, str], str] = {}
    named: dict[Side, list[str]] = defaultdict(list)
    for side in Side:
        for record_id in fresh[side]:
            record = _present(seen[side].get(record_id))
            if record is not None and record.mark is not None and record.mark.installation == link.installation:
                twins[side, record_id] = record.mark.twin_id
                twins.setdefault((side.other, record.mark.twin_id), record_id)
                named[side.other].append(record.mark.twin_id)
    dissolved = _dissolved(link, fresh, seen)
    taken = {side: _taken(link, side, named[side]) for side in Side}
    for side in Side:
        missing = [i for i in named[side] if i not in taken[side] and i not in seen[side]]
        seen[side].update(read(link, side, missing, progress, {*missing}))
    situations: list[Situation] = []
    done: set[tuple[Side, str]] = set()
    for side in Side:
        for record_id in fresh[side]:
            twin_id = twins.get((side, record_id))
            if twin_id in taken[side.other] or _answers_another(link, seen[side.other].get(twin_id or ""), record_id):
                twin_id = None
            if (side, record_id) not in done:
                situation = _alone_or_both(side, record_id, twin_id, seen, known)
                results = tuple(swept.get(record_id, ())) if side is Side.INCIDENT else None
                tombstone = dissolved.get((side, record_id)) or dissolved.get((side.other, twin_id or ""))
                situations.append(replace(situation, results=results, tombstone=tombstone))
                done |= {(side, record_id), (side.other, twin_id or "")}
    return situations


def _dissolved(
    link: ProjectLink, fresh: Ids, seen: Mapping[Side, Mapping[str, Observation]]
) -> dict[tuple[Side, str], Tombstone]:
    """Both records of each link that was dissolved before the state DB was lost, as far as one of them tells of it."""
    graves: dict[tuple[Side, str], Tombstone] = {}
    for side in Side:
        for record in filter(None, (_present(seen[side].get(record_id)) for record_id in fresh[side])):
            mark = record.dissolved
            if mark is not None and mark.installation == link.installation:
                ids = {side: record.id, side.other: mark.twin_id}
                reason = f"the {side} remembers it"
                grave = Tombstone(link.name, ids[Side.INCIDENT], ids[Side.ISSUE], reason, link.now())
                graves.update({(where, ids[where]): grave for where in Side})
    return graves


def _taken(link: ProjectLink, side: Side, ids: Collection[str]) -> set[str]:
    """Those of the ids that are linked to another record than the one that names them, as a clone does, or once were:
    a dissolved link never comes back, with a clone in the place of its record neither."""
    incident_ids, issue_ids = (ids, ()) if side is Side.INCIDENT else ((), ids)
    rows: list[Link | Tombstone] = [
        *link.store.links_by_ids(link.name, incident_ids, issue_ids),
        *link.store.tombstones_by_ids(link.name, incident_ids, issue_ids),
    ]
    return {row.incident_id if side is Side.INCIDENT else row.issue_id for row in rows}


def _answers_another(link: ProjectLink, twin: Observation | None, record_id: str) -> bool:
    """Whether the twin that a record names names another one, or did until that link was dissolved: then the record is
    a clone of that, and waits by itself, also where that can't be read now."""
    record = _present(twin)
    mark = None if record is None else record.mark or record.dissolved
    return mark is not None and mark.installation == link.installation and mark.twin_id != record_id


def _alone_or_both(
    side: Side, record_id: str, twin_id: str | None, seen: Mapping[Side, Mapping[str, Observation]], known: Known
) -> Situation:
    own = seen[side].get(record_id)
    other = seen[side.other].get(twin_id) if twin_id is not None else None
    incident, issue = (own, other) if side is Side.INCIDENT else (other, own)
    waiting = known.waiting.get((side, record_id))
    if waiting is None and twin_id is not None:
        waiting = known.waiting.get((side.other, twin_id))
    return Situation(None, incident, issue, waiting=waiting)


def _present(seen: Observation | None) -> Record | None:
    return seen.record if isinstance(seen, Present) else None
