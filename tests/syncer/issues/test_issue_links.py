"""Promises about remote links: what they show is observed or not observed, and never taken for missing on thin
evidence; people's and other installations' links are left alone."""

from dataclasses import replace

import pytest

from syncer.core.records import Mark, StepResult
from syncer.errors import Denied
from syncer.issues.marks import ISSUE_PROPERTY, global_id, issue_property
from tests.contract.bench import draft, mark, read, twin
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import FOREIGN, asked, causes, link_ids, linked, model, refuse

RESULT = StepResult("7 b/ü?", "incident", "Log in, step 3: failed", "https://tester.example/stepresult/7")


def test_the_mark_that_people_see_is_observed_on_our_issues_only(bench: IssueBench) -> None:
    made = bench.port.create(draft(bench, "Mirrored"))
    assert (made.shows_mark, made.results) == (False, frozenset())
    bench.port.write_mark(made, twin())
    assert read(bench, made.id).shows_mark is True
    model(bench).remove_remote_link(made.id, global_id(mark()))
    assert read(bench, made.id).shows_mark is False
    foreign = bench.person_creates("Another installation's")
    bench.person_sends("PUT", f"issue/{foreign}/properties/{ISSUE_PROPERTY}", issue_property(FOREIGN))
    model(bench).add_remote_link(foreign, global_id(FOREIGN), url="https://elsewhere.example/1", title="Elsewhere")
    for record_id in (foreign, bench.person_creates("Nobody's")):
        record = read(bench, record_id)
        assert (record.shows_mark, record.results) == (None, None)


def test_a_link_to_another_incident_is_not_the_mark(bench: IssueBench) -> None:
    record = linked(bench)
    model(bench).remove_remote_link(record.id, global_id(mark()))
    for other in (mark(2), FOREIGN):
        model(bench).add_remote_link(record.id, global_id(other), url="https://elsewhere.example/1", title="Other")
    model(bench).add_remote_link(record.id, None, url="https://elsewhere.example/2", title="Without an id")
    assert read(bench, record.id).shows_mark is False


@pytest.mark.parametrize("status", [403, 404, 413, 429, 500])
def test_links_that_cannot_be_read_are_not_observed_and_never_missing(bench: IssueBench, status: int) -> None:
    record = linked(bench)
    refuse(bench, "/remotelink$", status)
    seen = read(bench, record.id)
    assert (seen.shows_mark, seen.results) == (None, None)
    assert seen.values == record.values


def test_a_site_without_issue_linking_is_mirrored_all_the_same(bench: IssueBench) -> None:
    record = linked(bench)
    bench.behave(link_issues_forbidden=True)
    assert read(bench, record.id).shows_mark is None
    with pytest.raises(Denied):
        bench.port.hide_result(record.id, RESULT.id)


def test_a_hundred_issues_cost_one_look_each_at_their_links(bench: IssueBench) -> None:
    made = [model(bench).create(by="joeb", summary=f"Issue {number}").id for number in range(100)]
    for number, record_id in enumerate(made):
        model(bench).issue(record_id).properties[ISSUE_PROPERTY] = issue_property(Mark("demo", str(number)))
    causes(bench, bench.person_creates("What is asked once only"))
    before = len(asked(bench))
    assert all(each is None for each in causes(bench, *made))
    new = asked(bench)[before:]
    assert sum(path.endswith("/remotelink") for _, path in new) == 100
    assert len(new) == (101 if bench.cloud else 200)


def test_where_jira_asks_for_fewer_requests_no_more_links_are_asked_for(bench: IssueBench) -> None:
    made = [model(bench).create(by="joeb", summary=f"Issue {number}").id for number in range(50)]
    for number, record_id in enumerate(made):
        model(bench).issue(record_id).properties[ISSUE_PROPERTY] = issue_property(Mark("demo", str(number)))
    refuse(bench, "/remotelink$", 429)
    before = len(asked(bench))
    assert all(each is None for each in causes(bench, *made))
    assert sum(path.endswith("/remotelink") for _, path in asked(bench)[before:]) <= 20


def test_a_result_is_shown_once_with_its_title_and_hidden_again(bench: IssueBench) -> None:
    record = linked(bench)
    link_id = bench.port.show_result(record.id, replace(RESULT, title="Old"))
    assert bench.port.show_result(record.id, RESULT) == link_id == "syncer:demo:stepresult:7 b/ü?"
    bench.port.show_result(record.id, replace(RESULT, id="8", title=" " * 3))
    model(bench).add_remote_link(record.id, "syncer:other:stepresult:9", url="https://elsewhere.example/9", title="9")
    shown = read(bench, record.id)
    assert (shown.shows_mark, shown.results) == (True, frozenset({RESULT.id, "8"}))
    [link] = [each for each in model(bench).issue(record.id).remote_links.values() if each.global_id == link_id]
    assert (link.object["title"], link.object["url"]) == (RESULT.title, RESULT.url)
    assert (link.application, link.relationship) == ({"name": "Enterprise Tester"}, "found by")
    for _ in range(2):
        bench.port.hide_result(record.id, RESULT.id)
    assert read(bench, record.id).results == frozenset({"8"})
    assert "syncer:other:stepresult:9" in link_ids(bench, record.id)


def test_a_very_long_result_s_title_is_shown_in_part(bench: IssueBench) -> None:
    record = linked(bench)
    bench.port.show_result(record.id, replace(RESULT, title="ü" * 300))
    assert read(bench, record.id).results == frozenset({RESULT.id})


def test_issues_have_no_step_result_links_of_their_own(bench: IssueBench) -> None:
    assert list(bench.port.step_results()) == []
    assert bench.port.reads_result("1", "2") is None
