"""One issue: created, read, edited, deleted, and its history."""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.issue_writes import change_issue, create_issue, delete_issue
from syncer.sandbox.jira.properties import given_properties, put_properties
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.validation import for_create, for_edit
from syncer.sandbox.jira.views.issues import Wanted, change_json, issue_json
from syncer.sandbox.jira.views.viewer import Json

MOST_HISTORY = 100


def create(call: Call) -> Response:
    return answer(create_from(call, call.body()), 201)


def create_from(call: Call, body: Json) -> Json:
    """Create an issue as a body describes it, with the properties it is born with. Raises JiraError 400."""
    properties = given_properties(body)
    values = for_create(call.store, member(body, "fields", dict, {}), member(body, "update", dict, {}))
    issue = create_issue(call.store, call.login, values, properties)
    return {"id": issue.id, "key": issue.key, "self": call.viewer.url(f"issue/{issue.id}")}


def read(call: Call) -> Response:
    """The issue as it is now; under a key that it had once it answers with the key it has now."""
    return answer(issue_json(call.viewer, call.issue(), _wanted(call)))


def edit(call: Call) -> Response:
    """All or nothing. `notifyUsers` is accepted and means nothing: the sandbox sends no mail."""
    issue, body = call.issue(), call.body()
    properties = given_properties(body)
    fields: dict[str, Any] = member(body, "fields", dict, {})
    values = for_edit(call.store, issue, fields, member(body, "update", dict, {}))
    change_issue(call.store, issue, call.login, values)
    if properties:
        put_properties(call.store, issue, {**issue.properties, **properties})
    if call.store.cloud and call.flag("returnIssue"):
        return answer(issue_json(call.viewer, issue, _wanted(call)))
    return nothing()


def assign(call: Call) -> Response:
    """The body names a person as this deployment does; null leaves the issue to nobody."""
    issue, body = call.issue(), call.body()
    name = "accountId" if call.store.cloud else "name"
    person = member(body, name, str, None)
    given = {"assignee": None if person is None else {name: person}}
    change_issue(call.store, issue, call.login, for_edit(call.store, issue, given, {}))
    return nothing()


def remove(call: Call) -> Response:
    delete_issue(call.store, call.issue(), with_subtasks=call.flag("deleteSubtasks"))
    return nothing()


def history(call: Call) -> Response:
    """The changelog, oldest first."""
    issue = call.issue()
    page, total = call.page(MOST_HISTORY, MOST_HISTORY), len(issue.history)
    shown = [change_json(call.viewer, one) for one in page.of(issue.history)]
    me = call.viewer.url(f"issue/{issue.key}/changelog?maxResults={page.size}&startAt={page.start}")
    return answer({"self": me, **page.envelope(total), "isLast": page.is_last(total), "values": shown})


def _wanted(call: Call) -> Wanted:
    fields = call.words("fields") or ("*all",)
    return Wanted(fields, frozenset(call.words("expand")), call.words("properties"))


ENDPOINTS = (
    Endpoint("POST", "/issue", create),
    Endpoint("GET", "/issue/{issue}", read),
    Endpoint("PUT", "/issue/{issue}", edit),
    Endpoint("DELETE", "/issue/{issue}", remove),
    Endpoint("PUT", "/issue/{issue}/assignee", assign),
    Endpoint("GET", "/issue/{issue}/changelog", history, CLOUD),
)
