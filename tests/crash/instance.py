"""One process's worth of the synchronizer: its own store, ports and memory, over a world that outlasts it."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import structlog

from config.settings import load_settings
from mappings.model import Mapping as LinkMapping
from syncer.context import NoProgress, ProjectLink
from syncer.cycle import run_cycle
from syncer.errors import SideError
from syncer.wiring import Servers, credentials, incident_credentials, pace
from tests.crash.boundaries import Watch, WatchedIncidents, WatchedJira, WatchedStore, unwatched
from tests.crash.clock import Clock
from tests.crash.remembered import Remembered

MOST_LOOKS = 14
"""A world that still changes after so many cycles never comes to rest."""

STEP = 600.0
"""Seconds between two cycles: more than it takes to confirm that something is gone, or to try again."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a process goes by: its settings, its mapping, the time.

    `pauses` are the seconds before each cycle, over and over."""

    environment: Mapping[str, str]
    mapping: LinkMapping
    pauses: tuple[float, ...] = (STEP,)


class Means:
    """What is slow to make, so that one process after the other is given the same: they remember nothing but their
    connections, and what is `remembered`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.settings = load_settings(dict(environment), env_file=None)
        incidents, jira = self.settings.incidents, self.settings.jira
        self.incidents = WatchedIncidents(incidents.url, incident_credentials(incidents))
        self.jira = WatchedJira(jira.url, credentials(jira))

    @property
    def remembered(self) -> Remembered | None:
        """What the clients need not ask again; None where they ask for everything."""
        return self.jira.remembered

    @remembered.setter
    def remembered(self, remembered: Remembered | None) -> None:
        self.incidents.remembered = self.jira.remembered = remembered

    def close(self) -> None:
        self.incidents.close()
        self.jira.close()


class _Servers(Servers):
    """Both servers through clients that pass boundaries; the ports are those that the product makes."""

    def __init__(self, means: Means) -> None:
        self._installation = means.settings.installation
        self._incidents = means.incidents
        self._jira = means.jira


def keep_silent() -> None:
    """Thousands of cycles have too much to say."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def open_store(url: str) -> WatchedStore:
    """The state DB there, made if it is missing."""
    store = WatchedStore.open(url)
    assert isinstance(store, WatchedStore)
    return store


class Instance:
    """The synchronizer, started. `store` may be that of an earlier one, too: `close` closes its connections only."""

    def __init__(self, place: Place, store: WatchedStore, clock: Clock, means: Means, watch: Watch = unwatched) -> None:
        self.store = store
        self._clock = clock
        self._remembered = means.remembered
        self._pauses = place.pauses
        self.failures: list[SideError] = []
        means.jira.forget()
        self.link = ProjectLink(
            mapping=place.mapping,
            installation=means.settings.installation,
            ports=_Servers(means).ports(place.mapping),
            store=store,
            pace=pace(means.settings),
            now=clock,
            workers=1,
        )
        self.store.watch = means.jira.watch = means.incidents.watch = watch

    def live(self) -> Iterator[None]:
        """A poll, then census after census, for as long as somebody asks. A side that fails ends its cycle only."""
        for look in range(MOST_LOOKS):
            self._clock.go_on(seconds=self._pauses[look % len(self._pauses)])
            if self._remembered is not None:
                self._remembered.look()
            try:
                run_cycle(self.link, NoProgress(), census=look > 0)
            except SideError as failure:
                self.failures.append(failure)
            yield

    def close(self) -> None:
        self.store.close()
