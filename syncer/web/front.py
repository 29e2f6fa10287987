"""The daemon's port: open from the start of the process to its end, whatever the daemon is doing meanwhile.

process starts ──► port answers: alive, not ready ("it waits for its turn")
                       │ its turn has come
                       ▼
                   Running: probes, metrics and pages see the daemon, its state DB, its project links
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from config.model import Settings
from state import Store
from syncer.activity import Activity
from syncer.daemon import Daemon
from syncer.errors import ConfigurationError
from syncer.metrics import Metrics
from syncer.serving import Serving, bind
from syncer.vitals import Vitals
from syncer.wiring import Linker


@dataclass(frozen=True, slots=True)
class Running:
    """The daemon at work, with its state DB, of which this process is the single writer."""

    daemon: Daemon
    store: Store
    linker: Linker


@dataclass(slots=True)
class Front:
    """What every page is made of. `running` is None while another instance writes; `waits_for` says for whom then."""

    settings: Settings
    activity: Activity
    running: Running | None = None
    waits_for: str = "it has just been started"
    metrics: Metrics = field(default_factory=Metrics)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    vitals: Vitals = field(init=False)

    def __post_init__(self) -> None:
        self.vitals = Vitals(self)


@contextmanager
def opened(front: Front) -> Iterator[str | None]:
    """Answer on the port of the settings until the end of the block; gives its address, None where there is none.

    Raises `ConfigurationError` for a port that can't be had."""
    from syncer.web.application import application

    listen = front.settings.http.listen
    if not listen:
        yield None
        return
    host, _, port = listen.rpartition(":")
    try:
        listener = bind(host.strip("[]"), int(port), "The console")
    except OSError as problem:
        said = (problem.strerror or str(problem)).rstrip(".")
        raise ConfigurationError(f"{said} (SYNCER_HTTP__LISTEN is {listen}; off switches it off)") from None
    serving = Serving([(application(front), listener)])
    serving.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        serving.stop()
