"""Approving what is held: a person's word that exactly this set may be carried out, in the history from then on."""

from datetime import datetime

from state import Store
from state.rows import Held, HistoryEntry
from syncer.core.reasons import Reason
from syncer.deciding import name_of
from syncer.handwork import BY_HAND
from syncer.holding import approvals_of

WAITS_AS = {"removals": Reason.HELD_REMOVAL, "mapping": Reason.HELD_MAPPING}
"""As what records wait for the word about a held set."""


def approve(store: Store, held: Held, by: str, at: datetime) -> str:
    """Record that exactly this set may be carried out; gives what will be done in one sentence."""
    for each in approvals_of(held):
        store.approve(held.project_link, each, by, at)
    waiting = [row for row in store.parked(held.project_link) if row.code == WAITS_AS[held.kind]]
    store.retry(waiting, at, _entries(store, held, by, at))
    noun = "removal" if held.kind == "removals" else "change"
    plural, them = ("", "it") if len(held.lines) == 1 else ("s", "them")
    of = "" if held.kind == "removals" else " of the new mapping"
    count = f"{len(held.lines)} {noun}{plural}{of} in {held.project_link}"
    return f"approved by {by}: {count}; the next cycle carries {them} out"


def _entries(store: Store, held: Held, by: str, at: datetime) -> list[HistoryEntry]:
    """One for each line, which begins with the keys of both records."""
    links = {name_of(link): link for link in store.links(held.project_link)}
    entries = []
    for line in held.lines:
        key, _, what = line.partition(": ")
        link = links.get(key)
        entries.append(
            HistoryEntry(
                at=at,
                project_link=held.project_link,
                cycle=BY_HAND,
                kind="approve",
                side=None,
                incident_id=link.incident_id if link is not None else None,
                issue_id=link.issue_id if link is not None else None,
                sentence=f"approve: {what}",
                outcome="settled",
                cause=f"decided by {by}",
            )
        )
    return entries
