"""No change is passed over by the polls, whatever the clocks say; and an idle poll is cheap.

    python -m tests.time.histories 5000 [first seed]

runs that many histories, and prints what they held and the seeds that break a promise. After each poll it must hold:

* each change that was made longer ago than the index lags, when the poll began, was listed by a poll since, unless its
  record was changed again and so went to another page while they were read: then the next poll has to list it;
* of what was last changed before the last poll, less two overlaps (and what minutes are rounded by), nothing is listed,
  or one page where a listing can't be asked for less;
* where nothing else is listed, the poll took two requests a side at most.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import TypeAlias

from state import Store
from syncer.context import NoProgress, Pace, ProjectLink
from syncer.core.records import Listed, Side
from syncer.errors import SideError
from syncer.incidents import IncidentClient
from syncer.observe import list_both
from tests.crash.figures import tell
from tests.simulation.clock import START, Clock
from tests.syncer.core.builders import mapping
from tests.time.drawn import History, drawn
from tests.time.in_process import ForHttpx
from tests.time.servers import INSTALLATION, Issues, Observed, Tester, tester_client

ROUNDED = timedelta(minutes=3)
"""By what a query and our knowledge of a server's clock may fall short."""
MOST_REQUESTS = 2
MOMENT = timedelta(seconds=1)


@dataclass(slots=True)
class Outcome:
    """`broken` has a sentence for each promise that was."""

    seed: int
    broken: list[str] = field(default_factory=list)
    size: Counter[str] = field(default_factory=Counter)


class World:
    """One history as it goes. `link` may be replaced before it is run: by one with a mistake in it."""

    def __init__(self, history: History, name: str, store: Store, client: IncidentClient, wire: ForHttpx) -> None:
        self.history = history
        self.clock = Clock()
        self.clock.tick((history.start - START).total_seconds())
        random = Random(f"under way {history.seed}")
        incidents = Tester(history, self.clock, random, client)
        wire.exchange = incidents.exchange
        issues = Issues(history, self.clock, random)
        self.issues = issues
        self.servers: dict[Side, Observed] = {Side.INCIDENT: incidents, Side.ISSUE: issues}
        none = dict.fromkeys(Side, timedelta())
        pace = Pace(none, {side: history.terms[side].overlap for side in Side}, MOMENT, MOMENT)
        ports = {side: server.port() for side, server in self.servers.items()}
        self.link = ProjectLink(mapping(name=name), INSTALLATION, ports, store, pace, self.clock.now)
        self.outcome = Outcome(history.seed)
        self._known: dict[Side, dict[str, int]] = {side: {} for side in Side}
        self._last: dict[Side, datetime] | None = None

    def run(self) -> Outcome:
        for edit in self.history.edits:
            self.clock.later(edit.at, lambda edit=edit: self.servers[edit.side].edit(edit.pick))  # type: ignore[misc]
        for wait in self.history.waits:
            self.clock.tick(wait)
            self._poll()
        rest = max(edit.at for edit in self.history.edits) - (self.clock.now() - self.history.start).total_seconds()
        self.clock.tick(max(rest, 0))
        longest = max(terms.overlap for terms in self.history.terms.values())
        # Once all has shown; again when that is out of the overlap; and then the project is idle.
        for passed in (longest, 2 * longest + ROUNDED, MOMENT):
            self.clock.tick((passed + MOMENT).total_seconds())
            self._poll()
        self.outcome.size.update(
            histories=1, changes=sum(len(w) for s in self.servers.values() for w in s.writes.values())
        )
        return self.outcome

    def _poll(self) -> None:
        began = {side: server.time() for side, server in self.servers.items()}
        due = {side: _due(server, began[side]) for side, server in self.servers.items()}
        for server in self.servers.values():
            server.begin()
        try:
            listings = list_both(self.link, False, NoProgress())
        except SideError:
            self.outcome.size["polls given up"] += 1
            return
        for side, mark in listings.watermarks.items():
            if mark is not None:
                self.link.store.set_watermark(self.link.name, side.word, mark)
        for side, server in self.servers.items():
            lines = list(listings.records[side].values())
            self._note(side, server, lines, due[side])
            self._count(side, server, lines)
        self._last = began
        self.outcome.size["polls"] += 1

    def _note(self, side: Side, server: Observed, lines: list[Listed], due: dict[str, int]) -> None:
        known = self._known[side]
        for line in lines:
            known[line.id] = max(known.get(line.id, 0), server.shown[line.id])
        late = [record_id for record_id, many in due.items() if known.get(record_id, 0) < many]
        missed = [record_id for record_id in late if due[record_id] == len(server.writes[record_id])]
        self.outcome.size["postponed"] += len(late) - len(missed)
        if missed:
            said = f"{side} {', '.join(missed)} changed and was not listed by {self.clock.now():%m-%d %H:%M:%S} UTC"
            self.outcome.broken.append(said)
            self.outcome.size["missed"] += len(missed)

    def _count(self, side: Side, server: Observed, lines: list[Listed]) -> None:
        self.outcome.size.update({"lines": len(lines), "requests": server.requests})
        if self._last is None:
            return
        horizon = self._last[side] - 2 * server.terms.overlap - ROUNDED
        old = sum(line.updated_at < horizon for line in lines)
        allowed = 0 if side is Side.ISSUE else server.terms.page
        if old > allowed:
            self.outcome.broken.append(f"{side}: a poll lists {old} records again that changed long ago")
        if old == len(lines):
            self.outcome.size["idle"] += 1
            if server.requests > MOST_REQUESTS:
                self.outcome.broken.append(f"{side}: an idle poll took {server.requests} requests")


def _due(server: Observed, now: datetime) -> dict[str, int]:
    """How many changes of each record the index shows by now, however late it is."""
    horizon = now - timedelta(seconds=server.terms.lag)
    return {record_id: sum(at <= horizon for at in times) for record_id, times in server.writes.items()}


Mistake: TypeAlias = Callable[[World], ProjectLink]
Run: TypeAlias = Callable[[int, Mistake | None], Outcome]


@contextmanager
def runner() -> Iterator[Run]:
    """Gives what runs the history of a seed, with a mistake in it or none; the state DB is one for all."""
    numbers = count()
    with tempfile.TemporaryDirectory() as folder, tester_client() as (client, wire):
        store = Store.open(f"sqlite:///{Path(folder) / 'state.db'}")

        def run(seed: int, mistake: Mistake | None = None) -> Outcome:
            world = World(drawn(seed), f"history-{next(numbers)}", store, client, wire)
            if mistake is not None:
                world.link = mistake(world)
            return world.run()

        try:
            yield run
        finally:
            store.close()


def main(many: int, first: int = 0) -> int:
    """How many of the histories break a promise."""
    size: Counter[str] = Counter()
    broken = 0
    began = time.process_time()
    with runner() as run:
        for seed in range(first, first + many):
            outcome = run(seed, None)
            size += outcome.size
            broken += bool(outcome.broken)
            for said in outcome.broken:
                print(f"seed {seed}: {said}")
    print(f"seeds {first} to {first + many - 1}: {', '.join(f'{n:,} {name}' for name, n in sorted(size.items()))}")
    print(f"{size['missed']} changes missed, {broken} histories broken, {time.process_time() - began:.0f} s of CPU")
    if not broken:
        tell("time", histories=size["histories"], changes=size["changes"], polls=size["polls"])
    return broken


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:])), 1))
