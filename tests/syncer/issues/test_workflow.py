"""Promises about statuses: reached by whatever way there is, or refused with what stands in the way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.values import Value
from syncer.core.records import Record
from syncer.errors import InDoubt, Rejected
from syncer.issues.workflow import first_step
from syncer.sandbox.faults import Fault
from syncer.sandbox.jira.catalogue import DONE, IN_PROGRESS, IN_REVIEW, RESOLUTIONS, TO_DO
from syncer.sandbox.jira.workflow import REVIEWED, Transition
from tests.contract.bench import read
from tests.contract.issue_bench import IssueBench

WONT_DO = next(each.id for each in RESOLUTIONS if each.name == "Won't Do")
BY_MAPPING = {"resolution": "won't do"}


def updated(bench: IssueBench, record_id: str, changes: dict[str, Value], **wanted: Any) -> Record:
    return bench.bound(**wanted).update(record_id, changes)


def taken(bench: IssueBench) -> list[str]:
    """The ids of the transitions that the adapter took."""
    assert bench.server is not None
    sent = bench.server.adapters_requests()
    return [each.body["transition"]["id"] for each in sent if each.method == "POST" and "/transitions" in each.path]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef"))), st.sampled_from("abcdef"))
def test_the_first_step_lies_on_a_shortest_way(edges: dict[str, set[str]], goal: str) -> None:
    def distance(start: str, allowed: set[str]) -> int | None:
        here, seen, steps = {start}, {start}, 0
        while here:
            if goal in here:
                return steps
            here = {there for each in here for there in edges.get(each, ())} - seen - ({*"abcdef"} - allowed)
            seen |= here
            steps += 1
        return None

    allowed = {*"bcdef"}
    offered = sorted(edges.get("a", set()) & allowed)
    lengths = {each: distance(each, allowed) for each in offered}
    reachable = {each: length for each, length in lengths.items() if length is not None}
    step = first_step(offered, lambda each: sorted(edges.get(each, ())), goal.__eq__, {"a"})
    if not reachable:
        assert step is None
    else:
        assert step is not None
        assert reachable[step] == min(reachable.values())


def test_a_status_three_transitions_away_is_reached_with_the_mapping_s_resolution(bench: IssueBench) -> None:
    record_id = bench.person_creates("Far away")
    record = updated(bench, record_id, {"status": DONE.id}, transition_fields=BY_MAPPING)
    assert (record.values["status"], record.values["resolution"]) == (DONE.id, WONT_DO)
    assert len(taken(bench)) == 3


def test_a_resolution_goes_with_the_transition_that_takes_it(bench: IssueBench) -> None:
    record_id = bench.person_creates("Resolved")
    record = updated(bench, record_id, {"status": DONE.id, "resolution": WONT_DO, "summary": "Renamed"})
    assert (record.values["status"], record.values["resolution"]) == (DONE.id, WONT_DO)
    assert record.values["summary"] == "Renamed"


def test_a_way_back_is_found_too(bench: IssueBench) -> None:
    record_id = bench.person_creates("There and back")
    port = bench.bound(transition_fields=BY_MAPPING)
    port.update(record_id, {"status": DONE.id})
    record = port.update(record_id, {"status": IN_REVIEW.id, "resolution": None})
    assert (record.values["status"], record.values["resolution"]) == (IN_REVIEW.id, None)


def test_where_the_issue_stands_already_no_transition_is_taken(bench: IssueBench) -> None:
    record_id = bench.person_creates("Settled")
    record = updated(bench, record_id, {"status": TO_DO.id, "resolution": None})
    assert record.values["status"] == TO_DO.id
    assert bench.server is not None
    assert {each.method for each in bench.server.adapters_requests()} <= {"GET"}


def test_a_demand_that_nobody_meets_is_told_with_what_is_allowed(bench: IssueBench) -> None:
    record_id = bench.person_creates("Demanding")
    with pytest.raises(Rejected) as refusal:
        updated(bench, record_id, {"status": DONE.id})
    for word in ("'Accept'", "'Done'", "Resolution", "Won't Do, Duplicate", "transition_fields"):
        assert word in str(refusal.value)
    assert read(bench, record_id).values["status"] == IN_REVIEW.id, "it stays where the last step led"


def test_a_name_that_the_screen_does_not_allow_is_told(bench: IssueBench) -> None:
    record_id = bench.person_creates("Demanding")
    with pytest.raises(Rejected, match="for which the mapping's 'Solved' is no value"):
        updated(bench, record_id, {"status": DONE.id}, transition_fields={"resolution": "Solved"})


def test_a_status_of_no_workflow_is_refused_before_anything_moves(bench: IssueBench) -> None:
    record_id = bench.person_creates("Lost")
    with pytest.raises(Rejected, match="no status 999"):
        updated(bench, record_id, {"status": "999"})
    assert taken(bench) == []


def test_what_one_issue_taught_saves_looking_for_the_next(bench: IssueBench) -> None:
    assert bench.server is not None
    port = bench.bound(transition_fields=BY_MAPPING)
    counts = []
    for number in range(2):
        record_id = bench.person_creates(f"Record {number}")
        before = len(bench.server.adapters_requests())
        assert port.update(record_id, {"status": DONE.id}).values["status"] == DONE.id
        counts.append(len(bench.server.adapters_requests()) - before)
    assert counts[1] < counts[0]


def test_an_unknown_status_is_looked_at_in_another_issue_and_that_one_is_left_alone(bench: IssueBench) -> None:
    assert bench.server is not None
    model = bench.server.model
    others = [model.create(by="joeb", summary="Standing there").id for _ in range(2)]
    bench.server.change(lambda: model.transition(others[0], "In Progress", by="joeb"))
    bench.server.change(lambda: model.transition(others[1], "In Review", by="joeb"))
    before = {other: len(model.issue(other).history) for other in others}
    record_id = bench.person_creates("On its way")
    updated(bench, record_id, {"status": DONE.id}, transition_fields=BY_MAPPING)
    assert {other: len(model.issue(other).history) for other in others} == before


def test_where_no_other_issue_teaches_the_way_it_is_walked_forward(bench: IssueBench) -> None:
    alone(bench)
    record_id = bench.person_creates("The first ever")
    record = updated(bench, record_id, {"status": DONE.id}, transition_fields=BY_MAPPING)
    assert record.values["status"] == DONE.id
    assert len(taken(bench)) == 3


def test_statuses_known_on_the_way_don_t_hide_what_lies_behind_them(bench: IssueBench) -> None:
    alone(bench)
    port = bench.bound(transition_fields=BY_MAPPING)
    first = bench.person_creates("Teaches the first two statuses")
    port.update(first, {"status": IN_PROGRESS.id})
    port.update(first, {"status": TO_DO.id})
    record_id = bench.person_creates("Goes all the way")
    assert port.update(record_id, {"status": DONE.id}).values["status"] == DONE.id


@pytest.mark.parametrize("others", [True, False])
def test_no_blind_step_is_taken_where_another_issue_shows_the_way(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch, others: bool
) -> None:
    dead_end = (
        Transition("11", "Park", (TO_DO,), IN_REVIEW),
        Transition("21", "Start", (TO_DO,), IN_PROGRESS),
        Transition("31", "Finish", (IN_PROGRESS,), DONE),
    )
    monkeypatch.setattr("syncer.sandbox.jira.workflow.REVIEWED", dead_end)
    assert bench.server is not None
    alone(bench)
    if others:
        model = bench.server.model
        shows = model.create(by="joeb", summary="Shows the way").id
        model.transition(shows, "In Progress", by="joeb")
    record_id = bench.person_creates("At the fork")
    if others:
        assert updated(bench, record_id, {"status": DONE.id}).values["status"] == DONE.id
    else:
        with pytest.raises(Rejected, match="from here can be reached: nothing"):
            updated(bench, record_id, {"status": DONE.id})


def test_a_blind_step_never_goes_back_nor_past_the_wished_status(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tempting = (
        Transition("11", "Drop", (TO_DO,), DONE),
        Transition("21", "Start", (TO_DO,), IN_PROGRESS),
        Transition("31", "Stop", (IN_PROGRESS,), TO_DO),
        Transition("41", "Review", (IN_PROGRESS,), IN_REVIEW),
        Transition("51", "Accept", (IN_REVIEW,), DONE),
    )
    monkeypatch.setattr("syncer.sandbox.jira.workflow.REVIEWED", tempting)
    alone(bench)
    record_id = bench.person_creates("Tempted")
    assert updated(bench, record_id, {"status": IN_REVIEW.id}).values["status"] == IN_REVIEW.id
    assert taken(bench) == ["21", "41"], "over In Progress and not over Done"
    assert bench.server is not None
    model = bench.server.model
    bench.server.change(lambda: model.issues.pop(record_id))
    second = model.create(by="joeb", summary="Half way").id
    model.transition(second, "In Progress", by="joeb")
    assert updated(bench, second, {"status": DONE.id}).values["status"] == DONE.id
    assert taken(bench)[2:] == ["41", "51"], "over In Review and not back to To Do"


def alone(bench: IssueBench) -> None:
    """From now on no other issue shows anything of the workflow."""
    assert bench.server is not None
    bench.server.change(bench.server.model.issues.clear)


def test_a_workflow_that_was_edited_is_learnt_anew(bench: IssueBench, monkeypatch: pytest.MonkeyPatch) -> None:
    port = bench.bound(transition_fields=BY_MAPPING)
    record_id = bench.person_creates("Waiting for the administrator")
    with monkeypatch.context() as before:
        before.setattr("syncer.sandbox.jira.workflow.REVIEWED", REVIEWED[:2])
        with pytest.raises(Rejected, match="no way to 'Done'"):
            port.update(record_id, {"status": DONE.id})
        port.update(record_id, {"status": TO_DO.id})
    assert port.update(record_id, {"status": DONE.id}).values["status"] == DONE.id


def test_a_resolution_that_the_workflow_sets_otherwise_and_no_screen_takes_is_told(bench: IssueBench) -> None:
    record_id = bench.person_creates("A task", issuetype={"name": "Task"})
    with pytest.raises(Rejected, match="resolution"):
        updated(bench, record_id, {"status": DONE.id, "resolution": WONT_DO})
    assert read(bench, record_id).values["status"] == DONE.id, "the status is changed by itself"


def test_a_transition_whose_answer_is_lost_is_in_doubt_and_not_taken_twice(bench: IssueBench) -> None:
    record_id = bench.person_creates("In doubt")
    bench.fault(Fault(effect="drop_after", method="POST", path="/transitions$"))
    with pytest.raises(InDoubt):
        updated(bench, record_id, {"status": IN_PROGRESS.id})
    assert len(taken(bench)) == 1
    assert read(bench, record_id).values["status"] == IN_PROGRESS.id


def test_a_jira_that_goes_away_between_two_transitions_leaves_the_update_in_doubt(bench: IssueBench) -> None:
    record_id = bench.person_creates("Half way")
    bench.fault(Fault(effect="status", method="GET", path="/transitions$", skip=1, times=None))
    with pytest.raises(InDoubt):
        updated(bench, record_id, {"status": IN_REVIEW.id, "summary": "Renamed"})
