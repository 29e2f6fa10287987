"""Held removals that people discard, on two real servers: nothing is removed, and nobody is asked again."""

import pytest

from state.rows import Held
from syncer import deciding
from syncer.core.records import Side
from syncer.core.removals import DeleteRecord
from syncer.handwork import Refused
from syncer.holding import approvals_of
from tests.syncer.deciding.deeds import (
    HOLDING,
    comments,
    discard,
    edit,
    held_set,
    images,
    is_quiet,
    pumps,
    shown,
    shown_step,
    titles,
    told,
)
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_removals import confirm, has_link, linked


class TestDiscarding:
    @pytest.mark.parametrize("gone", Side)
    @pytest.mark.parametrize("policy", ["delete", "close", "unlink"])
    def test_the_record_that_is_left_stays_as_it_is_and_gets_no_twin(
        self, any_stage: MirrorStage, gone: Side, policy: str
    ) -> None:
        stage, closing = any_stage, {"close_issue_as": "Done", "close_incident_as": "Closed"}
        names = closing if policy == "close" else {}
        stage.remap(deletions={**HOLDING, **names, "incident": policy, "issue": policy})
        ids = linked(stage)
        incidents, issues = images(stage)
        left: tuple[list[object], list[object]] = ([], issues) if gone is Side.INCIDENT else (incidents, [])
        if gone is Side.INCIDENT:
            stage.sandbox.tester.delete(ids[0])
        else:
            stage.sandbox.jira.delete(ids[1])
        confirm(stage)
        assert discard(stage).startswith("discarded by Anna: 1 removal in ")
        stage.sync()
        assert not has_link(stage, ids[0])
        assert images(stage) == left
        assert all(issue.remote_links == {} for issue in pumps(stage))
        assert stage.store.held(stage.link.name) == []
        assert is_quiet(stage)
        assert stage.store.discards(stage.link.name) == []
        assert images(stage) == left

    def test_the_history_says_who_and_what_for_each_record(self, any_stage: MirrorStage) -> None:
        stage = any_stage
        stage.remap(deletions=HOLDING)
        ids = linked(stage)
        stage.sandbox.tester.delete(ids[0])
        confirm(stage)
        discard(stage)
        entry = told(stage, "discard")
        assert (entry.cause, entry.incident_id, entry.issue_id) == ("decided by Anna", *ids)
        assert entry.sentence == "discard: dissolve the link: the incident was deleted, and its issue with it"
        stage.sync()
        bury = told(stage, "bury")
        assert bury.cause == "the incident was deleted; a person decided that the issue stays"
        assert stage.store.history(stage.link.name, kinds=[DeleteRecord.kind]) == []

    def test_exactly_the_held_ones_are_kept_and_what_joins_them_later_is_held(self, any_stage: MirrorStage) -> None:
        stage = any_stage
        stage.remap(deletions=HOLDING)
        incidents = [stage.log(Summary=f"Incident {number}") for number in range(5)]
        stage.sync()
        issues = {incident.id: stage.twin(incident.id) for incident in incidents}
        for incident in incidents[:3]:
            stage.sandbox.tester.delete(incident.id)
        confirm(stage)
        discard(stage)
        stage.sandbox.tester.delete(incidents[3].id)
        stage.later(minutes=10)
        confirm(stage)
        assert set(issues.values()) <= set(stage.sandbox.jira.issues)
        assert [has_link(stage, incident.id) for incident in incidents] == [False, False, False, True, True]
        assert len(held_set(stage).lines) == 1

    @pytest.mark.parametrize("side", Side)
    def test_a_mark_that_was_taken_off_is_put_back_and_the_link_stays(self, stage: MirrorStage, side: Side) -> None:
        stage.remap(deletions=HOLDING)
        ids = linked(stage)
        stage.sync(census=True)
        marked = stage.sandbox.tester.incident(ids[0]).field_values.get("Jira key")
        if side is Side.INCIDENT:
            stage.sandbox.tester.edit(ids[0], FieldValues={"Jira key": ""})
        else:
            stage.sandbox.jira.remove_remote_link(ids[1], f"syncer:lab:incident:{ids[0]}")
        confirm(stage)
        discard(stage)
        stage.sync()
        assert has_link(stage, ids[0])
        assert len(stage.sandbox.jira.issue(ids[1]).remote_links) == 1
        assert stage.sandbox.tester.incident(ids[0]).field_values.get("Jira key") == marked
        edit(stage, ids, theirs="Still mirrored")
        stage.sync()
        assert titles(stage, ids) == ("Still mirrored", "Still mirrored")
        assert is_quiet(stage)

    @pytest.mark.parametrize("owner", Side)
    def test_a_mirrored_comment_stays_is_not_mirrored_back_and_not_asked_about_again(
        self, stage: MirrorStage, owner: Side
    ) -> None:
        stage.remap(deletions=HOLDING)
        ids = linked(stage)
        if owner is Side.INCIDENT:
            comment = stage.sandbox.tester.comment(ids[0], body="Never mind")
            stage.sync()
            stage.sandbox.tester.delete_comment(ids[0], comment)
        else:
            written = stage.sandbox.jira.comment(ids[1], by="mariag", body="Never mind")
            stage.sync()
            stage.sandbox.jira.delete_comment(ids[1], written.id)
        confirm(stage)
        discard(stage)
        before = stage.writes()
        stage.sync()
        assert (stage.writes(), stage.waiting()) == (before, [])
        assert is_quiet(stage)
        assert comments(stage, ids) == ((0, 1) if owner is Side.INCIDENT else (1, 0))
        assert stage.store.held(stage.link.name) == []

    def test_a_step_result_link_that_a_tester_removed_stays_on_the_issue(self, stage: MirrorStage) -> None:
        ids, step = shown_step(stage)
        stage.sandbox.tester.unlink_step(step, ids[0])
        confirm(stage)
        discard(stage)
        stage.sync(census=True)
        assert len(shown(stage.sandbox.jira.issue(ids[1]))) == 1
        assert is_quiet(stage)

    def test_a_testers_step_result_link_stays_and_is_shown_again(self, stage: MirrorStage) -> None:
        ids, step = shown_step(stage)
        stage.sandbox.jira.remove_remote_link(ids[1], f"syncer:lab:stepresult:{step}")
        confirm(stage)
        discard(stage)
        for _ in range(2):
            stage.sync(census=True)
        assert ids[0] in stage.sandbox.tester.runs.incidents_of(step)
        assert len(shown(stage.sandbox.jira.issue(ids[1]))) == 1
        assert is_quiet(stage)

    def test_an_edit_meanwhile_makes_it_another_removal(self, any_stage: MirrorStage) -> None:
        """Edit beats delete: the record stays by that, and is told so."""
        stage = any_stage
        stage.remap(deletions=HOLDING)
        ids = linked(stage)
        stage.sandbox.tester.delete(ids[0])
        confirm(stage)
        discard(stage)
        edit(stage, ids, theirs="I still need this")
        stage.sync()
        assert stage.sandbox.jira.issue(ids[1]).text("summary") == "I still need this"
        assert "edit beats delete" in told(stage, "bury").cause

    def test_of_an_approval_and_a_discard_the_later_counts(self, any_stage: MirrorStage) -> None:
        stage = any_stage
        stage.remap(deletions=HOLDING)
        ids = linked(stage)
        stage.sandbox.tester.delete(ids[0])
        confirm(stage)
        for digest in approvals_of(held_set(stage)):
            stage.store.approve(stage.link.name, digest, "ops", stage.link.now())
        discard(stage)
        stage.sync()
        assert ids[1] in stage.sandbox.jira.issues

    def test_a_changed_mapping_is_not_discarded(self, any_stage: MirrorStage) -> None:
        at = any_stage.link.now()
        changed = Held(any_stage.link.name, "abc", "mapping", "the mapping was changed", ("#1 = TEST-1: update",), at)
        with pytest.raises(Refused, match="take the edit of the mapping file back"):
            deciding.discard(any_stage.store, changed, "Anna", at)

    def test_a_set_that_is_held_no_more_is_refused(self, any_stage: MirrorStage) -> None:
        at = any_stage.link.now()
        gone = Held(any_stage.link.name, "abc", "removals", "too many", ("#1 = TEST-1: dissolve the link",), at)
        with pytest.raises(Refused, match="nothing is held under 'abc' any more"):
            deciding.discard(any_stage.store, gone, "Anna", at)
        assert any_stage.store.discards(any_stage.link.name) == []
