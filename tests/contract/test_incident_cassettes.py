"""The contract suite against recorded answers of the sandbox's Enterprise Tester, in both profiles: no server."""

from collections.abc import Iterator

import pytest

from tests.contract.cassettes import RECORDING, STAND_IN, cassette, cassette_name
from tests.contract.incident_bench import APPLICATION_PATH, IncidentBench, Profile, TesterServer, bench_before
from tests.contract.suite import Bench, PortContract


@pytest.fixture(params=["4.6", "6.x"])
def profile(request: pytest.FixtureRequest) -> Profile:
    chosen: Profile = request.param
    return chosen


@pytest.fixture(scope="module")
def server() -> Iterator[TesterServer | None]:
    """The server to record; none where a recording is replayed."""
    running = TesterServer() if RECORDING else None
    yield running
    if running is not None:
        running.stop()


@pytest.fixture
def bench(request: pytest.FixtureRequest, server: TesterServer | None, profile: Profile) -> Iterator[Bench]:
    with cassette(cassette_name(request)):
        if server is not None:
            with bench_before(server, profile) as live:
                yield live
        else:
            replayed = IncidentBench(f"{STAND_IN}{APPLICATION_PATH}", None)
            yield replayed
            replayed.close()


class TestIncidentRecordings(PortContract):
    """All promises that need nothing but answers."""
