"""Overwritten values and deleted records come back: `syncer undo`, and the undo of that."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.core.records import Side
from syncer.errors import InDoubt, SyncerError
from syncer.handwork import Refused
from syncer.sandbox.jira.catalogue import PRIORITIES, STATUSES
from syncer.undo import undo
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import BOTH, option
from tests.syncer.test_removals import confirm, linked
from tests.syncer.undo_stage import calm, issues, newest, take_back

TWO = BOTH[:2]


@pytest.fixture(params=TWO, ids=[f"{profile}-{deployment}" for profile, deployment in TWO])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as stage:
        stage.log(Summary="A sibling")
        yield stage


class TestOverwrites:
    def test_an_overwritten_value_comes_back_and_travels_to_the_other_side(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere, Priority="Low", FixedVersions=["1.0"])
        tester, jira = everywhere.sandbox.tester, everywhere.sandbox.jira
        tester.edit(incident_id, Summary="Overwritten", Priority="High", FixedVersions=["1.0", "2.0"])
        everywhere.sync()
        assert jira.issue(issue_id).fields["summary"] == "Overwritten"
        take_back(everywhere, "update")
        assert jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert option(PRIORITIES, jira.issue(issue_id).text("priority")) == "Low"
        everywhere.sync()
        incident = tester.incident(incident_id)
        assert incident.summary == jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert tester.catalogue.picks[incident.priority or ""].text == "Low"
        assert [tester.catalogue.picks[each].text for each in incident.fixed_versions] == ["1.0"]
        calm(everywhere)

    def test_an_undo_of_the_undo_overwrites_again(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.jira.edit(issue_id, by="annak", summary="Overwritten")
        everywhere.sync()
        take_back(everywhere, "update")
        take_back(everywhere, "undo update")
        assert everywhere.sandbox.tester.incident(incident_id).summary == "Overwritten"
        everywhere.sync()
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Overwritten"
        calm(everywhere)

    def test_a_status_goes_back_through_the_workflow(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere, Status="New")
        everywhere.sandbox.tester.edit(incident_id, Status="Closed")
        everywhere.sync()
        take_back(everywhere, "update")
        assert option(STATUSES, everywhere.sandbox.jira.issue(issue_id).text("status")) == "To Do"

    def test_what_somebody_edited_since_is_named_and_stays(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere, Description="It drips")
        everywhere.sandbox.tester.edit(incident_id, Summary="Overwritten", Description="It pours")
        everywhere.sync()
        everywhere.sandbox.jira.edit(issue_id, by="annak", summary="Edited since")
        said = take_back(everywhere, "update")
        assert "summary stays, somebody changed it since" in said
        issue = everywhere.sandbox.jira.issue(issue_id)
        assert (issue.fields["summary"], issue.fields["description"]) == ("Edited since", "It drips")
        with pytest.raises(Refused, match="taken back by entry"):
            take_back(everywhere, "update")

    def test_an_edit_that_travelled_since_is_not_overwritten(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.edit(incident_id, Summary="Overwritten")
        everywhere.sync()
        entry = newest(everywhere, "update")
        everywhere.sandbox.jira.edit(issue_id, by="annak", summary="Edited since")
        everywhere.sync()
        with pytest.raises(Refused, match="somebody changed summary since"):
            undo(everywhere.link, entry)
        assert everywhere.sandbox.tester.incident(incident_id).summary == "Edited since"

    def test_a_text_that_its_server_normalised_counts_as_what_was_written(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere, Description="it drips")
        everywhere.sandbox.jira.behaviour.normalise = "lower"
        everywhere.sandbox.tester.edit(incident_id, Description="It Pours")
        everywhere.sync()
        assert everywhere.sandbox.jira.issue(issue_id).fields["description"] == "it pours"
        take_back(everywhere, "update")
        assert everywhere.sandbox.jira.issue(issue_id).fields["description"] == "it drips"


class TestRecords:
    """A record that was deleted because its twin was."""

    @staticmethod
    def _deleted(stage: MirrorStage, side: Side) -> tuple[str, str]:
        stage.remap(deletions={"incident": "delete", "issue": "delete"})
        incident = stage.log(Summary="Pump fails", Description="It drips", Priority="High", FixedVersions=["1.0"])
        stage.sandbox.tester.comment(incident.id, "annak", body="Seen it too")
        stage.sync()
        issue_id = stage.twin(incident.id)
        stage.sandbox.jira.comment(issue_id, by="mariag", body="On it")
        stage.sandbox.jira.transition(issue_id, "In Progress", by="mariag")
        stage.sync()
        if side is Side.INCIDENT:
            stage.sandbox.jira.delete(issue_id)
        else:
            stage.sandbox.tester.delete(incident.id)
        confirm(stage)
        assert stage.store.link_of(stage.link.name, incident_id=incident.id) is None
        assert not any(each.summary == "Pump fails" for each in stage.sandbox.tester.incidents())
        assert not issues(stage, "Pump fails")
        return incident.id, issue_id

    @staticmethod
    def _both_are_back(stage: MirrorStage) -> None:
        (incident,) = (each for each in stage.sandbox.tester.incidents() if each.summary == "Pump fails")
        (issue,) = issues(stage, "Pump fails")
        picks = stage.sandbox.tester.catalogue.picks
        assert stage.twin(incident.id) == issue.id
        assert incident.description == issue.fields["description"] == "It drips"
        assert picks[incident.priority or ""].text == option(PRIORITIES, issue.text("priority")) == "High"
        assert picks[incident.status or ""].text == option(STATUSES, issue.text("status")) == "In Progress"
        assert [picks[each].text for each in incident.fixed_versions] == ["1.0"]
        for bodies in ([c.body for c in incident.comments], [c.body for c in issue.comments.values()]):
            assert len(bodies) == 2
            assert sum("Seen it too" in body and "Anna Krüger" in body for body in bodies) == 1
            assert sum("On it" in body and "María González" in body for body in bodies) == 1
            assert any(" UTC:" in body for body in bodies)

    @pytest.mark.parametrize("side", Side)
    def test_a_deleted_record_is_back_with_its_comments_and_linked(self, everywhere: MirrorStage, side: Side) -> None:
        self._deleted(everywhere, side)
        said = take_back(everywhere, "delete")
        assert "linked with the new" in said
        self._both_are_back(everywhere)
        calm(everywhere)
        self._both_are_back(everywhere)

    @pytest.mark.parametrize("side", Side)
    def test_an_undo_of_the_undo_deletes_again_and_one_more_brings_back(
        self, everywhere: MirrorStage, side: Side
    ) -> None:
        self._deleted(everywhere, side)
        take_back(everywhere, "delete")
        take_back(everywhere, "undo delete")
        assert not any(each.summary == "Pump fails" for each in everywhere.sandbox.tester.incidents())
        assert not issues(everywhere, "Pump fails")
        calm(everywhere)
        take_back(everywhere, "undo create")
        self._both_are_back(everywhere)
        calm(everywhere)

    @pytest.mark.parametrize("where", Side)
    def test_a_record_that_somebody_went_on_with_is_not_deleted_again(
        self, everywhere: MirrorStage, where: Side
    ) -> None:
        self._deleted(everywhere, Side.ISSUE)
        take_back(everywhere, "delete")
        (issue,) = issues(everywhere, "Pump fails")
        if where is Side.ISSUE:
            everywhere.sandbox.jira.comment(issue.id, by="annak", body="Still needed")
        else:
            everywhere.sandbox.tester.edit(everywhere.twin(issue.id), Summary="Still needed")
        with pytest.raises(Refused, match="edit beats delete"):
            take_back(everywhere, "undo delete")
        assert issue.id in everywhere.sandbox.jira.issues

    def test_a_twin_that_is_there_after_all_is_linked_again(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "delete"})
        incident_id, issue_id = linked(everywhere)
        before = everywhere.sandbox.tester.incident(incident_id)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        # As from a backup of Enterprise Tester.
        everywhere.sandbox.call(lambda: everywhere.sandbox.tester.put_in(before))
        said = take_back(everywhere, "delete")
        assert "again" in said
        (issue,) = issues(everywhere, "Pump fails")
        assert everywhere.twin(incident_id) == issue.id != issue_id
        calm(everywhere)
        assert len(issues(everywhere, "Pump fails")) == 1

    def test_where_the_mapping_gives_it_no_twin_it_is_back_alone(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "delete", "issue": "delete"})
        incident_id, _ = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        everywhere.remap(direction="to_issue", deletions={"incident": "delete"})
        assert "not linked" in take_back(everywhere, "delete")
        assert len(issues(everywhere, "Pump fails")) == 1
        take_back(everywhere, "undo delete")
        assert issues(everywhere, "Pump fails") == []

    def test_a_twin_that_can_not_be_made_is_made_when_the_undo_is_asked_for_again(
        self, everywhere: MirrorStage
    ) -> None:
        self._deleted(everywhere, Side.ISSUE)
        with (
            everywhere.fault(Side.INCIDENT, effect="status", status=400, method="POST", times=1),
            pytest.raises(SyncerError),
        ):
            take_back(everywhere, "delete")
        take_back(everywhere, "delete")
        self._both_are_back(everywhere)
        calm(everywhere)

    def test_an_option_that_is_gone_is_left_out_and_said(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"incident": "delete"})
        incident_id, _ = linked(everywhere, AssignedTo="annak")
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        users = everywhere.sandbox.jira.users
        annak = users.pop("annak")
        try:
            said = take_back(everywhere, "delete")
        finally:
            users["annak"] = annak
        assert "without assignee" in said
        assert len(issues(everywhere, "Pump fails")) == 1

    def test_a_lost_answer_makes_no_second_record_when_the_undo_is_asked_for_again(
        self, everywhere: MirrorStage
    ) -> None:
        self._deleted(everywhere, Side.ISSUE)
        with (
            everywhere.fault(Side.ISSUE, effect="drop_after", method="POST", path=r"/issue$", times=1),
            pytest.raises(InDoubt),
        ):
            take_back(everywhere, "delete")
        with pytest.raises(Refused, match="run 'syncer sync' first"):
            take_back(everywhere, "delete")
        everywhere.sync()
        take_back(everywhere, "delete")
        self._both_are_back(everywhere)
        calm(everywhere)

    def test_a_server_that_is_down_leaves_nothing_undone_but_the_undo(self, everywhere: MirrorStage) -> None:
        self._deleted(everywhere, Side.ISSUE)
        with everywhere.fault(Side.ISSUE, effect="status", status=503, times=50), pytest.raises(SyncerError):
            take_back(everywhere, "delete")
        assert not issues(everywhere, "Pump fails")
        take_back(everywhere, "delete")
        self._both_are_back(everywhere)
