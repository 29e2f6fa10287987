"""`syncer run`: the daemon, from the command line's side.

| what ends it | exit code |
|---|---|
| a signal, also while it waits for its turn | 0 |
| another instance took over, as this one had given no sign of life for its lease | 75: to be started again |
| settings, mapping files or state DB that can't be used | 1 |
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from config.model import Schedule
from state import StateError
from state.lease import LOOK_SECONDS
from state.writer_lock import holder
from syncer.activity import Activity
from syncer.cli.session import Opened, Session
from syncer.context import Stopped
from syncer.daemon import Daemon
from syncer.heartbeat import Heartbeat
from syncer.reload import RELOAD, Watcher, reload_requests
from syncer.runner import Rhythm
from syncer.stopping import StopRequests, request_within, stop_requests
from syncer.telling.teller import Watched, note_taken_over, telling
from syncer.web.front import Front, Probed, Running, opened

TAKEN_OVER = 75
"""A supervisor starts the program again, and the new process waits for its turn: it knows nothing of what the old
one had under way, which is therefore safe to be looked after by the successor."""

SAY_AGAIN_SECONDS = 300.0

log = structlog.get_logger("syncer")


def run(session: Session, only: str | None) -> int:
    """Run until a signal; 0 however much was still under way then, as a stop that was asked for is no failure."""
    settings = session.settings()
    session.logging(settings, quiet=False)
    front = Front(settings, Activity())
    with stop_requests() as requests, reload_requests(requests), opened(front) as address:
        if address is not None:
            log.info("console, probes and metrics are served", address=address)
        turn = InTurn(requests, front, Heartbeat(front.activity, settings.http.heartbeat, front.vitals.alive))
        try:
            with session.writing(only, quiet=False, turn=turn, meter=front.metrics) as found:
                turn.come()
                _run(found, front, turn, only, address)
        except Stopped as stopped:
            log.info(str(stopped))
    return turn.exit_code


def _run(found: Opened, front: Front, turn: "InTurn", only: str | None, address: str | None) -> None:
    settings = found.settings
    watcher = Watcher(settings.mappings, only, found.linker.link)
    pace = rhythm(settings.schedule)
    daemon = Daemon(found.links, pace, watcher, activity=front.activity, beat=turn.beat)
    front.running = Running(daemon, found.store, found.linker)
    console = settings.http.url or address
    try:
        with telling(Watched(settings, found.store, front.activity, daemon.links, pace, console)):
            settled = daemon.run(turn.requests)
    finally:
        front.running, front.waits_for = None, "it is stopping"
    if turn.replaced_by is not None:
        note_taken_over(settings, found.store, holder(), turn.replaced_by)
    if not settled:
        # Threads that wait for a server would hold the process back for as long as the server likes.
        # Before the state DB is let go of, so that it stays ours until they are gone.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(turn.exit_code)


class InTurn:
    """One instance among several: it waits for its turn and says so, now and then, and learns when it has lost it.

    `beat` is called whenever the main loop comes round."""

    def __init__(self, requests: StopRequests, probed: Probed, beat: Callable[[], None]) -> None:
        self.beat = beat
        self.exit_code = 0
        self.requests = requests
        self.replaced_by: str | None = None
        self._probed = probed
        self._said: str | None = None
        self._say_again = 0.0

    def wait(self, refusal: StateError) -> None:
        """Raises `Stopped` once somebody asks the process to stop."""
        now = time.monotonic()
        self.beat()
        self._probed.waits_for = str(refusal)
        if str(refusal) != self._said or now >= self._say_again:
            log.info(f"waiting for its turn: {refusal}")
            self._said, self._say_again = str(refusal), now + SAY_AGAIN_SECONDS
        # A request to load the mapping files needs no answer here: that is the first thing the daemon does.
        request = request_within(self.requests, LOOK_SECONDS)
        if request not in (None, RELOAD):
            raise Stopped(f"stopped on {request} while it was waiting for its turn")

    def come(self) -> None:
        if self._said is not None:
            log.info("its turn has come: this process writes now")

    def lost(self, by: str) -> None:
        log.error(f"another syncer process ({by}) has taken over: this one writes nothing more, and ends")
        self.exit_code = TAKEN_OVER
        self.replaced_by = by
        self.requests.put("a take-over")


def rhythm(schedule: Schedule) -> Rhythm:
    return Rhythm(timedelta(seconds=schedule.every_seconds), timedelta(seconds=schedule.census_every_seconds))
