"""One running server a module, and a bench before it that is made anew for each test."""

from collections.abc import Iterator

import pytest

from tests.contract.incident_bench import IncidentBench, Profile, TesterServer, bench_before


@pytest.fixture(scope="module")
def server() -> Iterator[TesterServer]:
    running = TesterServer()
    yield running
    running.stop()


@pytest.fixture(params=["6.x"])
def bench(request: pytest.FixtureRequest, server: TesterServer) -> Iterator[IncidentBench]:
    """Version 6 of the server, or another where a test asks for it with `old_and_new`."""
    profile: Profile = request.param
    with bench_before(server, profile) as live:
        yield live
