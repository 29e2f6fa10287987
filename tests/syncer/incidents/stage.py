"""Short words for what tests of the incident side ask of their server."""

import pytest

from syncer.core.records import Present, Record
from syncer.incidents import IncidentClient, IncidentProject
from syncer.ports import Needs
from syncer.sandbox import tester
from tests.contract.bench import read
from tests.contract.incident_bench import IncidentBench

old_and_new = pytest.mark.parametrize("bench", ["4.6", "6.x"], indirect=True)


def bare_project(url: str, mark_field: str | None = None) -> IncidentProject:
    """The adapter before a scripted server, bound to a project that needs no looking up."""
    return IncidentProject(
        IncidentClient(url, ("syncer", "word"), pauses=()),
        project="11111111-1111-4111-8111-111111111111",
        only=None,
        mark_field=mark_field,
        installation="demo",
        fields=(),
    )


def model(bench: IncidentBench) -> tester.TesterModel:
    """The server without HTTP; touch it only while nothing is being asked."""
    assert bench.server is not None
    return bench.server.model


def requests(bench: IncidentBench) -> list[tuple[str, str]]:
    """What the server was asked since `forget`, without the application path."""
    assert bench.server is not None
    return [(seen.method, seen.path.split("/api/")[1]) for seen in bench.server.switchboard.requests]


def forget(bench: IncidentBench) -> None:
    assert bench.server is not None
    bench.server.switchboard.reset_traffic()


def observe(port: IncidentProject, record_id: str) -> Record:
    """The incident as `port` reads it."""
    [(_, observation)] = port.read([record_id])
    assert isinstance(observation, Present), observation
    return observation.record


def sentences(port: IncidentProject, *, ok: bool = True) -> list[str]:
    """The findings of a check that means to write, the good or the bad ones."""
    needs = Needs(writes=True, filled=frozenset({"Summary", "FieldValues.Severity"}))
    return [finding.sentence for finding in port.check(needs) if finding.ok is ok]


def bodies(bench: IncidentBench, record_id: str) -> list[str]:
    """The bodies of all comments, without our headings."""
    record: Record = read(bench, record_id)
    assert record.comments is not None
    return [comment.body for comment in record.comments]
