"""Linking and unlinking two records because a person says so.

| asked for | the state DB | the records |
|---|---|---|
| link | no tombstone any more, a link without baselines: the next cycle merges by the conflict policy | marked |
| link again (`syncer undo`) | the same, and what both hold now is agreed on: nothing travels | marked |
| unlink | a tombstone in the place of the link | unmarked; both stay |
"""

import re
from contextlib import suppress

from state import effects
from state.rows import Baseline, Link, SideName
from syncer import journal
from syncer.context import ProjectLink
from syncer.core.bind import Bound
from syncer.core.reasons import Reason
from syncer.core.records import Mark, Record, Side
from syncer.core.vanished import twin_of
from syncer.errors import Missing
from syncer.handwork import Done, Refused, Wish, carry_out, read

UNLINKED = "unlinked by hand"

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def link_records(link: ProjectLink, incident: str, issue: str) -> str:
    """Link two records, each given by key or id. Raises `Refused` where either may not be linked."""
    ids = {Side.INCIDENT: find_id(link, Side.INCIDENT, incident), Side.ISSUE: find_id(link, Side.ISSUE, issue)}
    wish = Wish("link", f"link incident {incident} and issue {issue}", ids[Side.INCIDENT], ids[Side.ISSUE])

    def deed() -> Done:
        records = {side: read(link, side, ids[side]) for side in Side}
        changes = tie(link, records[Side.INCIDENT], records[Side.ISSUE], None)
        keys = f"incident {records[Side.INCIDENT].key} and issue {records[Side.ISSUE].key}"
        done = f"linked {keys}; where they differ, the next cycle merges them by the mapping's conflict policy"
        return Done(done, changes, after={"incident_id": ids[Side.INCIDENT], "issue_id": ids[Side.ISSUE]})

    return carry_out(link, wish, deed)


def unlink(link: ProjectLink, row: Link) -> str:
    """Dissolve a link; both records stay. Raises what taking the marks off raises, with the link as it was."""
    sentence = f"unlink incident {row.incident_key} and issue {row.issue_key}"
    wish = Wish("unlink", sentence, row.incident_id, row.issue_id)
    return carry_out(link, wish, lambda: parted(link, row))


def parted(link: ProjectLink, row: Link) -> Done:
    """Take the marks off both records, and bury their link."""
    changes = untie(link, row, UNLINKED)
    parted = f"unlinked incident {row.incident_key} and issue {row.issue_key}"
    said = f"{parted}; both stay, and are not linked again before 'syncer link' says so"
    return Done(said, changes, before=journal.link_image(row))


def untie(link: ProjectLink, row: Link, reason: str) -> list[effects.Effect]:
    """Take the marks off both records, as far as they are there; gives what is left to settle.

    Where one of them is gone, the other remembers the link for both, should the state DB be lost."""
    ids = {Side.INCIDENT: row.incident_id, Side.ISSUE: row.issue_id}
    keys = {Side.INCIDENT: row.incident_key, Side.ISSUE: row.issue_key}
    there: list[Side] = []
    for side in Side:
        with suppress(Missing):
            link.ports[side].remove_mark(ids[side], Mark(link.installation, ids[side.other]))
            there.append(side)
    if len(there) == 1:
        (side,) = there
        mark = Mark(link.installation, ids[side.other])
        link.ports[side].remember_dissolved(ids[side], mark, keys[side.other])
    return [effects.Bury(row.id, reason, link.now())]


def tie(link: ProjectLink, incident: Record, issue: Record, agreed: Bound | None) -> list[effects.Effect]:
    """Mark both records as each other's twin; gives what is left to settle.

    With `agreed`, what both hold now becomes their baselines. Raises `Refused` before anything is written, where one
    of them is linked already or marked by another installation."""
    for record in (incident, issue):
        _insist_free(link, record)
    marked = _write_marks(link, incident, issue)
    now = link.now()
    baselines: dict[SideName, Baseline] = (
        {record.side.word: Baseline(journal.observed(record, agreed)) for record in (incident, issue)} if agreed else {}
    )
    made = effects.NewLink(link.name, incident.id, issue.id, incident.key, issue.key, marked, now, baselines)
    changes: list[effects.Effect] = [effects.Exhume(link.name, incident.id, issue.id), made]
    if not agreed:
        # Due at once: marks need not move the times by which a cycle finds out where to look.
        waits = "linked by hand; the next cycle merges them"
        code = Reason.PLANNED.value
        changes.append(effects.Park(link.name, "incident", incident.id, incident.key, "record", waits, code, now, now))
    return changes


def _insist_free(link: ProjectLink, record: Record) -> None:
    row = link_of(link, record.side, record.id)
    if row is not None:
        twin = f"issue {row.issue_key}" if record.side is Side.INCIDENT else f"incident {row.incident_key}"
        said = f"{record.side} {record.key} is linked with {twin} already; 'syncer unlink' parts them"
        raise Refused(said)
    if record.mark is not None and record.mark.installation != link.installation:
        whose = f"the mark of installation '{record.mark.installation}', which mirrors it"
        raise Refused(f"{record.side} {record.key} carries {whose}; unlink it there first")


def link_of(link: ProjectLink, side: Side, record_id: str) -> Link | None:
    """The link of a record, by its side and id."""
    if side is Side.INCIDENT:
        return link.store.link_of(link.name, incident_id=record_id)
    return link.store.link_of(link.name, issue_id=record_id)


def _write_marks(link: ProjectLink, incident: Record, issue: Record) -> frozenset[SideName]:
    """Mark both; a mark of ours that names a former twin goes first, with the label that belongs to it."""
    marked: set[SideName] = set()
    for record, twin in ((issue, incident), (incident, issue)):
        if record.side is Side.INCIDENT and link.mapping.incidents.mark_field is None:
            continue
        port, wanted = link.ports[record.side], twin_of(twin, link.installation)
        if record.mark not in (None, wanted.mark):
            port.remove_mark(record.id, record.mark)
        port.write_mark(record, wanted)
        marked.add(record.side.word)
    return frozenset(marked)


def find_id(link: ProjectLink, side: Side, text: str) -> str:
    """The id of a record that is given by id or key. Raises `Refused` for a key that isn't in scope."""
    wanted = text.strip()
    if side is Side.INCIDENT:
        if _GUID.fullmatch(wanted.lower()):
            return wanted.lower()
        wanted = f"#{wanted}" if wanted.isdecimal() else wanted
    elif wanted.isdecimal():
        return wanted
    for page in link.ports[side].listed(None):
        for line in page:
            if line.key.casefold() == wanted.casefold():
                return line.id
    form = "a number like #12, or its GUID" if side is Side.INCIDENT else "a key like TEST-12, or its numeric id"
    raise Refused(f"project link {link.name} lists no {side} {wanted}; give {form}")
