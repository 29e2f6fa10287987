"""Fields that change on either side or on both, and what a mapping makes of it."""

from collections.abc import Iterator

from syncer.holding import approvals_of
from syncer.sandbox.tester.records import Incident
from tests.crash.scenarios import Collection
from tests.crash.worlds import Stage

SCENES = Collection()


@SCENES.add()
def fields_edited_on_the_incident(stage: Stage) -> Iterator[None]:
    stage.remap(fields=stage.fields)
    pump = stage.log("Pump fails", Description="It drips", FieldValues={"Cycle": "C1"})
    yield
    stage.edit(pump, Summary="Pump fails at night", Priority="Critical", FieldValues={"Severity": "Major"})


@SCENES.add()
def fields_edited_on_the_issue(stage: Stage) -> Iterator[None]:
    stage.remap(fields=stage.fields)
    basket = stage.report("Basket is slow")
    yield
    stage.change(basket, summary="Basket is very slow", priority="Lowest", customfield_10011="C2", assignee="annak")


@SCENES.add()
def different_fields_edited_on_both_sides(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", Description="It drips")
    yield
    stage.edit(pump, Summary="Pump fails at night")
    stage.change(stage.issue_of(pump), priority="Highest", description="It drips a lot")


@SCENES.add()
def a_field_cleared(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", Description="It drips", AssignedTo="annak")
    yield
    stage.edit(pump, Description=None, AssignedTo=None)


def _conflict(stage: Stage) -> Incident:
    return stage.log("Pump fails", Priority="Low")


def _collide(stage: Stage, pump: Incident) -> None:
    issue = stage.issue_of(pump)
    stage.edit(pump, Summary="Mine", Priority="High")
    stage.change(issue, summary="Theirs", priority="Highest")


@SCENES.add()
def a_conflict_that_the_incident_wins(stage: Stage) -> Iterator[None]:
    stage.remap_field("Summary", conflict="incident")
    pump = _conflict(stage)
    yield
    _collide(stage, pump)


@SCENES.add()
def a_conflict_that_the_issue_wins(stage: Stage) -> Iterator[None]:
    stage.remap_field("Summary", conflict="issue")
    pump = _conflict(stage)
    yield
    _collide(stage, pump)


@SCENES.add()
def a_conflict_that_the_newest_wins(stage: Stage) -> Iterator[None]:
    stage.remap_field("Summary", conflict="newest")
    pump = _conflict(stage)
    yield
    _collide(stage, pump)


@SCENES.add()
def a_conflict_that_a_person_decides(stage: Stage) -> Iterator[None]:
    pump = _conflict(stage)
    yield
    _collide(stage, pump)


@SCENES.add()
def a_conflict_that_a_person_has_decided(stage: Stage) -> Iterator[None]:
    pump = _conflict(stage)
    yield
    _collide(stage, pump)
    yield
    stage.change(stage.issue_of(pump), summary="Mine")


@SCENES.add()
def the_same_edit_on_both_sides(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.edit(pump, Summary="Pump is dead")
    stage.change(stage.issue_of(pump), summary="Pump is dead")


@SCENES.add()
def a_status_through_several_transitions(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.edit(pump, Summary="Pump failed", Status="Closed")


@SCENES.add()
def sets_edited_on_both_sides(stage: Stage) -> Iterator[None]:
    stage.remap(fields=stage.fields)
    pump = stage.log(
        "Pump fails", FixedVersions=["1.0", "2.0"], Components=["Search"], FieldValues={"Notes": "wet, loud"}
    )
    yield
    stage.edit(pump, FixedVersions=["1.0", "2.1"], Components=["Search", "Reports"], FieldValues={"Notes": "wet"})
    issue = stage.issue_of(pump)
    stage.change(issue, fixVersions=["1.0", "2.0", "1.1"], components=["Search", "Checkout"])


@SCENES.add()
def a_version_renamed_in_jira(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", FixedVersions=["3.0 beta"])
    yield
    stage.person(lambda: stage.jira.rename_version("3.0 beta", "3.0 final"))
    stage.edit(pump, AffectedVersions=["3.0 beta"])


@SCENES.add()
def a_version_renamed_in_enterprise_tester(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", FixedVersions=["3.0 beta"])
    yield
    stage.person(lambda: stage.tester.rename_version("3.0 beta", "3.0 final"))
    stage.change(stage.issue_of(pump), versions=["3.0 beta"])


@SCENES.add()
def an_edit_of_the_incident_that_jira_rewrites(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", Description="It drips")
    yield
    stage.jira.behaviour.normalise = "lower"
    stage.edit(pump, Description="It Drips A LOT")


@SCENES.add(servers="old")
def an_edit_of_the_issue_that_enterprise_tester_rewrites(stage: Stage) -> Iterator[None]:
    basket = stage.report("Basket is slow")
    yield
    stage.tester.behaviour.normalise = "lower"
    stage.change(basket, description="It Is VERY slow")


@SCENES.add()
def a_field_that_has_to_wait(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails")
    yield
    stage.edit(pump, AssignedTo="testeronly", Priority="High")


@SCENES.add()
def a_field_that_has_waited(stage: Stage) -> Iterator[None]:
    pump = stage.log("Pump fails", AssignedTo="testeronly")
    yield
    stage.edit(pump, AssignedTo="annak")


@SCENES.add()
def a_changed_mapping_that_was_approved(stage: Stage) -> Iterator[None]:
    fields = stage.fields
    pumps = [stage.log(f"Pump {number} fails", FieldValues={"Cycle": "C1"}) for number in range(2)]
    stage.remap(
        fields=[each for each in fields if each.get("incident") != "FieldValues.Cycle"],
        deletions={"at_most": 0, "at_most_percent": 0, "exempt": 0},
    )
    yield
    for pump in pumps:
        stage.change(stage.issue_of(pump), customfield_10011=f"Not {pump.summary}")
    yield
    stage.remap(fields=[{**each, "conflict": "incident"} for each in fields])
    yield
    approve(stage)


def approve(stage: Stage) -> None:
    """A person approves all that is held."""
    instance = stage.start()
    for held in instance.store.held(instance.link.name):
        for digest in approvals_of(held):
            instance.store.approve(instance.link.name, digest, "ops", stage.clock())
    instance.close()
