"""The contract suite against the sandbox's Jira, as Cloud and as Data Center.

On Cloud every request of the adapter is held against Atlassian's own OpenAPI document, where that is present.
"""

from collections.abc import Iterator

import pytest

from syncer.core.records import StepResult
from tests.contract.issue_bench import Deployment, JiraServer, bench_before
from tests.contract.suite import (
    BatchContract,
    Bench,
    FaultContract,
    PortContract,
    RemovingContract,
    ResultContract,
)
from tests.jira_spec import ABSENT, SpecChecker

SPEC = SpecChecker.load()


@pytest.fixture(params=["cloud", "datacenter"])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    chosen: Deployment = request.param
    return chosen


@pytest.fixture(scope="module")
def server() -> Iterator[JiraServer]:
    running = JiraServer("cloud")
    yield running
    running.stop()


class TestIssuePort(PortContract, BatchContract, RemovingContract, ResultContract):
    """All promises, against a live server."""

    @pytest.fixture
    def bench(self, server: JiraServer, deployment: Deployment) -> Iterator[Bench]:
        with bench_before(server, deployment) as live:
            yield live
        if SPEC is not None and deployment == "cloud":
            server.hold_against(SPEC)

    @pytest.fixture
    def step_result(self) -> StepResult:
        return StepResult("e7c1", "any", "Log in, step 3: failed", "https://tester.example/stepresult/e7c1")


class TestIssueFaults(FaultContract):
    """Lost answers and a stopped server: each test has one of its own to break."""

    @pytest.fixture
    def bench(self, deployment: Deployment) -> Iterator[Bench]:
        server = JiraServer(deployment)
        with bench_before(server, deployment) as live:
            yield live
        server.stop()


def test_requests_are_held_against_the_document_of_jira_cloud() -> None:
    if SPEC is None:
        pytest.skip(ABSENT)
    with pytest.raises(AssertionError):
        SPEC.check_request("POST", "/rest/api/2/search/jql", {}, {"jql": "", "startAt": 0})
