"""Each situation in which nothing is done has a code of its own, and says what waits: programs go by it."""

from dataclasses import replace
from pathlib import Path

import pytest

from mappings.load import load_mapping
from mappings.policies import Direction
from state.rows import Tombstone
from syncer.core.bind import Bound, bind
from syncer.core.planner import plan, plan_record
from syncer.core.reasons import Reason
from syncer.core.records import Catalogue, Cause, Mark, Present, Side, Unknown
from syncer.core.situation import Situation
from tests.syncer.core.builders import (
    INCIDENT_ID,
    INSTALLATION,
    ISSUE_ID,
    NOW,
    bound,
    copied,
    incident,
    issue,
    link,
    linked,
    priority,
    versions,
)

ALONE = Situation(None, Present(incident()), None)
GRAVE = Tombstone("shop", INCIDENT_ID, ISSUE_ID, "a person", NOW)
TO_ISSUE = Mark(INSTALLATION, ISSUE_ID)
CLONES = [
    Situation(None, Present(replace(incident(mark=TO_ISSUE), id=record_id)), Present(issue())) for record_id in "ab"
]


@pytest.mark.parametrize(
    ("situation", "direction", "code", "reason"),
    [
        (replace(ALONE, waiting="in doubt since noon"), Direction.BOTH, Reason.IN_DOUBT, "in doubt since noon"),
        (replace(ALONE, tombstone=GRAVE), Direction.BOTH, Reason.DISSOLVED, "the link was dissolved: a person"),
        (ALONE, Direction.TO_INCIDENT, Reason.ONE_WAY, None),
        (linked(incident(), issue()), Direction.BOTH, Reason.IN_STEP, None),
        (Situation(None, None, None), Direction.BOTH, Reason.IN_STEP, None),
    ],
)
def test_why_a_record_needs_nothing(
    situation: Situation, direction: Direction, code: Reason, reason: str | None
) -> None:
    planned = plan_record(situation, bound(direction=direction), INSTALLATION)
    assert planned.situation is situation
    assert (planned.actions, planned.waiting, planned.code, planned.reason) == ((), (), code, reason)


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (Cause.MISSING, Reason.MISSING),
        (Cause.DENIED, Reason.DENIED),
        (Cause.MOVED, Reason.MOVED),
        (Cause.ARCHIVED, Reason.ARCHIVED),
        (Cause.UNREADABLE, Reason.UNREADABLE),
    ],
)
def test_a_record_that_can_not_be_judged_waits_with_the_cause(cause: Cause, code: Reason) -> None:
    situation = Situation(link(), Present(incident()), Unknown("so it said", cause))
    planned = plan_record(situation, bound(), INSTALLATION)
    assert planned.situation is situation
    assert [(item.item, item.code) for item in planned.waiting] == [("record", code)]


@pytest.mark.parametrize(
    ("situation", "said"),
    [
        (Situation(None, Present(incident(mark=TO_ISSUE)), None), "it carries a mark of this and its twin 10001 is"),
        (
            Situation(None, Present(incident(mark=Mark("theirs", "1"))), None),
            "it carries a mark of installation 'theirs' and its twin 1 is",
        ),
        (
            Situation(None, Present(incident(mark=Mark(INSTALLATION, "1"))), Present(issue())),
            "the incident carries the mark of another record",
        ),
    ],
)
def test_a_mark_that_leads_elsewhere_waits_for_a_person(situation: Situation, said: str) -> None:
    planned = plan_record(situation, bound(), INSTALLATION)
    (waiting,) = planned.waiting
    assert planned.situation is situation
    assert (waiting.item, waiting.code) == ("record", Reason.FOREIGN_MARK)
    assert waiting.reason.startswith(said)


def test_clones_wait_for_a_person_each_by_itself() -> None:
    made = plan(CLONES, bound(), INSTALLATION)
    said = "another record carries the same mark, as clones do; a person must look"
    assert all(record.waiting[0].reason == said for record in made.records)
    assert [(record.situation, record.waiting[0].code) for record in made.records] == [
        (situation, Reason.CLONE) for situation in CLONES
    ]


@pytest.mark.parametrize("item", ["mark", "comment c1", "result r1"])
def test_what_may_be_gone_waits_for_a_later_look(item: str) -> None:
    doubtful = replace(linked(incident(), issue()), questioned=frozenset({(Side.ISSUE, item)}))
    (waiting,) = plan_record(doubtful, bound(), INSTALLATION).waiting
    assert (waiting.item, waiting.code) == (item, Reason.TO_CONFIRM)
    assert waiting.reason == "it is gone on the issue side; to be confirmed by a later look"


AGREED = ({"Summary": "Old", "Priority": "i-low"}, {"summary": "Old", "priority": "3"})


def test_a_conflict_and_a_value_without_a_counterpart_are_told_apart() -> None:
    left, right = incident(Summary="Mine", Priority="i-none"), issue(summary="Theirs", priority="3")
    planned = plan_record(linked(left, right, AGREED), bound(copied(), priority()), INSTALLATION)
    assert [(item.item, item.code) for item in planned.waiting] == [
        ("Summary", Reason.CONFLICT),
        ("Priority", Reason.UNMAPPED),
    ]
    advice = "decide with 'syncer settle', make both sides equal, or change the conflict policy"
    assert planned.waiting[0].reason == f"conflict: both sides changed it; {advice}"


def test_a_value_that_was_never_agreed_on_is_not_called_changed() -> None:
    """Nobody changed it: the workflow of a new issue may have set what we weren't let to."""
    left, right = incident(Summary="Mine"), issue(summary="Theirs")
    (waiting,) = plan_record(linked(left, right, ({}, {})), bound(copied()), INSTALLATION).waiting
    assert waiting.reason.startswith("conflict: the two differ and never agreed; decide with 'syncer settle'")


def test_a_new_twin_is_made_without_what_has_no_counterpart_and_each_field_says_so() -> None:
    lone = incident(Priority="i-none", FixedVersions=frozenset({"v9"}))
    planned = plan_record(Situation(None, Present(lone), None), bound(priority(), versions()), INSTALLATION)
    assert [(item.item, item.code) for item in planned.waiting] == [
        ("Priority", Reason.UNMAPPED),
        ("FixedVersions", Reason.UNMAPPED),
    ]
    assert "'Odd' has no counterpart" in planned.waiting[0].reason
    assert "'Nightly' has no counterpart" in planned.waiting[1].reason


MAPPING = """\
incidents: {project: Shop, mark_field: Jira key, when: incident.%s == 'High'}
issues: {project: SHOP, type: Bug}
fields:
  - {incident: Summary, issue: summary, kind: copy}
  - {issue: environment, kind: template, template: '{{ incident.FieldValues.Nothing }}'}
"""


def from_file(file: Path, field: str) -> Bound:
    file.write_text(MAPPING % field, encoding="utf-8")
    return bind(load_mapping(file), {side: Catalogue(side, {}) for side in Side}, ())


def test_a_record_that_the_conditions_leave_out_is_out_of_scope(tmp_path: Path) -> None:
    planned = plan_record(ALONE, from_file(tmp_path / "shop.yaml", "Summary"), INSTALLATION)
    assert (planned.situation, planned.actions, planned.code) == (ALONE, (), Reason.OUT_OF_SCOPE)


def test_a_condition_that_fails_holds_the_record_back_with_its_line(tmp_path: Path) -> None:
    planned = plan_record(ALONE, from_file(tmp_path / "shop.yaml", "FieldValues.Nothing"), INSTALLATION)
    (waiting,) = planned.waiting
    assert (planned.situation, planned.actions) == (ALONE, ())
    assert (waiting.item, waiting.code) == ("record", Reason.EXPRESSION)
    assert waiting.reason.startswith(f"{tmp_path}/shop.yaml:1: ")


def test_a_template_that_fails_parks_its_field_of_linked_records_with_its_line(tmp_path: Path) -> None:
    pair = linked(incident(), issue())
    (waiting,) = plan_record(pair, from_file(tmp_path / "shop.yaml", "Summary"), INSTALLATION).waiting
    assert (waiting.item, waiting.code) == ("environment", Reason.EXPRESSION)
    assert waiting.reason.startswith(f"{tmp_path}/shop.yaml:5: ")
