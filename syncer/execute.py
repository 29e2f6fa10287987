"""Carry out a plan: catalogue actions first, then the records, several at a time.

One failure parks one field, comment or record and the rest flows; only a side that fails record after record ends
the cycle, since then it is the side that is down.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from state import effects
from state.rows import Parked
from syncer.candidates import CATALOGUE
from syncer.context import Progress, ProjectLink
from syncer.core.actions import CreateOption, PairVersions
from syncer.core.bind import Bound
from syncer.core.plan import RecordPlan, Waiting
from syncer.core.records import Option, Side
from syncer.crew import Crew
from syncer.errors import Denied, HeldBack, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.journalled import Scribe
from syncer.record_run import RecordRun, code_of

PATIENCE = 5
"""So many records in a row that a side could not serve, and the cycle ends: the side is down, not the record."""

AHEAD = 8
"""So many records for each thread are begun before the first of them has ended."""


@dataclass(slots=True)
class Tally:
    """What a cycle has done so far: settled actions by kind, and writes; and records in a row that a side failed."""

    settled: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    failures_in_a_row: int = 0
    failure: SideError | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Executor:
    """Executes the plans of one cycle. `parked` are the parked items of all records, by side and id."""

    link: ProjectLink
    bound: Bound
    scribe: Scribe
    observed_at: datetime
    parked: Mapping[tuple[str, str], Sequence[Parked]]
    tally: Tally

    def create_options(self, actions: Iterable[CreateOption]) -> list[tuple[str, Option]]:
        """Gives what was created, by kind. A refused option is parked; records then go on without it."""
        created = ((action.kind_of_option, self._create_option(action)) for action in actions)
        return [(kind, option) for kind, option in created if option is not None]

    def pair_versions(self, actions: Iterable[PairVersions]) -> None:
        """Remember which versions are the same."""
        for action in actions:
            self.scribe.note(action, self._pairing(action))

    def _pairing(self, action: PairVersions) -> list[effects.Effect]:
        """The new pair, in the place of one that lost a version."""
        ids = {action.incident_version_id, action.issue_version_id}
        broken = [
            effects.DropVersionLink(row.project_link, row.incident_version_id, row.issue_version_id)
            for row in self.link.store.version_links(self.link.name)
            if ids & {row.incident_version_id, row.issue_version_id}
        ]
        return [
            *broken,
            effects.NewVersionLink(self.link.name, action.incident_version_id, action.issue_version_id),
        ]

    def _create_option(self, action: CreateOption) -> Option | None:
        port, item = self.link.ports[Side.ISSUE], f"{action.kind_of_option} {action.name}"
        rows = self.parked.get((Side.ISSUE.word, CATALOGUE), ())
        refused = next((row for row in rows if row.item == item), None)
        if refused is not None and refused.next_try_at > self.link.now():
            return None
        try:
            created, _ = self.scribe.write(
                action,
                None,
                {},
                lambda: port.create_option(action.kind_of_option, action.name),
                lambda _: [effects.Unpark(self.link.name, Side.ISSUE.word, CATALOGUE, item)],
            )
        except (Rejected, Missing, Denied) as refusal:
            tries = refused.tries if refused else 0
            waiting = Waiting(item, str(refusal), code_of(refusal))
            self.scribe.park(Side.ISSUE, CATALOGUE, "catalogue", waiting, tries)
            return None
        return created

    def run(self, plans: Iterable[RecordPlan], progress: Progress) -> None:
        """Execute record plans. Raises the side's error when a side has failed `PATIENCE` times in a row.

        Records that are to be created together are, and each then goes its own way. A plan is taken only once there is
        room for it: it may be made meanwhile, and memory must not grow with the project."""
        groups = self._groups(plans)
        with Crew(self.link.workers, AHEAD) as crew:
            while True:
                crew.wait_for_room()
                group = next(groups, None)
                if group is None:
                    return
                self._begin(crew, group, progress)

    def _begin(self, crew: Crew, group: Sequence[RecordRun], progress: Progress) -> None:
        if len(group) == 1:
            crew.begin(1, lambda: self._finish(group[0], progress))
            return

        def bear() -> None:
            self._bear(group)
            for run in group:
                self._begin(crew, [run], progress)

        crew.begin(len(group), bear)

    def _groups(self, plans: Iterable[RecordPlan]) -> Iterator[list[RecordRun]]:
        """The plans in their order, those that begin with a create gathered up to as many as go into one request."""
        together: dict[Side, list[RecordRun]] = {side: [] for side in Side}
        for plan in plans:
            run = RecordRun(self.link, self.bound, self.scribe, plan, self.observed_at)
            birth = run.birth()
            if birth is None:
                yield [run]
                continue
            side = birth.action.side
            together[side].append(run)
            if len(together[side]) >= self.link.ports[side].most_at_once:
                yield together[side]
                together[side] = []
        yield from filter(None, together.values())

    def _bear(self, runs: Sequence[RecordRun]) -> None:
        """Create the records of several plans together; each is then told what became of its own."""
        self.link.go_on()
        births = [birth for run in runs if (birth := run.birth()) is not None]
        port = self.link.ports[births[0].action.side]
        outcomes = self.scribe.write_all(births, lambda: port.create_all([birth.draft for birth in births]))
        for run, outcome in zip(runs, outcomes, strict=True):
            run.born = outcome

    def _finish(self, run: RecordRun, progress: Progress) -> None:
        self.link.go_on()
        failure = run.run(self.parked)
        progress.advance(run.step)
        if isinstance(failure, HeldBack):
            raise failure
        with self.tally.lock:
            denied = isinstance(failure, Denied) and failure.status == 401
            if not denied and not isinstance(failure, (Unavailable, InDoubt)):
                self.tally.failures_in_a_row = 0
            elif failure is not self.tally.failure:
                # Records that were to be created together fail by one error, which counts once.
                self.tally.failure = failure
                self.tally.failures_in_a_row += 1
            give_up = self.tally.failures_in_a_row >= PATIENCE
        if give_up and isinstance(failure, SideError):
            raise failure
