"""`syncer explain` has a reason for whatever becomes of a record: each state is brought about, and its code asked for.

Every scene also holds that explaining writes nothing, neither to a server nor to the state DB.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_settings
from syncer.cli.explaining import explanations
from syncer.core.reasons import Reason
from syncer.core.records import Side
from syncer.explaining import Explanation
from syncer.finding import find
from syncer.handwork import Refused
from syncer.holding import approvals_of
from syncer.wiring import Linker
from tests.syncer import explaining_scenes as scenes
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage

REASONS = Path("docs/reasons.md")
OF_ALL_FIELDS = {Reason.IN_DOUBT, Reason.UNAVAILABLE}
"""Reasons of a record that no field escapes."""


def explain(stage: MirrorStage, record: str) -> Explanation:
    linker = Linker(load_settings(stage.environment(), env_file=None), stage.store)
    before = stage.writes(), remembered(stage)
    try:
        (told,) = explanations(find([stage.link], record, linker.link))
    finally:
        linker.close()
    assert (stage.writes(), remembered(stage)) == before
    return told


def remembered(stage: MirrorStage) -> list[Any]:
    store, name = stage.store, stage.link.name
    return [store.links(name), store.parked(name), store.absences(name), store.history(limit=10_000), store.held(name)]


RECORDS: list[tuple[Reason, Callable[[MirrorStage], str]]] = [
    (Reason.PLANNED, scenes.new),
    (Reason.PLANNED, scenes.deleted_for_certain),
    (Reason.ONE_WAY, scenes.one_way),
    (Reason.OUT_OF_SCOPE, scenes.left_out_by_tql),
    (Reason.OUT_OF_SCOPE, scenes.left_out_by_jql),
    (Reason.OUT_OF_SCOPE, scenes.left_out_by_when),
    (Reason.DISSOLVED, scenes.unlinked),
    (Reason.DISSOLVED, scenes.deleted_and_unlinked),
    (Reason.MISSING, scenes.deleted),
    (Reason.DENIED, scenes.hidden),
    (Reason.MOVED, scenes.moved),
    (Reason.ARCHIVED, scenes.archived),
    (Reason.UNREADABLE, scenes.garbled),
    (Reason.TO_CONFIRM, scenes.comment_gone),
    (Reason.FOREIGN_MARK, scenes.copied),
    (Reason.CLONE, scenes.copied_and_forgotten),
    (Reason.HELD_REMOVAL, scenes.held_removal),
    (Reason.IGNORED_DELETION, scenes.ignored),
]
FIELDS: list[tuple[Reason, Reason, Callable[[MirrorStage], str], str]] = [
    (Reason.IN_STEP, Reason.IN_STEP, scenes.linked, "summary"),
    (Reason.IN_STEP, Reason.CONDITION, scenes.resting, "description"),
    (Reason.IN_STEP, Reason.UNOBSERVED, scenes.nowhere, "customfield_19999"),
    (Reason.IN_STEP, Reason.ONE_WAY, scenes.changed_where_it_stays, "description"),
    (Reason.PLANNED, Reason.PLANNED, scenes.edited, "summary"),
    (Reason.CONFLICT, Reason.CONFLICT, scenes.conflict, "summary"),
    (Reason.UNMAPPED, Reason.UNMAPPED, scenes.without_counterpart, "assignee"),
    (Reason.UNFIT, Reason.UNFIT, scenes.misfit, "customfield_10013"),
    (Reason.EXPRESSION, Reason.EXPRESSION, scenes.broken, "environment"),
    (Reason.REFUSED, Reason.REFUSED, scenes.refused, "summary"),
    (Reason.UNAVAILABLE, Reason.UNAVAILABLE, scenes.failed, "summary"),
    (Reason.UNAVAILABLE, Reason.UNAVAILABLE, scenes.silent, "summary"),
    (Reason.IN_DOUBT, Reason.IN_DOUBT, scenes.in_doubt, "summary"),
    (Reason.HELD_MAPPING, Reason.HELD_MAPPING, scenes.held_mapping, "description"),
    (Reason.FOREIGN_LINK, Reason.FOREIGN_LINK, scenes.own_link, "summary"),
]


@pytest.mark.parametrize(("code", "scene"), RECORDS, ids=[f"{code}-{scene.__name__}" for code, scene in RECORDS])
def test_a_records_state_has_its_reason(tmp_path: Path, code: Reason, scene: Callable[[MirrorStage], str]) -> None:
    with RecallingStage(tmp_path) as stage:
        told = explain(stage, scene(stage))
        assert (told.code, told.sentence) == (code, code.sentence), told.detail
        assert told.answered
        assert len(told.fields) == len(stage.link.mapping.fields)


@pytest.mark.parametrize(
    ("of_record", "of_field", "scene", "name"), FIELDS, ids=[f"{code}-{scene.__name__}" for _, code, scene, _ in FIELDS]
)
def test_a_fields_state_has_its_reason_and_its_place(
    tmp_path: Path, of_record: Reason, of_field: Reason, scene: Callable[[MirrorStage], str], name: str
) -> None:
    with RecallingStage(tmp_path) as stage:
        told = explain(stage, scene(stage))
        assert (told.code, told.answered) == (of_record, scene is not scenes.silent), told.detail
        field = next(each for each in told.fields if each.issue == name)
        others = {each.code for each in told.fields if each.issue != name}
        assert field.code is of_field, field.decision
        assert (bool(field.decision), bool(field.place)) == (True, True)
        assert told.code is Reason.IN_STEP or of_field not in others or told.code in OF_ALL_FIELDS


def test_every_reason_is_reached_by_these_scenes() -> None:
    assert {code for code, _ in RECORDS} | {code for _, code, _, _ in FIELDS} == set(Reason)


def test_the_page_of_reasons_has_every_code_and_no_other() -> None:
    lines = [line for line in REASONS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert sorted(line.split("`")[1] for line in lines) == sorted(Reason)
    assert all(len(line.split(" | ")) == 4 for line in lines)


def test_a_conflict_is_told_with_both_values_the_agreed_one_and_what_was_tried(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.conflict(stage)
        stage.sync()
        told = explain(stage, incident_id)
        summary = told.fields[0]
        assert summary.now == {"incident": "Pump fails at night", "issue": "Theirs"}
        assert summary.agreed == {"incident": "Pump fails", "issue": "Pump fails"}
        assert "full.yaml:" in summary.place
        (attempt,) = told.attempts
        assert (attempt.item, attempt.code, attempt.tries) == ("Summary", "conflict", 1)
        assert attempt.since <= attempt.last_try_at < attempt.next_try_at
        assert told.link is not None
        assert told.link.marked == ("incident", "issue")
        assert "create an issue" in told.history[-1].sentence or len(told.history) == 5
        assert [side.state for side in told.sides] == ["present", "present"]


def test_what_comes_next_is_what_the_plan_says(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.conflict(stage)
        stage.sandbox.tester.edit(incident_id, Priority="High")
        stage.sandbox.jira.comment(stage.twin(incident_id), by="annak", body="On it")
        newcomers = [scenes.new(stage), stage.sandbox.jira.create(by="annak", summary="Theirs").id]
        planned = [sorted(action.sentence() for action in record.actions) for record in stage.plan().records]
        for record in (incident_id, *newcomers):
            assert sorted(explain(stage, record).next) in planned
        assert sum(map(bool, planned)) == 1 + len(newcomers)


def test_comments_are_told_one_by_one(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.linked(stage)
        first = stage.sandbox.tester.comment(incident_id, body="Seen it")
        stage.sync()
        second = stage.sandbox.jira.comment(stage.twin(incident_id), by="annak", body="On it")
        told = explain(stage, incident_id)
        assert {each.item: each.code for each in told.comments} == {
            f"comment {first}": Reason.IN_STEP,
            f"comment {second.id}": Reason.PLANNED,
        }
        assert told.next == (f"add the issue's comment {second.id} to the incident",)


def test_step_results_are_told_one_by_one(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.linked(stage)
        step = next(iter(stage.sandbox.tester.runs.steps))
        stage.sandbox.tester.link_step(step, incident_id)
        stage.sync(census=True)
        assert [each.code for each in explain(stage, incident_id).results] == [Reason.IN_STEP]
        stage.sandbox.jira.remove_remote_link(stage.twin(incident_id), f"syncer:lab:stepresult:{step}")
        assert [each.code for each in explain(stage, incident_id).results] == [Reason.TO_CONFIRM]


def test_what_is_held_is_told_with_what_releases_it(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        told = explain(stage, scenes.held_removal(stage))
        (held,) = stage.store.held(stage.link.name)
        assert [(each.digest, each.kind) for each in told.held] == [(held.digest, "removals")]
        for digest in approvals_of(held):
            stage.store.approve(stage.link.name, digest, "ops", stage.link.now())
        assert explain(stage, told.record.split(" = ")[1]).code is Reason.PLANNED


def test_both_keys_and_both_ids_lead_to_the_same_explanation(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.linked(stage)
        issue = stage.sandbox.jira.issue(stage.twin(incident_id))
        number = stage.sandbox.tester.incident(incident_id).number
        names = [incident_id, f"#{number}", str(number), issue.id, issue.key, issue.key.lower()]
        assert len({explain(stage, name).record for name in names}) == 1


def test_a_deleted_record_that_never_had_a_twin_is_explained_while_it_is_remembered(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.new(stage)
        with stage.fault(Side.ISSUE, method="POST", path=r"/issue$", times=None, **scenes.REFUSAL):
            stage.sync()
        assert explain(stage, incident_id).code is Reason.REFUSED
        stage.sandbox.tester.delete(incident_id)
        told = explain(stage, incident_id)
        assert (told.code, told.attempts[0].code) == (Reason.MISSING, "refused")


def test_nothing_of_others_is_read_for_one_record(tmp_path: Path) -> None:
    """What else waits is not tried along with it: thousands may."""
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.linked(stage)
        others = [scenes.new(stage, AssignedTo="testeronly") for _ in range(8)]
        stage.sync()
        stage.later(days=1)
        stage.sandbox.tester_switchboard.reset_traffic()
        explain(stage, incident_id)
        paths = [each.path for each in stage.sandbox.tester_switchboard.requests]
        assert any(incident_id in path for path in paths)
        assert not any(other in path for other in others for path in paths)


def test_a_linked_record_that_a_changed_condition_leaves_out_is_told_to_wait_for_complete_listings(
    tmp_path: Path,
) -> None:
    with RecallingStage(tmp_path) as stage:
        incident_id = scenes.edited(stage)
        stage.remap(incidents={"project": "Test Project", "mark_field": "Jira key", "only": "Status = Closed"})
        told = explain(stage, incident_id)
        assert told.code is Reason.PLANNED
        assert any("CENSUS_EVERY_SECONDS" in note for note in told.notes)


def test_a_new_record_that_rests_although_its_cause_is_gone_is_told_until_when(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        incidents = {"project": "Test Project", "mark_field": "Jira key"}
        stage.remap(incidents={**incidents, "when": "1 // (incident.Description | int) == 1"})
        incident_id = scenes.new(stage, Description="0")
        stage.later(seconds=10)
        stage.sync()
        assert explain(stage, incident_id).code is Reason.EXPRESSION
        stage.remap(incidents=incidents)
        told = explain(stage, incident_id)
        assert told.code is Reason.PLANNED
        assert any("it rests until" in note for note in told.notes)


def test_what_nobody_knows_is_said_in_one_sentence_with_advice(tmp_path: Path) -> None:
    with RecallingStage(tmp_path) as stage:
        stage.sync()
        for name in ("#4711", "TEST-4711", "4711", "NOPE-1", "00000000-0000-0000-0000-000000000000", "?"):
            with pytest.raises(Refused, match=r"no record of test-project goes by .*; give a number like #12"):
                explain(stage, name)
