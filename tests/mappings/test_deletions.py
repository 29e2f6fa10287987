"""Promises about deletions: nothing is deleted unless the file says so, and what it says can be carried out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.deletions import Deletions
from mappings.fields import Side
from mappings.policies import CommentDeletion, DeletionPolicy
from tests.mappings.files import GOOD, load_text, problems, with_status
from tests.mappings.test_model import Part, mapping

VALUES = [{"incident": "Open", "issue": "To Do"}, {"incident": "Closed", "issue": "Done"}]
STATUS: Part = {"incident": "Status", "issue": "status", "kind": "status", "values": VALUES}
CLOSE, DELETE, IGNORE, UNLINK = (
    DeletionPolicy.CLOSE,
    DeletionPolicy.DELETE,
    DeletionPolicy.IGNORE,
    DeletionPolicy.UNLINK,
)
SIDES: tuple[Side, Side] = ("incident", "issue")


class TestPolicies:
    def test_left_out_both_records_stay(self) -> None:
        assert [Deletions().policy(gone) for gone in SIDES] == [UNLINK, UNLINK]
        assert [Deletions().close_status(gone) for gone in SIDES] == [None, None]

    def test_naming_a_status_is_enough_to_close(self) -> None:
        named = Deletions(close_issue_as="Done")
        assert [named.policy(gone) for gone in SIDES] == [CLOSE, UNLINK]
        named = Deletions(close_incident_as="Closed")
        assert [named.policy(gone) for gone in SIDES] == [UNLINK, CLOSE]

    def test_the_status_is_that_of_the_record_that_is_left(self) -> None:
        named = Deletions(close_issue_as="Done", close_incident_as="Closed")
        assert (named.close_status("incident"), named.close_status("issue")) == ("Done", "Closed")

    @pytest.mark.parametrize("policy", [DELETE, UNLINK, IGNORE])
    def test_a_policy_that_is_given_counts_more_than_a_status(self, policy: DeletionPolicy) -> None:
        given = Deletions(incident=policy, issue=policy, close_issue_as="Done", close_incident_as="Closed")
        assert {given.policy(gone) for gone in SIDES} == {policy}

    @given(st.none() | st.sampled_from([CLOSE, UNLINK, IGNORE]), st.none() | st.just("Done"), st.sampled_from(SIDES))
    def test_no_record_is_deleted_unless_the_file_says_delete(
        self, policy: DeletionPolicy | None, status: str | None, gone: Side
    ) -> None:
        chosen = Deletions(incident=policy, issue=policy, close_issue_as=status, close_incident_as=status)
        assert chosen.policy(gone) is not DELETE

    def test_the_guard_lets_little_pass_unless_the_file_says_otherwise(self, tmp_path: Path) -> None:
        default = load_text(tmp_path, GOOD).deletions
        assert (default.at_most, default.at_most_percent, default.exempt) == (10, 10.0, 3)
        assert default.comments is CommentDeletion.NOTICE

    def test_a_file_may_say_all_of_it(self, tmp_path: Path) -> None:
        text = with_status() + (
            "deletions: {incident: close, close_issue_as: Done, issue: delete, close_incident_as: Closed, "
            "comments: keep, at_most: 0, at_most_percent: 2.5, exempt: 1}\n"
        )
        assert load_text(tmp_path, text).deletions == Deletions(
            incident=CLOSE,
            close_issue_as="Done",
            issue=DELETE,
            close_incident_as="Closed",
            comments=CommentDeletion.KEEP,
            at_most=0,
            at_most_percent=2.5,
            exempt=1,
        )

    def test_a_status_may_stay_named_while_the_policy_stops_it(self, tmp_path: Path) -> None:
        text = with_status() + "deletions: {incident: ignore, close_issue_as: Done}\n"
        assert load_text(tmp_path, text).deletions.policy("incident") is IGNORE

    def test_the_direction_of_the_status_is_asked_for_only_where_records_are_closed(self, tmp_path: Path) -> None:
        text = with_status("to_issue") + "deletions: {incident: close, close_issue_as: Done, issue: delete}\n"
        assert problems(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            with_status() + "deletions: {incident: close}\n",
            "6:12: close_issue_as is needed to close an issue: the name of a status of Jira; or let incident be "
            "unlink or ignore",
        ),
        (
            with_status() + "deletions:\n  issue: close\n  close_incident_as:\n",
            "8:3: close_incident_as is needed to close an incident: the name of a status of Enterprise Tester; "
            "or let issue be unlink or ignore",
        ),
        (
            GOOD + "deletions: {incident: close, close_issue_as: Done}\n",
            "5:46: closing sets the status, and no field carries it; map Status to status, or leave close_issue_as out",
        ),
        (
            GOOD + "deletions: {close_incident_as: Closed}\n",
            "5:32: closing sets the status, and no field carries it; map Status to status, or leave "
            "close_incident_as out",
        ),
        (
            with_status("to_issue") + "deletions: {close_incident_as: Closed}\n",
            "6:32: the direction 'to_issue' never touches the status of an incident; leave close_incident_as out",
        ),
        (
            with_status() + "deletions: {close_issue_as: Done}\ndirection: to_incident\n",
            "6:29: the direction 'to_incident' never touches the status of an issue; leave close_issue_as out",
        ),
        (
            GOOD + "deletions: {issue: delete}\ndirection: to_issue\n",
            "5:20: the link's direction 'to_issue' never touches the incident; use unlink or ignore",
        ),
        (
            with_status() + "deletions: {incident: close}\ndirection: to_incident\n",
            "6:23: the link's direction 'to_incident' never touches the issue; use unlink or ignore",
        ),
        (
            GOOD + "deletions: {incident: remove}\n",
            "5:23: 'remove' is not one of delete, close, unlink or ignore",
        ),
        (
            GOOD + "deletions: {comments: delete}\n",
            "5:23: 'delete' is not one of notice or keep",
        ),
        (
            with_status() + "deletions: {incident: close, close_isue_as: Done}\n",
            "6:30: unknown key 'close_isue_as'; allowed here are incident, issue, close_issue_as, "
            "close_incident_as, comments, at_most, at_most_percent and exempt; did you mean 'close_issue_as'?",
        ),
        (
            with_status() + "deletions: {incident: close, close_issue_as: ' '}\n",
            "6:46: the text is blank; write something, or leave the key out",
        ),
        (
            GOOD + "deletions: {at_most: ten}\n",
            "5:22: a whole number is due here, as 10, and there is 'ten'",
        ),
        (
            GOOD + "deletions: {exempt: 2.5}\n",
            "5:21: a whole number is due here, as 10, and there is '2.5'",
        ),
        (
            GOOD + "deletions: {at_most: }\n",
            "5:13: a whole number is due here, as 10, and there is nothing",
        ),
        (
            GOOD + f"deletions: {{at_most: {'9' * 5000}}}\n",
            f"5:22: a whole number is due here, as 10, and there is '{'9' * 5000}'",
        ),
        (GOOD + "deletions: {at_most: -1}\n", "5:22: '-1' is too small; at least 0 is due"),
        (
            GOOD + "deletions: {at_most_percent: 10%}\n",
            "5:30: a number alone is due here, as 10 or 2.5, and there is '10%'",
        ),
        (
            GOOD + "deletions: {at_most_percent: NaN}\n",
            "5:30: a number alone is due here, as 10 or 2.5, and there is 'NaN'",
        ),
        (
            GOOD + "deletions: {at_most_percent: 100.5}\n",
            "5:30: '100.5' is too large; at most 100 is allowed",
        ),
    ],
    ids=lambda value: repr(value[:12] + value[-40:]),
)
def test_what_could_not_be_carried_out_is_shown_where_it_is(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


def test_two_directions_that_stop_a_deletion_are_told_together(tmp_path: Path) -> None:
    text = with_status() + "deletions: {incident: close, close_issue_as: Done}\ndirection: to_incident\n"
    assert [said.split(": ", 1)[0] for said in problems(tmp_path, text)] == ["6:23", "6:46"]


@pytest.mark.parametrize(
    ("right", "wrong"), [("incident: Status", "incident: Statu"), ("direction: both", "direction: to_isue")]
)
def test_a_mistyped_field_raises_no_question_about_closing(tmp_path: Path, right: str, wrong: str) -> None:
    text = with_status().replace(right, wrong) + "deletions: {close_incident_as: Closed}\n"
    (said,) = problems(tmp_path, text)
    assert "did you mean" in said
    assert said.startswith("5:")


class TestFingerprint:
    """A file that says what would hold anyway is no changed mapping."""

    @pytest.mark.parametrize("block", [{}, {"incident": "ignore"}, {"at_most": 0}, {"comments": "keep"}], ids=str)
    def test_the_block_never_counts_so_that_tightening_it_waits_for_nobody(self, block: Part) -> None:
        assert mapping(STATUS, deletions=block).fingerprint == mapping(STATUS).fingerprint
