"""Sites of both deployments: `site` runs a test on each of them, `cloud` and `datacenter` on one."""

from collections.abc import Iterator

import pytest

from syncer.sandbox.jira.behaviour import Deployment
from tests.syncer.sandbox.jira.jira_server import Host, Site, new_site, running_host


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


def _site(host: Host, deployment: Deployment) -> Iterator[Site]:
    made = new_site(host, deployment)
    yield made
    made.close()


@pytest.fixture
def cloud(host: Host) -> Iterator[Site]:
    yield from _site(host, "cloud")


@pytest.fixture
def datacenter(host: Host) -> Iterator[Site]:
    yield from _site(host, "datacenter")


@pytest.fixture(params=["cloud", "datacenter"])
def site(host: Host, request: pytest.FixtureRequest) -> Iterator[Site]:
    yield from _site(host, request.param)
