"""Linking, unlinking and adopting: what a person asks for is what stands on both servers afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from state import Store
from state.rows import Link
from syncer.adopt import Adoption, adopt
from syncer.by_hand import link_records, unlink
from syncer.context import NoProgress
from syncer.handwork import Refused
from syncer.undo import undo
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import BOTH, quiet
from tests.syncer.test_removals import confirm, has_link, linked

TWO = BOTH[:2]


@pytest.fixture(params=TWO, ids=[f"{profile}-{deployment}" for profile, deployment in TWO])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as stage:
        stage.log(Summary="A sibling")
        yield stage


def row_of(stage: MirrorStage, incident_id: str) -> Link:
    row = stage.store.link_of(stage.link.name, incident_id=incident_id)
    assert row is not None
    return row


def parted(stage: MirrorStage) -> tuple[str, str]:
    """Two records that were linked once."""
    incident_id, issue_id = linked(stage)
    unlink(stage.link, row_of(stage, incident_id))
    return incident_id, issue_id


def key_of(stage: MirrorStage, incident_id: str) -> str:
    return f"#{stage.sandbox.tester.incident(incident_id).number}"


def lose_state(stage: MirrorStage) -> None:
    """The state DB is gone, and the next process starts with an empty one."""
    stage.store.close()
    for left in stage.folder.glob("state.db*"):
        left.unlink()
    stage.store = Store.open(f"sqlite:///{stage.folder}/state.db")
    stage.reopen()


def counts(stage: MirrorStage) -> tuple[int, int]:
    issues = [i for i in stage.sandbox.jira.issues.values() if i.key.startswith("TEST-")]
    return len(stage.sandbox.tester.incidents()), len(issues)


class TestUnlinking:
    def test_both_records_stay_unmarked_and_are_not_linked_again(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = parted(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).remote_links == {}
        assert not everywhere.sandbox.tester.incident(incident_id).field_values.get("Jira key")
        before = counts(everywhere)
        everywhere.sandbox.tester.edit(incident_id, Summary="Mine alone")
        confirm(everywhere)
        assert everywhere.sandbox.jira.issue(issue_id).fields["summary"] == "Pump fails"
        assert counts(everywhere) == before
        quiet(everywhere)

    def test_they_stay_apart_when_the_state_db_is_lost(self, everywhere: MirrorStage) -> None:
        incident_id, _ = parted(everywhere)
        everywhere.sync()
        before = counts(everywhere)
        lose_state(everywhere)
        adopt(everywhere.link, NoProgress())
        confirm(everywhere)
        assert counts(everywhere) == before
        assert not has_link(everywhere, incident_id)

    @pytest.mark.parametrize("gone", ["incident", "issue"])
    def test_a_record_whose_twin_is_gone_can_be_unlinked_and_stays_alone(
        self, everywhere: MirrorStage, gone: str
    ) -> None:
        incident_id, issue_id = linked(everywhere)
        row = row_of(everywhere, incident_id)
        if gone == "incident":
            everywhere.sandbox.tester.delete(incident_id)
        else:
            everywhere.sandbox.jira.delete(issue_id)
        unlink(everywhere.link, row)
        before = counts(everywhere)
        confirm(everywhere)
        lose_state(everywhere)
        confirm(everywhere)
        assert counts(everywhere) == before

    def test_an_unlinking_can_be_undone(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = parted(everywhere)
        undo(everywhere.link, everywhere.store.history(kinds=("unlink",))[0])
        assert everywhere.twin(incident_id) == issue_id
        everywhere.sync(census=True)
        quiet(everywhere)

    def test_unlinking_by_hand_counts_for_nothing_with_the_guard(self, everywhere: MirrorStage) -> None:
        everywhere.remap(deletions={"at_most": 1})
        incidents = [everywhere.log(Summary=f"Incident {number}") for number in range(3)]
        everywhere.sync()
        for incident in incidents[:2]:
            unlink(everywhere.link, row_of(everywhere, incident.id))
        everywhere.sandbox.jira.delete(everywhere.twin(incidents[2].id))
        confirm(everywhere)
        assert everywhere.store.held() == []
        assert not has_link(everywhere, incidents[2].id)


class TestLinking:
    @pytest.mark.parametrize("by_key", [True, False])
    def test_two_records_are_linked_by_key_or_id_and_merged_by_the_next_cycle(
        self, everywhere: MirrorStage, by_key: bool
    ) -> None:
        incident_id, issue_id = parted(everywhere)
        jira, tester = everywhere.sandbox.jira, everywhere.sandbox.tester
        jira.edit(issue_id, by="annak", description="From Jira")
        names = (key_of(everywhere, incident_id), jira.issue(issue_id).key) if by_key else (incident_id, issue_id)
        said = link_records(everywhere.link, *names)
        assert "conflict policy" in said
        assert everywhere.twin(incident_id) == issue_id
        assert everywhere.store.tombstones(everywhere.link.name) == []
        assert everywhere.waiting() == [("record", "linked by hand; the next cycle merges them")]
        everywhere.sync()
        assert tester.incident(incident_id).description == "From Jira"
        assert everywhere.waiting() == []
        tester.edit(incident_id, Summary="Travels again")
        everywhere.sync(census=True)
        assert jira.issue(issue_id).fields["summary"] == "Travels again"
        confirm(everywhere)
        quiet(everywhere)
        assert everywhere.twin(incident_id) == issue_id

    def test_a_linked_record_is_refused_with_the_name_of_its_twin(self, everywhere: MirrorStage) -> None:
        incident_id, _ = parted(everywhere)
        other = everywhere.log(Summary="Another")
        everywhere.sync()
        taken = everywhere.sandbox.jira.issue(everywhere.twin(other.id)).key
        before = everywhere.writes()
        with pytest.raises(Refused, match=f"linked with incident #{other.number} already"):
            link_records(everywhere.link, incident_id, taken)
        assert everywhere.writes() == before

    def test_another_installations_record_is_refused(self, everywhere: MirrorStage) -> None:
        _, issue_id = parted(everywhere)
        foreign = everywhere.log(Summary="Theirs", FieldValues={"Jira key": "X-1 [syncer:elsewhere:4711]"})
        before = everywhere.writes()
        with pytest.raises(Refused, match="installation 'elsewhere'"):
            link_records(everywhere.link, foreign.id, issue_id)
        assert everywhere.writes() == before

    def test_a_key_that_is_not_listed_is_said(self, everywhere: MirrorStage) -> None:
        with pytest.raises(Refused, match="lists no incident #999"):
            link_records(everywhere.link, "#999", "10001")

    def test_a_link_by_hand_can_be_undone(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = parted(everywhere)
        link_records(everywhere.link, incident_id, issue_id)
        undo(everywhere.link, everywhere.store.history(kinds=("link",))[0])
        assert not has_link(everywhere, incident_id)
        assert everywhere.sandbox.jira.issue(issue_id).remote_links == {}


class TestAdopting:
    def test_after_the_loss_of_the_state_db_everything_is_linked_again_and_nothing_written(
        self, tmp_path: Path
    ) -> None:
        for number, (profile, deployment) in enumerate(TWO):
            folder = tmp_path / str(number)
            folder.mkdir()
            with RecallingStage(folder, incidents=12, profile=profile, deployment=deployment) as stage:
                stage.sync()
                stage.sync(census=True)
                rows = {(row.incident_id, row.issue_id) for row in stage.store.links(stage.link.name)}
                comments = stage.store.comment_links([row.id for row in stage.store.links(stage.link.name)])
                records, writes = counts(stage), stage.writes()
                lose_state(stage)
                adoption = adopt(stage.link, NoProgress())
                assert stage.writes() == writes
                assert {(row.incident_id, row.issue_id) for row in stage.store.links(stage.link.name)} == rows
                assert (adoption.linked, adoption.comments) == (len(rows), sum(map(len, comments.values())))
                assert (adoption.marks, adoption.clones, adoption.waiting, adoption.alone) == (0, [], [], [])
                stage.sync()
                assert counts(stage) == records
                confirm(stage)
                quiet(stage)

    def test_a_mark_that_is_missing_is_written(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        everywhere.sandbox.tester.edit(incident_id, FieldValues={"Jira key": ""})
        lose_state(everywhere)
        adoption = adopt(everywhere.link, NoProgress())
        assert adoption.marks == 1
        assert everywhere.twin(incident_id) == issue_id
        assert "syncer:lab" in everywhere.sandbox.tester.incident(incident_id).field_values["Jira key"]

    def test_a_clone_is_listed_and_left_alone(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        mark = everywhere.sandbox.tester.incident(incident_id).field_values["Jira key"]
        clone = everywhere.log(Summary="A copy", FieldValues={"Jira key": mark})
        second = everywhere.sandbox.jira.clone(issue_id, by="annak")
        records = counts(everywhere)
        lose_state(everywhere)
        adoption = adopt(everywhere.link, NoProgress())
        assert everywhere.twin(incident_id) == issue_id
        assert [key for key, _ in adoption.clones] == [f"incident #{clone.number}", f"issue {second.key}"]
        everywhere.sync()
        assert counts(everywhere) == records

    def test_two_claims_of_equal_standing_are_left_to_a_person(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        mark = everywhere.sandbox.tester.incident(incident_id).field_values["Jira key"]
        everywhere.log(Summary="A copy", FieldValues={"Jira key": mark})
        issue = everywhere.sandbox.jira.issue(issue_id)
        issue.properties.clear()
        everywhere.sandbox.jira.edit(issue_id, by="annak", labels=[])
        lose_state(everywhere)
        adoption = adopt(everywhere.link, NoProgress())
        assert len(adoption.clones) == 2
        assert not has_link(everywhere, incident_id)

    def test_what_a_sync_would_create_is_listed_and_not_created(self, everywhere: MirrorStage) -> None:
        linked(everywhere)
        lose_state(everywhere)
        fresh = everywhere.log(Summary="New")
        before = counts(everywhere)
        adoption = adopt(everywhere.link, NoProgress())
        assert adoption.alone == [f"#{fresh.number}"]
        assert counts(everywhere) == before

    def test_adopting_again_changes_nothing(self, everywhere: MirrorStage) -> None:
        linked(everywhere)
        lose_state(everywhere)
        adopt(everywhere.link, NoProgress())
        links = everywhere.store.links(everywhere.link.name)
        assert adopt(everywhere.link, NoProgress()) == Adoption()
        assert everywhere.store.links(everywhere.link.name) == links

    def test_step_results_are_known_again(self, everywhere: MirrorStage) -> None:
        incident_id, issue_id = linked(everywhere)
        step = next(iter(everywhere.sandbox.tester.runs.steps))
        everywhere.sandbox.tester.link_step(step, incident_id)
        everywhere.sync(census=True)
        lose_state(everywhere)
        assert adopt(everywhere.link, NoProgress()).results == 1
        everywhere.sync()
        everywhere.sandbox.tester.unlink_step(step, incident_id)
        confirm(everywhere)
        links = everywhere.sandbox.jira.issue(issue_id).remote_links.values()
        assert not any("stepresult" in str(each.global_id) for each in links)
