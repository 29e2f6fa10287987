"""What becomes of a record whose twin was deleted, down to the words: the table of `syncer.core.vanished`."""

from dataclasses import replace
from typing import Any

import pytest

from state.rows import CommentLink
from syncer.core.actions import Action, AddComment, UpdateRecord
from syncer.core.bind import Bound, bind
from syncer.core.plan import RecordPlan
from syncer.core.planner import plan_record
from syncer.core.reasons import Reason
from syncer.core.records import Catalogue, Comment, Gone, Mark, Observation, Present, Record, Side, Twin
from syncer.core.removals import Bury, DeleteRecord, RemoveMark
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from tests.syncer.core.builders import (
    INCIDENT_ID,
    INSTALLATION,
    ISSUE_ID,
    NOW,
    baselines,
    bound,
    incident,
    issue,
    link,
    linked,
    mapping,
    option,
)

DELETED = Gone("404 twice")
CATALOGUES = {
    Side.INCIDENT: Catalogue(Side.INCIDENT, {"status": (option("s1", "Open"), option("s9", "Closed"))}),
    Side.ISSUE: Catalogue(Side.ISSUE, {"status": (option("1", "To Do"), option("9", "Done"))}),
}
FIELDS = [
    {"kind": "copy", "incident": "Summary", "issue": "summary"},
    {
        "kind": "status",
        "incident": "Status",
        "issue": "status",
        "values": [{"incident": "Open", "issue": "To Do"}, {"incident": "Closed", "issue": "Done"}],
    },
]
TO_INCIDENT, TO_ISSUE = Mark(INSTALLATION, INCIDENT_ID), Mark(INSTALLATION, ISSUE_ID)


def closing(**deletions: Any) -> Bound:
    return bind(mapping(fields=FIELDS, deletions=deletions), CATALOGUES, ())


def left_alone(record: Record, *comments: CommentLink) -> Situation:
    """The record's twin was deleted, and nobody changed the record."""
    seen: dict[Side, Observation] = {record.side: Present(record), record.side.other: DELETED}
    held = baselines(record.values, record.values)
    return Situation(link(), seen[Side.INCIDENT], seen[Side.ISSUE], held, comments)


def decided(situation: Situation, ready: Bound) -> RecordPlan:
    planned = plan_record(situation, ready, INSTALLATION)
    assert planned.situation is situation
    return planned


def actions(record: Record, **deletions: Any) -> list[Action]:
    return list(decided(left_alone(record), closing(**deletions)).actions)


class TestDelete:
    def test_an_issue_goes_with_its_incident(self) -> None:
        reason = "the incident was deleted"
        assert actions(issue(), incident="delete") == [
            DeleteRecord(Side.ISSUE, ISSUE_ID, "SHOP-1", reason),
            Bury(f"{reason}, and its issue with it"),
        ]

    def test_an_incident_goes_with_its_issue_only_where_that_is_said_of_issues(self) -> None:
        reason = "the issue was deleted"
        assert actions(incident(), incident="unlink", issue="delete") == [
            DeleteRecord(Side.INCIDENT, INCIDENT_ID, "INC-7", reason),
            Bury(f"{reason}, and its incident with it"),
        ]


class TestUnlink:
    def test_an_issue_stays_and_remembers_the_incident_that_was_deleted(self) -> None:
        assert actions(issue(), incident="unlink") == [
            RemoveMark(Side.ISSUE, TO_INCIDENT, "INC-7"),
            Bury("the incident was deleted; the issue stays"),
        ]

    def test_an_incident_stays_and_remembers_the_issue_that_was_deleted(self) -> None:
        assert actions(incident(), issue="unlink") == [
            RemoveMark(Side.INCIDENT, TO_ISSUE, "SHOP-1"),
            Bury("the issue was deleted; the incident stays"),
        ]

    def test_records_that_a_person_parted_remember_nobody_as_deleted(self) -> None:
        parted = replace(linked(incident(), issue()), lost=frozenset({(Side.ISSUE, "mark")}))
        assert list(decided(parted, bound()).actions) == [
            RemoveMark(Side.INCIDENT, TO_ISSUE),
            RemoveMark(Side.ISSUE, TO_INCIDENT),
            Bury("a person removed the mark from the issue"),
        ]


def test_ignore_does_nothing_and_says_so() -> None:
    planned = decided(left_alone(issue()), closing(incident="ignore"))
    assert (planned.actions, planned.code) == ((), Reason.IGNORED_DELETION)
    assert planned.reason == "the incident was deleted; the mapping's deletion policy ignores it"


class TestClose:
    def test_an_issue_gets_the_status_a_word_about_it_and_no_more_attention(self) -> None:
        update, comment, *rest = actions(issue(status="1"), close_issue_as="Done")
        assert isinstance(update, UpdateRecord)
        (change,) = update.changes
        assert update.side is Side.ISSUE
        assert (change.item, change.name, change.before, change.after) == ("Status", "status", "1", "9")
        assert (change.shown_before, change.shown_after) == ("To Do", "Done")
        assert isinstance(comment, AddComment)
        assert comment.side is Side.ISSUE
        assert comment.draft.mark == Mark(INSTALLATION, f"closed-{INCIDENT_ID}")
        assert comment.draft.author == "The synchronizer"
        said = "The incident was deleted. This issue was closed, and is no longer mirrored."
        assert comment.draft.body == said
        assert rest == [
            RemoveMark(Side.ISSUE, TO_INCIDENT, "INC-7"),
            Bury("the incident was deleted, and its issue was closed"),
        ]

    def test_an_incident_gets_the_status_of_its_own_side(self) -> None:
        update, comment, *_ = actions(incident(Status="s1"), close_incident_as="Closed")
        assert isinstance(update, UpdateRecord)
        assert isinstance(comment, AddComment)
        (change,) = update.changes
        assert (update.side, change.name, change.before, change.after) == (Side.INCIDENT, "Status", "s1", "s9")
        assert (change.shown_before, change.shown_after) == ("Open", "Closed")
        assert comment.draft.mark == Mark(INSTALLATION, f"closed-{ISSUE_ID}")

    def test_one_that_has_the_status_already_is_only_told_of(self) -> None:
        kinds = [type(action) for action in actions(issue(status="9"), close_issue_as="Done")]
        assert kinds == [AddComment, RemoveMark, Bury]

    def test_it_is_told_once_although_the_rest_had_to_wait(self) -> None:
        told = Comment("5", "Sync Service", "...", NOW, Mark(INSTALLATION, f"closed-{INCIDENT_ID}"))
        kinds = [type(action) for action in actions(issue(told, status="9"), close_issue_as="Done")]
        assert kinds == [RemoveMark, Bury]

    def test_it_is_told_once_although_somebody_deleted_that_before_the_rest_was_done(self) -> None:
        told = CommentLink(5, 1, "incident", f"closed-{INCIDENT_ID}", "5", "", "")
        planned = decided(left_alone(issue(status="9"), told), closing(close_issue_as="Done"))
        assert [type(action) for action in planned.actions] == [RemoveMark, Bury]

    def test_a_status_that_is_not_there_waits_for_a_person_and_nothing_else_is_done(self) -> None:
        planned = decided(left_alone(issue(status="1")), closing(close_issue_as="Finished"))
        (waiting,) = planned.waiting
        assert planned.actions == ()
        assert (waiting.item, waiting.code) == ("record", Reason.UNMAPPED)
        offered = "no status 'Finished' is there to close it with: To Do, Done"
        assert waiting.reason == f"the incident was deleted, and {offered}"


class TestEditBeatsDelete:
    """Whatever the policy: what a person put into the record that is left is not taken away."""

    def test_the_record_stays_unmarked(self) -> None:
        edited = replace(left_alone(issue()), issue=Present(issue(summary="Now it leaks")))
        unmark, bury = decided(edited, closing(incident="delete")).actions
        assert unmark == RemoveMark(Side.ISSUE, TO_INCIDENT, "INC-7")
        stays = "the incident was deleted, but the issue was edited since, and edit beats delete"
        assert bury == Bury(stays, removal=False)

    @pytest.mark.parametrize("side", Side)
    def test_a_comment_that_the_other_side_was_told_of_is_no_edit(self, side: Side) -> None:
        own_id = "c1" if side is Side.INCIDENT else "900"
        told = Comment(own_id, "Anna", "Seen it too", NOW)
        record = incident(told) if side is Side.INCIDENT else issue(told)
        row = CommentLink(5, 1, side.word, "c1", "900", "-", "-")
        policy = {side.other.word: "delete"}
        planned = decided(left_alone(record, row), closing(**policy))
        assert [type(action) for action in planned.actions] == [DeleteRecord, Bury]

    def test_what_we_wrote_ourselves_is_no_edit_even_if_its_row_is_lost(self) -> None:
        ours = Comment("900", "Sync Service", "Seen it too", NOW, Mark(INSTALLATION, "c1"))
        assert isinstance(actions(issue(ours), incident="delete")[0], DeleteRecord)


class TestBothGone:
    def test_there_is_nothing_left_to_ask_about(self) -> None:
        planned = decided(Situation(link(), DELETED, DELETED), bound())
        assert list(planned.actions) == [Bury("both records were deleted", removal=False)]

    @pytest.mark.parametrize("issue_seen", [DELETED, None])
    def test_one_side_that_was_not_looked_at_holds_everything_back(self, issue_seen: Observation | None) -> None:
        planned = decided(Situation(link(), None, issue_seen), bound())
        assert (planned.actions, planned.code) == ((), Reason.UNREADABLE)
        assert planned.reason == "one of its records wasn't looked at"


class TestTheTwinThatAMarkNames:
    def test_by_its_id_for_machines_and_by_key_address_and_title_for_people(self) -> None:
        assert twin_of(incident(), "lab") == Twin(TO_INCIDENT, "INC-7", "http://et/incident/7", "Pump fails")
        assert twin_of(issue(), "lab") == Twin(TO_ISSUE, "SHOP-1", "http://jira/browse/SHOP-1", "Pump fails")

    def test_by_its_key_where_it_has_no_title(self) -> None:
        assert twin_of(incident(Summary=None), "lab").title == "INC-7"


class TestWhatMayMerelyBeHidden:
    """Where single records can be hidden from us, a link is a person's to dissolve: its end counts as a removal."""

    HIDDEN = Gone("404 twice", certain=False)

    def test_when_both_records_are_gone(self) -> None:
        for left, right in ((self.HIDDEN, DELETED), (DELETED, self.HIDDEN)):
            planned = decided(Situation(link(), left, right), bound())
            assert list(planned.actions) == [Bury("both records were deleted", removal=True)]

    def test_when_the_other_one_was_edited(self) -> None:
        edited = replace(left_alone(issue()), incident=self.HIDDEN, issue=Present(issue(summary="Now it leaks")))
        bury = decided(edited, closing()).actions[-1]
        assert isinstance(bury, Bury)
        assert bury.removal
