"""The port of a daemon or a worker: open from the start of the process to its end, whatever it is doing meanwhile.

process starts ──► port answers: alive, not ready ("it waits for its turn")
                       │ its turn has come
                       ▼
                   Running: probes, metrics and pages see the daemon, its state DB, its project links

A worker's port has no pages: see `syncer.workers.port`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.types import ASGIApp

from config.model import Settings
from state import Store
from syncer.activity import Activity
from syncer.daemon import MOST_AT_ONCE, Daemon
from syncer.errors import ConfigurationError
from syncer.health import Pulse
from syncer.metrics import Metrics
from syncer.serving import Serving, bind
from syncer.vitals import Runs, Vitals
from syncer.wiring import Linker


@dataclass(frozen=True, slots=True)
class Running:
    """The daemon at work, with its state DB, of which this process is the single writer."""

    daemon: Daemon
    store: Store
    linker: Linker

    def intervals(self) -> dict[str, float]:
        return self.daemon.intervals()

    def pulse(self, activity: Activity, request: float) -> Pulse:
        now, loop_age = activity.clock(), activity.loop_age()
        return Pulse(now, loop_age, activity.doing(), self.daemon.intervals(), request, MOST_AT_ONCE)

    def trouble(self) -> str:
        return ""


@dataclass(slots=True)
class Probed:
    """What probes and metrics are made of, in every kind of process. `waits_for` says for whom it waits while nothing
    runs."""

    settings: Settings
    activity: Activity
    waits_for: str = "it has just been started"
    metrics: Metrics = field(default_factory=Metrics)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    vitals: Vitals = field(init=False)

    def __post_init__(self) -> None:
        self.vitals = Vitals(self)

    @property
    def runs(self) -> Runs | None:
        """What runs cycles here, None as long as nothing does."""
        raise NotImplementedError


@dataclass(slots=True)
class Front(Probed):
    """What every page of a daemon is made of. `running` is None while another instance writes."""

    running: Running | None = None

    @property
    def runs(self) -> Runs | None:
        return self.running


@contextmanager
def opened(front: Front) -> Iterator[str | None]:
    """Answer on the port of the settings until the end of the block; gives its address, None where there is none.

    Raises `ConfigurationError` for a port that can't be had."""
    from syncer.web.application import application

    with answering(front.settings.http.listen, "The console", lambda: application(front)) as address:
        yield address


@contextmanager
def answering(listen: str, name: str, make: Callable[[], ASGIApp]) -> Iterator[str | None]:
    """The same with the application that `make` gives, on `listen`; a refusal calls it by its `name`."""
    if not listen:
        yield None
        return
    host, _, port = listen.rpartition(":")
    try:
        listener = bind(host.strip("[]"), int(port), name)
    except OSError as problem:
        said = (problem.strerror or str(problem)).rstrip(".")
        raise ConfigurationError(f"{said} (SYNCER_HTTP__LISTEN is {listen}; off switches it off)") from None
    serving = Serving([(make(), listener)])
    serving.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        serving.stop()
