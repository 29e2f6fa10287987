"""`syncer run`: the daemon, from the command line's side."""

import os
import sys
from datetime import timedelta

from config.model import Schedule
from syncer.cli.session import Session
from syncer.daemon import Daemon, Rhythm, stop_requests
from syncer.reload import Watcher, reload_requests


def run(session: Session, only: str | None) -> int:
    """Run until a signal; 0 however much was still under way then, as a stop that was asked for is no failure."""
    with stop_requests() as requests, reload_requests(requests), session.writing(only, quiet=False) as opened:
        watcher = Watcher(opened.settings.mappings, only, opened.linker.link)
        daemon = Daemon(opened.links, rhythm(opened.settings.schedule), watcher)
        if not daemon.run(requests):
            # Threads that wait for a server would hold the process back for as long as the server likes. Inside the
            # block, so that the state DB stays ours until they are gone.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    return 0


def rhythm(schedule: Schedule) -> Rhythm:
    return Rhythm(timedelta(seconds=schedule.every_seconds), timedelta(seconds=schedule.census_every_seconds))
