"""An issue that this account may not see is no issue that was deleted."""

import pytest

from syncer.core.records import Cause, Present, Unknown
from syncer.sandbox.faults import Fault
from tests.contract.issue_bench import IssueBench


@pytest.mark.parametrize(("status", "cause"), [(403, Cause.DENIED), (404, Cause.MISSING)])
def test_one_issue_is_judged_by_its_own_answer_and_its_neighbour_is_read(
    bench: IssueBench, status: int, cause: Cause
) -> None:
    secret, plain = bench.person_creates("Secret"), bench.person_creates("Plain")
    bench.hide(secret)
    said, told = (
        '{"errorMessages": ["You do not have the permission to see it."]}',
        {"Content-Type": "application/json"},
    )
    path = rf"/issue/{secret}$"
    bench.fault(Fault(effect="status", status=status, path=path, times=None, body=said, headers=told))
    seen = dict(bench.port.read([secret, plain]))
    assert isinstance(seen[plain], Present)
    observation = seen[secret]
    assert isinstance(observation, Unknown)
    assert observation.cause is cause
