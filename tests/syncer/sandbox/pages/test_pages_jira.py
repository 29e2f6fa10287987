"""Jira in a browser: whatever a developer may do there can be done, under their own name."""

import pytest

from syncer.sandbox.jira.records import Issue
from syncer.sandbox.server import Sandbox
from tests.syncer.sandbox.pages.visitor import Visitor

PATH = "/browse/TEST-1"


def issue(sandbox: Sandbox, key: str = "TEST-1") -> Issue:
    return sandbox.call(lambda: sandbox.jira.issue(key).picture())


def test_saving_an_untouched_form_changes_nothing(sandbox: Sandbox, jira: Visitor) -> None:
    for each in sandbox.call(lambda: [one.picture() for one in sandbox.jira.issues.values()]):
        assert jira.send(f"/browse/{each.key}", "/edit").status_code == 200
        assert issue(sandbox, each.key) == each


def test_every_kind_of_field_can_be_edited(sandbox: Sandbox, jira: Visitor) -> None:
    answer = jira.send(
        PATH,
        "/edit",
        summary="CSV export drops a row",
        description="Only *one*.\r\n\r\nAlways.",
        priority="1",
        labels="export  csv",
        versions=["10200"],
        assignee="yukit",
        duedate="2030-03-01",
        customfield_10010="10510",
        customfield_10013="2.5",
        customfield_10014=["10520", "10523"],
        customfield_10015="samw",
        customfield_10017="10600/10602",
        customfield_10021="2026-11-22T08:00:00.000+0000",
    )
    assert answer.status_code == 200, answer.text
    after = issue(sandbox)
    fields = after.fields
    assert (fields["summary"], fields["priority"]) == ("CSV export drops a row", "1")
    assert fields["description"] == "Only *one*.\n\nAlways."
    assert (fields["labels"], fields["versions"]) == (("export", "csv"), ("10200",))
    assert (fields["assignee"], fields["duedate"]) == ("yukit", "2030-03-01")
    assert fields["customfield_10010"] == "10510"
    assert fields["customfield_10013"] == 2.5
    assert fields["customfield_10014"] == ("10520", "10523")
    assert fields["customfield_10015"] == "samw"
    assert fields["customfield_10017"] == "10600/10602"
    assert after.history[-1].author == "annak"
    assert "Priority: High → Highest" in answer.text
    assert "Europe / France" in answer.text


def test_an_edit_writes_only_what_was_moved(sandbox: Sandbox, jira: Visitor) -> None:
    held = issue(sandbox).text("summary")
    sandbox.call(lambda: sandbox.jira.edit("TEST-1", by="olgap", summary="Somebody was quicker"))
    fields = [("summary", held), ("was:summary", held), ("priority", "4"), ("was:priority", "2")]
    jira.post(f"{PATH}/edit", fields)
    assert (issue(sandbox).text("summary"), issue(sandbox).text("priority")) == ("Somebody was quicker", "4")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("summary", " ", "Summary: You must specify a summary of the issue."),
        ("summary", "x" * 256, "Summary: Summary must be less than 255 characters."),
        ("customfield_10013", "many", "Story points: Operation value must be a number"),
        ("assignee", "leftus", "cannot be assigned issues."),
    ],
)
def test_what_is_refused_is_told_beside_the_form_and_keeps_what_was_typed(
    sandbox: Sandbox, jira: Visitor, field: str, typed: str, sentence: str
) -> None:
    before = issue(sandbox)
    answer = jira.send(PATH, "/edit", **{field: typed, "customfield_10011": "Sprint 15"})
    assert answer.status_code == 422
    form = answer.text.partition('/edit"')[2].partition("</form>")[0]
    assert sentence in form
    assert 'value="Sprint 15"' in form
    assert issue(sandbox) == before


def test_comments_are_added_edited_and_deleted_by_whom_the_visitor_is(sandbox: Sandbox, jira: Visitor) -> None:
    path = "/browse/TEST-3"
    jira.send(path, "/person", person="mariag")
    assert "<b>Me</b> too" in jira.send(path, "/comment", body="*Me* too").text
    (comment,) = issue(sandbox, "TEST-3").comments.values()
    assert comment.author == "mariag"
    jira.send(path, "/person", person="yukit")
    page = jira.send(path, "/edit-comment", body="Me not").text
    assert "María González" in page
    assert "edited by Yuki Tanaka" in page
    jira.send(path, "/delete-comment")
    assert issue(sandbox, "TEST-3").comments == {}


def test_an_empty_comment_is_refused(sandbox: Sandbox, jira: Visitor) -> None:
    before = issue(sandbox)
    answer = jira.send(PATH, "/comment", body=" ")
    assert (answer.status_code, "Comment body can not be empty!" in answer.text) == (422, True)
    assert issue(sandbox) == before


def test_a_status_is_reached_by_transitions_with_the_resolution_that_one_asks_for(
    sandbox: Sandbox, jira: Visitor
) -> None:
    assert "Status: To Do → In Progress" in jira.send(PATH, "/transition", transition="11").text
    jira.send(PATH, "/transition", transition="31")
    jira.send(PATH, "/transition", transition="41", resolution="10102")
    assert (issue(sandbox).text("status"), issue(sandbox).text("resolution")) == ("10002", "10102")
    refused = jira.send(PATH, "/transition", transition="11")
    assert (refused.status_code, "Transition id" in refused.text) == (422, True)


def test_the_remote_link_leads_to_the_twin_and_can_be_removed(sandbox: Sandbox, jira: Visitor) -> None:
    incident = sandbox.call(sandbox.tester.incidents)[0]
    url = f"{sandbox.tester_url}/api/incident/{incident.id}"
    sandbox.call(lambda: sandbox.jira.add_remote_link("TEST-1", "syncer:lab:incident:1", url=url, title="#7 Lamp"))
    for path in (PATH, "/"):
        assert f'href="{url}"' in jira.read(path)
    assert incident.summary in jira.get(url).text
    jira.send(PATH, "/unlink")
    assert issue(sandbox).remote_links == {}


def test_what_programs_left_can_be_read(sandbox: Sandbox, jira: Visitor) -> None:
    held = sandbox.jira.issue("TEST-1")
    sandbox.call(lambda: held.properties.update({"syncer.mark": {"installation": "lab"}}))
    assert "syncer.mark" in jira.read(PATH)


def test_an_issue_is_created_and_deleted(sandbox: Sandbox, jira: Visitor) -> None:
    made = jira.send("/_pages/create", "/create", summary="Shade is torn", labels="lamp")
    key = made.url.path.removeprefix("/browse/")
    assert (issue(sandbox, key).text("summary"), issue(sandbox, key).text("creator")) == ("Shade is torn", "annak")
    assert f"{key} is deleted." in jira.send(f"/browse/{key}", "/delete").text
    assert jira.get(f"/browse/{key}").status_code == 404


def test_a_new_issue_without_a_summary_is_refused(sandbox: Sandbox, jira: Visitor) -> None:
    answer = jira.send("/_pages/create", "/create", description="Something")
    assert (answer.status_code, "You must specify a summary of the issue." in answer.text) == (422, True)
    assert "Something" in answer.text


def test_an_archived_issue_and_a_read_only_site_are_not_changed(sandbox: Sandbox, jira: Visitor) -> None:
    sandbox.call(lambda: sandbox.jira.archive("TEST-1"))
    assert "is archived and can&#39;t be changed" in jira.send(PATH, "/comment", body="Hello").text
    sandbox.call(lambda: sandbox.jira.restore("TEST-1"))
    sandbox.jira.behaviour.read_only = True
    before = issue(sandbox)
    assert "You do not have the permission" in jira.send(PATH, "/delete").text
    assert issue(sandbox) == before


def test_an_issue_that_moved_is_found_under_its_old_key(sandbox: Sandbox, jira: Visitor) -> None:
    moved = sandbox.call(lambda: sandbox.jira.move("TEST-1", "OTHER", by="annak"))
    assert f"<title>{moved.key} " in jira.read(PATH)
