"""The contract suite against recorded answers of the sandbox's Jira, as Cloud and as Data Center: no server."""

from collections.abc import Iterator

import pytest

from tests.contract.cassettes import RECORDING, STAND_IN, cassette, cassette_name
from tests.contract.issue_bench import Deployment, IssueBench, JiraServer, bench_before
from tests.contract.suite import Bench, PortContract


@pytest.fixture(params=["cloud", "datacenter"])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    chosen: Deployment = request.param
    return chosen


@pytest.fixture(scope="module")
def server() -> Iterator[JiraServer | None]:
    """The server to record; none where a recording is replayed."""
    running = JiraServer("cloud") if RECORDING else None
    yield running
    if running is not None:
        running.stop()


@pytest.fixture
def bench(request: pytest.FixtureRequest, server: JiraServer | None, deployment: Deployment) -> Iterator[Bench]:
    with cassette(cassette_name(request)):
        if server is not None:
            with bench_before(server, deployment) as live:
                yield live
        else:
            replayed = IssueBench(STAND_IN, None, deployment)
            yield replayed
            replayed.close()


class TestIssueRecordings(PortContract):
    """All promises that need nothing but answers."""
