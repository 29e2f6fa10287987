"""The only way to another status."""

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.issue_writes import take_transition
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.validation import for_transition
from syncer.sandbox.jira.views.meta import transitions
from syncer.sandbox.jira.workflow import available


def listed(call: Call) -> Response:
    with_fields = "transitions.fields" in call.words("expand")
    shown = transitions(call.viewer, call.issue(), with_fields=with_fields)
    wanted = call.query.get("transitionId")
    return answer({"expand": "transitions", "transitions": [one for one in shown if wanted in (None, one["id"])]})


def take(call: Call) -> Response:
    """Take a transition; its id may be sent as a number, too."""
    issue, body = call.issue(), call.body()
    wanted = member(body, "transition", dict, {}).get("id")
    if wanted is None:
        raise JiraError(400, "Missing 'transition' identifier")
    choices = available(issue.text("issuetype"), issue.text("status"))
    step = next((one for one in choices if one.id == str(wanted)), None)
    if step is None:
        raise JiraError(400, f"Transition id '{wanted}' is not valid for this issue.")
    given = {**member(body, "update", dict, {}), **member(body, "fields", dict, {})}
    take_transition(call.store, issue, call.login, step, for_transition(call.store, issue, step, given))
    return nothing()


ENDPOINTS = (
    Endpoint("GET", "/issue/{issue}/transitions", listed),
    Endpoint("POST", "/issue/{issue}/transitions", take),
)
