"""What must hold once the faults have stopped and quiet cycles have run, whatever happened before."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from mappings.values import Value
from state.rows import Link
from syncer.core.records import Side
from tests.simulation.edits import TEXTS, Rules, fold, lost_edits
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.rows import Remark, Row
from tests.simulation.world import MATCHES, World

CALLS_OF_A_WRITE = 4
"""So many requests may lie between the look at a record and the write to it, beyond the age that makes it look anew."""

PASSING = {"unavailable", "refused", "denied", "in-doubt", "to-confirm", "missing"}
"""Reasons for waiting that must not outlast the faults, unless the record itself can't be reached."""

ABSENT = {"to-confirm", "missing"}
"""Those of them that outlast the faults where nothing else is left by which an absence could be judged."""


def violations(world: World) -> Iterator[str]:
    """A sentence for each broken promise; the words before the colon say which."""
    rows = {side: world.servers[side].rows for side in Side}
    links = world.store.links(world.mapping.name)
    yield from lost_edits(world.deeds, rules_of(world)).sentences
    yield from _duplicates(world)
    yield from _removals(world)
    yield from _dissolved(world)
    yield from _stuck(world)
    for link in links:
        incident, issue = rows[Side.INCIDENT][link.incident_id], rows[Side.ISSUE][link.issue_id]
        if incident.state == issue.state == "present":
            yield from _converged(world, link, incident, issue)
            for owner, row, twin in ((Side.INCIDENT, incident, issue), (Side.ISSUE, issue, incident)):
                yield from _comments(world, owner, row, twin)
    yield from _without_twin(world, links)


def rules_of(world: World) -> Rules:
    slack = timedelta(seconds=CALLS_OF_A_WRITE * world.terms.tick_seconds)
    return Rules(world.policies, world.faults.doubts, slack)


def _duplicates(world: World) -> Iterator[str]:
    """Each record that people made got one twin at most in all its life, and our own got none."""
    linked = {(s, i) for link in _ever_linked(world) for s, i in zip(Side, link, strict=True)}
    put_away = {deed.record_id for deed in world.deeds if deed.what == "state"}
    for side in Side:
        born: Counter[str] = Counter()
        for row in world.servers[side].rows.values():
            if row.born_of is None:
                continue
            twin = world.servers[side.other].rows[row.born_of]
            if twin.born_of is not None:
                yield f"duplicate: {side} {row.id} was made for {twin.id}, which we made ourselves"
            # What people deleted or hid before anything was known of it leaves nothing to tell that it ever was.
            born[row.born_of] += (side, row.id) in linked or row.id not in put_away
        yield from (f"duplicate: {side.other} {i} has {count} twins" for i, count in born.items() if count > 1)


def _ever_linked(world: World) -> set[tuple[str, str]]:
    name = world.mapping.name
    alive = {(link.incident_id, link.issue_id) for link in world.store.links(name)}
    return alive | {(grave.incident_id, grave.issue_id) for grave in world.store.tombstones(name)}


def _removals(world: World) -> Iterator[str]:
    """Records and comments that we took away: each followed a person's deletion of its twin."""
    ended = {(d.side, d.record_id) for d in world.deeds if d.what == "state" and (d.item, d.by) == ("gone", "person")}
    unsaid = {d.item for d in world.deeds if d.what == "comment gone" and d.by == "person"}
    twins = _ever_linked(world)
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


def _dissolved(world: World) -> Iterator[str]:
    """Each dissolved link: a person deleted one of its records, or took the mark off it; and none of them came back."""
    causes = {
        (deed.side, deed.record_id)
        for deed in world.deeds
        if deed.by == "person" and (deed.what == "unmark" or (deed.what == "state" and deed.item == "gone"))
    }
    for grave in world.store.tombstones(world.mapping.name):
        if not causes & {(Side.INCIDENT, grave.incident_id), (Side.ISSUE, grave.issue_id)}:
            yield f"dissolved: {grave.incident_id} = {grave.issue_id} without a cause: {grave.reason}"
    buried = {
        record_id for g in world.store.tombstones(world.mapping.name) for record_id in (g.incident_id, g.issue_id)
    }
    for link in world.store.links(world.mapping.name):
        if buried & {link.incident_id, link.issue_id}:
            yield f"resurrected: {link.incident_id} = {link.issue_id}, of which one had been dissolved from another"


def _stuck(world: World) -> Iterator[str]:
    """What still waits, although nothing stands in its way."""
    out_of_reach = {(s, row.id) for s in Side for row in world.servers[s].rows.values() if row.state != "present"}
    pairs = _ever_linked(world)
    for incident_id, issue_id in pairs:
        if out_of_reach & {(Side.INCIDENT, incident_id), (Side.ISSUE, issue_id)}:
            out_of_reach |= {(Side.INCIDENT, incident_id), (Side.ISSUE, issue_id)}
    for intent in world.store.open_intents(world.mapping.name):
        ids = {(Side.INCIDENT, intent.incident_id or ""), (Side.ISSUE, intent.issue_id or "")}
        states = {world.servers[s].rows[i].state for s, i in ids if i}
        if states <= {"present", "gone"}:
            yield f"in doubt: {intent.kind} of {intent.incident_id} = {intent.issue_id} for good"
    known = {record_id for pair in pairs for record_id in pair}
    for row in world.store.parked(world.mapping.name):
        # What is marked and isn't linked is a clone, or what it was made for went before we knew: a person must look.
        marked = row.record_id not in known and world.servers[Side(row.side)].rows[row.record_id].claim is not None
        lonely = row.code in ABSENT and not _sound_beside(world, row.record_id)
        if row.code in PASSING and not (marked or lonely or (Side(row.side), row.record_id) in out_of_reach):
            yield f"parked: {row.side} {row.record_id} {row.item}: {row.code}, {row.reason}"


def _sound_beside(world: World, record_id: str) -> bool:
    """Whether another link stands by which one could tell that something is gone, and not that nothing can be seen."""
    rows = [world.servers[side].rows for side in Side]
    for link in world.store.links(world.mapping.name):
        pair = rows[0][link.incident_id], rows[1][link.issue_id]
        shown = pair[0].mark is not None and pair[1].shown
        if record_id not in (link.incident_id, link.issue_id) and shown and all(r.state == "present" for r in pair):
            return True
    return False


def _converged(world: World, link: Link, incident: Row, issue: Row) -> Iterator[str]:
    parked = {row.item for row in world.store.parked(world.mapping.name) if row.record_id in (incident.id, issue.id)}
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


def _name(world: World, side: Side, name: str, row: Row) -> str | None:
    server = world.servers[side]
    held = row.values[name]
    return next((o.name for o in server.options[server.flavour.kinds[name]] if o.id == held), None)


def _listed(value: Value) -> list[str]:
    return sorted(value or ())


def _comments(world: World, owner: Side, row: Row, twin: Row) -> Iterator[str]:
    """Each comment of a person stands on the twin, once, in its last words."""
    parked = {each.item for each in world.store.parked(world.mapping.name)}
    taken_off = {deed.item for deed in world.deeds if deed.what == "comment gone" and deed.by == "person"}
    copies: dict[str, list[Remark]] = {}
    for remark in twin.remarks.values():
        if remark.mark is not None:
            copies.setdefault(remark.mark.twin_id, []).append(remark)
    couplings = world.store.comment_links([each.id for each in world.store.links(world.mapping.name)])
    known = {getattr(each, f"{owner.word}_comment_id"): each for some in couplings.values() for each in some}
    for remark in row.remarks.values():
        if remark.mark is not None or f"comment {remark.id}" in parked or "record" in parked:
            continue
        found = copies.get(remark.id, [])
        coupling = known.get(remark.id)
        copy_id = getattr(coupling, f"{owner.other.word}_comment_id", None)
        if not found and copy_id not in taken_off:
            yield f"lost comment: {owner} {remark.id} of {row.id} is not on {twin.id}"
        if len(found) > 1:
            yield f"duplicate comment: {owner} {remark.id} of {row.id} is on {twin.id} {len(found)} times"
        if len(found) == 1 and not found[0].edited_by_people and fold(found[0].body) != fold(remark.body):
            yield f"lost comment: {owner} {remark.id} of {row.id} says {found[0].body!r} on {twin.id}"


def _without_twin(world: World, links: list[Link]) -> Iterator[str]:
    """Each record has a twin, or a reason for having none: it is parked, or its create is in doubt."""
    name = world.mapping.name
    doubted = {record_id for each in world.store.open_intents(name) for record_id in (each.incident_id, each.issue_id)}
    known = {record_id for pair in _ever_linked(world) for record_id in pair} | doubted
    known |= {row.record_id for row in world.store.parked(name)}
    for side in Side:
        for row in world.servers[side].rows.values():
            if row.state == "present" and not known & {row.id, row.born_of}:
                yield f"no twin: {side} {row.id}"
