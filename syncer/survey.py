"""Look at records and plan for them, part by part: each plan is handed on as soon as it is made, and of what is in step
nothing is kept, so that memory grows with what is under way and not with the project.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from state import effects
from state.reviewing import Review
from state.rows import Parked
from syncer.candidates import NONE, Candidates, Ids, candidates
from syncer.context import Progress, ProjectLink
from syncer.core.bind import Bound
from syncer.core.plan import RecordPlan
from syncer.core.planner import plan
from syncer.core.records import Side
from syncer.core.situation import Situation
from syncer.observe import Listings, looked_at, sweep
from syncer.reading import Swept
from syncer.reviewing import share, suspects, too_much_missing
from syncer.roll import call_the_roll
from syncer.vanishing import Earlier, judge


@dataclass(slots=True)
class Survey:
    """What one cycle looks at. `parked` are the parked items of all records, by side and id; `earlier` is what was
    missing before the cycle. `missed` is how much was missed for the first time, `reviewed` how far a census has come
    with the rereading of all links, once its plans were taken."""

    link: ProjectLink
    bound: Bound
    parked: Mapping[tuple[str, str], Sequence[Parked]]
    earlier: Earlier
    progress: Progress
    missed: int = 0
    reviewed: Review | None = None

    def poll(self, listings: Listings, resolved: Ids) -> Generator[list[RecordPlan]]:
        """Look at what has changed: the plans of one part after the other, less those that leave nothing to do."""
        yield from self._look_at(candidates(self.link, listings.records, resolved, census=False), None)

    def census(self, listings: Listings, resolved: Ids, review: Review | None) -> Generator[list[RecordPlan]]:
        """Look at everything; where a `review` is under way, at what gives reason to, and at the links whose turn it
        is. Gives what `poll` does."""
        link = self.link
        if review is None:
            # Should the cycle end early, the next census makes up for it.
            link.store.set_review(link.name, None)
            yield from self._look_at(candidates(link, listings.records, resolved, census=True), sweep(link))
            self.reviewed = Review(0, link.now())
            return
        roll, swept, turn = call_the_roll(link, self.progress), sweep(link), share(link, review)
        among = turn.links | suspects(link, roll, swept)
        chosen = candidates(link, roll.beside(listings.records), resolved, census=True, among=among)
        yield from self._look_at(chosen, swept)
        if too_much_missing(link, self.missed, len(chosen.links)):
            rest = sorted({*link.store.link_ids(link.name)}.difference(chosen.links))
            yield from self._look_at(replace(chosen, links=rest, fresh=NONE, claiming=NONE), swept)
        self.reviewed = turn.then

    def _look_at(self, chosen: Candidates, swept: Swept | None) -> Generator[list[RecordPlan]]:
        mirrors = False
        for some in looked_at(self.link, chosen, self.progress, swept):
            if not mirrors and any(situation.link is None for situation in some):
                self.progress.begin("mirror", chosen.alone)
                mirrors = True
            judged = judge(self.link, some, self.earlier)
            self.missed += judged.missed_anew
            notes, plans = [*judged.notes], list[RecordPlan]()
            for record in plan(judged.situations, self.bound, self.link.installation).records:
                if self._leaves_something(record):
                    plans.append(record)
                elif record.decided:
                    notes += _revisions(record.situation)
            if notes:
                self.link.store.settle(None, notes)
            yield plans

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
