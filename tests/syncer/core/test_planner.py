"""The presence table of the design: one row a case; then what a plan is as a value."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from mappings.policies import Conflict, Direction
from state.rows import Tombstone
from syncer.core.actions import (
    Action,
    AddComment,
    Adopt,
    Agree,
    CreateOption,
    CreateRecord,
    PairVersions,
    UpdateRecord,
    WriteMark,
)
from syncer.core.plan import RecordPlan
from syncer.core.planner import plan, plan_record
from syncer.core.records import Comment, Gone, Mark, Observation, Present, Side, Unknown
from syncer.core.removals import Bury, DeleteRecord, RemoveMark
from syncer.core.situation import Situation
from tests.syncer.core.builders import (
    INCIDENT_ID,
    INSTALLATION,
    ISSUE_ID,
    NOW,
    baselines,
    bound,
    copied,
    incident,
    issue,
    link,
    linked,
    option,
    priority,
    versions,
)

AGREED = baselines({"Summary": "Pump fails"}, {"summary": "Pump fails"})
TO_ISSUE, TO_INCIDENT = Mark(INSTALLATION, ISSUE_ID), Mark(INSTALLATION, INCIDENT_ID)


def decide(situation: Situation, **changes: object) -> RecordPlan:
    return plan_record(situation, bound(**changes), INSTALLATION)


def kinds(situation: Situation, **changes: object) -> list[type[Action]]:
    return [type(action) for action in decide(situation, **changes).actions]


def vanished(incident_seen: Observation, issue_seen: Observation) -> Situation:
    return Situation(link(), incident_seen, issue_seen, AGREED)


class TestPresence:
    @pytest.mark.parametrize("side", Side)
    @pytest.mark.parametrize("has_link", [True, False])
    def test_either_side_unknown_nothing_is_done_and_the_reason_said(self, side: Side, has_link: bool) -> None:
        seen: dict[Side, Observation] = {Side.INCIDENT: Present(incident()), Side.ISSUE: Present(issue())}
        seen[side] = Unknown("403: no permission")
        situation = Situation(link() if has_link else None, seen[Side.INCIDENT], seen[Side.ISSUE], AGREED)
        decided = decide(situation)
        assert decided.actions == ()
        assert decided.waiting[0].reason == f"the {side} can't be judged: 403: no permission"

    def test_an_intent_in_doubt_holds_its_record(self) -> None:
        decided = decide(Situation(None, Present(incident()), None, waiting="in doubt since noon"))
        assert (decided.actions, decided.reason) == ((), "in doubt since noon")

    def test_no_link_and_an_incident_creates_the_issue(self) -> None:
        create, *marks = decide(Situation(None, Present(incident()), None)).actions
        assert isinstance(create, CreateRecord)
        assert create.side is Side.ISSUE
        assert create.twin.mark == TO_INCIDENT
        assert [(type(mark), mark.side) for mark in marks] == [(WriteMark, Side.ISSUE), (WriteMark, Side.INCIDENT)]

    def test_no_link_and_an_issue_creates_the_incident(self) -> None:
        create, *marks = decide(Situation(None, None, Present(issue()))).actions
        assert isinstance(create, CreateRecord)
        assert create.side is Side.INCIDENT
        assert create.twin.mark == TO_ISSUE
        assert [mark.side for mark in marks] == [Side.ISSUE]

    @pytest.mark.parametrize(
        ("situation", "direction"),
        [
            (Situation(None, Present(incident()), None), Direction.TO_INCIDENT),
            (Situation(None, None, Present(issue())), Direction.TO_ISSUE),
        ],
    )
    def test_no_link_and_the_direction_forbids_it_nothing(self, situation: Situation, direction: Direction) -> None:
        assert decide(situation, direction=direction).actions == ()

    def test_no_link_and_marks_that_point_at_each_other_are_adopted(self) -> None:
        situation = Situation(None, Present(incident(mark=TO_ISSUE)), Present(issue(mark=TO_INCIDENT)))
        assert kinds(situation) == [Adopt, Agree, WriteMark, WriteMark]

    def test_adoption_of_records_that_differ_asks_unless_the_policy_says_who_wins(self) -> None:
        marked = Present(incident(mark=TO_ISSUE, Summary="Mine")), Present(issue(mark=TO_INCIDENT, summary="Theirs"))
        decided = decide(Situation(None, *marked))
        assert [type(action) for action in decided.actions] == [Adopt, WriteMark, WriteMark]
        assert decided.waiting[0].item == "Summary"

    def test_two_records_that_name_the_same_twin_are_both_left_to_a_person(self) -> None:
        first, second = incident(mark=TO_ISSUE), replace(incident(mark=TO_ISSUE), id="a clone", key="INC-8")
        situations = [Situation(None, Present(each), Present(issue())) for each in (first, second)]
        made = plan(situations, bound(), INSTALLATION)
        assert made.empty
        assert all("same mark" in record.waiting[0].reason for record in made.records)

    @pytest.mark.parametrize("mark", [Mark("elsewhere", INCIDENT_ID), Mark(INSTALLATION, "another incident")])
    def test_no_link_and_a_mark_that_names_another_is_left_to_a_person(self, mark: Mark) -> None:
        decided = decide(Situation(None, Present(incident(mark=TO_ISSUE)), Present(issue(mark=mark))))
        assert decided.actions == ()
        assert "mark of another record" in decided.waiting[0].reason

    def test_a_record_of_another_installation_is_never_touched(self) -> None:
        decided = decide(Situation(None, None, Present(issue(mark=Mark("elsewhere", INCIDENT_ID)))))
        assert decided.actions == ()
        assert "installation 'elsewhere'" in decided.waiting[0].reason

    def test_a_tombstone_keeps_two_records_apart(self) -> None:
        grave = Tombstone("shop", INCIDENT_ID, ISSUE_ID, "unlinked by a person", NOW)
        assert decide(Situation(None, Present(incident()), None, tombstone=grave)).actions == ()

    def test_a_link_with_both_present_and_in_step_does_nothing(self) -> None:
        decided = decide(linked(incident(), issue()))
        assert (decided.actions, decided.waiting, decided.reason) == ((), (), None)

    @pytest.mark.parametrize("gone", Side)
    def test_a_link_with_one_gone_and_the_other_unchanged_follows_the_deletion_policy(self, gone: Side) -> None:
        seen: dict[Side, Observation] = {Side.INCIDENT: Present(incident()), Side.ISSUE: Present(issue())}
        seen[gone] = Gone("404 twice")
        situation = vanished(seen[Side.INCIDENT], seen[Side.ISSUE])
        assert kinds(situation) == [RemoveMark, Bury]
        assert kinds(situation, deletions={"incident": "delete", "issue": "delete"}) == [DeleteRecord, Bury]
        assert kinds(situation, deletions={"incident": "ignore", "issue": "ignore"}) == []

    @pytest.mark.parametrize("gone", Side)
    def test_edit_beats_delete(self, gone: Side) -> None:
        seen: dict[Side, Observation] = {
            Side.INCIDENT: Present(incident(Summary="Edited since")),
            Side.ISSUE: Present(issue(summary="Edited since")),
        }
        seen[gone] = Gone("404 twice")
        decided = decide(
            vanished(seen[Side.INCIDENT], seen[Side.ISSUE]),
            deletions={"incident": "delete", "issue": "delete"},
        )
        unmark, bury = decided.actions
        assert isinstance(unmark, RemoveMark)
        assert isinstance(bury, Bury)
        assert "edit beats delete" in bury.reason
        assert not bury.removal

    def test_a_comment_written_meanwhile_is_an_edit_too(self) -> None:
        written = Present(issue(Comment("9", "Anna", "Wait, I still need this", NOW)))
        (_, bury) = decide(vanished(Gone("404 twice"), written), deletions={"incident": "delete"}).actions
        assert isinstance(bury, Bury)
        assert "edit beats delete" in bury.reason

    @pytest.mark.parametrize("side", Side)
    def test_a_mark_removed_by_a_person_unlinks_and_both_records_stay(self, side: Side) -> None:
        situation = replace(linked(incident(), issue()), lost=frozenset({(side, "mark")}))
        assert kinds(situation) == [RemoveMark, RemoveMark, Bury]

    @pytest.mark.parametrize("side", Side)
    def test_a_mark_that_may_be_gone_waits_for_a_later_look(self, side: Side) -> None:
        decided = decide(replace(linked(incident(), issue()), questioned=frozenset({(side, "mark")})))
        assert decided.actions == ()
        assert [waiting.item for waiting in decided.waiting] == ["mark"]

    def test_both_gone_leaves_a_tombstone(self) -> None:
        assert kinds(vanished(Gone("404 twice"), Gone("404 twice"))) == [Bury]


class TestFields:
    def test_different_fields_edited_on_both_sides_of_one_record_both_land(self) -> None:
        left = incident(Summary="New title", Description="old")
        right = issue(summary="Pump fails", description="new words")
        agreed = ({"Summary": "Pump fails", "Description": "old"}, {"summary": "Pump fails", "description": "old"})
        decided = plan_record(
            linked(left, right, agreed), bound(copied(), copied("Description", "description")), INSTALLATION
        )
        written = {a.side: [c.name for c in a.changes] for a in decided.actions if isinstance(a, UpdateRecord)}
        assert written == {Side.INCIDENT: ["Description"], Side.ISSUE: ["summary"]}

    def test_a_conflict_under_ask_parks_only_its_field(self) -> None:
        left, right = incident(Summary="Mine", Priority="i-high"), issue(summary="Theirs", priority="3")
        agreed = ({"Summary": "Old", "Priority": "i-low"}, {"summary": "Old", "priority": "3"})
        decided = plan_record(linked(left, right, agreed), bound(copied(), priority()), INSTALLATION)
        assert [waiting.item for waiting in decided.waiting] == ["Summary"]
        (update,) = decided.actions
        assert isinstance(update, UpdateRecord)
        assert [change.item for change in update.changes] == ["Priority"]

    def test_a_member_that_was_not_sent_is_no_change(self) -> None:
        left = incident()
        right = issue()
        silent = type(right)(right.side, right.id, right.key, right.url, {}, right.comments, right.mark)
        agreed = ({"Summary": "Pump fails"}, {"summary": "Pump fails"})
        assert plan_record(linked(left, silent, agreed), bound(), INSTALLATION).actions == ()

    def test_a_status_of_a_new_issue_is_reached_by_a_transition_after_the_create(self) -> None:
        status = priority()
        status = type(status)("Status", "status", status.lens, status.direction, status.conflict)
        situation = Situation(None, Present(incident(Status="i-high")), None)
        create, late, *_ = plan_record(situation, bound(copied(), status), INSTALLATION).actions
        assert isinstance(create, CreateRecord)
        assert isinstance(late, UpdateRecord)
        assert ([c.name for c in create.changes], [c.name for c in late.changes]) == (["summary"], ["status"])
        assert late.side is Side.ISSUE

    def test_a_value_that_cannot_travel_does_not_stop_the_create(self) -> None:
        situation = Situation(None, Present(incident(Priority="i-none", FixedVersions=frozenset({"v1", "v9"}))), None)
        decided = plan_record(situation, bound(copied(), priority(), versions()), INSTALLATION)
        create = decided.actions[0]
        assert isinstance(create, CreateRecord)
        assert {c.name: c.after for c in create.changes} == {
            "summary": "Pump fails",
            "fixVersions": frozenset({"101"}),
        }
        assert [waiting.item for waiting in decided.waiting] == ["Priority", "FixedVersions"]


class TestThePlanAsAValue:
    def test_the_same_input_gives_the_same_plan_and_digest(self) -> None:
        seen = [Situation(None, Present(incident(Comment("c1", "Anna", "Hello", NOW))), None)]
        first, second = (plan(seen, bound(), INSTALLATION) for _ in range(2))
        assert first == second
        assert first.digest() == second.digest()

    def test_it_counts_writes_apart_from_what_only_the_state_db_learns(self) -> None:
        seen = [Situation(None, Present(incident(mark=TO_ISSUE)), Present(issue(mark=TO_INCIDENT)))]
        made = plan(seen, bound(), INSTALLATION)
        assert made.counts() == {"adopt": 1, "agree": 1, "mark": 2}
        assert made.writes == 2

    def test_it_serialises_itself_with_each_actions_sentence(self) -> None:
        made = plan([Situation(None, Present(incident()), None)], bound(), INSTALLATION)
        told = json.loads(json.dumps(made.to_json()))
        assert told["records"][0]["actions"][0]["sentence"] == "create an issue for incident INC-7"

    def test_versions_to_create_and_to_pair_come_first(self) -> None:
        ready = replace(bound(), missing=(("version", "3.1"),), pairings=((option("v1", "1.0"), option("101", "1.0")),))
        made = plan([], ready, INSTALLATION)
        assert [type(action) for action in made.catalogue] == [CreateOption, PairVersions]

    def test_comments_of_a_new_record_travel_with_it(self) -> None:
        seen = Situation(None, Present(incident(Comment("c1", "Anna", "Hello", NOW))), None)
        made = plan_record(seen, bound(), INSTALLATION)
        assert [action.draft.mark for action in made.actions if isinstance(action, AddComment)] == [
            Mark(INSTALLATION, "c1")
        ]

    def test_newest_compares_the_servers_own_times(self) -> None:
        left, right = incident(Summary="Mine", updated=NOW + timedelta(hours=1)), issue(summary="Theirs")
        agreed = ({"Summary": "Old"}, {"summary": "Old"})
        (update,) = plan_record(
            linked(left, right, agreed), bound(copied(conflict=Conflict.NEWEST)), INSTALLATION
        ).actions
        assert isinstance(update, UpdateRecord)
        assert update.side is Side.ISSUE
