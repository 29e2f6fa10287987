"""One process's worth of the synchronizer: its own store, ports and memory, over a world that outlasts it."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from config.settings import load_settings
from mappings.model import Mapping as LinkMapping
from syncer.context import NoProgress, ProjectLink
from syncer.cycle import run_cycle
from syncer.errors import SideError
from syncer.wiring import Servers, credentials, pace
from tests.crash.boundaries import Watch, WatchedIncidents, WatchedJira, WatchedStore, unwatched
from tests.crash.clock import Clock

MOST_LOOKS = 14
"""A world that still changes after so many cycles never comes to rest."""

STEP = 600.0
"""Seconds between two cycles: more than it takes to confirm that something is gone, or to try again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process finds everything: its settings, its mapping, its state DB, the time.

    `pauses` are the seconds before each cycle, over and over."""

    environment: Mapping[str, str]
    mapping: LinkMapping
    state: Path
    pauses: tuple[float, ...] = (STEP,)


class _Servers(Servers):
    """Both servers through clients that pass boundaries; the ports are those that the product makes."""

    def __init__(self, place: Place, incidents: WatchedIncidents, jira: WatchedJira) -> None:
        self._installation = place.environment["SYNCER_INSTALLATION"]
        self._incidents = incidents
        self._jira = jira


def keep_silent() -> None:
    """Thousands of cycles have too much to say."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def open_store(place: Place) -> WatchedStore:
    """The state DB there, made if it is missing."""
    store = WatchedStore.open(f"sqlite:///{place.state}")
    assert isinstance(store, WatchedStore)
    return store


class Instance:
    """The synchronizer, started. `store` and `incidents` may be those of an earlier one, as making them is slow: they
    remember nothing but their connections, and `close` closes those of the store."""

    def __init__(
        self,
        place: Place,
        store: WatchedStore,
        clock: Clock,
        incidents: WatchedIncidents,
        watch: Watch = unwatched,
    ) -> None:
        settings = load_settings(dict(place.environment), env_file=None)
        self.store = store
        self._clock = clock
        self._jira = WatchedJira(settings.jira.url, credentials(settings.jira))
        self._pauses = place.pauses
        self.failures: list[SideError] = []
        self.link = ProjectLink(
            mapping=place.mapping,
            installation=settings.installation,
            ports=_Servers(place, incidents, self._jira).ports(place.mapping),
            store=store,
            pace=pace(settings),
            now=clock,
            workers=1,
        )
        self.store.watch = self._jira.watch = incidents.watch = watch

    def live(self) -> Iterator[None]:
        """A poll, then census after census, for as long as somebody asks. A side that fails ends its cycle only."""
        for look in range(MOST_LOOKS):
            self._clock.go_on(seconds=self._pauses[look % len(self._pauses)])
            try:
                run_cycle(self.link, NoProgress(), census=look > 0)
            except SideError as failure:
                self.failures.append(failure)
            yield

    def close(self) -> None:
        self._jira.close()
        self.store.close()
