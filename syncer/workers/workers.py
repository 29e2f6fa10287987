"""One worker process: mapping files, the queue, the desks, from its start to a request to stop."""

import threading
from collections.abc import Callable

import structlog

from mappings import Mapping, load_mappings
from state import StateError, Store
from syncer.daemon import STOP_SECONDS
from syncer.reload import RELOAD, Watcher
from syncer.runner import Rhythm
from syncer.stopping import StopRequests, request_within
from syncer.wiring import Linker
from syncer.workers.at_work import AtWork
from syncer.workers.desk import Desks, Office
from syncer.workers.due import due
from syncer.workers.handed import Handed
from syncer.workers.jobs_schema import prepare
from syncer.workers.port import WorkerFront
from syncer.workers.queue import JobQueue

log = structlog.get_logger("syncer")


class Worker:
    """Takes turns at project links until it is asked to stop, amid the joint lease of `store`."""

    def __init__(self, front: WorkerFront, store: Store, rhythm: Rhythm, at_once: int) -> None:
        self._front = front
        self._settings = front.settings
        self._store = store
        self._rhythm = rhythm
        self._at_once = at_once
        self._handed = Handed(front.activity)
        # Replaced as a whole by the main thread, read by the others.
        self._mappings: dict[str, Mapping] = {each.name: each for each in load_mappings(front.settings.mappings)}

    def run(self, requests: StopRequests, beat: Callable[[], None], lost: Callable[[str], None]) -> bool:
        """Run until `requests` has an entry. True when all that was under way has settled.

        Raises StateError where the queue can't be prepared.
        """
        front, stopping = self._front, threading.Event()
        office = Office(self._settings, self._store, self._rhythm, front.activity, front.metrics, stopping, lost)
        parameters = prepare(self._settings.state.url)
        desks = Desks(office)

        queue = JobQueue(parameters, self._due, lambda name: self._work(desks, name), self._at_once)
        queue.start()
        front.at_work = AtWork(self._store, self._rhythm, lambda: self._mappings, self._handed, queue, self._at_once)
        log.info("started", links=", ".join(self._mappings), at_once=self._at_once)
        log.info(f"stopping on {self._until_stop(requests, beat)}")
        stopping.set()
        front.at_work, front.waits_for = None, "it is stopping"
        if not queue.stop(STOP_SECONDS):
            log.warning("stopped; what is still under way is left in doubt")
            return False
        desks.close()
        log.info("stopped")
        return True

    def _work(self, desks: Desks, name: str) -> None:
        mapping = self._mappings.get(name)
        if mapping is None:
            # The worker that dispatched it has seen newer mapping files, or older ones.
            log.info("this worker has no mapping for a project link that is due", link=name)
            return
        try:
            with self._handed.turn(name):
                desks.work(mapping)
        except Exception as error:  # whatever it is, the link is due again, and the others go on
            _unexpected(error, name)

    def _due(self) -> list[str]:
        try:
            return due(list(self._mappings.values()), self._store.turns(), self._rhythm)
        except StateError as error:
            log.warning(f"nobody knows now what is due: {error}")
        except Exception as error:  # the next look may go better
            _unexpected(error, "")
        return []

    def _until_stop(self, requests: StopRequests, beat: Callable[[], None]) -> str:
        linker = Linker(self._settings, self._store)
        watcher = Watcher(self._settings.mappings, None, linker.link)
        while True:
            beat()
            request = request_within(requests, self._rhythm.look_every.total_seconds())
            if request is not None and request != RELOAD:
                linker.close()
                return request
            running = list(self._mappings.values())
            found = watcher.reload(running) if request == RELOAD else watcher.look(running)
            changed = {each.name: each for each in (*found.added, *found.changed)}
            for name in (*changed, *found.removed):
                log.info("the mapping files were changed", link=name)
            kept = {name: each for name, each in self._mappings.items() if name not in found.removed}
            self._mappings = kept | changed


def _unexpected(error: Exception, name: str) -> None:
    log.error(f"unexpected {type(error).__name__}; syncer --debug worker shows where", link=name or None)
    log.debug("traceback", exc_info=error)
