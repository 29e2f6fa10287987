"""What people decide about what waits, on two real servers: carried out by the next cycle, once, and told."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from state.rows import Conflict, Held, HistoryEntry
from syncer import deciding
from syncer.core.records import Side
from syncer.core.removals import DeleteRecord
from syncer.handwork import Refused
from syncer.holding import approvals_of
from syncer.sandbox.jira.records import Issue
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_mirror import BOTH
from tests.syncer.test_removals import confirm, has_link, linked

WORD = ("Mine", "Theirs")


@pytest.fixture(params=BOTH, ids=[f"{profile}-{deployment}" for profile, deployment in BOTH])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as made:
        made.log(Summary="A sibling")
        yield made


@pytest.fixture
def any_stage(tmp_path: Path) -> Iterator[MirrorStage]:
    """For what doesn't hang on the servers' kinds."""
    with MirrorStage(tmp_path) as made:
        made.log(Summary="A sibling")
        yield made


def conflict_of(stage: MirrorStage) -> Conflict:
    (found,) = stage.store.conflicts(stage.link.name)
    return found


def in_conflict(stage: MirrorStage) -> tuple[str, str]:
    """Two linked records whose title both sides changed."""
    ids = linked(stage)
    edit(stage, ids, *WORD)
    stage.sync()
    return ids


def edit(stage: MirrorStage, ids: tuple[str, str], mine: str | None = None, theirs: str | None = None) -> None:
    if mine is not None:
        stage.sandbox.tester.edit(ids[0], Summary=mine)
    if theirs is not None:
        stage.sandbox.jira.edit(ids[1], by="annak", summary=theirs)


def titles(stage: MirrorStage, ids: tuple[str, str]) -> tuple[str, str]:
    issue = stage.sandbox.jira.issue(ids[1])
    return stage.sandbox.tester.incident(ids[0]).summary, issue.text("summary") or ""


def settle(stage: MirrorStage, choice: Side) -> str:
    return deciding.settle(stage.store, conflict_of(stage), choice.word, "Anna", stage.link.now())


def told(stage: MirrorStage, kind: str) -> HistoryEntry:
    (entry,) = stage.store.history(stage.link.name, kinds=[kind])
    return entry


def is_quiet(stage: MirrorStage) -> bool:
    """Nothing is left to write, by a poll or by looking at everything."""
    before = stage.writes()
    polled = stage.sync().writes
    stage.later(hours=1)
    return (polled, stage.sync(census=True).writes, stage.writes()) == (0, 0, before)


class TestSettling:
    @pytest.mark.parametrize("choice", Side)
    def test_the_chosen_value_is_on_both_sides_after_one_cycle_and_one_write(
        self, stage: MirrorStage, choice: Side
    ) -> None:
        ids = in_conflict(stage)
        assert titles(stage, ids) == WORD
        said = settle(stage, choice)
        assert said.startswith(f"decided by Anna: take the {choice}'s Summary, not the {choice.other}'s, of #")
        before = stage.writes()
        stage.sync()
        assert titles(stage, ids) == (WORD[list(Side).index(choice)],) * 2
        assert stage.writes() == before + 1
        assert (stage.waiting(), stage.store.decisions(stage.link.name)) == ([], [])
        assert is_quiet(stage)

    def test_the_history_says_who_decided_and_what_was_done(self, any_stage: MirrorStage) -> None:
        ids = in_conflict(any_stage)
        settle(any_stage, Side.ISSUE)
        entry = told(any_stage, "settle conflict")
        assert (entry.cause, entry.sentence) == ("decided by Anna", "take the issue's Summary, not the incident's")
        assert (entry.cycle, entry.incident_id, entry.issue_id) == ("by hand", *ids)
        any_stage.sync()
        update = any_stage.store.history(any_stage.link.name, kinds=["update"])[0]
        assert update.cause == "decided by Anna: take the issue's Summary"
        assert (update.side, update.before, update.after) == ("incident", {"Summary": "Mine"}, {"Summary": "Theirs"})

    def test_what_else_travels_with_it_is_told_apart(self, any_stage: MirrorStage) -> None:
        ids = in_conflict(any_stage)
        settle(any_stage, Side.ISSUE)
        any_stage.sandbox.jira.edit(ids[1], by="annak", description="It drips")
        any_stage.sync()
        update = any_stage.store.history(any_stage.link.name, kinds=["update"])[0]
        assert update.sentence == "update the incident: Summary, Description"
        assert update.cause == "decided by Anna: take the issue's Summary; the issue side changed"

    @pytest.mark.parametrize("choice", Side)
    @pytest.mark.parametrize(
        ("mine", "theirs", "who"),
        [("Newer", None, "the incident"), (None, "Newer", "the issue"), ("New", "Newer", "both sides")],
    )
    def test_where_a_value_changed_since_nothing_is_written_and_the_conflict_waits_anew(
        self, any_stage: MirrorStage, choice: Side, mine: str | None, theirs: str | None, who: str
    ) -> None:
        stage, ids = any_stage, in_conflict(any_stage)
        settle(stage, choice)
        edit(stage, ids, mine, theirs)
        now, before = titles(stage, ids), stage.writes()
        stage.sync()
        assert (titles(stage, ids), stage.writes()) == (now, before)
        ((item, reason),) = stage.waiting()
        assert item == "Summary"
        assert f"it was decided to take the {choice}'s, but {who} changed since" in reason
        waits = conflict_of(stage)
        assert ((waits.both.incident, waits.both.issue), waits.decision) == (now, None)
        assert told(stage, "end decision").cause == f"{who} changed since"
        settle(stage, choice)
        stage.sync()
        assert titles(stage, ids) == (now[list(Side).index(choice)],) * 2
        assert is_quiet(stage)

    def test_where_people_made_both_equal_meanwhile_the_decision_is_forgotten(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, in_conflict(any_stage)
        settle(stage, Side.INCIDENT)
        edit(stage, ids, theirs="Mine")
        stage.sync()
        assert (titles(stage, ids), stage.waiting()) == (("Mine", "Mine"), [])
        assert stage.store.decisions(stage.link.name) == []
        assert told(stage, "end decision").cause == "there is no conflict any more"
        assert is_quiet(stage)

    def test_what_is_not_as_it_was_shown_can_not_be_decided(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, in_conflict(any_stage)
        shown = conflict_of(stage)
        edit(stage, ids, theirs="Newer")
        stage.sync()
        with pytest.raises(Refused, match="isn't in conflict as it was shown any more"):
            deciding.settle(stage.store, shown, "issue", "Anna", stage.link.now())
        assert stage.store.history(stage.link.name, kinds=["settle conflict"]) == []

    def test_of_two_words_the_later_counts(self, any_stage: MirrorStage) -> None:
        ids = in_conflict(any_stage)
        settle(any_stage, Side.INCIDENT)
        settle(any_stage, Side.ISSUE)
        any_stage.sync()
        assert titles(any_stage, ids) == ("Theirs", "Theirs")

    def test_a_value_that_the_server_refuses_stays_decided_and_may_be_decided_otherwise(
        self, any_stage: MirrorStage
    ) -> None:
        stage, ids = any_stage, in_conflict(any_stage)
        settle(stage, Side.INCIDENT)
        with stage.fault(Side.ISSUE, effect="status", status=400, method="PUT", path=r"/issue/"):
            stage.sync()
        assert titles(stage, ids) == WORD
        waits = conflict_of(stage)
        assert (waits.parked.code, waits.decision is not None) == ("refused", True)
        settle(stage, Side.ISSUE)
        stage.sync()
        assert titles(stage, ids) == ("Theirs", "Theirs")
        assert is_quiet(stage)

    @pytest.mark.parametrize("effect", ["drop_after", "drop_before"])
    @pytest.mark.parametrize("choice", Side)
    def test_a_lost_answer_leaves_the_decision_carried_out_once(
        self, stage: MirrorStage, choice: Side, effect: str
    ) -> None:
        ids = in_conflict(stage)
        settle(stage, choice)
        path = r"/issue/" if choice is Side.INCIDENT else r"/incident/"
        with stage.fault(choice.other, effect=effect, method="PUT", path=path):
            assert stage.sync().in_doubt == 1
        stage.sync()
        assert titles(stage, ids) == (WORD[list(Side).index(choice)],) * 2
        assert stage.store.decisions(stage.link.name) == []
        assert stage.store.history(stage.link.name, kinds=["end decision"]) == []
        assert is_quiet(stage)

    def test_it_outlasts_a_side_that_is_down(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, in_conflict(any_stage)
        settle(stage, Side.INCIDENT)
        with stage.fault(Side.ISSUE, effect="status", status=503, method="PUT", path=r"/issue/"):
            stage.sync()
        stage.later(hours=1)
        stage.sync()
        assert titles(stage, ids) == ("Mine", "Mine")
        assert is_quiet(stage)


def held_set(stage: MirrorStage) -> Held:
    (found,) = stage.store.held(stage.link.name)
    return found


def discard(stage: MirrorStage) -> str:
    return deciding.discard(stage.store, held_set(stage), "Anna", stage.link.now())


def pumps(stage: MirrorStage) -> list[Issue]:
    return [issue for issue in stage.sandbox.jira.issues.values() if issue.text("summary") == "Pump fails"]


def images(stage: MirrorStage) -> tuple[list[object], list[object]]:
    """What people see of the records that go by one title: ids, status and comments."""
    incidents = [each for each in stage.sandbox.tester.incidents() if each.summary == "Pump fails"]
    return (
        [(each.id, each.status, len(each.comments)) for each in incidents],
        [(each.id, each.text("status"), len(each.comments)) for each in pumps(stage)],
    )


HOLDING = {"at_most": 0, "incident": "delete", "issue": "delete"}


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


def comments(stage: MirrorStage, ids: tuple[str, str]) -> tuple[int, int]:
    return len(stage.sandbox.tester.incident(ids[0]).comments), len(stage.sandbox.jira.issue(ids[1]).comments)


def shown(issue: Issue) -> list[str]:
    return [str(each.global_id) for each in issue.remote_links.values() if "stepresult" in str(each.global_id)]


def shown_step(stage: MirrorStage) -> tuple[tuple[str, str], str]:
    """Two linked records, and a step result that both show."""
    stage.remap(deletions=HOLDING)
    ids = linked(stage)
    step = next(iter(stage.sandbox.tester.runs.steps))
    stage.sandbox.tester.link_step(step, ids[0])
    stage.sync(census=True)
    return ids, step


class TestRetrying:
    def refused(self, stage: MirrorStage, times: int) -> tuple[str, str]:
        """An issue's title that Enterprise Tester refused so many times, and would take now."""
        ids = linked(stage)
        stage.sync()
        edit(stage, ids, theirs="Refused")
        with self.refusing(stage, ids):
            for _ in range(times):
                stage.later(days=1)
                stage.sync()
        return ids

    def refusing(self, stage: MirrorStage, ids: tuple[str, str]) -> AbstractContextManager[None]:
        said, path = '{"Message": "not now"}', rf"/incident/{ids[0]}$"
        return stage.fault(Side.INCIDENT, effect="status", status=400, method="PUT", path=path, body=said, times=None)

    def test_what_waits_is_tried_by_the_next_cycle_and_then_after_the_shortest_delay(
        self, any_stage: MirrorStage
    ) -> None:
        stage, ids = any_stage, self.refused(any_stage, 4)
        with self.refusing(stage, ids):
            self.a_day_passes(stage)
            stage.sync()
        stage.sync()
        assert titles(stage, ids) == ("Pump fails", "Refused"), "no poll may find it by itself"
        (row,) = stage.store.parked(stage.link.name)
        with self.refusing(stage, ids):
            assert deciding.retry(stage.store, [row], "Anna", stage.link.now()) == 1
            stage.sync()
        (again,) = stage.store.parked(stage.link.name)
        assert (again.tries, again.since) == (1, row.since)
        assert again.next_try_at <= stage.link.now() + stage.link.pace.delay(1)
        stage.sync()
        assert titles(stage, ids) == ("Pump fails", "Refused")
        deciding.retry(stage.store, [again], "Anna", stage.link.now())
        stage.sync()
        assert (titles(stage, ids), stage.waiting()) == (("Refused", "Refused"), [])
        assert is_quiet(stage)

    def a_day_passes(self, stage: MirrorStage) -> None:
        """In Jira, where somebody works on another issue."""
        clock = stage.sandbox.jira.clock
        stage.sandbox.jira.clock = lambda: clock() + timedelta(days=1)
        stage.sandbox.jira.create(by="annak", summary="Another issue")

    def test_the_history_says_who_asked_for_what(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, self.refused(any_stage, 1)
        deciding.retry(stage.store, stage.store.parked(stage.link.name), "Anna", stage.link.now())
        entry = told(stage, "retry")
        assert (entry.sentence, entry.cause) == ("try again at once: Summary", "decided by Anna")
        assert entry.incident_id == ids[0]

    def test_what_waits_is_found_by_either_key_or_id_and_by_item(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, self.refused(any_stage, 1)
        (link,) = stage.store.find_links(stage.link.name, text=ids[0])
        for record in (*ids, link.incident_key, link.issue_key.lower()):
            (row,) = deciding.find_waiting(stage.store, [stage.link.name], record, "summary")
            assert row.item == "Summary"
        assert deciding.find_waiting(stage.store, [stage.link.name], ids[0], "Priority") == []
        assert deciding.find_waiting(stage.store, [stage.link.name], "NOPE-1") == []
        assert len(deciding.find_waiting(stage.store, [stage.link.name])) == 1
