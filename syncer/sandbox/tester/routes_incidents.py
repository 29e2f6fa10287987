"""Routes of incidents and their comments (vendor's pages Incident, Incidents, Incident Comments)."""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.tester.calls import Call, JsonAnswer, Route
from syncer.sandbox.tester.errors import Refused
from syncer.sandbox.tester.query import incident_words, select
from syncer.sandbox.tester.records import Incident
from syncer.sandbox.tester.views import comment_view, incident_view, relationships_view


def _list(call: Call) -> Response:
    words = incident_words(call.model.catalogue)
    found = select(call.param("tql"), call.model.indexed(), words)
    items = [incident_view(call.model, one, call.expand) for one in call.page.cut(found)]
    return JsonAnswer(call.page.envelope(items, len(found), counted=True))


def _create(call: Call) -> Response:
    incident, with_comments = call.model.create(call.body, call.caller)
    return JsonAnswer(_saved(call, incident, with_comments), call.model.behaviour.post_status)


def _read(call: Call) -> Response:
    return JsonAnswer(incident_view(call.model, call.model.incident(call.part("id")), call.expand))


def _update(call: Call) -> Response:
    incident, with_comments = call.model.update(call.part("id"), call.body, call.caller)
    return JsonAnswer(_saved(call, incident, with_comments))


def _saved(call: Call, incident: Incident, with_comments: bool) -> dict[str, Any]:
    comments = {"Comments"} if with_comments else frozenset[str]()
    return incident_view(call.model, incident, call.expand | comments)


def _patch(call: Call) -> Response:
    call.model.set_fields(call.part("id"), _patched(call.body), call.caller)
    return Response(status_code=204)


def _patched(body: Any) -> dict[str, Any]:
    """The custom-field values of a PATCH. Raises Refused."""
    try:
        steps = [step["set"] for step in body["update"]["customFields"]]
        return {step["name"]: step["value"] for step in steps}
    except (KeyError, TypeError):
        raise Refused('A PATCH must be {"update":{"customFields":[{"set":{"name","value"}}]}}.') from None


def _delete(call: Call) -> Response:
    incident = call.model.incident(call.part("id"))
    if call.model.behaviour.delete_forbidden:
        raise Refused("You do not have permission to delete this incident.")
    call.model.delete(incident.id)
    return Response(headers={"content-type": JsonAnswer.media_type})


def _comments(call: Call) -> Response:
    incident = call.model.incident(call.part("id"))
    return call.odata([comment_view(call.model, incident, one, listed=True) for one in incident.comments])


def _relationships(call: Call) -> Response:
    return JsonAnswer(relationships_view(call.model, call.model.incident(call.part("id"))))


ROUTES: tuple[Route, ...] = (
    ("GET", "/api/incidents", _list),
    ("POST", "/api/incidents", _create),
    ("GET", "/api/incident/{id}", _read),
    ("PUT", "/api/incident/{id}", _update),
    ("DELETE", "/api/incident/{id}", _delete),
    ("GET", "/api/incident/{id}/comments", _comments),
    ("GET", "/api/incident/{id}/relationships", _relationships),
    ("GET", "/api/incident/{id}/allrelationships", _relationships),
)

ROUTES_6: tuple[Route, ...] = (("PATCH", "/api/incident/{id}", _patch),)
"""Only in the 6.x profile."""
