"""Sites of both deployments behind one socket: what a foreign client can do on a real Jira it can do here.

On Cloud, all answers are held against Atlassian's own document, where that is present. What the clients ask isn't: some
of it is no longer documented, and real servers answer it all the same.
"""

from collections.abc import Iterator

import pytest

from syncer.sandbox.jira import jira_app
from syncer.sandbox.jira.behaviour import Deployment
from tests.jira_spec import SpecChecker
from tests.jira_traffic import Tap, hold
from tests.syncer.sandbox.jira.jira_server import Host, Site, new_site, running_host

SPEC = SpecChecker.load()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@pytest.fixture(params=["cloud", "datacenter"])
def site(host: Host, request: pytest.FixtureRequest) -> Iterator[Site]:
    deployment: Deployment = request.param
    made = new_site(host, deployment)
    host.app = tap = Tap(jira_app(made.model))
    yield made
    made.close()
    if SPEC is not None and made.model.cloud:
        hold(SPEC, tap.exchanges)
