"""Rebuild what the state DB knew from the marks on the records, after the state DB was lost.

| the record's mark | then |
|---|---|
| names a record that names it, or that nobody's mark claims and that names nobody | both are linked |
| names a record that names another one | a clone of that other one: listed, left alone |
| names a record that others name too, which says nothing itself | listed, left alone: a person must say which it is |
| none | listed: the next cycle will create its twin |

Nothing is written to the servers but marks that are missing. Fields that fit are agreed on; those that don't, and
comments without a counterpart, are for the next cycle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from state import effects
from state.rows import SideName
from syncer import journal
from syncer.candidates import candidates
from syncer.context import Progress, ProjectLink
from syncer.core.actions import Adopt, Agree, CreateRecord, LinkComment, PairVersions, WriteMark
from syncer.core.plan import RecordPlan
from syncer.core.planner import plan
from syncer.core.records import Mark, Side
from syncer.core.removals import LinkResult
from syncer.core.results import plan_results
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from syncer.cycle import bind_now
from syncer.errors import Rejected
from syncer.handwork import BY_HAND
from syncer.journalled import Ids, Scribe
from syncer.observe import list_both, situations
from syncer.vanishing import kept_apart


@dataclass(slots=True)
class Adoption:
    """What came of it: how much was linked, and by key and reason what was left alone.

    `alone` are the records for which the next cycle will create a twin."""

    linked: int = 0
    comments: int = 0
    results: int = 0
    marks: int = 0
    clones: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)


def adopt(link: ProjectLink, progress: Progress) -> Adoption:
    """Link all records whose marks belong together. Raises what a census raises; doing it again changes nothing."""
    scribe = Scribe(link, BY_HAND, lambda _: None)
    bound = bind_now(link)
    chosen = candidates(link, list_both(link, True, progress).records, census=True)
    seen = situations(link, chosen, progress, census=True)
    if apart := kept_apart(seen):
        link.store.settle(None, apart)
    planned = plan((each for each in seen if each.link is None), bound, link.installation)
    for action in planned.catalogue:
        if isinstance(action, PairVersions):
            pair = effects.NewVersionLink(link.name, action.incident_version_id, action.issue_version_id)
            scribe.note(action, [pair])
    clones = _clones(planned.records, link.installation)
    adoption = Adoption()
    progress.begin("link", len(planned.records))
    for record in planned.records:
        link.go_on()
        _judge(link, scribe, record, clones, adoption)
        progress.advance("link")
    return adoption


def _judge(
    link: ProjectLink, scribe: Scribe, record: RecordPlan, clones: Mapping[int, tuple[str, str]], adoption: Adoption
) -> None:
    key = record.situation.key
    if id(record) in clones:
        adoption.clones.append(clones[id(record)])
    elif any(isinstance(action, Adopt) for action in record.actions):
        _link(link, scribe, record, adoption)
    elif any(isinstance(action, CreateRecord) for action in record.actions):
        adoption.alone.append(key)
    elif record.waiting or record.reason:
        reason = record.reason or "; ".join(item.reason for item in record.waiting)
        adoption.waiting.append((key, reason))


def _clones(records: Iterable[RecordPlan], installation: str) -> dict[int, tuple[str, str]]:
    """The plans of records that name a twin to which another record has a better or an equal claim: key and reason."""
    claims: dict[tuple[Side, str], list[tuple[RecordPlan, bool, str]]] = defaultdict(list)
    for each in records:
        for side in Side:
            record, twin = each.situation.record(side), each.situation.record(side.other)
            if record is not None and record.mark is not None and record.mark.installation == installation:
                answered = twin is not None and twin.mark == Mark(installation, record.id)
                claims[side.other, record.mark.twin_id].append((each, answered, f"{side} {record.key}"))
    clones: dict[int, tuple[str, str]] = {}
    for claimants in claims.values():
        for each, answered, key in claimants:
            others = [other for _, _, other in claimants if other != key]
            if others and not answered:
                clones[id(each)] = (key, f"its mark names the same record as that of {', '.join(others)}")
    return clones


def _link(link: ProjectLink, scribe: Scribe, record: RecordPlan, adoption: Adoption) -> None:
    """Carry out what of the plan writes nothing, and write the marks that are missing."""
    situation = record.situation
    standing = frozenset[SideName](side.word for side in Side if _marked(situation, side, link.installation) is True)
    adopted = next(action for action in record.actions if isinstance(action, Adopt))
    new = replace(journal.adopted(link.name, adopted, link.now()), marked=standing)
    (row,) = scribe.note(adopted, [new], Ids(None, adopted.incident_id, adopted.issue_id))
    ids = Ids(row.id, row.incident_id, row.issue_id)
    adoption.linked += 1
    results = [each for each in plan_results(situation, link.mapping.direction) if isinstance(each, LinkResult)]
    for action in (*record.actions, *results):
        if isinstance(action, Agree | LinkComment | LinkResult):
            scribe.note(action, journal.noted(action, row.id, link.now(), link.installation), ids)
            adoption.comments += isinstance(action, LinkComment)
            adoption.results += isinstance(action, LinkResult)
        elif isinstance(action, WriteMark) and _marked(situation, action.side, link.installation) is False:
            _write_mark(link, scribe, action, ids, situation, adoption)


def _write_mark(
    link: ProjectLink, scribe: Scribe, action: WriteMark, ids: Ids, situation: Situation, adoption: Adoption
) -> None:
    own, twin = situation.record(action.side), situation.record(action.side.other)
    if own is None or twin is None or ids.link_id is None:
        return
    port, side, link_id = link.ports[action.side], action.side.word, ids.link_id
    body = {"side": side, "sentence": action.sentence()}
    wanted = twin_of(twin, link.installation)
    try:
        scribe.write(
            action,
            ids,
            body,
            lambda: port.write_mark(own, wanted),
            lambda _: [effects.SetMarked(link_id, side)],
        )
    except Rejected as refusal:
        adoption.waiting.append((situation.key, str(refusal)))
    else:
        adoption.marks += 1


def _marked(situation: Situation, side: Side, installation: str) -> bool | None:
    """Whether our mark stands there for machines and for people; `None` where the latter wasn't observed.

    What wasn't observed is neither written nor taken for standing: the next cycle writes it, which changes nothing
    where it stands."""
    record, twin = situation.record(side), situation.record(side.other)
    if record is None or twin is None or record.mark != Mark(installation, twin.id):
        return False
    return record.shows_mark
