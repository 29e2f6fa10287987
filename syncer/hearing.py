"""Asks both servers all that a mapping can be held against; nothing is written. What they said is judged in `linting`.

A server that fails is a finding, and the other one is asked all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from config.model import Settings
from mappings.model import Mapping as LinkMapping
from state import StateError, Store
from state.rows import VersionLink
from syncer.core.records import Catalogue, Side
from syncer.errors import Rejected, SideError
from syncer.incidents import IncidentClient
from syncer.issues import IssueProject, JiraClient
from syncer.linting import Heard, wished_statuses
from syncer.needs import needs_of
from syncer.ports import Finding, Port
from syncer.wiring import CONNECT_SECONDS, Servers, credentials, incident_credentials


def heard_of(mappings: Sequence[LinkMapping], settings: Settings) -> Iterator[tuple[LinkMapping, Heard]]:
    """Each mapping with what both servers said about it."""
    ahead = _clocks(settings)
    servers = Servers(settings)
    try:
        for mapping in mappings:
            yield mapping, _heard(mapping, servers.ports(mapping), ahead, _version_links(settings, mapping))
    finally:
        servers.close()


def _heard(
    mapping: LinkMapping,
    ports: Mapping[Side, Port],
    ahead: Mapping[Side, timedelta],
    version_links: Sequence[VersionLink],
) -> Heard:
    findings = {side: list(_checked(mapping, port)) for side, port in ports.items()}
    surveys: dict[Side, Catalogue] = {}
    refused: dict[Side, str] = {}
    unreachable: list[tuple[str, str, str]] = []
    demands: dict[str, Sequence[str]] = {}
    for side, port in ports.items():
        try:
            surveys[side] = port.survey()
            only = mapping.incidents.only if side is Side.INCIDENT else mapping.issues.only
            if only is not None and (words := _refusal(port)) is not None:
                refused[side] = words
            if isinstance(port, IssueProject):
                wished = wished_statuses(mapping, surveys[side])
                unreachable += port.unreachable(wished)
                demands = {status: list(port.demands(status)) for status in wished}
        except SideError as trouble:
            if all(finding.ok for finding in findings[side]):
                findings[side].append(Finding(False, str(trouble)))
    return Heard(surveys, findings, refused, ahead, unreachable, demands, version_links)


def _checked(mapping: LinkMapping, port: Port) -> Iterator[Finding]:
    return port.check(needs_of(mapping, port.side))


def _refusal(port: Port) -> str | None:
    """What the server says against the mapping's condition, `None` for one that it takes."""
    try:
        next(port.listed(None), None)
    except Rejected as refusal:
        return str(refusal)
    return None


def _clocks(settings: Settings) -> dict[Side, timedelta]:
    """How far the clocks of the servers are ahead of ours; a server that doesn't answer is told about elsewhere."""
    ahead = {}
    for side, ask in ((Side.INCIDENT, _incident_time), (Side.ISSUE, _issue_time)):
        try:
            told = ask(settings)
        except SideError:
            continue
        if told is not None:
            ahead[side] = told - datetime.now(UTC)
    return ahead


def _incident_time(settings: Settings) -> datetime | None:
    told = settings.incidents
    timeouts = (CONNECT_SECONDS, told.timeout_seconds)
    with IncidentClient(told.url, incident_credentials(told), timeouts=timeouts) as client:
        return client.get("systeminfo").at


def _issue_time(settings: Settings) -> datetime:
    told = settings.jira
    client = JiraClient(told.url, credentials(told), timeout=(CONNECT_SECONDS, told.timeout_seconds))
    try:
        return client.now()
    finally:
        client.close()


def _version_links(settings: Settings, mapping: LinkMapping) -> Sequence[VersionLink]:
    """Versions that are known to be the same; none from a state DB that can't be used, as before the first sync."""
    try:
        store = Store.open_readonly(settings.state.url)
    except StateError:
        return ()
    try:
        return store.version_links(mapping.name)
    finally:
        store.close()
