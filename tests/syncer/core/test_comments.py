"""One writer per comment: the table of `syncer.core.comments`, one row a case."""

from dataclasses import replace
from datetime import timedelta

from mappings.policies import Direction
from state.rows import CommentLink
from syncer.core.actions import Action, AddComment, EditComment, LinkComment
from syncer.core.comments import digest, plan_comments
from syncer.core.records import Comment, Mark, Side
from tests.syncer.core.builders import INSTALLATION, NOW, bound, incident, issue, linked

WRITTEN = Comment("c1", "Anna", "Seen it too", NOW)
MIRRORED = Comment("900", "Sync Service", "Seen it too", NOW, Mark(INSTALLATION, "c1"))


def row(owner: Side, incident_body: str, issue_body: str) -> CommentLink:
    return CommentLink(5, 1, owner.word, "c1", "900", digest(incident_body), digest(issue_body))


def planned(
    left: list[Comment], right: list[Comment], *rows: CommentLink, direction: Direction = Direction.BOTH
) -> list[Action]:
    ready = bound(comments={"direction": direction.value})
    return list(plan_comments(linked(incident(*left), issue(*right), comments=rows), ready, INSTALLATION))


def test_a_comment_of_a_person_is_mirrored_with_its_authors_name() -> None:
    (add,) = planned([WRITTEN], [])
    assert isinstance(add, AddComment)
    assert (add.side, add.draft.author, add.draft.body) == (Side.ISSUE, "Anna", "Seen it too")


def test_a_mirrored_comment_is_not_mirrored_back() -> None:
    assert planned([WRITTEN], [MIRRORED], row(Side.INCIDENT, "Seen it too", "Seen it too")) == []


def test_the_owners_edit_travels_to_the_comment_that_we_made() -> None:
    edited = Comment("c1", "Anna", "Seen it twice", NOW)
    (edit,) = planned([edited], [MIRRORED], row(Side.INCIDENT, "Seen it too", "Seen it too"))
    assert isinstance(edit, EditComment)
    assert (edit.side, edit.comment_id, edit.draft.body) == (Side.ISSUE, "900", "Seen it twice")


def test_what_a_server_or_a_person_makes_of_the_mirrored_comment_does_not_travel() -> None:
    changed = Comment("900", "Sync Service", "seen it too!", NOW, Mark(INSTALLATION, "c1"))
    assert planned([WRITTEN], [changed], row(Side.INCIDENT, "Seen it too", "Seen it too")) == []


def test_a_lost_comment_link_is_found_again_by_the_mark_and_nothing_is_sent() -> None:
    (found,) = planned([WRITTEN], [MIRRORED])
    assert found == LinkComment(Side.INCIDENT, "c1", "900", digest("Seen it too"), digest("Seen it too"))


def test_a_marked_comment_without_its_original_is_nobodys_comment() -> None:
    assert planned([], [MIRRORED]) == []


def test_a_comment_that_another_installation_mirrored_is_left_alone() -> None:
    foreign = Comment("900", "Sync Service", "Seen it too", NOW, Mark("elsewhere", "c1"))
    assert [type(action) for action in planned([WRITTEN], [foreign])] == [AddComment]


def test_comments_that_were_not_observed_are_not_mirrored_twice() -> None:
    blind = linked(incident(WRITTEN), replace(issue(), comments=None))
    assert list(plan_comments(blind, bound(), INSTALLATION)) == []


def test_a_one_way_project_link_carries_comments_one_way() -> None:
    theirs = Comment("901", "Joe", "On it", NOW)
    added = planned([WRITTEN], [theirs], direction=Direction.TO_ISSUE)
    assert [action.side for action in added] == [Side.ISSUE]


def test_a_thread_is_mirrored_in_the_order_in_which_it_was_written() -> None:
    thread = [Comment(str(n), "Anna", f"No {n}", NOW - timedelta(hours=n)) for n in range(3)]
    added = [action.draft.body for action in planned(thread, []) if isinstance(action, AddComment)]
    assert added == ["No 2", "No 1", "No 0"]
