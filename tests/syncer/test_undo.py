"""What was taken comes back: `syncer undo` for each kind of entry, and the undo of that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from state.rows import HistoryEntry
from syncer.core.records import Side
from syncer.errors import InDoubt, SyncerError
from syncer.handwork import Refused
from syncer.sandbox.jira.catalogue import PRIORITIES, STATUSES
from syncer.sandbox.jira.records import Issue
from syncer.undo import undo
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_mirror import BOTH, option, quiet
from tests.syncer.test_removals import confirm, linked

TWO = BOTH[:2]


@pytest.fixture(params=TWO, ids=[f"{profile}-{deployment}" for profile, deployment in TWO])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as stage:
        stage.log(Summary="A sibling")
        yield stage


def newest(stage: MirrorStage, kind: str) -> HistoryEntry:
    return stage.store.history(stage.link.name, kinds=(kind,), limit=1)[0]


def take_back(stage: MirrorStage, kind: str) -> str:
    """Undo the newest entry of a kind."""
    return undo(stage.link, newest(stage, kind))


def issues(stage: MirrorStage, summary: str) -> list[Issue]:
    return [issue for issue in stage.sandbox.jira.issues.values() if issue.fields["summary"] == summary]


def calm(stage: MirrorStage) -> None:
    """Once what was undone has travelled nothing is written any more, now or after what takes time to confirm."""
    stage.sync(census=True)
    quiet(stage)
    stage.later(minutes=10)
    quiet(stage)


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


class TestLinks:
    def test_a_link_that_a_person_dissolved_is_back_and_nothing_travels(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sync(census=True)
        everywhere.sandbox.jira.remove_remote_link(issue_id, f"syncer:lab:incident:{incident_id}")
        confirm(everywhere)
        everywhere.sandbox.tester.edit(incident_id, Summary="Edited while apart")
        take_back(everywhere, "bury")
        assert everywhere.twin(incident_id) == issue_id
        calm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert "syncer:lab" in everywhere.sandbox.tester.incident(incident_id).field_values["Jira key"]
        everywhere.sandbox.tester.edit(incident_id, Summary="Travels again")
        everywhere.sync()
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Travels again"

    def test_its_comments_are_linked_again_and_none_appears_twice(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.comment(incident_id, body="Seen it too")
        everywhere.sandbox.jira.comment(issue_id, by="mariag", body="On it")
        everywhere.sync()
        everywhere.sync(census=True)
        everywhere.sandbox.tester.edit(incident_id, FieldValues={"Jira key": ""})
        confirm(everywhere)
        take_back(everywhere, "bury")
        calm(everywhere)
        assert len(everywhere.sandbox.tester.incident(incident_id).comments) == 2
        assert len(everywhere.sandbox.jira.issue(issue_id).comments) == 2

    def test_an_undo_of_the_undo_parts_them_again(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sync(census=True)
        everywhere.sandbox.tester.edit(incident_id, FieldValues={"Jira key": ""})
        confirm(everywhere)
        take_back(everywhere, "bury")
        take_back(everywhere, "undo bury")
        assert everywhere.store.link_of(everywhere.link.name, incident_id=incident_id) is None
        assert everywhere.sandbox.jira.issue(issue_id).remote_links == {}
        calm(everywhere)
        take_back(everywhere, "undo link")
        assert everywhere.twin(incident_id) == issue_id

    def test_the_link_of_a_deleted_record_points_to_the_entry_that_brings_it_back(
        self, everywhere: MirrorStage
    ) -> None:
        everywhere.remap(deletions={"incident": "delete"})
        incident_id, _ = linked(everywhere)
        everywhere.sandbox.tester.delete(incident_id)
        confirm(everywhere)
        with pytest.raises(Refused, match=f"syncer undo {newest(everywhere, 'delete').id}"):
            take_back(everywhere, "bury")


class TestComments:
    def test_a_deleted_comment_is_back_on_either_side(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        mine = everywhere.sandbox.tester.comment(incident_id, body="Seen it too")
        theirs = everywhere.sandbox.jira.comment(issue_id, by="mariag", body="On it")
        everywhere.sync()
        before = self._words(everywhere, incident_id, issue_id)
        everywhere.sandbox.tester.delete_comment(incident_id, mine)
        confirm(everywhere)
        everywhere.sandbox.jira.delete_comment(issue_id, theirs.id)
        confirm(everywhere)
        on_incident, on_issue = everywhere.store.history(everywhere.link.name, kinds=("delete comment",))
        undo(everywhere.link, on_incident)
        undo(everywhere.link, on_issue)
        after = self._words(everywhere, incident_id, issue_id)
        assert [w for w in after[0] if "On it" in w] == [w for w in before[0] if "On it" in w]
        assert [w for w in after[1] if "Seen it too" in w] == [w for w in before[1] if "Seen it too" in w]
        calm(everywhere)
        assert self._words(everywhere, incident_id, issue_id) == after

    @pytest.mark.parametrize("side", Side)
    def test_an_undo_of_the_undo_takes_it_away_and_one_more_brings_it_back(
        self, everywhere: MirrorStage, side: Side
    ) -> None:
        incident_id, issue_id = linked(everywhere)
        if side is Side.INCIDENT:
            comment = everywhere.sandbox.jira.comment(issue_id, by="mariag", body="Words")
            everywhere.sync()
            everywhere.sandbox.jira.delete_comment(issue_id, comment.id)
        else:
            own = everywhere.sandbox.tester.comment(incident_id, body="Words")
            everywhere.sync()
            everywhere.sandbox.tester.delete_comment(incident_id, own)
        confirm(everywhere)
        place = 0 if side is Side.INCIDENT else 1
        take_back(everywhere, "delete comment")
        assert "Words" in str(self._words(everywhere, incident_id, issue_id)[place])
        take_back(everywhere, "undo delete comment")
        assert "Words" not in str(self._words(everywhere, incident_id, issue_id)[place])
        take_back(everywhere, "undo add comment")
        assert "Words" in str(self._words(everywhere, incident_id, issue_id)[place])
        calm(everywhere)

    def test_an_edited_comment_says_again_what_it_said_and_the_edit_can_come_back(
        self, everywhere: MirrorStage
    ) -> None:
        incident_id, issue_id = linked(everywhere)
        comment = everywhere.sandbox.jira.comment(issue_id, by="mariag", body="On it")
        everywhere.sync()
        everywhere.sandbox.jira.edit_comment(issue_id, comment.id, by="mariag", body="Done")
        everywhere.sync()
        row = everywhere.store.link_of(everywhere.link.name, incident_id=incident_id)
        assert row is not None
        (before,) = everywhere.store.comment_links([row.id])[row.id]
        take_back(everywhere, "edit comment")
        assert "On it" in str(self._words(everywhere, incident_id, issue_id)[0])
        (after,) = everywhere.store.comment_links([row.id])[row.id]
        assert (after.incident_digest != before.incident_digest, after.issue_digest) == (True, before.issue_digest)
        calm(everywhere)
        assert self._words(everywhere, incident_id, issue_id)[1] == ["Done"]
        take_back(everywhere, "undo edit comment")
        assert "Done" in str(self._words(everywhere, incident_id, issue_id)[0])
        calm(everywhere)

    @staticmethod
    def _words(stage: MirrorStage, incident_id: str, issue_id: str) -> tuple[list[str], list[str]]:
        incident = stage.sandbox.tester.incident(incident_id)
        issue = stage.sandbox.jira.issue(issue_id)
        return [c.body for c in incident.comments], [c.body for c in issue.comments.values()]


class TestStepResults:
    @pytest.mark.parametrize("removed_on", Side)
    def test_a_removed_link_is_back_on_both_sides_and_stays(self, everywhere: MirrorStage, removed_on: Side) -> None:
        incident_id, issue_id = linked(everywhere)
        step = next(iter(everywhere.sandbox.tester.runs.steps))
        everywhere.sandbox.tester.link_step(step, incident_id)
        everywhere.sync(census=True)
        (link,) = self._shown(everywhere, issue_id)
        if removed_on is Side.INCIDENT:
            everywhere.sandbox.tester.unlink_step(step, incident_id)
        else:
            everywhere.sandbox.jira.remove_remote_link(issue_id, f"syncer:lab:stepresult:{step}")
        confirm(everywhere)
        assert (self._shown(everywhere, issue_id), self._found(everywhere, step, incident_id)) == ([], False)
        take_back(everywhere, "hide result")
        assert (self._shown(everywhere, issue_id), self._found(everywhere, step, incident_id)) == ([link], True)
        calm(everywhere)
        assert (self._shown(everywhere, issue_id), self._found(everywhere, step, incident_id)) == ([link], True)
        take_back(everywhere, "undo hide result")
        assert (self._shown(everywhere, issue_id), self._found(everywhere, step, incident_id)) == ([], False)
        calm(everywhere)
        take_back(everywhere, "undo show result")
        assert (self._shown(everywhere, issue_id), self._found(everywhere, step, incident_id)) == ([link], True)

    @staticmethod
    def _shown(stage: MirrorStage, issue_id: str) -> list[Any]:
        links = stage.sandbox.jira.issue(issue_id).remote_links.values()
        return [(each.global_id, each.object["title"]) for each in links if "stepresult" in str(each.global_id)]

    @staticmethod
    def _found(stage: MirrorStage, step: str, incident_id: str) -> bool:
        return incident_id in stage.sandbox.tester.runs.incidents_of(step)


class TestRefusals:
    @pytest.mark.parametrize("kind", ["create", "mark"])
    def test_what_took_nothing_can_not_be_undone(self, everywhere: MirrorStage, kind: str) -> None:
        linked(everywhere)
        before = everywhere.writes()
        with pytest.raises(Refused, match="took nothing"):
            take_back(everywhere, kind)
        assert everywhere.writes() == before

    def test_an_undo_that_was_undone_leaves_the_entry_to_be_undone_again(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.edit(incident_id, Summary="Overwritten")
        everywhere.sync()
        entry = newest(everywhere, "update")
        undo(everywhere.link, entry)
        take_back(everywhere, "undo update")
        undo(everywhere.link, entry)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Pump fails"
