"""The guard at work: screen a plan by the mapping's limits and by what people approved and discarded, and remember what
is held.

Held are removals over the cap, removals that a server could be feigning, and, after the mapping was edited, changes
to records that are linked already: a changed mapping is not ten thousand edits (see `core.guard`).
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from state.rows import Held, HeldKind
from syncer.context import Progress, ProjectLink
from syncer.core.guard import Limits, Removal, Verdict, guard, remapped, removals_of, without_discarded
from syncer.core.plan import Plan, RecordPlan

DAY = timedelta(hours=24)
NOTHING = Limits(0, 0, 0)
REMOVALS = ("bury", "delete comment", "hide result")
"""Kinds of actions that count as removals in the history."""


def clear(
    link: ProjectLink, parts: Iterable[Iterable[RecordPlan]], progress: Progress, *, whole: bool
) -> Iterator[RecordPlan]:
    """The plans that may be executed: those that make links as soon as they are there, those of links once all of them
    were weighed together."""
    links = link.store.count_links(link.name)
    of_links: list[RecordPlan] = []
    for part in parts:
        of_links += (record for record in part if record.of_link)
        yield from (record for record in part if not record.of_link)
    passed = hold(link, Plan(link.name, (), tuple(of_links)), links, whole=whole)
    progress.begin("write", len(passed.records))
    yield from passed.records


def screen(link: ProjectLink, plan: Plan, links: int | None = None, *, whole: bool) -> Verdict:
    """What of `plan` may be executed now. Reads the state DB, writes nothing. `whole`: the plan is from a census;
    `links` is how many links there were before it, where some were made since.

    While removals are held, only a census weighs them anew: a poll that happens to see a few of them would find that
    few are harmless."""
    deletions = link.mapping.deletions
    limits = Limits(deletions.at_most, deletions.at_most_percent, deletions.exempt)
    if not whole and _held(link, "removals") is not None:
        limits = NOTHING
    approved = {row.digest for row in link.store.approvals(link.name)}
    discarded = {row.digest for row in link.store.discards(link.name)}
    plan = without_discarded(plan, discarded, link.installation)
    lately = link.store.count_history(link.name, REMOVALS, link.now() - DAY)
    links = link.store.count_links(link.name) if links is None else links
    verdict = guard(plan, limits, links=links, removed_lately=lately, approved=approved)
    known = link.store.fingerprint(link.name)
    if whole and known is not None and known != link.mapping.fingerprint:
        return remapped(verdict, link.mapping.fingerprint, limits, approved)
    return verdict


def hold(link: ProjectLink, plan: Plan, links: int, *, whole: bool) -> Plan:
    """Screen a plan, remember what is held and what was approved, and give what may be executed."""
    verdict = screen(link, plan, links, whole=whole)
    if whole:
        _forget_idle_words(link, plan)
        _remember_mapping(link, verdict)
    _remember_removals(link, verdict, whole)
    return verdict.plan


def _remember_removals(link: ProjectLink, verdict: Verdict, whole: bool) -> None:
    earlier = _held(link, "removals")
    if whole or earlier is None:
        lines = tuple(removal.line for removal in verdict.held)
        held = Held(link.name, verdict.digest, "removals", verdict.reason, lines, link.now()) if lines else None
        link.store.set_held(link.name, "removals", held)
    else:
        if _decided(link).issuperset(approvals_of(earlier)):
            link.store.set_held(link.name, "removals", None)


def _remember_mapping(link: ProjectLink, verdict: Verdict) -> None:
    """The mapping counts as known from the first census on that nothing of it was held in."""
    fingerprint = link.mapping.fingerprint
    if verdict.remapping:
        reason = verdict.remapping_reason
        held = Held(link.name, fingerprint[:12], "mapping", reason, verdict.remapping, link.now())
        link.store.set_held(link.name, "mapping", held)
    else:
        link.store.set_held(link.name, "mapping", None)
        link.store.set_fingerprint(link.name, fingerprint)


def _held(link: ProjectLink, kind: HeldKind) -> Held | None:
    return next((held for held in link.store.held(link.name) if held.kind == kind), None)


def _decided(link: ProjectLink) -> set[str]:
    """The digests of what a person approved or discarded."""
    approved = {row.digest for row in link.store.approvals(link.name)}
    return approved | {row.digest for row in link.store.discards(link.name)}


def _forget_idle_words(link: ProjectLink, plan: Plan) -> None:
    """An approval or a discard is for what was held when it was given: what isn't planned any more needs a new one next
    time."""
    wanted = {removal.digest for record in plan.records for removal in removals_of(record)}
    for row in link.store.approvals(link.name):
        if row.digest not in wanted and row.digest != link.mapping.fingerprint[:12]:
            link.store.use_approval(link.name, row.digest)
    for discard in link.store.discards(link.name):
        if discard.digest not in wanted:
            link.store.use_discard(link.name, discard.digest)


def approvals_of(held: Held) -> list[str]:
    """The digests that approving a held set comes down to: one for each removal, or the changed mapping's own."""
    return [held.digest] if held.kind == "mapping" else [Removal(line, True).digest for line in held.lines]
