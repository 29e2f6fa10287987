"""Settle what an earlier cycle left in doubt, by looking at what the servers hold; nothing is ever sent again here.

| the open intent | what is found | then |
|---|---|---|
| create | a record with our mark | the link is made, as if the answer had come |
| create | none, and it could still surface | wait: the record is left alone this cycle |
| create | none, long after | the wish is given up, the next plan makes it anew |
| add comment | a comment with our mark, or none | likewise: a request may still be under way |
| update | the field is as it was | not carried out: given up |
| update | it changed, and nobody else edited it | carried out: what stands there is the baseline |
| update | a status on its way, and nobody else edited it | ours: its own side's baseline, and the way is continued |
| update | somebody else edited it too, or may have | given up: the merge decides |
| edit comment, mark, create option, delete | | given up: doing them again changes nothing |
| create, add comment, update | a record that it needs isn't there | given up in time: its absence is judged as any is |
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import structlog

from mappings.values import Value
from state import effects
from state.rows import HistoryEntry, Intent
from syncer import journal
from syncer.context import ProjectLink
from syncer.core.bind import Bound
from syncer.core.planner import LATE_FIELDS
from syncer.core.records import Cause, Mark, Present, Record, Side, Unknown
from syncer.errors import SideError

SKEW = timedelta(days=1)
"""How far a server's clock may lag behind ours before a record that it just created is looked for in vain."""

CLOCK_TOLD = timedelta(seconds=5)
"""How far behind the server's clock may be as we know it: it is told in whole seconds, and an answer takes its time."""

CYCLE = "recovery"
"""What stands in the place of a cycle's name: the cycle that had the wish is over."""

log = structlog.get_logger("syncer")


def recover(link: ProjectLink, bound: Bound, intents: Sequence[Intent]) -> dict[Side, set[str]]:
    """Look after every intent, of several records at a time; give the records that may be planned again, by side.

    An intent whose record can't be read now stays open."""
    about: dict[object, list[Intent]] = defaultdict(list)
    for intent in intents:
        about[intent.link_id or (intent.incident_id, intent.issue_id)].append(intent)

    def settled(some: Sequence[Intent]) -> list[Intent]:
        return [intent for intent in some if _is_settled(link, bound, intent)]

    resolved: dict[Side, set[str]] = {side: set() for side in Side}
    with ThreadPoolExecutor(link.workers, thread_name_prefix="recovery") as pool:
        for intent in chain.from_iterable(pool.map(settled, about.values())):
            for side, record_id in ((Side.INCIDENT, intent.incident_id), (Side.ISSUE, intent.issue_id)):
                if record_id is not None:
                    resolved[side].add(record_id)
    return resolved


def _is_settled(link: ProjectLink, bound: Bound, intent: Intent) -> bool:
    """True when the intent is gone from the journal."""
    link.go_on()
    try:
        return _resolve(link, bound, intent)
    except SideError as error:
        log.warning("in doubt, can't look now", **_place(link, intent), intent=intent.id, status=error.status)
        log.debug("in doubt, in the server's words", **_place(link, intent), intent=intent.id, reason=str(error))
        return False


def _resolve(link: ProjectLink, bound: Bound, intent: Intent) -> bool:
    side = Side(intent.payload["side"]) if "side" in intent.payload else Side.ISSUE
    match intent.kind:
        case "create":
            return _resolve_create(link, bound, intent, side)
        case "update":
            return _resolve_update(link, bound, intent, side)
        case "add comment":
            return _resolve_comment(link, intent, side)
        case _:
            link.store.abandon(intent.id)
            return True


def _resolve_create(link: ProjectLink, bound: Bound, intent: Intent, side: Side) -> bool:
    twin_id = str(intent.payload["twin"])
    looked_at = link.now()
    new = link.ports[side].find(Mark(link.installation, twin_id), intent.intended_at - SKEW)
    if new is None:
        return _give_up_in_time(link, intent, side, looked_at)
    origin = _look(link, side.other, twin_id)
    if isinstance(origin, Cause):
        return _give_up_missing(link, intent, side, origin)
    edited = _edited(link, side, new.id, intent)
    changes = journal.changes_from(intent.payload)
    row = journal.created(link.name, side, changes, origin, new, bound, link.now())
    # What stands there just as it was sent is nobody's edit, though its server can't tell which fields were edited.
    untouched = {change.name for change in changes if new.values.get(change.name) == change.after}
    agreed = journal.without(row, side, edited - untouched)
    _settle(link, intent, [agreed], incident_id=row.incident_id, issue_id=row.issue_id)
    return True


def _resolve_update(link: ProjectLink, bound: Bound, intent: Intent, side: Side) -> bool:
    record_id = intent.incident_id if side is Side.INCIDENT else intent.issue_id
    if record_id is None or intent.link_id is None:
        link.store.abandon(intent.id)
        return True
    now = _look(link, side, record_id)
    if isinstance(now, Cause):
        return _give_up_missing(link, intent, side, now)
    edited = _edited(link, side, record_id, intent)
    touched = [
        change
        for change in journal.changes_from(intent.payload)
        if change.name in now.values
        and _carried_out(change.before, change.after, now.values[change.name], change.name in edited)
    ]
    halfway = {
        change.name: now.values[change.name]
        for change in touched
        if change.name in LATE_FIELDS and now.values[change.name] != change.after
    }
    if halfway:
        # Nobody wished for what it passes on its way: agreed on by both sides it would stay there.
        link.store.settle(None, [effects.SetBaseline(intent.link_id, side.word, halfway, None)])
    done = [change for change in touched if change.name not in halfway]
    if done:
        _settle(link, intent, list(journal.updated(intent.link_id, side, done, now, bound)))
    else:
        link.store.abandon(intent.id)
    return True


def _edited(link: ProjectLink, side: Side, record_id: str, intent: Intent) -> frozenset[str]:
    """Fields that somebody else may have edited since the wish.

    What we saved when that couldn't be under way any more was another write: of one who had the state DB before an old
    copy was put in its place, which knows of none of that, nor of the edits before it."""
    port, now = link.ports[side], link.now()
    ahead = (port.clock() or now) - now
    until = intent.intended_at + link.pace.settle_after[side] + ahead + CLOCK_TOLD
    return port.edited_by_others(record_id, intent.intended_at, until)


def _carried_out(before: Value, after: Value, now: Value, edited: bool) -> bool:
    """Whether what stands there now is our doing: exactly what we sent, or what the server made of it."""
    return now == after or (now != before and not edited)


def _resolve_comment(link: ProjectLink, intent: Intent, side: Side) -> bool:
    record_id = intent.incident_id if side is Side.INCIDENT else intent.issue_id
    if record_id is None or intent.link_id is None:
        link.store.abandon(intent.id)
        return True
    looked_at = link.now()
    now = _look(link, side, record_id)
    if isinstance(now, Cause):
        return _give_up_missing(link, intent, side, now)
    if now.comments is None:
        return False
    mark = Mark(link.installation, str(intent.payload["twin"]))
    found = next((comment for comment in now.comments if comment.mark == mark), None)
    if found is None:
        return _give_up_in_time(link, intent, side, looked_at)
    row = journal.commented(intent.link_id, side, mark.twin_id, str(intent.payload["digest"]), found)
    _settle(link, intent, [row])
    return True


def _give_up_in_time(link: ProjectLink, intent: Intent, side: Side, looked_at: datetime) -> bool:
    """Nothing was found: give the wish up if it couldn't surface any more by the time of that look, else wait.

    The time is that before the look: what surfaced after it wasn't seen."""
    if looked_at - intent.intended_at < link.pace.settle_after[side]:
        return False
    link.store.abandon(intent.id)
    return True


def _give_up_missing(link: ProjectLink, intent: Intent, side: Side, cause: Cause) -> bool:
    """A record that is gone never tells what became of the wish: in doubt for good, its deletion would never be
    judged. One that can't be read now stays in doubt until it can."""
    return cause is Cause.MISSING and _give_up_in_time(link, intent, side, link.now())


def _look(link: ProjectLink, side: Side, record_id: str) -> Record | Cause:
    """The record, or why it can't be read."""
    for _, seen in link.ports[side].read([record_id]):
        if isinstance(seen, Present):
            return seen.record
        if isinstance(seen, Unknown):
            return seen.cause
    return Cause.UNREADABLE


def _settle(link: ProjectLink, intent: Intent, changes: list[effects.Effect], **ids: Any) -> None:
    sentence = str(intent.payload.get("sentence", intent.kind))
    entry = HistoryEntry(
        at=link.now(),
        project_link=link.name,
        cycle=CYCLE,
        kind=intent.kind,
        side=intent.payload.get("side"),
        incident_id=ids.get("incident_id", intent.incident_id),
        issue_id=ids.get("issue_id", intent.issue_id),
        sentence=sentence,
        outcome="settled",
        detail="its outcome was in doubt; it had been carried out",
    )
    link.store.settle(intent.id, changes, [entry])
    log.info("found done: " + sentence, **_place(link, intent, **ids))
    link.meter.acted(link.name, intent.kind, str(intent.payload.get("side", "none")), "settled")


def _place(
    link: ProjectLink, intent: Intent, incident_id: str | None = None, issue_id: str | None = None
) -> dict[str, str | None]:
    """What every line of the log says; the ids where they were found out only now."""
    ids = {"incident": incident_id or intent.incident_id, "issue": issue_id or intent.issue_id}
    return {"cycle": CYCLE, "link": link.name, **ids}
