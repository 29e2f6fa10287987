"""Several issues at once: created in bulk, fetched in bulk."""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, texts
from syncer.sandbox.jira.errors import NO_ISSUE, JiraError
from syncer.sandbox.jira.routes.endpoint import CLOUD, Endpoint
from syncer.sandbox.jira.routes.issues import create_from
from syncer.sandbox.jira.views.issues import Wanted, issue_json
from syncer.sandbox.jira.views.viewer import Json

MOST_CREATED = 50
MOST_FETCHED = 100


def create(call: Call) -> Response:
    """What can be created is; 201 if anything was, 400 if nothing could be."""
    elements = member(call.body(), "issueUpdates", list)
    if len(elements) > MOST_CREATED:
        raise JiraError(400, f"The number of issues must not exceed {MOST_CREATED}.")
    created: list[Json] = []
    errors: list[Json] = []
    for number, element in enumerate(elements):
        try:
            created.append(create_from(call, _object(element)))
        except JiraError as problem:
            errors.append({"status": problem.status, "elementErrors": problem.body(), "failedElementNumber": number})
    return answer({"issues": created, "errors": errors}, 201 if created else 400)


def fetch(call: Call) -> Response:
    """Issues by id or key in the order of their ids, each once; those that can't be had are listed apart."""
    body = call.body()
    references = [str(one) for one in member(body, "issueIdsOrKeys", list)]
    if len(references) > MOST_FETCHED:
        raise JiraError(400, f"The number of issues must not exceed {MOST_FETCHED}.")
    fields = texts(body, "fields") or ("*navigable",)
    wanted = Wanted(fields, frozenset(texts(body, "expand")), texts(body, "properties"))
    found, errors = {}, []
    for reference in references:
        try:
            issue = call.store.visible(reference)
            found[issue.id] = issue
        except JiraError:
            errors.append({"id": reference, "errorMessage": NO_ISSUE})
    shown = [issue_json(call.viewer, found[one], wanted) for one in sorted(found, key=int)]
    return answer({"expand": "schema,names", "issues": shown, "issueErrors": errors})


def _object(element: Any) -> Json:
    if not isinstance(element, dict):
        raise JiraError(400, "Each element of issueUpdates must be an object.")
    return element


ENDPOINTS = (
    Endpoint("POST", "/issue/bulk", create),
    Endpoint("POST", "/issue/bulkfetch", fetch, CLOUD),
)
