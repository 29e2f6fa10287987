"""Which marks a plan leaves, and by what two records come to be one link."""

from dataclasses import replace
from typing import Any

import pytest

from mappings.policies import Direction
from syncer.core.actions import Action, AddComment, Adopt, CreateOption, CreateRecord, PairVersions, WriteMark
from syncer.core.planner import plan, plan_record
from syncer.core.records import Comment, Mark, Present, Side, StepResult
from syncer.core.removals import ShowResult
from syncer.core.situation import Situation
from syncer.core.vanished import twin_of
from tests.syncer.core.builders import (
    INCIDENT_ID,
    INSTALLATION,
    ISSUE_ID,
    bound,
    incident,
    issue,
    link,
    linked,
    option,
)

UNMARKED = {"incidents": {"project": "Shop"}, "direction": Direction.TO_ISSUE}
TO_INCIDENT, TO_ISSUE = twin_of(incident(), INSTALLATION), twin_of(issue(), INSTALLATION)
RESULT = StepResult("r1", INCIDENT_ID, "Login works", "http://et/r1")


def actions(situation: Situation, **mapping: Any) -> list[Action]:
    return list(plan_record(situation, bound(**mapping), INSTALLATION).actions)


def marks(situation: Situation, **mapping: Any) -> list[Action]:
    return [action for action in actions(situation, **mapping) if isinstance(action, WriteMark)]


class TestNewTwins:
    def test_a_new_issue_names_its_incident_and_the_incident_what_it_became(self) -> None:
        alone = Situation(None, Present(incident()), None)
        assert marks(alone) == [WriteMark(Side.ISSUE, TO_INCIDENT), WriteMark(Side.INCIDENT, None)]

    def test_an_issue_is_told_the_incident_that_it_became(self) -> None:
        assert marks(Situation(None, None, Present(issue()))) == [WriteMark(Side.ISSUE, None)]

    def test_an_incident_without_a_field_for_it_gets_no_mark(self) -> None:
        alone = Situation(None, Present(incident()), None)
        assert marks(alone, **UNMARKED) == [WriteMark(Side.ISSUE, TO_INCIDENT)]

    def test_a_new_issue_shows_the_step_results_of_its_incident(self) -> None:
        alone = Situation(None, Present(incident()), None, results=(RESULT,))
        assert actions(alone)[-1] == ShowResult(RESULT)

    def test_a_new_incident_shows_none(self) -> None:
        alone = Situation(None, None, Present(issue()), results=(RESULT,))
        assert not [action for action in actions(alone) if isinstance(action, ShowResult)]

    @pytest.mark.parametrize("side", Side)
    def test_it_carries_the_mark_of_this_installation(self, side: Side) -> None:
        record = incident() if side is Side.INCIDENT else issue()
        alone = Situation(None, *((Present(record), None) if side is Side.INCIDENT else (None, Present(record))))
        create = actions(alone)[0]
        assert isinstance(create, CreateRecord)
        assert create.twin == twin_of(record, INSTALLATION)


class TestLinks:
    @pytest.mark.parametrize("side", Side)
    def test_the_mark_that_is_missing_is_written_and_no_other(self, side: Side) -> None:
        half = replace(linked(incident(), issue()), link=link(frozenset({side.other.word})))
        assert actions(half) == [WriteMark(side, TO_ISSUE if side is Side.INCIDENT else TO_INCIDENT)]

    def test_where_incidents_have_no_field_for_it_only_the_issue_is_marked(self) -> None:
        bare = replace(linked(incident(), issue()), link=link(frozenset()))
        assert actions(bare, **UNMARKED) == [WriteMark(Side.ISSUE, TO_INCIDENT)]


class TestAdoption:
    @pytest.mark.parametrize("by", [{Side.INCIDENT}, {Side.ISSUE}, set(Side)])
    def test_one_mark_is_enough_and_both_are_there_afterwards(self, by: set[Side]) -> None:
        left = incident(mark=Mark(INSTALLATION, ISSUE_ID) if Side.INCIDENT in by else None)
        right = issue(mark=Mark(INSTALLATION, INCIDENT_ID) if Side.ISSUE in by else None)
        situation = Situation(None, Present(left), Present(right))
        planned = plan_record(situation, bound(), INSTALLATION)
        assert planned.situation is situation
        assert planned.actions[0] == Adopt(INCIDENT_ID, ISSUE_ID, "INC-7", "SHOP-1")
        assert marks(situation) == [WriteMark(Side.INCIDENT, TO_ISSUE), WriteMark(Side.ISSUE, TO_INCIDENT)]

    def test_comments_of_linked_and_of_adopted_records_carry_the_mark_of_this_installation(self) -> None:
        left, right = incident(Comment("c1", "Anna", "Seen it too")), issue(Comment("900", "Joe", "On it"))
        for situation in (linked(left, right), Situation(None, Present(left), Present(right))):
            added = [action.draft.mark for action in actions(situation) if isinstance(action, AddComment)]
            assert added == [Mark(INSTALLATION, "c1"), Mark(INSTALLATION, "900")]

    def test_records_that_nobody_else_names_are_adopted_side_by_side(self) -> None:
        pairs = [
            Situation(None, Present(replace(incident(), id=f"i{n}")), Present(replace(issue(), id=f"{n}")))
            for n in range(3)
        ]
        made = plan(pairs, bound(), INSTALLATION)
        assert [type(record.actions[0]) for record in made.records] == [Adopt] * 3
        assert made.project_link == "shop"


def test_options_are_created_by_kind_and_name_and_versions_paired_by_id() -> None:
    pair = (option("v1", "1.0"), option("101", "First"))
    made = plan([], replace(bound(), missing=(("component", "Web"),), pairings=(pair,)), INSTALLATION)
    assert made.catalogue == (CreateOption("component", "Web"), PairVersions("v1", "101", "1.0", "First"))
