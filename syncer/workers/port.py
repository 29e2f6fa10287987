"""The port of a worker: the probes and metrics of `syncer run`, and one post by which others say that something is new.

| path | answers |
|---|---|
| /livez, /readyz, /metrics | as those of `syncer run`, of this worker |
| POST /links/NAME/due | 202: the next free worker takes a turn at that project link, whatever its interval |

The post needs the token, as acting in the console does. What it brings along isn't read: a turn looks for itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from state import StateError
from syncer.console.access import Access, Refusal
from syncer.vitals import Runs
from syncer.web.front import Probed
from syncer.web.guard import Guard
from syncer.web.probes import probes
from syncer.workers.at_work import AtWork

OF_WORKER = {
    "syncer_worker_places": "How many project links this worker works on at once, at most (--at-once).",
    "syncer_worker_turns": "How many it works on now.",
    "syncer_worker_loop_age_seconds": "Since when its job queue's loop has not come round, which it does each second.",
    "syncer_worker_queue_silent_seconds": "Since when the job queue has not answered, which it does every 2 seconds.",
}


@dataclass(slots=True)
class WorkerFront(Probed):
    """What a worker's probes and metrics are made of. `at_work` is None until it has joined the others."""

    at_work: AtWork | None = None

    @property
    def runs(self) -> Runs | None:
        return self.at_work


def application(front: WorkerFront) -> ASGIApp:
    """All of it behind the guard."""
    front.metrics.registry.register(_WorkerNow(front))
    return Guard(Starlette(routes=[*probes(front), _due(front)]), front.settings.http)


class _WorkerNow(Collector):
    def __init__(self, front: WorkerFront) -> None:
        self._front = front

    def describe(self) -> Iterable[Metric]:
        return [GaugeMetricFamily(name, words) for name, words in OF_WORKER.items()]

    def collect(self) -> Iterator[Metric]:
        at_work = self._front.at_work
        if at_work is None:
            return
        turns, queue = len(at_work.handed.doing()), at_work.queue
        values = (at_work.places, turns, queue.loop_age(), queue.silent_for())
        for (name, words), value in zip(OF_WORKER.items(), values, strict=True):
            yield GaugeMetricFamily(name, words, value=value)


def _due(front: WorkerFront) -> Route:
    access = Access(front.settings.http)

    def due(request: Request) -> Response:
        try:
            access.actor(request, {})
            return PlainTextResponse(_hurried(front, request.path_params["project_link"]), 202)
        except Refusal as refusal:
            headers = {} if refusal.again_in is None else {"Retry-After": str(refusal.again_in)}
            return PlainTextResponse(f"{refusal.sentence}\n", refusal.status, headers)

    return Route("/links/{project_link}/due", due, methods=["POST"])


def _hurried(front: WorkerFront, name: str) -> str:
    if front.at_work is None:
        raise Refusal(503, f"This worker stands by: {front.waits_for}.")
    try:
        known = front.at_work.hurry(name)
    except StateError as error:
        raise Refusal(503, f"{error}.") from error
    if not known:
        raise Refusal(404, "There is no project link of that name.")
    return f"{name} is due now.\n"
