"""What the daemon counts, in Prometheus' words: told by those who do it, kept for as long as the process lives.

`syncer.metrics_now` adds what is so at the moment, read when somebody asks. A label has few values, and none that a
record, a person or a server chose: project links have the names of their mapping files, routes no ids.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

# One more sample for each, of use to nobody here.
disable_created_metrics()  # type: ignore[no-untyped-call]

REQUEST_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
CYCLE_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)


class Metrics:
    """A `Meter` with a registry of its own. Safe to use from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._actions = Counter(
            "syncer_actions_total",
            "Actions of plans: settled, refused by a server, or in doubt without an answer; side is the written one.",
            ("project_link", "kind", "side", "outcome"),
            registry=self.registry,
        )
        self._cycles = Histogram(
            "syncer_cycle_seconds",
            "How long cycles took, by how they ended: done, failed, or stopped with the process.",
            ("project_link", "outcome"),
            buckets=CYCLE_SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "syncer_requests_total",
            "Requests to both servers, repetitions included, by HTTP status; none where no answer came.",
            ("side", "method", "route", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "syncer_request_seconds",
            "How long requests took, until the last byte of the answer came or there was no hope of one.",
            ("side", "method", "route"),
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self._waited = Counter(
            "syncer_waited_seconds_total",
            "How long requests were held back by a server's limits on them, or since it had asked for a pause.",
            ("side", "reason"),
            registry=self.registry,
        )

    def exchanged(self, side: str, method: str, route: str, status: str, seconds: float) -> None:
        self._requests.labels(side, method, route, status).inc()
        self._request_seconds.labels(side, method, route).observe(seconds)

    def waited(self, side: str, reason: str, seconds: float) -> None:
        self._waited.labels(side, reason).inc(seconds)

    def acted(self, project_link: str, kind: str, side: str, outcome: str) -> None:
        self._actions.labels(project_link, kind, side, outcome).inc()

    def cycled(self, project_link: str, outcome: str, seconds: float) -> None:
        self._cycles.labels(project_link, outcome).observe(seconds)
