"""Promises about issues that are created together, where Jira or what stands before it answers oddly."""

import pytest

from syncer.core.records import Draft
from syncer.errors import InDoubt, Rejected
from syncer.sandbox.faults import Fault
from tests.contract.bench import draft, listed, mark, twin
from tests.contract.issue_bench import IssueBench


def test_issues_are_created_together_with_one_request(bench: IssueBench) -> None:
    bench.port.create_all([draft(bench, f"Made by us {number}", number) for number in (1, 2, 3)])
    assert bench.server is not None
    made = [each.path for each in bench.server.adapters_requests() if each.method == "POST"]
    assert [path for path in made if not path.endswith("/bulkfetch")] == ["/rest/api/2/issue/bulk"]


def test_issues_that_can_not_be_read_back_are_in_doubt_and_found_by_their_marks(bench: IssueBench) -> None:
    since = bench.now()
    drafts = [draft(bench, f"Made by us {number}", number) for number in (1, 2)]
    fault = Fault(effect="status", status=403, path=r"/issue/(\d+|bulkfetch)$", times=None)
    bench.fault(fault)
    outcomes = bench.port.create_all(drafts)
    assert [type(outcome) for outcome in outcomes] == [InDoubt, InDoubt]
    assert bench.server is not None
    bench.server.switchboard.clear()
    assert all(bench.port.find(mark(number), since) for number in (1, 2))


@pytest.mark.parametrize("body", ["null", "[]", '{"issues": 1}', '{"errors": [{}]}', '{"issues": [{"key": "TEST-1"}]}'])
def test_an_answer_that_tells_no_issues_leaves_all_in_doubt(bench: IssueBench, body: str) -> None:
    bench.fault(Fault(effect="status", status=200, body=body, path="/issue/bulk$"))
    with pytest.raises(InDoubt):
        bench.port.create_all([draft(bench, "Made by us")])


def test_drafts_that_no_issue_can_have_are_told_without_a_request(bench: IssueBench) -> None:
    port = bench.bound(issue_type="No such type")
    before = set(listed(bench, None))
    outcomes = port.create_all([Draft({"summary": "No type"}, twin(number)) for number in (1, 2)])
    assert [type(outcome) for outcome in outcomes] == [Rejected, Rejected]
    assert set(listed(bench, None)) == before
