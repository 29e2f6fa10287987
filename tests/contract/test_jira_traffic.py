"""What the adapter and the sandbox's Jira Cloud say to each other is right by Atlassian's document, and one fault in
all that is enough to fail the check that every test of the adapter ends with."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from syncer.core.records import CommentDraft
from syncer.ports import Needs
from syncer.sandbox.jira import JiraModel
from tests.contract.bench import draft, mark, options, twin
from tests.contract.issue_bench import IssueBench, JiraServer, bench_before
from tests.jira_spec import ABSENT, SpecChecker
from tests.jira_traffic import Exchange, hold
from tests.syncer.mirror_stage import CREDENTIALS, MirrorStage

Fault: TypeAlias = Callable[[Exchange], Exchange]

SPEC = SpecChecker.load()
pytestmark = pytest.mark.skipif(SPEC is None, reason=ABSENT)


def work_through(bench: IssueBench) -> None:
    """A little of everything that a mirror does."""
    port, since = bench.port, bench.now()
    port.catalogue()
    record = port.create(draft(bench, "Held against the document"))
    port.write_mark(record, twin())
    _, second, *_ = options(bench, "status")
    port.update(record.id, {"summary": "Edited", "labels": frozenset({"one"})})
    port.update(record.id, {"status": second})
    comment = port.add_comment(record.id, CommentDraft("Jane Doe", "Seen again.", mark(5)))
    port.edit_comment(record.id, comment.id, CommentDraft("Jane Doe", "Seen again!", mark(5)))
    assert port.find(mark(), since) is not None
    list(port.listed(None))
    list(port.read([record.id]))
    port.delete_comment(record.id, comment.id, CommentDraft("Jane Doe", "(deleted)", mark(5)))
    list(port.check(Needs(writes=True)))
    port.remove_mark(record.id, mark())


@pytest.fixture(scope="module")
def exchanges() -> Iterator[list[Exchange]]:
    server = JiraServer("cloud")
    try:
        with bench_before(server, "cloud") as bench:
            work_through(bench)
        yield server.tap.exchanges
    finally:
        server.stop()


def check(exchanges: list[Exchange]) -> None:
    assert SPEC is not None
    hold(SPEC, exchanges, senders={CREDENTIALS})


def asked(**members: Any) -> Fault:
    """The fault that the request differs by these members."""
    return lambda one: replace(one, **members)


def in_body(*place: str | int, value: Any) -> Fault:
    return lambda one: replace(one, body=_changed(one.body, place, value))


def in_answer(*place: str | int, value: Any) -> Fault:
    return lambda one: replace(one, answer=_changed(one.answer, place, value))


ABSENT_MEMBER = object()


def _changed(told: Any, place: tuple[str | int, ...], value: Any) -> Any:
    copied = deepcopy(told)
    inner = copied
    for step in place[:-1]:
        inner = inner[step]
    if value is ABSENT_MEMBER:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return copied


WRONG_REQUESTS = {
    "unknown path": ("POST /issue", asked(path="/rest/api/2/issues"), "knows no POST"),
    "wrong method": ("PUT /issue/{}", asked(method="PATCH"), "knows no PATCH"),
    "unknown parameter": ("GET /issue/{}", asked(query=[("field", "summary")]), "no parameter 'field'"),
    "word for a number": ("GET /issue/createmeta/{}/issuetypes/{}", asked(query=[("maxResults", "all")]),
                          "'all' is not of type 'integer'"),
    "parameter forgotten": ("DELETE /issue/{}/remotelink", asked(query=[]), "needs the parameter 'globalId'"),
    "parameter given twice": ("DELETE /issue/{}/remotelink", asked(query=[("globalId", "a"), ("globalId", "b")]),
                              "sent 2 times"),
    "body forgotten": ("POST /issue", asked(body=None), "needs a body"),
    "body where there is none": ("GET /myself", asked(body={}), "takes no body"),
    "body of another type": ("POST /issue", asked(body=[]), "is not of type 'object'"),
    "member unknown": ("POST /search/jql", in_body("startAt", value=0), "'startAt' was unexpected"),
    "member forgotten": ("POST /issue/bulkfetch", in_body("issueIdsOrKeys", value=ABSENT_MEMBER),
                         "'issueIdsOrKeys' is a required property"),
    "inner member forgotten": ("POST /issue/{}/remotelink", in_body("object", "title", value=ABSENT_MEMBER),
                               "'title' is a required property"),
    "member of another type": ("POST /issue/{}/transitions", in_body("transition", "id", value=41),
                               "41 is not of type 'string'"),
    "text for a list": ("POST /search/jql", in_body("fields", value="summary"), "is not of type 'array'"),
    "inner member of another type": ("POST /issue", in_body("properties", 0, "key", value=7),
                                     "7 is not of type 'string'"),
}  # fmt: skip
WRONG_ANSWERS = {
    "id as a number": ("GET /issue/{}", in_answer("id", value=20101), "20101 is not of type 'string'"),
    "undocumented status": ("POST /issue", asked(status=202), "the document knows 201"),
    "list for an object": ("GET /myself", asked(answer=[]), "is not of type 'object'"),
    "text for a list of issues": ("POST /search/jql", in_answer("issues", value="none"), "is not of type 'array'"),
    "token as a number": ("POST /search/jql", in_answer("nextPageToken", value=2), "2 is not of type 'string'"),
    "word for yes or no": ("POST /search/jql", in_answer("isLast", value="yes"), "is not of type 'boolean'"),
    "time that is none": ("POST /issue/{}/comment", in_answer("created", value="soon"), "is not a 'date-time'"),
    "address that is none": ("GET /myself", in_answer("self", value="nowhere"), "is not a 'uri'"),
    "required member missing": ("GET /project/{}/statuses", in_answer(0, "statuses", value=ABSENT_MEMBER),
                                "'statuses' is a required property"),
    "date that is none": ("GET /project/{}/versions", in_answer(0, "releaseDate", value="soon"), "is not a 'date'"),
    "error in another shape": ("GET /myself", asked(status=400, answer={"errorMessages": "bad", "errors": {}}),
                               "is not of type 'array'"),
}  # fmt: skip


def test_the_adapter_and_the_sandbox_speak_as_jira_cloud_does(exchanges: list[Exchange]) -> None:
    check(exchanges)
    assert {each.authorization for each in exchanges} >= {CREDENTIALS}
    assert len({(each.method, _template(each.path)) for each in exchanges}) >= 15, "a little of everything"


@pytest.mark.parametrize(("where", "fault", "reason"), WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
def test_one_wrong_request_fails_the_check(exchanges: list[Exchange], where: str, fault: Fault, reason: str) -> None:
    _assert_noticed(exchanges, where, fault, reason)


@pytest.mark.parametrize(("where", "fault", "reason"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_one_wrong_answer_fails_the_check(exchanges: list[Exchange], where: str, fault: Fault, reason: str) -> None:
    _assert_noticed(exchanges, where, fault, reason)


def _spoil(model: JiraModel) -> None:
    """From now on the server shows a version as no Jira would. The adapter doesn't look there."""
    version: Any = next(iter(model.versions.values()))
    version.description = 5


def test_a_server_that_answers_wrongly_fails_whatever_mirrors_a_project(tmp_path: Path) -> None:
    stage = MirrorStage(tmp_path)
    stage.__enter__()
    stage.sandbox.call(lambda: _spoil(stage.sandbox.jira))
    stage.sync()
    with pytest.raises(AssertionError, match="description: 5 is not of type 'string'"):
        stage.__exit__()


def test_a_server_that_answers_wrongly_fails_the_tests_of_the_adapter() -> None:
    assert SPEC is not None
    server = JiraServer("cloud")
    try:
        with bench_before(server, "cloud") as bench:
            server.change(lambda: _spoil(server.model))
            bench.port.catalogue()
        with pytest.raises(AssertionError, match="description: 5 is not of type 'string'"):
            server.hold_against(SPEC)
    finally:
        server.stop()


def _assert_noticed(exchanges: list[Exchange], where: str, fault: Fault, reason: str) -> None:
    place = next(
        (
            number
            for number, each in enumerate(exchanges)
            if f"{each.method} {_template(each.path)}" == where and each.authorization == CREDENTIALS
        ),
        None,
    )
    assert place is not None, f"no {where} among {sorted({f'{e.method} {_template(e.path)}' for e in exchanges})}"
    wrong = [*exchanges[:place], fault(exchanges[place]), *exchanges[place + 1 :]]
    with pytest.raises(AssertionError) as noticed:
        check(wrong)
    assert reason in str(noticed.value)


def _template(path: str) -> str:
    """The path below the API, with `{}` where an id or a key stands."""
    parts = path.removeprefix("/rest/api/2").split("/")
    return "/".join("{}" if part.isdecimal() or part.isupper() else part for part in parts)
