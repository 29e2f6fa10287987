"""What must hold once the faults have stopped and quiet cycles have run, whatever happened before."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

from mappings.values import Value
from state.rows import CommentLink, Intent, Link, Parked, Tombstone
from syncer.core.records import Side
from tests.simulation.edits import TEXTS, Rules, fold, lost_edits
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.mapped import MATCHES
from tests.simulation.rows import Remark, Row
from tests.simulation.untold import out_of_reach, untold_twins
from tests.simulation.world import World

CALLS_OF_A_WRITE = 4
"""So many requests may lie between the look at a record and the write to it, beyond the age that makes it look anew."""

PASSING = {"unavailable", "refused", "denied", "in-doubt", "to-confirm", "missing"}
"""Reasons for waiting that must not outlast the faults, unless the record itself can't be reached."""

ABSENT = {"to-confirm", "missing"}
"""Those of them that outlast the faults where nothing else is left by which an absence could be judged."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the state DB holds in the end, and what it ever held; and comments that people deleted on the servers."""

    links: Sequence[Link]
    graves: Sequence[Tombstone]
    ever_linked: Set[tuple[str, str]]
    parked: Sequence[Parked]
    intents: Sequence[Intent]
    couplings: Sequence[CommentLink]
    taken_off: Set[str]


def _read(world: World) -> Books:
    store, name = world.store, world.mapping.name
    links, graves = store.links(name), [*store.tombstones(name), *world.forgotten_graves]
    pairs = {(link.incident_id, link.issue_id) for link in links} | world.forgotten_pairs
    pairs |= {(grave.incident_id, grave.issue_id) for grave in graves}
    couplings = [each for some in store.comment_links([link.id for link in links]).values() for each in some]
    taken_off = {deed.item for deed in world.deeds if deed.what == "comment gone" and deed.by == "person"}
    return Books(links, graves, pairs, store.parked(name), store.open_intents(name), couplings, taken_off)


def violations(world: World) -> Iterator[str]:
    """A sentence for each broken promise; the words before the colon say which."""
    rows = {side: world.servers[side].rows for side in Side}
    books = _read(world)
    yield from lost_edits(world.deeds, rules_of(world)).sentences
    yield from (f"failed: {each}" for each in world.broken)
    yield from (
        f"overtaken: {each} was written by a process after another had taken over" for each in world.faults.trespasses
    )
    yield from _duplicates(world, books)
    yield from _removals(world, books)
    yield from _dissolved(world, books)
    yield from _resurrected(world, books)
    yield from _stuck(world, books)
    for link in books.links:
        incident, issue = rows[Side.INCIDENT][link.incident_id], rows[Side.ISSUE][link.issue_id]
        if incident.state == issue.state == "present":
            yield from _converged(world, books, incident, issue)
            for owner, row, twin in ((Side.INCIDENT, incident, issue), (Side.ISSUE, issue, incident)):
                yield from _comments(books, owner, row, twin)
    yield from _without_twin(world, books)


def rules_of(world: World) -> Rules:
    slack = timedelta(seconds=CALLS_OF_A_WRITE * world.terms.tick_seconds) + world.stood
    return Rules(world.policies, world.faults.doubts, slack)


def _duplicates(world: World, books: Books) -> Iterator[str]:
    """Each record that people made got one twin at most in all its life, and our own got none."""
    untold = untold_twins(world.deeds, world.faults.noted)
    for side in Side:
        born: Counter[str] = Counter()
        for row in world.servers[side].rows.values():
            if row.born_of is None:
                continue
            twin = world.servers[side.other].rows[row.born_of]
            if twin.born_of is not None and twin.born_of not in untold:
                yield f"duplicate: {side} {row.id} was made for {twin.id}, which we made ourselves"
            born[row.born_of] += row.id not in untold
        yield from (f"duplicate: {side.other} {i} has {count} twins" for i, count in born.items() if count > 1)


def _removals(world: World, books: Books) -> Iterator[str]:
    """Records and comments that we took away: each followed a person's deletion of its twin."""
    ended = {(d.side, d.record_id) for d in world.deeds if d.what == "state" and (d.item, d.by) == ("gone", "person")}
    unsaid = {d.item for d in world.deeds if d.what == "comment gone" and d.by == "person"}
    twins = books.ever_linked
    ours = {side: {pair[n]: pair[1 - n] for pair in twins} for n, side in enumerate(Side)}
    mirrored = {r.id: r for s in world.servers.values() for row in s.rows.values() for r in row.remarks.values()}
    for deed in world.deeds:
        if deed.by != "us":
            continue
        if deed.what == "state" and deed.item == "gone":
            if (deed.side.other, ours[deed.side].get(deed.record_id, "")) not in ended:
                yield f"removed: {deed.side} {deed.record_id} was deleted, and nobody had deleted its twin"
        elif deed.what == "comment" and deed.item in mirrored and mirrored[deed.item].mark is None:
            yield f"removed: a person's comment {deed.item} was overwritten"
        elif deed.what == "comment gone" and not unsaid:
            yield f"removed: comment {deed.item} was deleted, and nobody had deleted any"


def _dissolved(world: World, books: Books) -> Iterator[str]:
    """Each dissolved link: a person deleted one of its records, or took the mark off it."""
    causes = {
        (deed.side, deed.record_id)
        for deed in world.deeds
        if deed.by == "person" and (deed.what == "unmark" or (deed.what == "state" and deed.item == "gone"))
    }
    for grave in books.graves:
        if not causes & {(Side.INCIDENT, grave.incident_id), (Side.ISSUE, grave.issue_id)}:
            yield f"dissolved: {grave.incident_id} = {grave.issue_id} without a cause: {grave.reason}"


def _resurrected(world: World, books: Books) -> Iterator[str]:
    """No record of a dissolved link is in another one, unless the state DB was lost, and with it all that told of it. A
    link that an old copy of the state DB knows waits as long as its records can't be judged."""
    untold = untold_twins(world.deeds, world.faults.noted)
    # By its records: whichever of them still tells of it makes another note of it later.
    forgotten = [{grave.incident_id, grave.issue_id} for grave in world.forgotten_graves]
    for link in books.links:
        ids = {link.incident_id, link.issue_id}
        if any(row.id in ids and row.state != "present" for s in world.servers.values() for row in s.rows.values()):
            continue
        linked_at = max(at for at, record_id in world.faults.noted if record_id in ids)
        for grave in books.graves:
            apart = {grave.incident_id, grave.issue_id}
            told = not untold & apart and not all(out_of_reach(world.deeds, each, linked_at) for each in apart - ids)
            if apart & ids and (told or apart == ids or apart not in forgotten):
                yield f"resurrected: {link.incident_id} = {link.issue_id}, of which one had been dissolved from another"


def _stuck(world: World, books: Books) -> Iterator[str]:
    """What still waits, although nothing stands in its way."""
    out_of_reach = {(s, row.id) for s in Side for row in world.servers[s].rows.values() if row.state != "present"}
    pairs = books.ever_linked
    for incident_id, issue_id in pairs:
        if out_of_reach & {(Side.INCIDENT, incident_id), (Side.ISSUE, issue_id)}:
            out_of_reach |= {(Side.INCIDENT, incident_id), (Side.ISSUE, issue_id)}
    for intent in books.intents:
        ids = {(Side.INCIDENT, intent.incident_id or ""), (Side.ISSUE, intent.issue_id or "")}
        states = {world.servers[s].rows[i].state for s, i in ids if i}
        if states <= {"present", "gone"}:
            yield f"in doubt: {intent.kind} of {intent.incident_id} = {intent.issue_id} for good"
    links = books.links
    known = {record_id for each in links for record_id in (each.incident_id, each.issue_id)}
    for row in books.parked:
        # What is marked and isn't linked is a clone, or what it was made for went before we knew: a person must look.
        marked = row.record_id not in known and world.servers[Side(row.side)].rows[row.record_id].claim is not None
        lonely = row.code in ABSENT and not _sound_beside(world, books, row.record_id)
        if row.code in PASSING and not (marked or lonely or (Side(row.side), row.record_id) in out_of_reach):
            yield f"parked: {row.side} {row.record_id} {row.item}: {row.code}, {row.reason}"


def _sound_beside(world: World, books: Books, record_id: str) -> bool:
    """Whether another link stands by which one could tell that something is gone, and not that nothing can be seen."""
    rows = [world.servers[side].rows for side in Side]
    for link in books.links:
        pair = rows[0][link.incident_id], rows[1][link.issue_id]
        shown = pair[0].mark is not None and pair[1].shown
        if record_id not in (link.incident_id, link.issue_id) and shown and all(r.state == "present" for r in pair):
            return True
    return False


def _converged(world: World, books: Books, incident: Row, issue: Row) -> Iterator[str]:
    parked = {row.item for row in books.parked if row.record_id in (incident.id, issue.id)}
    pair = f"{incident.id} = {issue.id}"
    if "record" in parked or "mapping" in parked:
        return
    for item, names in TEXTS.items():
        held = {side: row.values[names[side]] for side, row in ((Side.INCIDENT, incident), (Side.ISSUE, issue))}
        if item not in parked and fold(held[Side.INCIDENT]) != fold(held[Side.ISSUE]):
            yield f"apart: {item} of {pair}: {held[Side.INCIDENT]!r} and {held[Side.ISSUE]!r}"
    for item, mine, theirs in (
        ("Priority", INCIDENTS.priority, ISSUES.priority),
        ("Status", INCIDENTS.status, ISSUES.status),
    ):
        names_of = _name(world, Side.INCIDENT, mine, incident), _name(world, Side.ISSUE, theirs, issue)
        if item not in parked and names_of != (None, None) and names_of not in MATCHES[item]:
            yield f"apart: {item} of {pair}: {names_of}"
    versions = incident.values[INCIDENTS.versions], issue.values[ISSUES.versions]
    if INCIDENTS.versions not in parked and versions[0] != versions[1]:
        yield f"apart: versions of {pair}: {_listed(versions[0])} and {_listed(versions[1])}"
    results = incident.results, issue.results
    # With the state DB it is forgotten which of them we had shown: what somebody takes off then stays on the other.
    if results[0] != results[1] and not (world.lost_state and results[0] < results[1]):
        yield f"apart: step results of {pair}: {sorted(results[0])} and {sorted(results[1])}"


def _name(world: World, side: Side, name: str, row: Row) -> str | None:
    server = world.servers[side]
    held = row.values[name]
    return next((o.name for o in server.options[server.flavour.kinds[name]] if o.id == held), None)


def _listed(value: Value) -> list[str]:
    return sorted(value or ())


def _comments(books: Books, owner: Side, row: Row, twin: Row) -> Iterator[str]:
    """Each comment of a person stands on the twin, once, in its last words."""
    parked = {each.item for each in books.parked if each.record_id in (row.id, twin.id)}
    copies: dict[str, list[Remark]] = {}
    for remark in twin.remarks.values():
        if remark.mark is not None:
            copies.setdefault(remark.mark.twin_id, []).append(remark)
    known = {getattr(each, f"{owner.word}_comment_id"): each for each in books.couplings}
    for remark in row.remarks.values():
        found = copies.get(remark.id, [])
        if remark.secret and found:
            yield f"leaked: {owner} {remark.id} of {row.id} is for a few people, and is on {twin.id}"
        waits = f"comment {remark.id}" in parked or "record" in parked
        if remark.mark is not None or remark.restricted or waits:
            continue
        coupling = known.get(remark.id)
        copy_id = getattr(coupling, f"{owner.other.word}_comment_id", None)
        if not found and copy_id not in books.taken_off:
            yield f"lost comment: {owner} {remark.id} of {row.id} is not on {twin.id}"
        if len(found) > 1:
            yield f"duplicate comment: {owner} {remark.id} of {row.id} is on {twin.id} {len(found)} times"
        if len(found) == 1 and not found[0].edited_by_people and fold(found[0].body) != fold(remark.body):
            yield f"lost comment: {owner} {remark.id} of {row.id} says {found[0].body!r} on {twin.id}"


def _without_twin(world: World, books: Books) -> Iterator[str]:
    """Each record has a twin, or a reason for having none: it is parked, or its create is in doubt."""
    doubted = {record_id for each in books.intents for record_id in (each.incident_id, each.issue_id)}
    known = {record_id for pair in books.ever_linked for record_id in pair} | doubted
    known |= {row.record_id for row in books.parked}
    # Clones wait together, under the record that all of them name.
    claimed = {row.record_id for row in books.parked if row.code == "clone"}
    for side in Side:
        for row in world.servers[side].rows.values():
            if (
                row.state == "present"
                and not known & {row.id, row.born_of}
                and not (row.claim and row.claim.twin_id in claimed)
            ):
                yield f"no twin: {side} {row.id}"
