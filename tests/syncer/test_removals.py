"""What vanishes on one side, and what happens on the other: the rows of the table in docs/deletions.md."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncer.core.records import Side
from syncer.holding import approvals_of
from syncer.sandbox.jira.catalogue import STATUSES
from syncer.sandbox.jira.project_writes import remove_version
from tests.syncer.mirror_stage import MirrorStage, full_mapping
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import BOTH, option


@pytest.fixture(params=BOTH, ids=[f"{profile}-{deployment}" for profile, deployment in BOTH])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as stage:
        stage.log(Summary="A sibling")
        yield stage


def confirm(stage: MirrorStage) -> None:
    """Two looks, far enough apart."""
    stage.sync(census=True)
    stage.later(minutes=10)
    stage.sync(census=True)


def linked(stage: MirrorStage, **members: Any) -> tuple[str, str]:
    """Two linked records. What the mapping says of deletions it says from then on: so they are linked once for all."""
    deletions = stage.link.mapping.model_dump(mode="json")["deletions"]
    stage.remap(deletions=full_mapping().model_dump(mode="json")["deletions"])
    incident = stage.log(Summary="Pump fails", **members)
    stage.sync()
    stage.remap(deletions=deletions)
    return incident.id, stage.twin(incident.id)


def has_link(stage: MirrorStage, incident_id: str) -> bool:
    return stage.store.link_of(stage.link.name, incident_id=incident_id) is not None


class TestRecords:
    def test_close_gives_the_named_status_and_says_why(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "close", "close_issue_as": "Done"})
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        issue = everywhere.sandbox.jira.issue(issue_id)
        assert option(STATUSES, issue.text("status")) == "Done"
        assert any("incident was deleted" in comment.body for comment in issue.comments.values())
        assert not has_link(everywhere, incident_id)

    def test_an_incident_can_be_closed_too(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"issue": "close", "close_incident_as": "Closed"})
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.jira.delete(issue_id)
        confirm(everywhere)
        incident = everywhere.sandbox.tester.incident(incident_id)
        assert everywhere.sandbox.tester.catalogue.picks[incident.status or ""].text == "Closed"
        assert any("issue was deleted" in comment.body for comment in incident.comments)

    def test_unlink_leaves_the_other_record_as_it_is_and_without_a_mark(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "unlink", "issue": "unlink"})
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        issue = everywhere.sandbox.jira.issue(issue_id)
        assert issue.fields["summary"] == "Pump fails"
        assert issue.remote_links == {}
        assert not has_link(everywhere, incident_id)
        confirm(everywhere)
        assert not any(i.summary == "Pump fails" for i in everywhere.sandbox.tester.incidents())

    def test_ignore_leaves_everything(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "ignore", "issue": "ignore"})
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert has_link(everywhere, incident_id)

    def test_delete_deletes_and_the_history_says_what_and_why(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "delete", "issue": "delete"})
        incident_id, issue_id = linked(everywhere, Description="It drips")
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        assert issue_id not in everywhere.sandbox.jira.issues
        (entry,) = everywhere.store.history(kinds=["delete"])
        assert entry.cause == "the incident was deleted"
        assert entry.before is not None
        assert entry.before["values"]["description"] == "It drips"

    def test_edit_beats_delete(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "delete", "issue": "delete"})
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        everywhere.sandbox.jira.edit(issue_id, by="annak", summary="I still need this")
        confirm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "I still need this"
        assert not has_link(everywhere, incident_id)


class TestComments:
    def test_a_comment_deleted_in_jira_is_replaced_by_a_notice(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        comment = everywhere.sandbox.jira.comment(issue_id, by="mariag", body="Never mind")
        everywhere.sync()
        everywhere.sandbox.jira.delete_comment(issue_id, comment.id)
        confirm(everywhere)
        (left,) = everywhere.sandbox.tester.incident(incident_id).comments
        assert "Never mind" not in left.body
        assert "deleted" in left.body
        everywhere.later(minutes=10)
        assert everywhere.sync(census=True).writes == 0

    def test_a_comment_deleted_in_enterprise_tester_is_deleted_in_jira(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        comment = everywhere.sandbox.tester.comment(incident_id, body="Never mind")
        everywhere.sync()
        everywhere.sandbox.tester.delete_comment(incident_id, comment)
        confirm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).comments == {}

    def test_keep_keeps_it(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"comments": "keep"})
        incident_id, issue_id = linked(everywhere)
        comment = everywhere.sandbox.tester.comment(incident_id, body="Never mind")
        everywhere.sync()
        everywhere.sandbox.tester.delete_comment(incident_id, comment)
        confirm(everywhere)
        assert len(everywhere.sandbox.jira.issue(issue_id).comments) == 1

    def test_a_mirrored_comment_that_somebody_deletes_takes_nothing_with_it(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.comment(incident_id, body="Still true")
        everywhere.sync()
        (mirrored,) = everywhere.sandbox.jira.issue(issue_id).comments
        everywhere.sandbox.jira.delete_comment(issue_id, mirrored)
        confirm(everywhere)
        assert len(everywhere.sandbox.tester.incident(incident_id).comments) == 1


class TestStepResults:
    def step(self, stage: MirrorStage) -> str:
        return next(iter(stage.sandbox.tester.runs.steps))

    def shown(self, stage: MirrorStage, issue_id: str) -> list[str]:
        links = stage.sandbox.jira.issue(issue_id).remote_links.values()
        return [str(each.global_id).rsplit(":", 1)[1] for each in links if "stepresult" in str(each.global_id)]

    def test_a_link_is_shown_and_its_removal_by_the_tester_travels(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        step = self.step(everywhere)
        everywhere.sandbox.tester.link_step(step, incident_id)
        everywhere.sync(census=True)
        assert self.shown(everywhere, issue_id) == [step]
        assert everywhere.sync(census=True).writes == 0
        everywhere.sandbox.tester.unlink_step(step, incident_id)
        confirm(everywhere)
        assert self.shown(everywhere, issue_id) == []

    def test_its_removal_in_jira_by_a_person_travels_back(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        step = self.step(everywhere)
        everywhere.sandbox.tester.link_step(step, incident_id)
        everywhere.sync(census=True)
        everywhere.sandbox.jira.remove_remote_link(issue_id, f"syncer:lab:stepresult:{step}")
        confirm(everywhere)
        assert incident_id not in everywhere.sandbox.tester.runs.incidents_of(step)
        everywhere.later(minutes=10)
        assert everywhere.sync(census=True).writes == 0


class TestUnlinking:
    @pytest.mark.parametrize("side", Side)
    def test_a_mark_removed_by_a_person_unlinks_for_good(self, everywhere: MirrorStage, side: Side) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sync(census=True)
        if side is Side.INCIDENT:
            everywhere.sandbox.tester.edit(incident_id, FieldValues={"Jira key": ""})
        else:
            everywhere.sandbox.jira.remove_remote_link(issue_id, f"syncer:lab:incident:{incident_id}")
        confirm(everywhere)
        assert not has_link(everywhere, incident_id)
        assert everywhere.sandbox.jira.issue(issue_id).remote_links == {}
        assert not everywhere.sandbox.tester.incident(incident_id).field_values.get("Jira key")
        everywhere.sandbox.tester.edit(incident_id, Summary="Mine alone")
        confirm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert len([i for i in everywhere.sandbox.jira.issues.values() if i.fields["summary"] == "Mine alone"]) == 0


class TestVersions:
    def test_a_deleted_version_dissolves_its_pair_and_the_incidents_keep_theirs(self, everywhere: MirrorStage) -> None:
        incident_id, _ = linked(everywhere, FixedVersions=["2.0", "2.1"])
        jira = everywhere.sandbox.jira
        version = next(each for each in jira.versions.values() if each.name == "2.0")
        everywhere.sandbox.call(lambda: remove_version(jira, version, "annak", {}))
        everywhere.sync(census=True)
        incident = everywhere.sandbox.tester.incident(incident_id)
        names = {everywhere.sandbox.tester.catalogue.picks[i].text for i in incident.fixed_versions}
        assert names == {"2.0", "2.1"}
        assert "2.0" not in {each.name for each in jira.versions.values()}
        assert any("2.0" in reason for _, reason in everywhere.waiting())
        everywhere.later(minutes=10)
        assert everywhere.sync(census=True).writes == 0


class TestGuard:
    def test_ninety_nine_of_a_hundred_are_held_and_an_approval_releases_exactly_those(self, tmp_path: Path) -> None:
        with RecallingStage(tmp_path) as stage:
            stage.remap(deletions={"incident": "delete"})
            incidents = [stage.log(Summary=f"Incident {number}") for number in range(100)]
            stage.sync()
            issues = {incident.id: stage.twin(incident.id) for incident in incidents}
            for incident in incidents[1:]:
                stage.sandbox.tester.delete(incident.id)
            confirm(stage)
            (held,) = stage.store.held(stage.link.name)
            assert len(held.lines) == 99
            assert all(issue_id in stage.sandbox.jira.issues for issue_id in issues.values())

            stage.sandbox.jira.edit(issues[incidents[1].id], by="annak", summary="Edited meanwhile")
            stage.sandbox.tester.edit(incidents[0].id, Summary="Everything else flows")
            for digest in approvals_of(held):
                stage.store.approve(stage.link.name, digest, "ops", stage.link.now())
            stage.later(minutes=10)
            stage.sync(census=True)
            left = {issue_id for issue_id in issues.values() if issue_id in stage.sandbox.jira.issues}
            assert left == {issues[incidents[0].id], issues[incidents[1].id]}
            assert stage.sandbox.jira.issue(issues[incidents[0].id]).fields["summary"] == "Everything else flows"
            assert stage.store.held(stage.link.name) == []

    def test_what_is_held_does_not_slip_through_a_few_at_a_time(self, tmp_path: Path) -> None:
        with RecallingStage(tmp_path) as stage:
            stage.remap(deletions={"incident": "delete", "at_most": 5, "exempt": 5})
            incidents = [stage.log(Summary=f"Incident {number}") for number in range(12)]
            stage.sync()
            issues = {stage.twin(incident.id) for incident in incidents}
            for incident in incidents[:9]:
                stage.sandbox.tester.delete(incident.id)
            confirm(stage)
            (held,) = stage.store.held(stage.link.name)
            today = stage.sandbox.jira.clock
            # A day later, so that a poll sees what is new and no more.
            stage.sandbox.jira.clock = lambda: today() + timedelta(days=1)
            for issue_id in sorted(issues)[:3]:
                stage.sandbox.jira.edit(issue_id, by="annak", labels=["looked-at"])
                stage.sync()
            assert issues <= set(stage.sandbox.jira.issues)
            assert [each.digest for each in stage.store.held(stage.link.name)] == [held.digest]

    def test_a_changed_mapping_is_held_until_it_is_approved(self, tmp_path: Path) -> None:
        with RecallingStage(tmp_path) as stage:
            incidents = [stage.log(Summary=f"Incident {number}", FieldValues={"Cycle": "V2"}) for number in range(8)]
            fields = [field.model_dump(mode="json") for field in stage.link.mapping.fields]
            stage.remap(fields=[each for each in fields if each["incident"] != "FieldValues.Cycle"])
            stage.sync()
            for number, incident in enumerate(incidents):
                stage.sandbox.jira.edit(stage.twin(incident.id), by="annak", customfield_10011=f"Other {number}")
            stage.sync()
            stage.remap(fields=[{**each, "conflict": "incident"} for each in fields])
            before = stage.writes()
            stage.sync()
            assert stage.writes() == before
            (held,) = stage.store.held(stage.link.name)
            assert held.kind == "mapping"
            for digest in approvals_of(held):
                stage.store.approve(stage.link.name, digest, "ops", stage.link.now())
            stage.sync()
            values = {stage.sandbox.jira.issue(stage.twin(i.id)).fields["customfield_10011"] for i in incidents}
            assert values == {"V2"}
            assert stage.store.held(stage.link.name) == []
