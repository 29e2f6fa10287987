"""Scenes of one record, each in a state of its own: brought about by people, servers and the mapping, as in life.

Each gives a key or an id by which a person would ask for the record.
"""

from dataclasses import replace
from typing import Any

from state import Store
from syncer import by_hand
from syncer.core.records import Side
from tests.syncer.mirror_stage import MirrorStage

JSON = {"Content-Type": "application/json"}
REFUSAL = {"effect": "status", "status": 400, "body": '{"errorMessages": ["No."], "errors": {}}', "headers": JSON}
UNGUARDED = {"incident": "delete", "issue": "delete", "at_most": 1000, "at_most_percent": 100, "exempt": 1000}


def new(stage: MirrorStage, **members: Any) -> str:
    """An incident that a tester logged just now."""
    return stage.log(Summary="Pump fails", **members).id


def linked(stage: MirrorStage, **members: Any) -> str:
    """One that has an issue."""
    incident_id = new(stage, **members)
    stage.sync()
    return incident_id


def confirm(stage: MirrorStage) -> None:
    stage.sync(census=True)
    stage.later(minutes=10)
    stage.sync(census=True)


def with_field(stage: MirrorStage, **field: Any) -> None:
    """The mapping has one field more, or another rule for one."""
    fields = [each.model_dump(mode="json", exclude_unset=True) for each in stage.link.mapping.fields]
    kept = [each for each in fields if not {each.get("issue"), each.get("incident")} & {*field.values()} - {None}]
    stage.remap(fields=[*kept, field])


def sibling(stage: MirrorStage) -> None:
    """Where no other record can be read, one that is gone may as well be hidden."""
    stage.log(Summary="A sibling")


def edited(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    stage.sandbox.tester.edit(incident_id, Summary="Pump fails at night")
    return incident_id


def one_way(stage: MirrorStage) -> str:
    stage.remap(direction="to_issue")
    return stage.sandbox.jira.create(by="annak", summary="Mine alone").key


def left_out_by_tql(stage: MirrorStage) -> str:
    stage.sync()
    stage.remap(incidents={"project": "Test Project", "mark_field": "Jira key", "only": "Status = Closed"})
    return f"#{stage.log(Summary='Pump fails').number}"


def left_out_by_jql(stage: MirrorStage) -> str:
    stage.remap(issues={"project": "TEST", "only": "status = Done"})
    return stage.sandbox.jira.create(by="annak", summary="Mine alone").key.lower()


def left_out_by_when(stage: MirrorStage) -> str:
    condition = "incident.Priority == 'Critical'"
    stage.remap(incidents={"project": "Test Project", "mark_field": "Jira key", "when": condition})
    return new(stage, Priority="Low")


def unlinked(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    row = stage.store.link_of(stage.link.name, incident_id=incident_id)
    assert row is not None
    by_hand.unlink(stage.link, row)
    return incident_id


def deleted_and_unlinked(stage: MirrorStage) -> str:
    """By the key of an issue that is no more."""
    sibling(stage)
    incident_id = linked(stage)
    issue = stage.sandbox.jira.issue(stage.twin(incident_id))
    stage.sandbox.jira.delete(issue.id)
    confirm(stage)
    return issue.key


def conflict(stage: MirrorStage) -> str:
    incident_id = edited(stage)
    stage.sandbox.jira.edit(stage.twin(incident_id), by="annak", summary="Theirs")
    return incident_id


def refused(stage: MirrorStage) -> str:
    incident_id = edited(stage)
    with stage.fault(Side.ISSUE, method="PUT", path=r"/issue/", times=None, **REFUSAL):
        stage.sync()
    return incident_id


def failed(stage: MirrorStage) -> str:
    incident_id = edited(stage)
    elsewhere = {"Location": "https://elsewhere.example/"}
    with stage.fault(
        Side.ISSUE, effect="status", status=302, headers=elsewhere, method="PUT", path=r"/issue/", times=None
    ):
        stage.sync()
    return incident_id


def silent(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    stage.sandbox.jira.behaviour.credentials_expired = True
    return incident_id


def deleted(stage: MirrorStage) -> str:
    sibling(stage)
    incident_id = linked(stage)
    stage.sandbox.tester.delete(incident_id)
    return stage.sandbox.jira.issue(stage.twin(incident_id)).key


def deleted_for_certain(stage: MirrorStage) -> str:
    stage.remap(deletions=UNGUARDED)
    key = deleted(stage)
    stage.sync(census=True)
    stage.later(minutes=10)
    return key


def hidden(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    stage.sandbox.tester.behaviour.hidden_incidents.append(incident_id)
    return incident_id


def moved(stage: MirrorStage) -> str:
    """By the key that it had."""
    incident_id = linked(stage)
    issue = stage.sandbox.jira.issue(stage.twin(incident_id))
    key = issue.key
    stage.sandbox.jira.move(issue.id, "OTHER", by="annak")
    return key


def archived(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    stage.sandbox.jira.archive(stage.twin(incident_id))
    return incident_id


def garbled(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    garbage = stage.make_fault(path=f"/incident/{incident_id}", times=None, **REFUSAL)
    stage.sandbox.tester_switchboard.add_fault(garbage)
    return incident_id


def in_doubt(stage: MirrorStage) -> str:
    stage.sync()
    incident_id = new(stage)
    with stage.fault(Side.ISSUE, effect="drop_after", method="POST", path=r"/issue$"):
        stage.sync()
    return incident_id


def comment_gone(stage: MirrorStage) -> str:
    incident_id = linked(stage)
    comment = stage.sandbox.tester.comment(incident_id, body="Never mind")
    stage.sync()
    stage.sandbox.tester.delete_comment(incident_id, comment)
    return incident_id


def copied(stage: MirrorStage) -> str:
    return stage.sandbox.jira.clone(stage.twin(linked(stage)), by="annak").key


def copied_and_forgotten(stage: MirrorStage) -> str:
    """The state DB is lost, and no mark on the incident tells which of two issues is its twin."""
    incident_id = linked(stage)
    key = stage.sandbox.jira.clone(stage.twin(incident_id), by="annak").key
    stage.sandbox.tester.edit(incident_id, FieldValues={"Jira key": ""})
    stage.store.close()
    for left in stage.folder.glob("state.db*"):
        left.unlink()
    stage.store = Store.open(f"sqlite:///{stage.folder}/state.db")
    stage.reopen()
    return key


def held_removal(stage: MirrorStage) -> str:
    stage.remap(deletions={"incident": "delete", "at_most": 0})
    key = deleted(stage)
    confirm(stage)
    return key


def held_mapping(stage: MirrorStage) -> str:
    fields = [each.model_dump(mode="json", exclude_unset=True) for each in stage.link.mapping.fields]
    stage.remap(fields=[each for each in fields if each.get("incident") != "Description"])
    incidents = [new(stage, Description="It drips") for _ in range(5)]
    stage.sync()
    stage.remap(fields=fields)
    stage.sync()
    return incidents[0]


def ignored(stage: MirrorStage) -> str:
    stage.remap(deletions={"incident": "ignore"})
    key = deleted(stage)
    confirm(stage)
    return key


def own_link(stage: MirrorStage) -> str:
    links = stage.sandbox.tester.catalogue.external_links
    incident_id = edited(stage)
    links.update({link_id: replace(link, enabled=True) for link_id, link in links.items()})
    return incident_id


def resting(stage: MirrorStage) -> str:
    with_field(stage, incident="Description", issue="description", kind="copy", when="incident.Priority == 'Critical'")
    return linked(stage, Priority="Low", Description="It drips")


def nowhere(stage: MirrorStage) -> str:
    with_field(stage, incident="FieldValues.Cycle", issue="customfield_19999", kind="copy")
    return linked(stage)


def without_counterpart(stage: MirrorStage) -> str:
    return new(stage, AssignedTo="testeronly")


def misfit(stage: MirrorStage) -> str:
    with_field(stage, incident="FieldValues.Cycle", issue="customfield_10013", kind="copy")
    return linked(stage, FieldValues={"Cycle": "the second"})


def broken(stage: MirrorStage) -> str:
    template = "{{ (incident.Summary | int) // (incident.Description | int) }}"
    with_field(stage, issue="environment", kind="template", template=template)
    return linked(stage, Description="0")


def changed_where_it_stays(stage: MirrorStage) -> str:
    with_field(stage, incident="Description", issue="description", kind="copy", direction="to_issue")
    incident_id = linked(stage, Description="It drips")
    stage.sandbox.jira.edit(stage.twin(incident_id), by="annak", description="It drips a lot")
    return incident_id
