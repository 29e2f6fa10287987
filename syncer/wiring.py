"""Where things meet: settings, mapping files and the state DB become project links that can run cycles.

Settings ──► Servers ── one client a server, shared by all project links; nothing is sent yet
               │
Mapping  ──► Linker ──► ports of one mapping ──► ProjectLink ◄── Store
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from config.model import Settings
from config.servers import Incidents, Jira
from mappings.kinds import StatusField
from mappings.model import Mapping as LinkMapping
from state import Store
from syncer.context import Pace, ProjectLink
from syncer.core.records import Side
from syncer.incidents import Credentials, IncidentClient, IncidentProject, OAuthLogin, SharedSecrets
from syncer.issues import AccessToken, IssueProject, JiraClient, Login
from syncer.meter import Meter, NoMeter
from syncer.ports import Port
from syncer.private_key import PrivateKey

CONNECT_SECONDS = 5.0
"""How long a server may take to accept a connection, where a whole request may take longer."""


class Servers:
    """Both servers as the settings name them. Nothing is sent before the first call of a port.

    `before_write` is called before each request that writes, and may refuse it. `meter` is told of every request."""

    def __init__(
        self, settings: Settings, before_write: Callable[[], None] | None = None, meter: Meter | None = None
    ) -> None:
        self._installation = settings.installation
        incidents, jira = settings.incidents, settings.jira
        self._incidents = IncidentClient(
            incidents.url,
            incident_credentials(incidents),
            timeouts=_timeouts(incidents.timeout_seconds),
            connections=incidents.connections,
            before_write=before_write,
            meter=meter,
        )
        timeout = _timeouts(jira.timeout_seconds)
        self._jira = JiraClient(
            jira.url,
            credentials(jira),
            timeout=timeout,
            connections=jira.connections,
            before_write=before_write,
            meter=meter,
        )

    def ports(self, mapping: LinkMapping) -> Mapping[Side, Port]:
        """Both sides of one project link."""
        return {Side.INCIDENT: self._incident_project(mapping), Side.ISSUE: self._issue_project(mapping)}

    def heed(self, stopping: threading.Event) -> None:
        """Let no request wait any longer once this is set."""
        self._incidents.heed(stopping)
        self._jira.heed(stopping)

    def close(self) -> None:
        """Let go of all connections, those of the ports included."""
        self._incidents.close()
        self._jira.close()

    def _incident_project(self, mapping: LinkMapping) -> IncidentProject:
        return IncidentProject(
            self._incidents,
            project=mapping.incidents.project,
            only=mapping.incidents.only,
            mark_field=mapping.incidents.mark_field,
            installation=self._installation,
            fields=mapping.read_fields("incident"),
        )

    def _issue_project(self, mapping: LinkMapping) -> IssueProject:
        demanded = [field.transition_fields for field in mapping.fields if isinstance(field, StatusField)]
        return IssueProject(
            self._jira,
            project=mapping.issues.project,
            only=mapping.issues.only,
            issue_type=mapping.issues.type,
            installation=self._installation,
            fields=mapping.read_fields("issue"),
            transition_fields={name: value for names in demanded for name, value in names.items()},
        )


class Linker:
    """Makes a project link of a mapping at any time, over one client a server that all of them share.

    They share one `stopping` too: the process stops as a whole. A link that nobody needs any more is just let go of:
    closing it would close the clients of all.
    """

    def __init__(self, settings: Settings, store: Store, meter: Meter | None = None) -> None:
        self._servers = Servers(settings, store.require_turn, meter)
        self._meter = meter or NoMeter()
        self._settings = settings
        self._store = store
        self._stopping = threading.Event()
        self._servers.heed(self._stopping)

    def link(self, mapping: LinkMapping) -> ProjectLink:
        settings = self._settings
        return ProjectLink(
            mapping=mapping,
            installation=settings.installation,
            ports=self._servers.ports(mapping),
            store=self._store,
            pace=pace(settings),
            now=_now,
            # Each side's own limit is kept by its client: whoever waits for one side keeps nobody from the other.
            workers=settings.incidents.connections + settings.jira.connections,
            stopping=self._stopping,
            meter=self._meter,
        )

    def close(self) -> None:
        """Let go of all connections, those of the links included."""
        self._servers.close()


def open_links(settings: Settings, mappings: Iterable[LinkMapping], store: Store) -> list[ProjectLink]:
    """The project links of all mappings, in their order, where no others will follow.

    Closing any of them closes the clients of all."""
    linker = Linker(settings, store)
    return [linker.link(mapping) for mapping in mappings]


def credentials(jira: Jira) -> Login | AccessToken:
    """How the settings log in: a token beside a user is an API token, one without is a personal access token."""
    if jira.token is not None and jira.user is None:
        return AccessToken(jira.token.get_secret_value())
    secret = jira.token or jira.password
    if jira.user is None or secret is None:
        raise ValueError("settings that were loaded name a user wherever they don't name a token alone")
    return Login(jira.user, secret.get_secret_value())


def incident_credentials(incidents: Incidents) -> Credentials:
    """How the settings log in to Enterprise Tester: by password, or by OAuth 1.0a with a private key or secrets."""
    if incidents.password is not None:
        return (incidents.user, incidents.password.get_secret_value())
    key, token = incidents.consumer_key, incidents.access_token
    if key is None or token is None:
        raise ValueError("settings that were loaded name a password or all that OAuth 1.0a wants")
    return OAuthLogin(incidents.user, key, token.get_secret_value(), _signs_with(incidents))


def _signs_with(incidents: Incidents) -> SharedSecrets | PrivateKey:
    if incidents.private_key is not None:
        return PrivateKey(incidents.private_key.get_secret_value())
    if incidents.consumer_secret is None or incidents.token_secret is None:
        raise ValueError("settings that were loaded and name a consumer name what it signs with")
    return SharedSecrets(incidents.consumer_secret.get_secret_value(), incidents.token_secret.get_secret_value())


def pace(settings: Settings) -> Pace:
    incidents, jira, schedule = settings.incidents, settings.jira, settings.schedule
    return Pace(
        settle_after={
            Side.INCIDENT: timedelta(seconds=incidents.settle_after_seconds),
            Side.ISSUE: timedelta(seconds=jira.settle_after_seconds),
        },
        overlap={
            Side.INCIDENT: timedelta(seconds=incidents.overlap_seconds),
            Side.ISSUE: timedelta(seconds=jira.overlap_seconds),
        },
        retry_after=timedelta(seconds=schedule.retry_after_seconds),
        retry_at_most=timedelta(seconds=schedule.retry_at_most_seconds),
        confirm_after=timedelta(seconds=schedule.confirm_after_seconds),
    )


def _timeouts(seconds: float) -> tuple[float, float]:
    return (min(CONNECT_SECONDS, seconds), seconds)


def _now() -> datetime:
    return datetime.now(UTC)
