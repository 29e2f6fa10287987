"""Recording: both adapters ask the servers of the settings, what is said is overheard and redacted."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace

from config.model import Settings
from mappings.model import Mapping as LinkMapping
from syncer.core.records import Listed, Side
from syncer.errors import ConfigurationError, SideError
from syncer.exchange import Exchange
from syncer.incidents import IncidentClient
from syncer.incidents.custom import PREFIX
from syncer.issues import JiraClient
from syncer.needs import needs_of
from syncer.ports import Port
from syncer.recording.calls import Ports, bound, saw
from syncer.recording.file import Bindings, Json, Recording
from syncer.recording.redaction import Redactor
from syncer.wiring import CONNECT_SECONDS, credentials, incident_credentials

TURNED_AWAY = 429
"""Not kept: the same is asked again, and a replay need not wait."""


class Tape:
    """What was heard, in the order in which it was answered."""

    def __init__(self) -> None:
        self.heard: list[tuple[Side, Exchange]] = []
        self._lock = threading.Lock()

    def listen(self, side: Side, exchange: Exchange) -> None:
        with self._lock:
            if exchange.status != TURNED_AWAY:
                self.heard.append((side, exchange))


def record(settings: Settings, mapping: LinkMapping, keys: Sequence[str], newest: int) -> Recording:
    """The recording, with what was seen live. Of each side the records with these keys or ids are read or, where none
    is named, the `newest` of the first page.

    Raises `ConfigurationError` for a key that no listing has. A listing that can't be had is recorded like any answer,
    and then no records are."""
    bindings = _bindings(settings, mapping)
    with _ports(settings, bindings, None) as ports:
        records = {str(side.word): _chosen(port, keys, newest) for side, port in ports.items()}
    _insist(keys, records)
    bindings = replace(bindings, records={side: [line.id for line in found] for side, found in records.items()})
    tape = Tape()
    with _ports(settings, bindings, tape) as ports:
        live = saw(ports, bindings)
    redactor = Redactor({"incident": settings.incidents.url, "issue": settings.jira.url})
    kept = [redactor.exchange(side.word, exchange) for side, exchange in tape.heard]
    return Recording(_redacted(bindings, redactor), live, kept)


@contextmanager
def _ports(settings: Settings, bindings: Bindings, tape: Tape | None) -> Iterator[Ports]:
    incidents = IncidentClient(
        settings.incidents.url,
        incident_credentials(settings.incidents),
        timeouts=_timeouts(settings.incidents.timeout_seconds),
        before_write=_refuse,
    )
    issues = JiraClient(
        settings.jira.url,
        credentials(settings.jira),
        timeout=_timeouts(settings.jira.timeout_seconds),
        before_write=_refuse,
    )
    if tape is not None:
        incidents.overhear(lambda exchange: tape.listen(Side.INCIDENT, exchange))
        issues.overhear(lambda exchange: tape.listen(Side.ISSUE, exchange))
    try:
        yield bound(bindings, incidents, issues)
    finally:
        incidents.close()
        issues.close()


def _timeouts(seconds: float) -> tuple[float, float]:
    return (min(CONNECT_SECONDS, seconds), seconds)


def _refuse() -> None:
    raise RuntimeError("a recording must not write; this is a mistake in syncer, and nothing was sent")


def _bindings(settings: Settings, mapping: LinkMapping) -> Bindings:
    incidents, issues = mapping.incidents, mapping.issues
    needs: dict[str, Json] = {}
    for side in Side:
        needed = needs_of(mapping, side)
        needs[side.word] = {**asdict(needed), "filled": sorted(needed.filled)}
    return Bindings(
        installation=settings.installation,
        incidents={
            "project": incidents.project,
            "only": incidents.only,
            "mark_field": incidents.mark_field,
            "fields": sorted(mapping.read_fields("incident")),
        },
        issues={
            "project": issues.project,
            "only": issues.only,
            "issue_type": issues.type,
            "fields": sorted(mapping.read_fields("issue")),
            "transition_fields": {},
        },
        records={},
        needs=needs,
    )


def _redacted(bindings: Bindings, redactor: Redactor) -> Bindings:
    def field(name: str) -> str:
        return PREFIX + redactor.name(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else name

    def side(told: Mapping[str, Json]) -> dict[str, Json]:
        names = {name: redactor.name(told[name]) for name in ("project", "mark_field", "issue_type") if told.get(name)}
        only = None if told["only"] is None else redactor.spoken(told["only"])
        return {**told, **names, "only": only, "fields": sorted(map(field, told["fields"]))}

    needs = {side: {**told, "filled": sorted(map(field, told["filled"]))} for side, told in bindings.needs.items()}
    installation = redactor.name(bindings.installation)
    return Bindings(installation, side(bindings.incidents), side(bindings.issues), bindings.records, needs)


def _chosen(port: Port, keys: Sequence[str], newest: int) -> list[Listed]:
    """The records that are to be read."""
    try:
        pages = port.listed(None)
        if not keys:
            return sorted(next(pages, ()), key=lambda line: line.updated_at, reverse=True)[:newest]
        wanted = {_plain(key) for key in keys}
        return list({line.id: line for page in pages for line in page if wanted & _called(line)}.values())
    except SideError:
        if keys:
            raise
        return []


def _called(line: Listed) -> set[str]:
    return {_plain(line.id), _plain(line.key)}


def _plain(key: str) -> str:
    return key.casefold().removeprefix("#")


def _insist(keys: Sequence[str], records: Mapping[str, Sequence[Listed]]) -> None:
    known = {name for found in records.values() for line in found for name in _called(line)}
    missing = [key for key in keys if _plain(key) not in known]
    if missing:
        raise ConfigurationError(f"no record in scope is called {', '.join(missing)}; name records by key or id")
