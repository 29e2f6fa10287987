"""Promises about what is missing: nothing counts as deleted on thin evidence, and taking off our own marks and
comments leaves everybody else's alone."""

from dataclasses import replace

import pytest

from syncer.core.records import Cause, CommentDraft, Mark, Unknown
from syncer.errors import Denied, InDoubt, Missing
from syncer.issues import IssueProject
from syncer.issues.marks import ISSUE_PROPERTY, Labels, dissolved_mark, global_id
from syncer.sandbox.faults import Fault
from tests.contract.bench import comments, mark, read
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import FOREIGN, causes, link_ids, linked, model, refuse
from tests.syncer.issues.scripted import Answer, Request, Scripted

COMMENT = CommentDraft("Jane Doe", "Seen again.", Mark("demo", "10234"))


def foreign_marks(bench: IssueBench, record_id: str) -> str:
    """Another installation's link and label and a person's link on the issue; the label."""
    label = Labels("other").of(FOREIGN)
    bench.person_sends("PUT", f"issue/{record_id}", {"update": {"labels": [{"add": label}]}})
    for key in (global_id(FOREIGN), "a person's own"):
        model(bench).add_remote_link(record_id, key, url="https://elsewhere.example/1", title="Elsewhere")
    return label


def test_it_is_told_why_an_issue_cannot_be_read(bench: IssueBench) -> None:
    deleted, hidden, moved, archived, denied, broken, sound = [bench.person_creates(f"Issue {n}") for n in range(7)]
    bench.remove(deleted)
    bench.hide(hidden)
    model(bench).move(moved, "OTHER", by="joeb")
    model(bench).archive(archived)
    refuse(bench, f"/issue/{denied}$", 403)
    refuse(bench, f"/issue/{broken}$", 500)
    if bench.cloud:
        refuse(bench, "/issue/bulkfetch$", 400, method="POST")
    told = causes(bench, deleted, hidden, moved, archived, denied, broken, sound)
    assert told == [
        *(Cause.MISSING, Cause.MISSING, Cause.MOVED, Cause.ARCHIVED),
        *(Cause.DENIED, Cause.UNREADABLE, None),
    ]


def test_an_archived_issue_that_is_restored_is_read_again(bench: IssueBench) -> None:
    record_id = bench.person_creates("Put away")
    model(bench).archive(record_id)
    assert causes(bench, record_id) == [Cause.ARCHIVED]
    model(bench).restore(record_id)
    assert causes(bench, record_id) == [None]


@pytest.mark.parametrize(
    ("status", "cause"), [(404, Cause.MISSING), (403, Cause.DENIED), (500, Cause.UNREADABLE), (200, None)]
)
@pytest.mark.parametrize("named", [True, False], ids=["named among the errors", "left out"])
def test_what_a_bulk_lacks_is_missing_only_by_the_issue_s_own_answer(
    named: bool, status: int, cause: Cause | None
) -> None:
    fields = {"project": {"id": "1", "key": "TEST"}, "updated": "2025-07-24T13:05:26.000+0200"}
    fields["comment"] = {"comments": [], "total": 0}
    issues = [{"id": each, "key": f"TEST-{each}", "fields": fields} for each in ("10", "11")]
    errors = [{"id": "11", "errorMessage": "Issue does not exist or you do not have permission to see it."}]

    def script(request: Request) -> Answer | None:
        match request.path.removeprefix("/rest/api/2/"):
            case "project/TEST":
                return Answer(body={"id": "1", "key": "TEST"})
            case "issue/bulkfetch":
                return Answer(body={"issues": issues[:1], "issueErrors": errors if named else []})
            case "issue/11":
                return Answer(status, issues[1] if status == 200 else {"errorMessages": ["So."]})
        return None

    with Scripted(script) as jira:
        port = IssueProject(
            jira.client(),
            project="TEST",
            only=None,
            issue_type=None,
            installation="demo",
            fields=frozenset(),
            transition_fields={},
        )
        seen = dict(port.read(["11", "10"]))
        told = {key: each.cause if isinstance(each, Unknown) else None for key, each in seen.items()}
        assert told == {"11": cause, "10": None}
        assert jira.counted("GET", "issue/10") == 0


def test_taking_off_the_mark_leaves_nothing_of_ours_and_all_of_others(bench: IssueBench) -> None:
    record = linked(bench)
    theirs = foreign_marks(bench, record.id)
    bench.port.remove_mark(record.id, mark())
    issue = model(bench).issue(record.id)
    assert dissolved_mark(issue.properties[ISSUE_PROPERTY]) == mark()
    assert issue.ids("labels") == (theirs,)
    assert link_ids(bench, record.id) == {global_id(FOREIGN), "a person's own"}
    after = read(bench, record.id)
    assert (after.mark, after.shows_mark, after.dissolved) == (None, None, mark())
    assert {**after.values, "labels": frozenset()} == record.values


def test_taking_off_a_mark_that_isn_t_there_changes_nothing(bench: IssueBench) -> None:
    marked = linked(bench)
    for record_id in (marked.id, bench.person_creates("Nobody's")):
        before = read(bench, record_id)
        for _ in range(2):
            bench.port.remove_mark(record_id, mark(2))
        assert replace(read(bench, record_id), stamp=None) == replace(before, stamp=None)
    assert global_id(mark()) in link_ids(bench, marked.id)


def test_an_issue_that_moved_away_can_lose_its_mark(bench: IssueBench) -> None:
    record = linked(bench)
    model(bench).move(record.id, "OTHER", by="joeb")
    bench.port.remove_mark(record.id, mark())
    assert dissolved_mark(model(bench).issue(record.id).properties[ISSUE_PROPERTY]) == mark()
    assert link_ids(bench, record.id) == set()


@pytest.mark.parametrize("lost_path", ["/remotelink$", r"/issue/\d+$", "/properties/"])
def test_taking_off_a_mark_can_be_repeated_after_any_lost_answer(bench: IssueBench, lost_path: str) -> None:
    record = linked(bench)
    for method in ("PUT", "DELETE"):
        bench.fault(Fault(effect="drop_after", method=method, path=lost_path))
    with pytest.raises(InDoubt):
        bench.port.remove_mark(record.id, mark())
    bench.port.remove_mark(record.id, mark())
    assert dissolved_mark(model(bench).issue(record.id).properties[ISSUE_PROPERTY]) == mark()
    assert model(bench).issue(record.id).ids("labels") == ()
    assert link_ids(bench, record.id) == set()


def test_while_anything_of_a_mark_is_left_the_issue_still_says_so(bench: IssueBench) -> None:
    record = linked(bench)
    refuse(bench, f"/issue/{record.id}$", 403, method="PUT", times=1)
    with pytest.raises(Denied):
        bench.port.remove_mark(record.id, mark())
    assert read(bench, record.id).mark == mark()
    bench.port.remove_mark(record.id, mark())
    assert read(bench, record.id).mark is None


def test_the_mark_of_an_issue_that_is_not_there_is_not_called_removed(bench: IssueBench) -> None:
    with pytest.raises(Missing):
        bench.port.remove_mark(bench.absent_id, mark())


def test_a_comment_is_deleted_once_and_again_is_no_error(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    theirs = bench.person_comments(record_id, "A person's own words")
    ours = bench.port.add_comment(record_id, COMMENT)
    for _ in range(2):
        bench.port.delete_comment(record_id, ours.id, COMMENT)
    assert [comment.id for comment in comments(read(bench, record_id))] == [theirs]
    bench.port.delete_comment(bench.absent_id, ours.id, COMMENT)


def test_a_project_hides_single_issues_where_it_has_security_levels(bench: IssueBench) -> None:
    assert bench.port.hides_single_records() is False
    bench.behave(security_levels=["Staff only"])
    assert bench.port.hides_single_records() is True


def test_levels_that_we_may_not_see_count_as_if_there_were_some(bench: IssueBench) -> None:
    bench.behave(security_levels=["Staff only"], security_levels_withheld=True)
    assert bench.port.hides_single_records() is True


@pytest.mark.parametrize(("status", "hides"), [(404, False), (403, True), (500, True), (429, True)])
def test_security_levels_that_cannot_be_read_count_as_there_unless_there_is_no_such_thing(
    bench: IssueBench, status: int, hides: bool
) -> None:
    refuse(bench, "/securitylevel$", status)
    assert bench.port.hides_single_records() is hides
