"""Promises to administrators about their workflows: what can't be reached, and what is demanded on the way."""

from functools import partial
from typing import Any

import pytest

from syncer.errors import Rejected
from syncer.issues import IssueProject
from syncer.sandbox.jira.catalogue import DONE, IN_PROGRESS, IN_REVIEW, STATUSES, TO_DO
from syncer.sandbox.jira.workflow import REVIEWED, Transition
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import asked, model
from tests.syncer.issues.test_issue_fields import CYCLE, FOUND_ON, POINTS, REGION, REVIEWER, SEEN_AT, TOPICS

EVERY = [status.id for status in STATUSES]
ONE_WAY = (
    Transition("11", "Start", (TO_DO,), IN_PROGRESS),
    Transition("21", "Finish", (IN_PROGRESS,), DONE),
    Transition("31", "Reopen", (DONE,), TO_DO),
)
DEMANDED = (POINTS, CYCLE, REGION, REVIEWER, FOUND_ON, SEEN_AT, TOPICS)


def workflow(monkeypatch: pytest.MonkeyPatch, *transitions: Transition) -> None:
    """The workflow of bugs and improvements from now on."""
    monkeypatch.setattr("syncer.sandbox.jira.workflow.REVIEWED", transitions)


def populate(bench: IssueBench, *statuses: str, issuetype: str = "Bug") -> None:
    """From now on there is one issue in each of the statuses and no other."""
    sandbox = model(bench)
    assert bench.server is not None
    bench.server.change(sandbox.issues.clear)
    for status in statuses:
        made = sandbox.create(by="joeb", summary=f"Stands in {status}", issuetype=issuetype)
        bench.server.change(partial(made.fields.update, status=status))


def told(port: IssueProject, *statuses: str) -> list[tuple[str, str]]:
    return [(kind, status) for kind, status, _ in port.unreachable(statuses or EVERY)]


def test_statuses_that_transitions_lead_to_are_no_finding(bench: IssueBench) -> None:
    populate(bench, *EVERY)
    assert told(bench.port) == []


def test_a_status_to_which_no_transition_leads_is_told_with_its_type(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow(monkeypatch, *ONE_WAY)
    populate(bench, *EVERY)
    [(kind, status, sentence)] = bench.port.unreachable(EVERY)
    assert (kind, status) == ("Bug", IN_REVIEW.id)
    for word in ("'Bug'", "'In Review'", "TEST", "no transition"):
        assert word in sentence


def test_a_transition_that_leads_back_into_its_own_status_is_no_way_into_it(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow(monkeypatch, *ONE_WAY, Transition("41", "Comment", (IN_REVIEW,), IN_REVIEW))
    populate(bench, *EVERY)
    assert told(bench.port) == [("Bug", IN_REVIEW.id)]


def test_only_the_statuses_that_were_asked_for_are_told(bench: IssueBench, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow(monkeypatch, *ONE_WAY)
    populate(bench, *EVERY)
    assert told(bench.port, DONE.id) == []


@pytest.mark.parametrize("unseen", [TO_DO.id, DONE.id])
def test_where_no_issue_shows_a_status_nothing_is_said_that_its_ways_out_could_prove_wrong(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch, unseen: str
) -> None:
    workflow(monkeypatch, *ONE_WAY)
    populate(bench, *(status for status in EVERY if status != unseen))
    assert told(bench.port) == []


def test_for_a_status_in_which_nothing_stands_the_others_are_enough(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow(monkeypatch, *ONE_WAY)
    populate(bench, TO_DO.id, IN_PROGRESS.id, DONE.id)
    assert told(bench.port) == [("Bug", IN_REVIEW.id)]


def test_each_issue_type_has_a_workflow_of_its_own(bench: IssueBench, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow(monkeypatch, *ONE_WAY)
    populate(bench, *EVERY, issuetype="Task")
    assert told(bench.port) == [], "from any status of a task any other can be reached"


def test_a_status_of_no_workflow_is_told_with_those_that_there_are(bench: IssueBench) -> None:
    [(kind, status, sentence)] = bench.port.unreachable(["999"])
    assert (kind, status) == ("", "999")
    assert "'To Do', 'In Progress', 'In Review', 'Done'" in sentence


def test_what_a_screen_demands_and_the_mapping_lacks_is_told_once(bench: IssueBench) -> None:
    populate(bench, *EVERY)
    port = bench.bound(fields={"summary", "status"})
    [sentence] = port.demands(DONE.id)
    for word in ("'Accept'", "'Done'", "Resolution", "transition_fields"):
        assert word in sentence
    assert list(port.demands(IN_REVIEW.id)) == []


@pytest.mark.parametrize("mapped", [{"transition_fields": {"resolution": "Won't Do"}}, {"fields": {"resolution"}}])
def test_what_the_mapping_gives_is_no_finding(bench: IssueBench, mapped: dict[str, Any]) -> None:
    populate(bench, *EVERY)
    wanted = {"fields": {"summary"}, **mapped}
    assert list(bench.bound(**wanted).demands(DONE.id)) == []


def test_the_easiest_of_several_ways_into_a_status_is_what_counts(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow(monkeypatch, *REVIEWED, Transition("61", "Close", (IN_REVIEW,), DONE))
    populate(bench, *EVERY)
    assert list(bench.bound(fields={"summary"}).demands(DONE.id)) == []


def test_looking_changes_nothing(bench: IssueBench) -> None:
    list(bench.port.unreachable(EVERY))
    list(bench.port.demands(DONE.id))
    assert {method for method, path in asked(bench) if not path.startswith("search")} == {"GET"}


def test_a_screen_s_fields_of_every_kind_are_filled_from_the_mapping(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow(monkeypatch, Transition("11", "Start", (TO_DO,), IN_PROGRESS, demands=DEMANDED))
    record_id = bench.person_creates("Demanding")
    words = {
        POINTS: "2.5", CYCLE: "Cycle 7", REGION: "Europe / France", REVIEWER: "Olga Petrova", FOUND_ON: "2026-11-22",
        SEEN_AT: "2026-11-22T14:03:05Z", TOPICS: "cart",
    }  # fmt: skip
    port = bench.bound(transition_fields=words, fields={"summary", "status", *DEMANDED})
    assert list(port.demands(IN_PROGRESS.id)) == []
    values = port.update(record_id, {"status": IN_PROGRESS.id}).values
    reviewer = next(user.id for user in port.catalogue().of("user") if user.name == "Olga Petrova")
    assert {name: values[name] for name in DEMANDED} == {
        **words, REGION: "10600/10602", REVIEWER: reviewer, TOPICS: frozenset({"cart"}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        (REVIEWER, "Nobody Known", "Reviewer, for which the mapping's 'Nobody Known' is no value"),
        (POINTS, "many", "Story points, for which the mapping's 'many' is no value"),
        (REGION, "Europe / Japan", r"Region \(allowed: Europe, Europe / Germany"),
    ],
)
def test_words_that_are_no_value_of_the_field_are_told_and_no_transition_is_taken(
    bench: IssueBench, monkeypatch: pytest.MonkeyPatch, field: str, words: str, said: str
) -> None:
    workflow(monkeypatch, Transition("11", "Start", (TO_DO,), IN_PROGRESS, demands=(field,)))
    record_id = bench.person_creates("Demanding")
    with pytest.raises(Rejected, match=said):
        bench.bound(transition_fields={field: words}).update(record_id, {"status": IN_PROGRESS.id})
    assert model(bench).issue(record_id).text("status") == TO_DO.id
