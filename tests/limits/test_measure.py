"""Limits that are in force cost nothing but time: hardly any request is turned away, none fails, little is left unused.

`python -m tests.limits.measure` measures the same for longer.
"""

import pytest

from syncer.sandbox.jira.limit_values import Limits
from tests.contract.issue_bench import Deployment, JiraServer
from tests.limits.measure import Figures, Measurement, measured

CREATES = 500
SMALL = {
    "cloud": Limits(burst=40, burst_rate=80, quota=240, quota_seconds=4),
    "cloud, told by refusals alone": Limits(burst=40, burst_rate=80, told=False),
    "datacenter": Limits(burst=120, burst_rate=80, burst_interval=1),
}


@pytest.mark.parametrize("name", SMALL)
def test_many_creates_under_limits(name: str) -> None:
    """The first refusals, by which a limit is learnt, weigh more here than in 10,000 creates."""
    deployment: Deployment = "datacenter" if name == "datacenter" else "cloud"
    figures = under(Measurement(deployment, SMALL[name]))
    assert figures.failed == []
    assert figures.refused <= 0.03
    assert figures.used >= 0.5, str(figures)


def under(limits: Measurement) -> Figures:
    server = JiraServer(limits.deployment)
    try:
        server.change(lambda: setattr(server.model.behaviour, "limits", limits.limits))
        before = len(server.model.issues)
        figures = measured(server.url, limits, CREATES)
        assert len(server.model.issues) - before == CREATES
        return figures
    finally:
        server.stop()
