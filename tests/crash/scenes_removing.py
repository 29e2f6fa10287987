"""Records, marks and step-result links that vanish on one side."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.crash.scenarios import Collection
from tests.crash.scenes_editing import approve
from tests.crash.worlds import Stage

SCENES = Collection()


def _policies(stage: Stage, **policies: Any) -> None:
    closing = {"close_issue_as": "Done", "close_incident_as": "Closed"}
    stage.remap(deletions={**closing, **policies})


@SCENES.add()
def an_incident_deleted_and_its_issue_too(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="delete")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def an_incident_deleted_and_its_issue_closed(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="close")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def an_incident_deleted_and_its_issue_unlinked(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="unlink")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def an_incident_deleted_and_nothing_follows(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="ignore")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def an_issue_deleted_and_its_incident_too(stage: Stage) -> Iterator[None]:
    _policies(stage, issue="delete")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.jira.delete(stage.issue_of(pump).id))


@SCENES.add()
def an_issue_deleted_and_its_incident_closed(stage: Stage) -> Iterator[None]:
    _policies(stage, issue="close")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.jira.delete(stage.issue_of(pump).id))


@SCENES.add()
def an_issue_deleted_and_its_incident_unlinked(stage: Stage) -> Iterator[None]:
    _policies(stage, issue="unlink")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.jira.delete(stage.issue_of(pump).id))


@SCENES.add()
def an_issue_deleted_and_nothing_follows(stage: Stage) -> Iterator[None]:
    _policies(stage, issue="ignore")
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.jira.delete(stage.issue_of(pump).id))


@SCENES.add()
def both_records_deleted(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    issue = stage.issue_of(pump)
    stage.person(lambda: stage.jira.delete(issue.id))
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def a_deleted_incident_whose_issue_was_edited(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="delete")
    pump = stage.log("Pump fails")
    yield
    stage.change(stage.issue_of(pump), summary="I still need this")
    stage.person(lambda: stage.tester.delete(pump.id))


@SCENES.add()
def deletions_that_were_held_and_approved(stage: Stage) -> Iterator[None]:
    _policies(stage, incident="delete", at_most=0)
    pumps = [stage.log(f"Pump {number} fails") for number in range(2)]
    yield
    for pump in pumps:
        stage.person(partial(stage.tester.delete, pump.id))
    yield
    approve(stage)


@SCENES.add()
def a_mark_removed_from_the_incident(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.edit(pump, FieldValues={"Jira key": ""})


@SCENES.add()
def a_mark_removed_from_the_issue(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    link = f"syncer:lab:incident:{pump.id}"
    stage.person(lambda: stage.jira.remove_remote_link(stage.issue_of(pump).id, link))


@SCENES.add()
def a_step_linked_with_an_incident(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.person(lambda: stage.tester.link_step(stage.step(), pump.id))


@SCENES.add()
def a_step_parted_from_its_incident(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    stage.person(lambda: stage.tester.link_step(stage.step(), pump.id))
    yield
    stage.person(lambda: stage.tester.unlink_step(stage.step(), pump.id))


@SCENES.add()
def a_step_taken_off_an_issue(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    stage.person(lambda: stage.tester.link_step(stage.step(), pump.id))
    yield
    link = f"syncer:lab:stepresult:{stage.step()}"
    stage.person(lambda: stage.jira.remove_remote_link(stage.issue_of(pump).id, link))
