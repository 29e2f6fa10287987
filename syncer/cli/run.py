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
from datetime import timedelta

import structlog

from config.model import Schedule
from state import StateError
from state.lease import LOOK_SECONDS
from syncer.cli.session import Session
from syncer.context import Stopped
from syncer.daemon import Daemon, Rhythm, StopRequests, request_within, stop_requests
from syncer.reload import RELOAD, Watcher, reload_requests

TAKEN_OVER = 75
"""A supervisor starts the program again, and the new process waits for its turn: it knows nothing of what the old
one had under way, which is therefore safe to be looked after by the successor."""

SAY_AGAIN_SECONDS = 300.0

log = structlog.get_logger("syncer")


def run(session: Session, only: str | None) -> int:
    """Run until a signal; 0 however much was still under way then, as a stop that was asked for is no failure."""
    with stop_requests() as requests, reload_requests(requests):
        turn = InTurn(requests)
        try:
            with session.writing(only, quiet=False, turn=turn) as opened:
                turn.come()
                watcher = Watcher(opened.settings.mappings, only, opened.linker.link)
                daemon = Daemon(opened.links, rhythm(opened.settings.schedule), watcher)
                if not daemon.run(requests):
                    # Threads that wait for a server would hold the process back for as long as the server likes.
                    # Inside the block, so that the state DB stays ours until they are gone.
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(turn.exit_code)
        except Stopped as stopped:
            log.info(str(stopped))
    return turn.exit_code


class InTurn:
    """One instance among several: it waits for its turn and says so, now and then, and learns when it has lost it."""

    def __init__(self, requests: StopRequests) -> None:
        self.exit_code = 0
        self._requests = requests
        self._said: str | None = None
        self._say_again = 0.0

    def wait(self, refusal: StateError) -> None:
        """Raises `Stopped` once somebody asks the process to stop."""
        now = time.monotonic()
        if str(refusal) != self._said or now >= self._say_again:
            log.info(f"waiting for its turn: {refusal}")
            self._said, self._say_again = str(refusal), now + SAY_AGAIN_SECONDS
        # A request to load the mapping files needs no answer here: that is the first thing the daemon does.
        request = request_within(self._requests, LOOK_SECONDS)
        if request not in (None, RELOAD):
            raise Stopped(f"stopped on {request} while it was waiting for its turn")

    def come(self) -> None:
        if self._said is not None:
            log.info("its turn has come: this process writes now")

    def lost(self, by: str) -> None:
        log.error(f"another syncer process ({by}) has taken over: this one writes nothing more, and ends")
        self.exit_code = TAKEN_OVER
        self._requests.put("a take-over")


def rhythm(schedule: Schedule) -> Rhythm:
    return Rhythm(timedelta(seconds=schedule.every_seconds), timedelta(seconds=schedule.census_every_seconds))
