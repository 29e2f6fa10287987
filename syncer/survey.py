"""Look at records and plan for them, part by part: of those that are in step nothing is kept, so that memory grows with
what there is to do and not with the project.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from state import effects
from state.reviewing import Review
from state.rows import Parked
from syncer.candidates import NONE, Candidates, Ids, candidates
from syncer.context import Progress, ProjectLink
from syncer.core.bind import Bound
from syncer.core.plan import Plan, RecordPlan
from syncer.core.planner import plan, plan_catalogue
from syncer.core.records import Side
from syncer.core.situation import Situation
from syncer.observe import Listings, Swept, looked_at, sweep
from syncer.reviewing import share, suspects, too_much_missing
from syncer.roll import call_the_roll
from syncer.vanishing import Earlier, judge


@dataclass(slots=True)
class Survey:
    """What one cycle looks at. `parked` are the parked items of all records, by side and id; `earlier` is what was
    missing before the cycle. `missed` is how much was missed for the first time."""

    link: ProjectLink
    bound: Bound
    parked: Mapping[tuple[str, str], Sequence[Parked]]
    earlier: Earlier
    progress: Progress
    missed: int = 0
    _plans: list[RecordPlan] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """The plan for all that was looked at, less what leaves nothing to do."""
        return Plan(self.bound.mapping.name, tuple(plan_catalogue(self.bound)), tuple(self._plans))

    def poll(self, listings: Listings, resolved: Ids) -> None:
        """Look at what has changed."""
        self._look_at(candidates(self.link, listings.records, resolved, census=False), None)

    def census(self, listings: Listings, resolved: Ids, review: Review | None) -> Review:
        """Look at everything; where a `review` is under way, at what gives reason to, and at the links whose turn it
        is. Gives how far the rereading has come by that."""
        link = self.link
        if review is None:
            # Should the cycle end early, the next census makes up for it.
            link.store.set_review(link.name, None)
            self._look_at(candidates(link, listings.records, resolved, census=True), sweep(link))
            return Review(0, link.now())
        roll, swept, turn = call_the_roll(link, self.progress), sweep(link), share(link, review)
        among = turn.links | suspects(link, roll, swept)
        chosen = candidates(link, roll.beside(listings.records), resolved, census=True, among=among)
        self._look_at(chosen, swept)
        if too_much_missing(link, self.missed, len(chosen.links)):
            rest = sorted({*link.store.link_ids(link.name)}.difference(chosen.links))
            self._look_at(replace(chosen, links=rest, fresh=NONE, claiming=NONE), swept)
        return turn.then

    def _look_at(self, chosen: Candidates, swept: Swept | None) -> None:
        for some in looked_at(self.link, chosen, self.progress, swept):
            judged = judge(self.link, some, self.earlier)
            self.missed += judged.missed_anew
            notes = [*judged.notes]
            for record in plan(judged.situations, self.bound, self.link.installation).records:
                if self._leaves_something(record):
                    self._plans.append(record)
                elif record.decided:
                    notes += _revisions(record.situation)
            if notes:
                self.link.store.settle(None, notes)

    def _leaves_something(self, record: RecordPlan) -> bool:
        """Whether there is anything to do, to park or to release."""
        seen = [each for side in Side if (each := record.situation.record(side)) is not None]
        waits = any((each.side.word, each.id) in self.parked for each in seen)
        return bool(record.actions or record.waiting) or (record.decided and waits)


def _revisions(situation: Situation) -> Iterator[effects.Effect]:
    """What spares the records of a link that is in step a second look."""
    records = [record for side in Side if (record := situation.record(side)) is not None]
    if situation.link is None or len(records) < len(Side):
        return
    for record in records:
        if situation.baseline(record.side).stamp != record.stamp:
            yield effects.SetStamp(situation.link.id, record.side.word, record.stamp)
