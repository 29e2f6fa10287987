"""What broke off half-way goes on where it stood: half a way through a workflow, or one side of a set that both sides
changed, is nothing that anybody agreed on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.core.records import Side
from syncer.sandbox.jira.catalogue import STATUSES
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import option, quiet


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    with RecallingStage(tmp_path) as made:
        made.log(Summary="A sibling")
        made.sync()
        yield made


def status_of(stage: MirrorStage, incident_id: str) -> str:
    return option(STATUSES, stage.sandbox.jira.issue(stage.twin(incident_id)).text("status"))


@pytest.mark.parametrize("effect", ["drop_before", "drop_after"])
@pytest.mark.parametrize("steps", [0, 1])
def test_a_new_issue_gets_the_status_of_its_incident_though_an_answer_was_lost_on_the_way(
    stage: MirrorStage, steps: int, effect: str
) -> None:
    incident = stage.log(Summary="Pump fails", Status="Closed")
    with stage.fault(Side.ISSUE, effect=effect, method="POST", path=r"/transitions$", skip=steps):
        assert stage.sync().in_doubt == 1
    stage.sync()
    assert status_of(stage, incident.id) == "Done"
    quiet(stage)


@pytest.mark.parametrize("effect", ["drop_before", "drop_after"])
@pytest.mark.parametrize("steps", [0, 1])
def test_an_issue_goes_on_to_the_status_of_its_incident_from_where_it_stood(
    stage: MirrorStage, steps: int, effect: str
) -> None:
    incident = stage.log(Summary="Pump fails")
    stage.sync()
    stage.sandbox.tester.edit(incident.id, Status="Closed")
    with stage.fault(Side.ISSUE, effect=effect, method="POST", path=r"/transitions$", skip=steps):
        assert stage.sync().in_doubt == 1
    stage.sync()
    assert status_of(stage, incident.id) == "Done"
    assert stage.sandbox.tester.catalogue.text(stage.sandbox.tester.incident(incident.id).status) == "Closed"
    quiet(stage)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("fault", [{"effect": "drop_after"}, {"effect": "drop_before"}, {"effect": "status"}])
def test_a_set_that_both_sides_changed_loses_nothing_when_one_of_them_can_not_be_written(
    stage: MirrorStage, side: Side, fault: dict[str, str]
) -> None:
    incident = stage.log(Summary="Pump fails", FixedVersions=["1.0", "2.0"])
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.edit(incident.id, FixedVersions=["1.0", "2.1"])
    stage.sandbox.jira.edit(issue_id, by="annak", fixVersions=["1.0", "2.0", "1.1"])
    with stage.fault(side, method="PUT", path=r"/(issue|incident)/", **fault):
        stage.sync()
    stage.later(hours=2)
    stage.sync(census=True)
    stage.later(hours=2)
    stage.sync(census=True)
    texts = stage.sandbox.tester.catalogue.text
    assert {texts(each) for each in stage.sandbox.tester.incident(incident.id).fixed_versions} == {"1.0", "1.1", "2.1"}
    versions = stage.sandbox.jira.versions
    assert {versions[each].name for each in stage.sandbox.jira.issue(issue_id).ids("fixVersions")} == {
        "1.0",
        "1.1",
        "2.1",
    }
    assert stage.waiting() == []
    quiet(stage)


@pytest.mark.parametrize("side", Side)
def test_a_deletion_that_the_mapping_ignores_waits_for_nobody_once_it_is_confirmed(
    stage: MirrorStage, side: Side
) -> None:
    stage.remap(deletions={"incident": "ignore", "issue": "ignore"})
    incident = stage.log(Summary="Pump fails")
    stage.sync()
    if side is Side.INCIDENT:
        stage.sandbox.tester.delete(incident.id)
    else:
        stage.sandbox.jira.delete(stage.twin(incident.id))
    stage.sync(census=True)
    assert len(stage.waiting()) == 1
    stage.later(minutes=10)
    stage.sync(census=True)
    assert stage.waiting() == []
