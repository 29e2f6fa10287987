"""Take back what one entry of the history did: `syncer undo NUMBER`.

| the entry | undone by |
|---|---|
| update | the former values, where nobody changed them since |
| delete | a new record like the deleted one (`syncer.bring_back`) |
| bury, unlink | the link again, agreed on what both records hold now |
| delete comment, edit comment | the former text (`syncer.comments_back`) |
| hide result | the step-result link, on both sides (`syncer.results_back`) |

Each row works both ways, so that the entry which an undo leaves can be undone in its turn. An undone value counts
as edited by a person: no baseline moves, and the next cycle carries it to the other side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mappings.values import Value, Values
from state import Store
from state.rows import Baseline, HistoryEntry
from syncer.bring_back import bring_back, take_away
from syncer.by_hand import link_of, parted, tie
from syncer.comments_back import edit_back, remove_again, write_again
from syncer.context import ProjectLink
from syncer.core.bind import Bound
from syncer.core.records import Record, Side
from syncer.cycle import bind_now
from syncer.errors import Rejected
from syncer.handwork import Done, Refused, Wish, carry_out, read, values_of
from syncer.results_back import hide_again, show_again

INVERSE: Mapping[str, str] = {
    "update": "update",
    "delete": "create",
    "create": "delete",
    "bury": "link",
    "link": "bury",
    "delete comment": "add comment",
    "add comment": "delete comment",
    "edit comment": "edit comment",
    "hide result": "show result",
    "show result": "hide result",
}
"""What takes back what."""

PREFIX = "undo "
UNDOS = tuple(PREFIX + kind for kind in INVERSE)
"""Kinds of the entries that undos leave: "undo delete" created a record."""

TAKING = frozenset({"update", "delete", "bury", "unlink", "link", "delete comment", "edit comment", "hide result"})
"""Kinds of the other entries that can be undone: those that took something, and links made by hand."""

ALL = 1_000_000
"""More entries than any question here may leave out."""

Undone: TypeAlias = Mapping[int, int]
"""By the number of an entry that was taken back: the entry that did so."""


def undo(link: ProjectLink, entry: HistoryEntry) -> str:
    """Take the entry back; gives what was done in one sentence.

    Raises `Refused` where nothing can be taken back, and what the servers raise."""
    did = _did(entry)
    done_by = undone(link.store, link.name, [entry]).get(entry.id or 0)
    if done_by is not None:
        raise Refused(f"entry {entry.id} was taken back by entry {done_by}; 'syncer undo {done_by}' takes that back")
    side = Side(entry.side) if entry.side else None
    sentence = f"undo entry {entry.id}: {entry.sentence}"
    wish = Wish(PREFIX + did, sentence, entry.incident_id, entry.issue_id, side, "undo", entry.id)
    return carry_out(link, wish, lambda: _take_back(link, entry, did))


def undone(store: Store, project_link: str, entries: Iterable[HistoryEntry]) -> Undone:
    """Which of the entries are taken back, an undo that was itself undone not counted."""
    since = min((entry.at for entry in entries), default=None)
    taken: dict[int, int] = {}
    # Newest first: what undoes an undo is met before it.
    for each in store.history(project_link, kinds=UNDOS, since=since, limit=ALL) if since else ():
        if each.undoes is not None and each.id is not None and each.id not in taken:
            taken[each.undoes] = each.id
    return taken


def _did(entry: HistoryEntry) -> str:
    """What the entry did, as a key of `INVERSE`. Raises `Refused` for one that took nothing."""
    if entry.outcome != "settled":
        raise Refused(f"entry {entry.id} took nothing: it was {entry.outcome}")
    if entry.kind in UNDOS:
        return INVERSE[entry.kind.removeprefix(PREFIX)]
    if entry.kind not in TAKING:
        raise Refused(f"entry {entry.id} took nothing that could be brought back: {entry.sentence}")
    return "bury" if entry.kind == "unlink" else entry.kind


def _take_back(link: ProjectLink, entry: HistoryEntry, did: str) -> Done:
    match did:
        case "update":
            return _write_back(link, entry, bind_now(link))
        case "delete":
            return bring_back(link, entry, bind_now(link))
        case "create":
            return take_away(link, entry)
        case "bury":
            return _link_again(link, entry, bind_now(link))
        case "link":
            return _part_again(link, entry)
        case "delete comment":
            return write_again(link, entry)
        case "add comment":
            return remove_again(link, entry)
        case "edit comment":
            return edit_back(link, entry)
        case "hide result":
            return show_again(link, entry)
        case _:
            return hide_again(link, entry)


@dataclass(frozen=True, slots=True)
class _Written:
    """One side's fields as the entry left them, and what tells a person's edit since from a server's own spelling."""

    after: Values
    baseline: Values
    touched: frozenset[str]

    def stands(self, name: str, now: Value) -> bool:
        """Whether the field still holds what the entry wrote, or what its server made of that."""
        if name in self.after and now == self.after[name]:
            return True
        return name not in self.touched and name in self.baseline and now == self.baseline[name]


def _write_back(link: ProjectLink, entry: HistoryEntry, bound: Bound) -> Done:
    side = Side(entry.side or "")
    record = read(link, side, (entry.incident_id if side is Side.INCIDENT else entry.issue_id) or "")
    former, written = values_of(entry.before), _written(link, entry, record, bound)
    differing = {name: value for name, value in former.items() if record.values.get(name) != value}
    due = {n: v for n, v in differing.items() if n in record.values and written.stands(n, record.values[n])}
    edited = sorted(differing.keys() - due.keys())
    if not due:
        why = f"somebody changed {', '.join(edited)} since" if edited else "its fields hold their former values already"
        raise Refused(f"entry {entry.id} can't be taken back: {why}")
    now, refused = _write(link, record, due)
    back = sorted(due.keys() - refused.keys())
    said = f"{', '.join(back)} of {side} {record.key} as before; the next cycle carries it over"
    said += "".join(f"; {name} stays, somebody changed it since" for name in edited)
    said += "".join(f"; {name} stays: {why}" for name, why in sorted(refused.items()))
    before = {name: record.values[name] for name in back}
    return Done(said, before=before, after={name: now.values.get(name) for name in back})


def _write(link: ProjectLink, record: Record, due: Values) -> tuple[Record, dict[str, str]]:
    """Write all fields at once, or those that the server takes one by one; raises where it takes none."""
    port = link.ports[record.side]
    try:
        return port.update(record.id, due), {}
    except Rejected:
        if len(due) == 1:
            raise
    refused: dict[str, str] = {}
    now, last = record, None
    for name, value in due.items():
        try:
            now = port.update(record.id, {name: value})
        except Rejected as refusal:
            refused[name], last = str(refusal), refusal
    if last is not None and len(refused) == len(due):
        raise last
    return now, refused


def _written(link: ProjectLink, entry: HistoryEntry, record: Record, bound: Bound) -> _Written:
    row = link_of(link, record.side, record.id)
    baselines = link.store.baselines([row.id])[row.id] if row else {}
    kinds = ("update", "agree", *UNDOS)
    later = link.store.history(link.name, record=record.id, since=entry.at, kinds=kinds, limit=ALL)
    touched: set[str] = set()
    for field in bound.fields:
        # An agreement doesn't tell its fields: after one, only the very value that was written counts.
        if any(
            each.kind == "agree" or field.on(Side(each.side or "issue")) in (each.after or {})
            for each in later
            if (each.id or 0) > (entry.id or 0) and each.outcome == "settled"
        ):
            touched.add(field.on(record.side))
    baseline = baselines.get(record.side.word, Baseline()).values
    return _Written(values_of(entry.after), baseline, frozenset(touched))


def _link_again(link: ProjectLink, entry: HistoryEntry, bound: Bound) -> Done:
    image = dict(entry.before or {})
    if not image:
        raise Refused(f"entry {entry.id} doesn't say which records it parted")
    for side in Side:
        _insist_not_deleted(link, side, str(image[f"{side.word}_id"]))
    incident, issue = (read(link, side, str(image[f"{side.word}_id"])) for side in Side)
    changes = tie(link, incident, issue, bound)
    said = f"incident {incident.key} and issue {issue.key} are linked again; what they hold now counts as agreed"
    return Done(said, changes, after=image, ids={Side.INCIDENT: incident.id, Side.ISSUE: issue.id})


def _insist_not_deleted(link: ProjectLink, side: Side, record_id: str) -> None:
    for deletion in link.store.history(link.name, record=record_id, kinds=("delete",), limit=1):
        if deletion.side == side.word and deletion.outcome == "settled":
            raise Refused(f"the {side} was deleted; 'syncer undo {deletion.id}' brings it back and links it again")


def _part_again(link: ProjectLink, entry: HistoryEntry) -> Done:
    row = link.store.link_of(link.name, incident_id=entry.incident_id, issue_id=entry.issue_id)
    if row is None:
        raise Refused(f"the two records that entry {entry.id} linked aren't linked any more")
    return parted(link, row)
