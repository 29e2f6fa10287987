"""A request whose answer is lost, or that never arrived: nothing twice, nothing lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.core.records import Side
from syncer.errors import InDoubt, Unavailable
from tests.syncer.mirror_stage import MirrorStage

EFFECTS = ["drop_after", "drop_before"]


@pytest.fixture(params=[("6.x", "cloud"), ("4.6", "datacenter")], ids=["6.x-cloud", "4.6-datacenter"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as made:
        made.sync()
        yield made


def ours(stage: MirrorStage, summary: str) -> tuple[int, int]:
    """How many incidents and issues go by that summary."""
    incidents = [i for i in stage.sandbox.tester.incidents() if i.summary == summary]
    issues = [i for i in stage.sandbox.jira.issues.values() if i.fields["summary"] == summary]
    return len(incidents), len(issues)


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_lost_create_of_an_issue_yields_one_issue(stage: MirrorStage, effect: str) -> None:
    incident = stage.log(Summary="Pump fails")
    stage.sandbox.tester.comment(incident.id, body="Seen it too")
    with stage.fault(Side.ISSUE, effect=effect, method="POST", path=r"/issue$"):
        assert stage.sync().in_doubt == 1
    stage.sync()
    assert ours(stage, "Pump fails") == (1, 1)
    stage.sync()
    assert len(stage.sandbox.jira.issue(stage.twin(incident.id)).comments) == 1
    assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_lost_create_of_an_incident_yields_one_incident(stage: MirrorStage, effect: str) -> None:
    stage.sandbox.jira.create(by="annak", summary="Basket is slow")
    with stage.fault(Side.INCIDENT, effect=effect, method="POST", path=r"/incidents$"):
        assert stage.sync().in_doubt == 1
    stage.sync()
    assert ours(stage, "Basket is slow") == (1, 1)
    assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_lost_comment_on_either_side_yields_one_comment(stage: MirrorStage, effect: str) -> None:
    incident = stage.log(Summary="Pump fails")
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.comment(incident.id, body="Seen it too")
    with stage.fault(Side.ISSUE, effect=effect, method="POST", path=r"/comment$"):
        assert stage.sync().in_doubt == 1
    stage.sync()
    stage.sandbox.jira.comment(issue_id, by="annak", body="On it")
    with stage.fault(Side.INCIDENT, effect=effect, method="PUT", path=r"/incident/"):
        assert stage.sync().in_doubt == 1
    stage.sync()
    assert len(stage.sandbox.jira.issue(issue_id).comments) == 2
    assert len(stage.sandbox.tester.incident(incident.id).comments) == 2
    assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("side", Side)
def test_a_lost_update_on_a_server_that_normalises_never_comes_back_to_its_author(
    stage: MirrorStage, side: Side
) -> None:
    """The dangerous case: our own write, rewritten by the server, looks like a person's edit."""
    incident = stage.log(Summary="Pump fails", Description="It drips")
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.behaviour.normalise = "lower"
    stage.sandbox.jira.behaviour.normalise = "lower"
    text = "It Drips A LOT"
    if side is Side.ISSUE:
        stage.sandbox.tester.behaviour.normalise = "none"
        stage.sandbox.tester.edit(incident.id, Description=text)
    else:
        stage.sandbox.jira.behaviour.normalise = "none"
        stage.sandbox.jira.edit(issue_id, by="annak", description=text)
    path = r"/issue/" if side is Side.ISSUE else r"/incident/"
    with stage.fault(side, effect="drop_after", method="PUT", path=path):
        stage.sync()
    stage.sync()
    assert stage.sync(census=True).writes == 0
    texts = {
        Side.INCIDENT: stage.sandbox.tester.incident(incident.id).description,
        Side.ISSUE: stage.sandbox.jira.issue(issue_id).fields["description"],
    }
    assert texts == {side: text.lower(), side.other: text}


def test_an_edit_made_while_an_update_is_in_doubt_is_not_taken_for_our_own(stage: MirrorStage) -> None:
    incident = stage.log(Summary="Pump fails", Description="It drips")
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.edit(incident.id, Description="It drips a lot")
    with stage.fault(Side.ISSUE, effect="drop_after", method="PUT", path=r"/issue/"):
        stage.sync()
    stage.sandbox.jira.edit(issue_id, by="annak", description="It drips, says Anna")
    stage.sync()
    assert stage.sandbox.jira.issue(issue_id).fields["description"] == "It drips, says Anna"
    assert stage.sandbox.tester.incident(incident.id).description == "It drips, says Anna"


def test_while_a_create_could_still_surface_the_record_waits(tmp_path: Path) -> None:
    """The search lags: the issue is there, and not found. Sending again would make a second one."""
    with MirrorStage(tmp_path, settle_after=60) as stage:
        stage.sync()
        stage.sandbox.jira.behaviour.search_lag_seconds = 30
        stage.log(Summary="Pump fails")
        with stage.fault(Side.ISSUE, effect="drop_after", method="POST", path=r"/issue$"):
            stage.sync()
        for _ in range(3):
            assert stage.sync().in_doubt == 1
        assert ours(stage, "Pump fails") == (1, 1)
        stage.sandbox.jira.behaviour.search_lag_seconds = 0
        stage.sync()
        assert ours(stage, "Pump fails") == (1, 1)
        assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("side", Side)
def test_a_server_that_goes_down_in_the_midst_of_a_cycle_loses_nothing(stage: MirrorStage, side: Side) -> None:
    for number in range(20):
        stage.log(Summary=f"Incident {number}")
    failures = 0
    with stage.fault(side, effect="status", status=503, method="*", path=r"/(remotelink|incident)", skip=8, times=None):
        for _ in range(2):
            try:
                stage.sync()
            except (Unavailable, InDoubt):
                failures += 1
    assert failures > 0
    for _ in range(3):
        stage.later(hours=1)
        stage.sync()
    assert all(ours(stage, f"Incident {number}") == (1, 1) for number in range(20))
    assert stage.waiting() == []
    assert stage.sync(census=True).writes == 0
