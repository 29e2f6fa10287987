"""A replay asks nothing before what it needs is there, and by the ids of its own run."""

import json
from typing import Any

from bench.dependencies import made_by, rename, steps
from bench.recording import Asked, Side

INCIDENT = "6f9a3aed-0e88-4dfd-b441-55fbf5899b5e"


def asked(method: str, path: str, body: str = "", *, at: float, answer: Any = None, side: Side = "issue") -> Asked:
    """A request that took one second."""
    said = "" if answer is None else json.dumps(answer)
    return Asked(side, method, path, "application/json", body, at, at + 1, 200, said)


def create(at: float, issue_id: str, key: str) -> Asked:
    return asked("POST", "/rest/api/2/issue", '{"fields": {}}', at=at, answer={"id": issue_id, "key": key})


def test_a_comment_waits_for_its_issue_and_for_the_comment_before() -> None:
    comment = "/rest/api/2/issue/20100/comment"
    planned = steps(
        [
            create(0, "20100", "TEST-1"),
            create(0, "20101", "TEST-2"),
            asked("POST", comment, '{"body": "first"}', at=2, answer={"id": "30100"}),
            asked("POST", comment, '{"body": "second"}', at=4, answer={"id": "30101"}),
        ]
    )
    assert [sorted(step.after) for step in planned] == [[], [], [0], [0, 2]]


def test_the_mark_on_the_incident_waits_for_the_issue_of_that_key() -> None:
    body = '{"FieldValues": {"Jira key": "TEST-2"}}'
    mark = asked("PUT", f"/EnterpriseTester/api/incident/{INCIDENT}", body, at=3, side="incident")
    planned = steps([create(0, "20100", "TEST-1"), create(1, "20101", "TEST-2"), mark])
    assert (planned[2].after, planned[2].renamed) == (frozenset({1}), True)


def test_each_issue_of_a_bulk_create_can_be_waited_for() -> None:
    answer = {"issues": [{"id": "20100", "key": "TEST-1"}, {"id": "20101", "key": "TEST-2"}], "errors": []}
    bulk = asked("POST", "/rest/api/2/issue/bulk", '{"issueUpdates": []}', at=0, answer=answer)
    link = asked("POST", "/rest/api/2/issue/20101/remotelink", "{}", at=2, answer={"id": 40100})
    assert steps([bulk, link])[1].after == frozenset({0})
    assert list(made_by(bulk.answer)) == ["20100", "TEST-1", "20101", "TEST-2"]


def test_what_was_there_from_the_start_is_not_waited_for() -> None:
    reads = [
        asked("GET", f"/EnterpriseTester/api/incident/{INCIDENT}", at=place, side="incident") for place in range(3)
    ]
    assert not any(step.after or step.renamed for step in steps(reads))


def test_writes_that_were_under_way_at_once_stay_so() -> None:
    path = "/rest/api/2/issue/20100/comment"
    planned = steps([asked("POST", path, at=0), asked("POST", path, at=0.5)])
    assert not planned[1].after


def test_only_whole_ids_are_renamed() -> None:
    names = {"20100": "20107", "TEST-1": "TEST-8"}
    assert rename("/issue/20100/x?y=TEST-1 TEST-12 120100", names) == "/issue/20107/x?y=TEST-8 TEST-12 120100"
