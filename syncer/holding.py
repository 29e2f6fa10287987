"""The guard at work: screen a plan by the mapping's limits and the approvals, and remember what is held.

Held are removals over the cap, removals that a server could be feigning, and, after the mapping was edited, changes
to records that are linked already: a changed mapping is not ten thousand edits (see `core.guard`).
"""

from datetime import timedelta

from state.rows import Held
from syncer.context import ProjectLink
from syncer.core.guard import Limits, Removal, Verdict, guard, remapped, removals_of
from syncer.core.plan import Plan

DAY = timedelta(hours=24)
REMOVALS = ("bury", "delete comment", "hide result")
"""Kinds of actions that count as removals in the history."""


def screen(link: ProjectLink, plan: Plan, *, whole: bool) -> Verdict:
    """What of `plan` may be executed now. Reads the state DB, writes nothing. `whole`: the plan is from a census."""
    deletions = link.mapping.deletions
    limits = Limits(deletions.at_most, deletions.at_most_percent, deletions.exempt)
    approved = {row.digest for row in link.store.approvals(link.name)}
    lately = link.store.count_history(link.name, REMOVALS, link.now() - DAY)
    verdict = guard(plan, limits, links=link.store.count_links(link.name), removed_lately=lately, approved=approved)
    known = link.store.fingerprint(link.name)
    if whole and known is not None and known != link.mapping.fingerprint:
        return remapped(verdict, link.mapping.fingerprint, limits, approved)
    return verdict


def hold(link: ProjectLink, plan: Plan, *, whole: bool) -> Plan:
    """Screen a plan, remember what is held and what was approved, and give what may be executed."""
    verdict = screen(link, plan, whole=whole)
    if whole:
        _forget_idle_approvals(link, plan)
    lines = tuple(removal.line for removal in verdict.held)
    if verdict.held:
        held = Held(link.name, verdict.digest, "removals", verdict.reason, lines, link.now())
        link.store.set_held(link.name, "removals", held)
    elif whole:
        link.store.set_held(link.name, "removals", None)
    if verdict.remapping:
        lines = tuple(verdict.remapping)
        held = Held(link.name, link.mapping.fingerprint[:12], "mapping", verdict.remapping_reason, lines, link.now())
        link.store.set_held(link.name, "mapping", held)
    elif whole:
        link.store.set_held(link.name, "mapping", None)
        link.store.set_fingerprint(link.name, link.mapping.fingerprint)
    return verdict.plan


def _forget_idle_approvals(link: ProjectLink, plan: Plan) -> None:
    """An approval is for what was held when it was given: what isn't planned any more needs a new one next time."""
    wanted = {removal.digest for record in plan.records for removal in removals_of(record)}
    for row in link.store.approvals(link.name):
        if row.digest not in wanted and row.digest != link.mapping.fingerprint[:12]:
            link.store.use_approval(link.name, row.digest)


def approvals_of(held: Held) -> list[str]:
    """The digests that approving a held set comes down to: one for each removal, or the changed mapping's own."""
    return [held.digest] if held.kind == "mapping" else [Removal(line, True).digest for line in held.lines]
