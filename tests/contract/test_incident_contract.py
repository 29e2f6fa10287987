"""The contract suite against the sandbox's Enterprise Tester, in both profiles."""

from collections.abc import Iterator

import pytest

from syncer.core.records import StepResult
from tests.contract.incident_bench import Profile, TesterServer, bench_before, logged_step
from tests.contract.suite import (
    BatchContract,
    Bench,
    FaultContract,
    PortContract,
    RemovingContract,
    ResultContract,
)


@pytest.fixture(params=["4.6", "6.x"])
def profile(request: pytest.FixtureRequest) -> Profile:
    chosen: Profile = request.param
    return chosen


@pytest.fixture(scope="module")
def server() -> Iterator[TesterServer]:
    running = TesterServer()
    yield running
    running.stop()


class TestIncidentPort(PortContract, BatchContract):
    """All promises, against a live server."""

    @pytest.fixture
    def bench(self, server: TesterServer, profile: Profile) -> Iterator[Bench]:
        with bench_before(server, profile) as live:
            yield live


class TestIncidentRemovals(RemovingContract, ResultContract):
    """What is taken off an incident again, against a live server."""

    @pytest.fixture
    def bench(self, server: TesterServer, profile: Profile) -> Iterator[Bench]:
        with bench_before(server, profile) as live:
            yield live

    @pytest.fixture
    def step_result(self, server: TesterServer, bench: Bench) -> StepResult:
        """One of the live server, which `bench` has made anew before."""
        return logged_step(server)


class TestIncidentFaults(FaultContract):
    """Lost answers and a stopped server: each test has one of its own to break."""

    @pytest.fixture
    def bench(self, profile: Profile) -> Iterator[Bench]:
        server = TesterServer()
        with bench_before(server, profile) as live:
            yield live
        server.stop()
