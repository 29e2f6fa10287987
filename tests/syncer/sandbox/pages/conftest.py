"""Both servers with a few records, and a visitor in front of each. `kind` tells profile and deployment apart."""

from collections.abc import Iterator
from typing import Literal

import pytest

from syncer.sandbox.server import Sandbox
from tests.syncer.sandbox.pages.visitor import Visitor

KINDS: dict[str, tuple[Literal["4.6", "6.x"], Literal["cloud", "datacenter"]]] = {
    "new": ("6.x", "cloud"),
    "old": ("4.6", "datacenter"),
}


@pytest.fixture(params=list(KINDS))
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    profile, deployment = KINDS[request.param]
    with Sandbox(incidents=5, profile=profile, deployment=deployment) as sandbox:
        yield sandbox


@pytest.fixture
def tester(sandbox: Sandbox) -> Iterator[Visitor]:
    with Visitor(sandbox.tester_page) as visitor:
        yield visitor


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[Visitor]:
    with Visitor(sandbox.jira_page) as visitor:
        yield visitor
