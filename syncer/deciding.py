"""What people decide about what waits: recorded at once, beside a running daemon, and carried out by its next cycle.

| the word | about | recorded as | the next cycle |
|---|---|---|---|
| settle | a field in conflict | a decision about just these two values | writes the chosen one, if both are unchanged |
| discard | removals that are held | one discard for each of them | keeps what they would have removed |
| retry | anything that waits | its delay ended | tries it again |

Each is in the history with who decided, from the moment on at which it is decided. The command line and the console
both call this.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from state import Store
from state.rows import Conflict, Decision, Discard, Held, HistoryEntry, Link, Parked, SideName
from syncer.candidates import CATALOGUE
from syncer.core.reasons import Reason
from syncer.core.records import Side
from syncer.handwork import BY_HAND, Refused
from syncer.holding import approvals_of

SHORTEST = 6
"""A HASH may be cut to so many characters."""


def settle(store: Store, conflict: Conflict, choice: SideName, by: str, at: datetime) -> str:
    """Record that one side's value is to be taken in a conflict; gives what will be done in one sentence.

    Raises `Refused` where the conflict is over, or a side holds something else than `conflict` says."""
    link, item, other = conflict.link, conflict.parked.item, Side(choice).other
    digests = conflict.both.incident_digest, conflict.both.issue_digest
    sentence = f"take the {choice}'s {item}, not the {other}'s"
    entry = _entry(link.project_link, "settle conflict", sentence, by, at, link.incident_id, link.issue_id)
    if not store.decide(conflict, Decision(link.id, item, choice, *digests, by, at), [entry]):
        where = f"{item} of {name_of(link)}"
        raise Refused(f"{where} isn't in conflict as it was shown any more; 'syncer settle' shows what both hold now")
    return f"decided by {by}: {sentence}, of {name_of(link)}; the next cycle writes it, if neither has changed by then"


def discard(store: Store, held: Held, by: str, at: datetime) -> str:
    """Record that none of these held removals is to be carried out; gives what will be done in one sentence.

    Raises `Refused` for what a changed mapping would do, and for a set that isn't held any more."""
    if held.kind == "mapping":
        remedy = "take the edit of the mapping file back instead, and the next cycle holds nothing"
        raise Refused(f"what a changed mapping would do can't be discarded: {remedy}")
    if all(each.digest != held.digest for each in store.held(held.project_link)):
        raise Refused(f"nothing is held under '{held.digest}' any more; 'syncer held' shows what is")
    links = {name_of(link): link for link in store.links(held.project_link)}
    entries = [_discarded(held.project_link, line, links, by, at) for line in held.lines]
    words = [Discard(held.project_link, digest, by, at) for digest in approvals_of(held)]
    waiting = [row for row in store.parked(held.project_link) if row.code == Reason.HELD_REMOVAL]
    store.discard(words, waiting, entries)
    count = f"{len(held.lines)} removal{'s' if len(held.lines) > 1 else ''} in {held.project_link}"
    return f"discarded by {by}: {count}; the next cycle keeps what they would have removed"


def retry(store: Store, items: Sequence[Parked], by: str, at: datetime) -> int:
    """Let parked items be tried again by the next cycle, with delays that start again; gives how many still waited."""
    of_record: dict[tuple[str, SideName, str], list[str]] = {}
    for row in items:
        of_record.setdefault((row.project_link, row.side, row.record_id), []).append(row.item)
    entries = []
    for (project_link, side, record_id), names in of_record.items():
        ids = {side: record_id} if record_id != CATALOGUE else {}
        sentence = f"try again at once: {', '.join(names)}"
        entries.append(_entry(project_link, "retry", sentence, by, at, ids.get("incident"), ids.get("issue")))
    return store.retry(items, at, entries)


def find_conflicts(store: Store, names: Iterable[str], record: str | None = None) -> list[Conflict]:
    """The fields in conflict of these project links, longest first; of one record by its key or id, if it is given."""
    found = [each for name in names for each in store.conflicts(name)]
    return [each for each in found if record is None or _goes_by(record, each.parked, each.link)]


def find_conflict(store: Store, names: Iterable[str], record: str, item: str) -> Conflict:
    """The one field in conflict that is meant. Raises `Refused` where there is none, or more than one."""
    there = find_conflicts(store, names, record)
    found = [each for each in there if each.parked.item.casefold() == item.strip().casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{name_of(each.link)} in {each.link.project_link}" for each in found)
        raise Refused(f"'{record}' may be one of {several}; give --link, or the record's id")
    known = f"in conflict are: {', '.join(each.parked.item for each in there)}" if there else "nothing of it is"
    raise Refused(f"'{item}' of '{record}' isn't in conflict; {known}. 'syncer settle' shows all conflicts")


def find_waiting(
    store: Store, names: Iterable[str], record: str | None = None, item: str | None = None
) -> list[Parked]:
    """What waits in these project links; only what is of that record, by its key or id, and of that item."""
    found: list[Parked] = []
    for name in names:
        rows = store.parked(name)
        ids: Mapping[SideName, set[str]] = {side.word: {r.record_id for r in rows if r.side == side} for side in Side}
        links = store.links_by_ids(name, ids["incident"], ids["issue"]) if record is not None else []
        by_id = {
            (side, link.incident_id if side == "incident" else link.issue_id): link for link in links for side in ids
        }
        for row in rows:
            mine = record is None or _goes_by(record, row, by_id.get((row.side, row.record_id)))
            if mine and (item is None or row.item.casefold() == item.strip().casefold()):
                found.append(row)
    return found


def find_held(digest: str, sets: Sequence[Held]) -> Held:
    """The held set of that HASH, or beginning of one. Raises `Refused` where there is none, or more than one."""
    listed = ", ".join(f"{each.digest} ({each.project_link}, {len(each.lines)} lines)" for each in sets)
    wanted = digest.strip().lower()
    if len(wanted) < SHORTEST:
        raise Refused(f"'{digest}' is too short: give the HASH that 'syncer held' shows, or its first {SHORTEST}")
    found = [each for each in sets if each.digest.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"'{digest}' is held in more than one project link: {listed}; give --link")
    there = f"held are: {listed}" if sets else "nothing is held"
    raise Refused(f"nothing is held under '{digest}'; {there}. A set that has changed has another HASH")


def name_of(link: Link) -> str:
    """What people call the two linked records."""
    return f"{link.incident_key} = {link.issue_key}"


def _goes_by(record: str, row: Parked, link: Link | None) -> bool:
    names = {row.record_id, row.record_key}
    if link is not None:
        names |= {link.incident_id, link.issue_id, link.incident_key, link.issue_key}
    return record.strip().casefold() in {name.casefold() for name in names}


def _discarded(project_link: str, line: str, links: Mapping[str, Link], by: str, at: datetime) -> HistoryEntry:
    """The line of a held removal begins with the keys of both records."""
    key, _, what = line.partition(": ")
    link = links.get(key)
    ids = (link.incident_id, link.issue_id) if link is not None else (None, None)
    return _entry(project_link, "discard", f"discard: {what}", by, at, *ids)


def _entry(
    project_link: str, kind: str, sentence: str, by: str, at: datetime, incident_id: str | None, issue_id: str | None
) -> HistoryEntry:
    return HistoryEntry(
        at=at,
        project_link=project_link,
        cycle=BY_HAND,
        kind=kind,
        side=None,
        incident_id=incident_id,
        issue_id=issue_id,
        sentence=sentence,
        outcome="settled",
        cause=f"decided by {by}",
    )
