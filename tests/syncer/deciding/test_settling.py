"""What people decide about conflicts, on two real servers: carried out by the next cycle, once, and told."""

import pytest

from syncer import deciding
from syncer.core.records import Side
from syncer.handwork import Refused
from tests.syncer.deciding.deeds import WORD, conflict_of, edit, in_conflict, is_quiet, settle, titles, told
from tests.syncer.mirror_stage import MirrorStage


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
