"""Links, comments and step-result links come back: `syncer undo`, and the undo of that; and what it refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncer.core.records import Side
from syncer.handwork import Refused
from syncer.undo import undo
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import BOTH
from tests.syncer.test_removals import confirm, linked
from tests.syncer.undo_stage import calm, newest, take_back

TWO = BOTH[:2]


@pytest.fixture(params=TWO, ids=[f"{profile}-{deployment}" for profile, deployment in TWO])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as stage:
        stage.log(Summary="A sibling")
        yield stage


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
