"""A bench before a fresh Jira for each test, as Cloud and as Data Center."""

from collections.abc import Iterator

import pytest

from tests.contract.issue_bench import Deployment, IssueBench, JiraServer, bench_before
from tests.jira_spec import SpecChecker

SPEC = SpecChecker.load()


@pytest.fixture(scope="module")
def server() -> Iterator[JiraServer]:
    running = JiraServer("cloud")
    yield running
    running.stop()


@pytest.fixture(params=["cloud", "datacenter"])
def bench(request: pytest.FixtureRequest, server: JiraServer) -> Iterator[IssueBench]:
    deployment: Deployment = request.param
    with bench_before(server, deployment) as live:
        yield live
    if SPEC is not None and deployment == "cloud":
        server.hold_against(SPEC)
