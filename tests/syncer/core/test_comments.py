"""One writer per comment: the table of `syncer.core.comments`, one row a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mappings.policies import Direction
from mappings.values import Prose
from state.rows import CommentLink
from syncer.core.actions import Action, AddComment, EditComment, LinkComment
from syncer.core.comments import digest, draft_of, plan_comments
from syncer.core.records import Comment, CommentDraft, Mark, Present, Side, Unknown
from syncer.core.situation import Situation
from tests.syncer.core.builders import INSTALLATION, NOW, bound, incident, issue, link, linked

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


def test_the_words_of_a_person_in_jira_travel_to_the_incident_when_they_change() -> None:
    theirs = Comment("900", "Joe", "On it, says *Joe*", NOW)
    mirrored = Comment("c1", "Sync Service", "On it", NOW, Mark(INSTALLATION, "900"))
    assert planned([mirrored], [replace(theirs, body="On it")], row(Side.ISSUE, "as shown there", "On it")) == []
    (edit,) = planned([mirrored], [theirs], row(Side.ISSUE, "as shown there", "On it"))
    mark = Mark(INSTALLATION, "900")
    draft = CommentDraft("Joe", "On it, says *Joe*", mark, NOW, "On it, says *Joe*")
    assert edit == EditComment(Side.INCIDENT, 5, "c1", draft)


@pytest.mark.parametrize("side", Side)
def test_each_side_gets_the_text_in_its_own_form(side: Side) -> None:
    """HTML from Enterprise Tester becomes Jira's markup and the other way round; what the owner wrote stands beside."""
    html, wiki = "<p>It <b>drips</b></p>", Prose("It *drips*", "<p>It <b>drips</b></p>")
    ready = bound(comments={"incident_text": "html"})
    written = replace(WRITTEN, body=html if side is Side.INCIDENT else wiki)
    draft = draft_of(written, side, ready, INSTALLATION)
    assert draft.body == ("It *drips*" if side is Side.INCIDENT else "<p>It <strong>drips</strong></p>")
    assert (draft.original, draft.created_at, draft.author) == (str(written.body), NOW, "Anna")


def test_a_comment_that_says_nothing_is_carried_as_nothing() -> None:
    assert draft_of(replace(WRITTEN, body=""), Side.INCIDENT, bound(), INSTALLATION).body == ""


def test_comments_without_a_time_come_first_in_the_servers_order() -> None:
    thread = [WRITTEN, replace(WRITTEN, id="c2", body="b", created_at=None), replace(WRITTEN, id="c3", created_at=None)]
    added = [action.draft.mark.twin_id for action in planned(thread, []) if isinstance(action, AddComment)]
    assert added == ["c2", "c3", "c1"]


def test_no_text_however_broken_is_without_a_digest_and_no_two_share_one() -> None:
    assert len({digest("\ud800"), digest("\udfff"), digest("")}) == 3


@pytest.mark.parametrize("owner", Side)
def test_a_lost_comment_link_is_found_by_the_mark_on_either_side(owner: Side) -> None:
    own, made = (
        replace(WRITTEN, id="1", body="Their Words"),
        replace(MIRRORED, id="2", body="their  words ", mark=Mark(INSTALLATION, "1")),
    )
    (found,) = planned([own], [made]) if owner is Side.INCIDENT else planned([made], [own])
    ids = ("1", "2") if owner is Side.INCIDENT else ("2", "1")
    bodies = (own.body, made.body) if owner is Side.INCIDENT else (made.body, own.body)
    assert found == LinkComment(owner, *ids, *map(digest, bodies))


@pytest.mark.parametrize("owner", Side)
def test_a_lost_comment_link_is_found_however_each_side_writes_the_text(owner: Side) -> None:
    html = "<p>It <strong>drips</strong></p>"
    wiki = Prose("It *drips*", html)
    own = replace(WRITTEN, id="1", body=html if owner is Side.INCIDENT else wiki)
    made = replace(MIRRORED, id="2", body=wiki if owner is Side.INCIDENT else html, mark=Mark(INSTALLATION, "1"))
    sides = (own, made) if owner is Side.INCIDENT else (made, own)
    ready = bound(comments={"incident_text": "html"})
    (found,) = plan_comments(linked(incident(sides[0]), issue(sides[1])), ready, INSTALLATION)
    assert found == LinkComment(owner, sides[0].id, sides[1].id, digest(html), digest(wiki))


@pytest.mark.parametrize("owner", Side)
def test_an_edit_travels_that_nobody_knows_to_have_been_carried(owner: Side) -> None:
    own = replace(WRITTEN, id="1", body="Reworded")
    made = replace(MIRRORED, id="2", body="Written", mark=Mark(INSTALLATION, "1"))
    sides = ([own], [made]) if owner is Side.INCIDENT else ([made], [own])
    (found,) = planned(*sides)
    assert isinstance(found, LinkComment)
    ids = (found.incident_comment_id, found.issue_comment_id)
    known = CommentLink(5, 1, owner.word, *ids, found.incident_digest, found.issue_digest)
    (edit,) = planned(*sides, known)
    assert isinstance(edit, EditComment)
    assert (edit.side, edit.draft.body) == (owner.other, "Reworded")


def test_what_a_server_or_a_person_makes_of_the_mirrored_comment_does_not_travel() -> None:
    changed = Comment("900", "Sync Service", "seen it too!", NOW, Mark(INSTALLATION, "c1"))
    assert planned([WRITTEN], [changed], row(Side.INCIDENT, "Seen it too", "Seen it too")) == []


def test_a_lost_comment_link_is_found_again_by_the_mark_and_nothing_is_sent() -> None:
    (found,) = planned([WRITTEN], [MIRRORED])
    assert found == LinkComment(Side.INCIDENT, "c1", "900", digest("Seen it too"), digest("Seen it too"))


def test_a_second_comment_with_the_same_mark_is_left_alone() -> None:
    again = replace(MIRRORED, id="901")
    assert planned([WRITTEN], [MIRRORED, again], row(Side.INCIDENT, "Seen it too", "Seen it too")) == []


def test_what_an_incident_s_author_wrote_is_held_against_the_incident_s_own_text() -> None:
    assert planned([WRITTEN], [MIRRORED], row(Side.INCIDENT, "Seen it too", "as Jira made it")) == []


@pytest.mark.parametrize(
    "situation",
    [
        Situation(None, Present(incident(WRITTEN)), Unknown("503")),
        Situation(link(), Present(incident(WRITTEN)), None),
    ],
)
def test_on_a_side_that_was_not_read_nothing_is_added(situation: Situation) -> None:
    assert list(plan_comments(situation, bound(), INSTALLATION)) == []


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
