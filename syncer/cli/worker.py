"""`syncer worker`: one of several that share the project links, from the command line's side. Ends as `syncer run`."""

import os
import sys

import structlog

from state import Store
from syncer.activity import Activity
from syncer.cli.run import InTurn, rhythm
from syncer.cli.session import Session, chosen
from syncer.context import Stopped
from syncer.errors import ConfigurationError
from syncer.heartbeat import Heartbeat
from syncer.reload import reload_requests
from syncer.stopping import stop_requests
from syncer.web.front import answering

log = structlog.get_logger("syncer")


def worker(session: Session, at_once: int) -> int:
    """Run until a signal; 75 where another process has taken over, a link or all of them.

    Raises StateError for a state DB that workers can't share, `ConfigurationError` where the engine isn't installed."""
    try:
        from syncer.workers.port import WorkerFront, application
        from syncer.workers.workers import Worker
    except ImportError as error:
        raise ConfigurationError(
            f"workers need {error.name}, which isn't installed; install the syncer with its extra 'scale'"
        ) from error

    settings = session.settings()
    chosen(settings, None)
    session.logging(settings, quiet=False)
    front = WorkerFront(settings, Activity())
    store = Store.open(settings.state.url)
    try:
        with (
            stop_requests() as requests,
            reload_requests(requests),
            answering(settings.http.listen, "The worker", lambda: application(front)) as address,
        ):
            if address is not None:
                log.info("probes and metrics are served", address=address)
            turn = InTurn(requests, front, Heartbeat(front.activity, settings.http.heartbeat, front.vitals.alive))
            try:
                with store.joint_writer(lease_seconds=settings.state.lease_seconds, wait=turn.wait, lost=turn.lost):
                    turn.come()
                    worked = Worker(front, store, rhythm(settings.schedule), at_once)
                    if not worked.run(requests, turn.beat, turn.lost):
                        _end_now(turn.exit_code)
            except Stopped as stopped:
                log.info(str(stopped))
            return turn.exit_code
    finally:
        store.close()


def _end_now(code: int) -> None:
    """Before the leases are let go of, so that they stay ours until the last thread is gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
