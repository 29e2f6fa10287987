"""What the planner is given: for each record, both observations and what both sides last agreed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from state.rows import Baseline, CommentLink, Decision, Link, ResultLink, Tombstone
from syncer.core.records import Observation, Present, Record, Side, StepResult


@dataclass(frozen=True, slots=True)
class Situation:
    """One link, or one record without a link, as it was seen this cycle.

    An observation is `None` where there is no record to look for. `waiting` says why nothing may be done yet: an
    intent of this record is in doubt. `results` are the incident's step-result links, `None` when they were not looked
    up this cycle. `lost` are marks, comments and step-result links that are gone for certain, by side; `questioned`
    those that a later look must confirm. `decisions` are a person's words in conflicts of this link.
    """

    link: Link | None
    incident: Observation | None
    issue: Observation | None
    baselines: Mapping[Side, Baseline] = field(default_factory=dict)
    comment_links: tuple[CommentLink, ...] = ()
    tombstone: Tombstone | None = None
    waiting: str | None = None
    result_links: tuple[ResultLink, ...] = ()
    results: tuple[StepResult, ...] | None = None
    lost: frozenset[tuple[Side, str]] = frozenset()
    questioned: frozenset[tuple[Side, str]] = frozenset()
    decisions: tuple[Decision, ...] = ()

    def observation(self, side: Side) -> Observation | None:
        return self.incident if side is Side.INCIDENT else self.issue

    def record(self, side: Side) -> Record | None:
        """The record of `side` if it was read."""
        seen = self.observation(side)
        return seen.record if isinstance(seen, Present) else None

    def baseline(self, side: Side) -> Baseline:
        return self.baselines.get(side, Baseline())

    @property
    def key(self) -> str:
        """What people call it: the keys of both records, as far as they are known."""
        known = [self.record(side) for side in Side]
        keys = [record.key for record in known if record is not None]
        if self.link is not None:
            keys = [self.link.incident_key, self.link.issue_key]
        return " = ".join(keys) or "?"
