"""The guard: a plan that would take away more than a person should be surprised by is held, the rest of it flows.

| the removals of a plan | then |
|---|---|
| few: within the exemption | pass |
| with those of the last 24 hours at most the cap in number, and in share of the project link's links | pass |
| more | all of them are held, until a person approves exactly these |
| of a record that its server could merely be hiding | held, however few |
| any that a person discarded | not carried out; what is left stays |

A removal is whatever takes something from people: a record deleted or closed, a link dissolved, a mirrored comment or
step-result link removed. An approval or a discard names removals one by one: what joins them later needs a new one,
and what dropped out, because somebody edited its record, is simply not there any more.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from syncer.core.actions import Action, removes
from syncer.core.plan import Plan, RecordPlan, Waiting
from syncer.core.reasons import Reason
from syncer.core.records import Gone, Side
from syncer.core.removals import Bury, DeleteComment, DropComment, DropResult, HideResult
from syncer.core.vanished import spare


@dataclass(frozen=True, slots=True)
class Limits:
    """The caps of one project link: so many removals in 24 hours, so many percent of its links, and how few pass
    without being counted against the share."""

    at_most: int
    at_most_percent: float
    exempt: int


@dataclass(frozen=True, slots=True)
class Removal:
    """One removal of a plan, in words that stay the same from cycle to cycle."""

    line: str
    certain: bool

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.line.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be executed, and what is held: its digest is what a person approves; the reasons are empty when
    nothing is. `remapping` are the changes that a changed mapping asks for."""

    plan: Plan
    held: tuple[Removal, ...] = ()
    reason: str = ""
    remapping: tuple[str, ...] = ()
    remapping_reason: str = ""

    @property
    def digest(self) -> str:
        text = "\n".join(removal.line for removal in self.held)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def guard(plan: Plan, limits: Limits, *, links: int, removed_lately: int, approved: Collection[str]) -> Verdict:
    """Take the removals out of `plan` that may not pass. `approved` are the digests of single removals.

    `links` is how many links the project link has, `removed_lately` how many removals the last 24 hours saw."""
    removals = [removal for record in plan.records for removal in removals_of(record)]
    pending = [removal for removal in removals if removal.digest not in approved]
    reason = _too_many(len(pending), removed_lately, links, limits)
    held = [removal for removal in pending if reason or not removal.certain]
    if not held:
        return Verdict(plan)
    reason = reason or "it can't be told from a record that is only hidden from us; a person must look"
    lines = {removal.line for removal in held}
    records = tuple(_without(record, lines, reason) for record in plan.records)
    return Verdict(replace(plan, records=records), tuple(sorted(held, key=lambda removal: removal.line)), reason)


def without_discarded(plan: Plan, discarded: Collection[str], installation: str) -> Plan:
    """The plan with what keeps things as they are in the place of removals that a person discarded; `discarded` are the
    digests of single removals."""
    records = tuple(_spared(record, discarded, installation) for record in plan.records) if discarded else plan.records
    return replace(plan, records=records)


def _spared(record: RecordPlan, discarded: Collection[str], installation: str) -> RecordPlan:
    spared = {removal.line for removal in removals_of(record) if removal.digest in discarded}
    if not spared:
        return record
    hit = [action for action in record.actions if removes(action) and _line(record, action) in spared]
    if any(isinstance(action, Bury) for action in hit):
        return replace(record, actions=tuple(spare(record.situation, installation)))
    return replace(record, actions=tuple(_forget(action) if action in hit else action for action in record.actions))


def _forget(action: Action) -> Action:
    """No removal of the mirrored one, and no question about it any more: what tied it to the other is forgotten."""
    match action:
        case DeleteComment():
            return DropComment(action.comment_link_id, "its original was deleted; a person decided that this one stays")
        case HideResult():
            reason = f"it was removed from the {action.side.other}; a person decided that the {action.side}'s stays"
            return DropResult(action.result_link_id, action.step_result_id, reason)
        case _:
            return action


def removals_of(record: RecordPlan) -> list[Removal]:
    """The removals of one record's plan, in its order."""
    situation = record.situation
    certain = all(seen.certain for side in Side if isinstance(seen := situation.observation(side), Gone))
    return [Removal(_line(record, action), certain) for action in record.actions if removes(action)]


def _line(record: RecordPlan, action: Action) -> str:
    return f"{record.situation.key}: {action.sentence()}"


def _too_many(count: int, lately: int, links: int, limits: Limits) -> str:
    if count <= limits.exempt and count + lately <= limits.at_most:
        return ""
    if count + lately > limits.at_most:
        before = f" after {lately} in the last 24 hours" if lately else ""
        return f"{count} removals{before} are over the cap of {limits.at_most}"
    share = 100 * count / max(links, 1)
    if share > limits.at_most_percent:
        return f"{count} removals of {links} links, {share:.0f} %, are over the cap of {limits.at_most_percent:.0f} %"
    return ""


def _without(record: RecordPlan, lines: Collection[str], reason: str) -> RecordPlan:
    """The record's plan without the held removals; where its link itself would go, nothing else is done to it."""
    held = [removal for removal in removals_of(record) if removal.line in lines]
    if not held:
        return record
    waiting = (*record.waiting, Waiting("removal", f"held: {reason}; see 'syncer held'", Reason.HELD_REMOVAL))
    kept: Sequence[Action] = [action for action in record.actions if not removes(action)]
    dissolves = any(isinstance(action, Bury) for action in record.actions)
    return replace(record, actions=() if dissolves else tuple(kept), waiting=waiting)


def remapped(verdict: Verdict, fingerprint: str, limits: Limits, approved: Collection[str]) -> Verdict:
    """Hold all changes to linked records after the mapping was edited, unless they are few or were approved.

    Records without a link are no change of anything, and flow."""
    changed = [record for record in verdict.plan.records if record.situation.link is not None and record.writes]
    if len(changed) <= limits.exempt or fingerprint[:12] in approved:
        return verdict
    reason = f"the mapping was changed, and would change {len(changed)} linked records; see 'syncer plan'"
    waiting = Waiting("mapping", "held: the mapping was changed; see 'syncer held'", Reason.HELD_MAPPING)
    keep = {id(record) for record in changed}
    records = tuple(
        replace(record, actions=(), waiting=(*record.waiting, waiting)) if id(record) in keep else record
        for record in verdict.plan.records
    )
    lines = tuple(f"{record.situation.key}: {action.sentence()}" for record in changed for action in record.actions)
    return replace(verdict, plan=replace(verdict.plan, records=records), remapping=lines, remapping_reason=reason)
