"""Comments and step-result links that are gone: what is missing, what is believed, and what follows."""

from dataclasses import replace
from typing import Any

import pytest

from mappings.policies import Direction
from state.rows import CommentLink, ResultLink
from syncer.core.absence import missing_items
from syncer.core.actions import Action
from syncer.core.comments import NOTICE, digest, plan_lost_comments
from syncer.core.planner import plan_record
from syncer.core.records import Comment, CommentDraft, Mark, Side, StepResult
from syncer.core.removals import DeleteComment, DropComment, DropResult, HideResult, LinkResult, ShowResult
from syncer.core.situation import Situation
from tests.syncer.core.builders import INCIDENT_ID, INSTALLATION, NOW, bound, incident, issue, linked

ON_INCIDENT, ON_ISSUE = Comment("c1", "Anna", "Seen it too", NOW), Comment("900", "Anna", "Seen it too", NOW)
OTHER_ROW = CommentLink(4, 1, "incident", "c0", "899", digest("Seen it too"), "-")
IDS = {Side.INCIDENT: "c1", Side.ISSUE: "900"}


def row(owner: Side) -> CommentLink:
    return CommentLink(5, 1, owner.word, "c1", "900", "-", "-")


def thread(*gone: Side, owner: Side) -> Situation:
    """A mirrored comment, less those of the two sides that are gone; and one before it that is well."""
    left = [] if Side.INCIDENT in gone else [ON_INCIDENT]
    right = [] if Side.ISSUE in gone else [ON_ISSUE]
    well = replace(ON_INCIDENT, id="c0"), replace(ON_ISSUE, id="899")
    return linked(incident(well[0], *left), issue(well[1], *right), comments=(OTHER_ROW, row(owner)))


def planned(situation: Situation, owner: Side, **mapping: Any) -> list[Action]:
    lost = replace(situation, lost=frozenset({(owner, f"comment {IDS[owner]}")}))
    return list(plan_lost_comments(lost, bound(**mapping), INSTALLATION))


class TestWhatIsMissing:
    @pytest.mark.parametrize("owner", Side)
    def test_a_comment_is_missed_on_the_side_where_it_was_written(self, owner: Side) -> None:
        assert missing_items(thread(owner, owner=owner)) == {(owner, f"comment {IDS[owner]}")}

    @pytest.mark.parametrize("owner", Side)
    def test_the_one_that_we_made_of_it_is_not(self, owner: Side) -> None:
        assert missing_items(thread(owner.other, owner=owner)) == frozenset()

    @pytest.mark.parametrize("owner", Side)
    def test_where_comments_were_not_observed_none_is_missing(self, owner: Side) -> None:
        blind = linked(replace(incident(), comments=None), replace(issue(), comments=None), comments=(row(owner),))
        assert missing_items(blind) == frozenset()


class TestComments:
    @pytest.mark.parametrize("owner", Side)
    def test_the_mirrored_one_goes_or_says_so(self, owner: Side) -> None:
        notice = CommentDraft("Somebody", NOTICE, Mark(INSTALLATION, IDS[owner]))
        expected = DeleteComment(owner.other, 5, IDS[owner.other], notice)
        assert planned(thread(owner, owner=owner), owner) == [expected]

    def test_where_both_are_gone_only_the_row_goes(self) -> None:
        both = thread(*Side, owner=Side.ISSUE)
        assert planned(both, Side.ISSUE) == [DropComment(5, "both comments were deleted")]

    @pytest.mark.parametrize(
        "mapping", [{"deletions": {"comments": "keep"}}, {"comments": {"direction": Direction.TO_INCIDENT.value}}]
    )
    def test_it_stays_where_the_mapping_keeps_it_or_no_longer_carries_comments_there(self, mapping: Any) -> None:
        kept = DropComment(5, "its original was deleted, and the mapping keeps it")
        assert planned(thread(Side.INCIDENT, owner=Side.INCIDENT), Side.INCIDENT, **mapping) == [kept]

    def test_a_plan_says_so_with_the_rest(self) -> None:
        gone = replace(thread(Side.INCIDENT, owner=Side.INCIDENT), lost=frozenset({(Side.INCIDENT, "comment c1")}))
        notice = CommentDraft("Somebody", NOTICE, Mark(INSTALLATION, "c1"))
        assert plan_record(gone, bound(), INSTALLATION).actions == (DeleteComment(Side.ISSUE, 5, "900", notice),)

    def test_nothing_follows_from_what_is_only_in_question(self) -> None:
        assert list(plan_lost_comments(thread(Side.INCIDENT, owner=Side.INCIDENT), bound(), INSTALLATION)) == []


RESULT, SHOWN = StepResult("r1", INCIDENT_ID, "Login works", "http://et/r1"), ResultLink(7, 1, "r1", "syncer:r1")


def results(on_incident: bool, on_issue: bool, *rows: ResultLink) -> Situation:
    shown = frozenset({"r1"}) if on_issue else frozenset[str]()
    both = linked(incident(), replace(issue(), results=shown))
    return replace(both, result_links=rows, results=(RESULT,) if on_incident else ())


class TestStepResults:
    @pytest.mark.parametrize(("on_incident", "on_issue"), [(True, True), (True, False), (False, True), (False, False)])
    def test_a_link_is_missed_where_it_no_longer_stands(self, on_incident: bool, on_issue: bool) -> None:
        standing = {Side.INCIDENT: on_incident, Side.ISSUE: on_issue}
        missed = {(side, "result r1") for side in Side if not standing[side]}
        assert missing_items(results(on_incident, on_issue, SHOWN)) == missed

    def test_what_was_not_looked_up_is_not_missed(self) -> None:
        blind = replace(linked(incident(), issue()), result_links=(SHOWN,), results=None)
        assert missing_items(blind) == frozenset()

    def test_missing_results_do_not_hide_missing_comments(self) -> None:
        both = replace(thread(Side.INCIDENT, owner=Side.INCIDENT), result_links=(SHOWN,), results=())
        assert missing_items(both) == {(Side.INCIDENT, "comment c1"), (Side.INCIDENT, "result r1")}

    @pytest.mark.parametrize(
        ("on_issue", "action"), [(False, ShowResult(RESULT)), (True, LinkResult("r1"))], ids=["show", "found"]
    )
    def test_a_new_one_is_shown_once(self, on_issue: bool, action: Action) -> None:
        assert list(plan_record(results(True, on_issue), bound(), INSTALLATION).actions) == [action]

    @pytest.mark.parametrize("side", Side)
    def test_one_that_is_gone_for_certain_goes_on_the_other_side(self, side: Side) -> None:
        lost = replace(results(True, True, SHOWN), lost=frozenset({(side, "result r1")}))
        assert list(plan_record(lost, bound(), INSTALLATION).actions) == [HideResult(side.other, 7, "r1")]

    def test_gone_on_both_sides_it_is_forgotten(self) -> None:
        lost = replace(results(False, False, SHOWN), lost=frozenset((side, "result r1") for side in Side))
        assert list(plan_record(lost, bound(), INSTALLATION).actions) == [DropResult(7, "r1")]

    def test_a_link_of_one_direction_removes_nothing_against_it(self) -> None:
        lost = replace(results(True, True, SHOWN), lost=frozenset({(Side.ISSUE, "result r1")}))
        assert plan_record(lost, bound(direction=Direction.TO_ISSUE), INSTALLATION).actions == ()
