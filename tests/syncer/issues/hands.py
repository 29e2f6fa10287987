"""What the tests of missing issues, marks and links do on the server, and what they look at there."""

from typing import Literal

from syncer.core.records import Cause, Mark, Record, Unknown
from syncer.sandbox.faults import Fault
from syncer.sandbox.jira import JiraModel
from tests.contract.bench import draft, mark, read, twin
from tests.contract.issue_bench import IssueBench

Method = Literal["GET", "POST", "PUT"]
FOREIGN = Mark("other", mark().twin_id)


def model(bench: IssueBench) -> JiraModel:
    assert bench.server is not None
    return bench.server.model


def asked(bench: IssueBench) -> list[tuple[str, str]]:
    assert bench.server is not None
    return [(each.method, each.path.removeprefix("/rest/api/2/")) for each in bench.server.adapters_requests()]


def refuse(bench: IssueBench, path: str, status: int, method: Method = "GET", times: int | None = None) -> None:
    """Requests to these paths are answered by Jira itself with this status from now on."""
    headers = {"Content-Type": "application/json"}
    fault = Fault(effect="status", status=status, body="{}", method=method, path=path, headers=headers, times=times)
    bench.fault(fault)


def linked(bench: IssueBench) -> Record:
    """An issue that was created by us and whose mark people can see."""
    made = bench.port.create(draft(bench, "Mirrored"))
    bench.port.write_mark(made, twin())
    return read(bench, made.id)


def causes(bench: IssueBench, *ids: str) -> list[Cause | None]:
    return [seen.cause if isinstance(seen, Unknown) else None for _, seen in bench.port.read(ids)]


def link_ids(bench: IssueBench, record_id: str) -> set[str | None]:
    return {link.global_id for link in model(bench).issue(record_id).remote_links.values()}
