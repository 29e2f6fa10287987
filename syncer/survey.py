"""Look at records and plan for them, part by part: each plan is handed on as soon as it is made, and of what is in step
nothing is kept, so that memory grows with what is under way and not with the project.
"""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from state import effects
from state.reviewing import Review
from state.rows import Parked
from syncer.candidates import NONE, Candidates, Ids, candidates
from syncer.claims import named_by
from syncer.context import Progress, ProjectLink
from syncer.core.bind import Bound
from syncer.core.plan import RecordPlan
from syncer.core.planner import plan
from syncer.core.records import Side
from syncer.core.situation import Situation
from syncer.observe import Listings, looked_at, sweep
from syncer.reading import Swept
from syncer.reviewing import share, suspects, too_much_missing
from syncer.roll import NOTHING_LISTED, bare, call_the_roll
from syncer.vanishing import Earlier, judge


@dataclass(slots=True)
class Survey:
    """What one cycle looks at. `parked` are the parked items of all records, by side and id; `earlier` is what was
    missing before the cycle; `before` are the links that it began with, where it has made some by now, and `swept` is
    what it has swept. `missed` is how much was missed for the first time, `reviewed` how far a census has come with the
    rereading of all links, once its plans were taken."""

    link: ProjectLink
    bound: Bound
    parked: Mapping[tuple[str, str], Sequence[Parked]]
    earlier: Earlier
    progress: Progress
    before: Collection[int] | None = None
    swept: Swept | None = None
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
            chosen = candidates(link, listings.records, resolved, census=True, among=self.before)
            yield from self._look_at(chosen, self._sweep())
            self.reviewed = Review(0, link.now())
            return
        roll, swept, turn = call_the_roll(link, self.progress), self._sweep(), share(link, review)
        among = turn.links | suspects(link, roll, swept)
        chosen = candidates(link, roll.beside(listings.records), resolved, census=True, among=among)
        yield from self._look_at(chosen, swept)
        if too_much_missing(link, self.missed, len(chosen.links)):
            rest = sorted({*link.store.link_ids(link.name)}.difference(chosen.links))
            yield from self._look_at(replace(chosen, links=rest, fresh=NONE, claiming=NONE), swept)
        self.reviewed = turn.then

    def _sweep(self) -> Swept:
        return sweep(self.link) if self.swept is None else self.swept

    def portion(self, side: Side, ids: Sequence[str]) -> Generator[list[RecordPlan]]:
        """Look at some records of one side that had no link: the plans of those that still have none and are nobody's
        twins by their marks. Any other is judged together with all records, and not here. Gives what `poll` does."""
        chosen = candidates(self.link, {**NOTHING_LISTED, side: bare(ids)}, census=False)
        own = {*ids}
        fresh = {**NONE, side: [each for each in chosen.fresh[side] if each in own]}
        yield from self._look_at(replace(chosen, links=(), fresh=fresh, claiming=NONE), self.swept, marked=False)

    def _look_at(self, chosen: Candidates, swept: Swept | None, *, marked: bool = True) -> Generator[list[RecordPlan]]:
        mirrors = False
        for looked in looked_at(self.link, chosen, self.progress, swept):
            some = looked if marked else [each for each in looked if not self._is_marked(each)]
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

    def _is_marked(self, situation: Situation) -> bool:
        return any(named_by(situation.observation(side), self.link.installation) for side in Side)

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
