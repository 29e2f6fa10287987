"""Routes of script runs, step results and their incidents (vendor's pages Script Run, Step Result Incident).

| call on a link       | answers                                                                       |
|----------------------|-------------------------------------------------------------------------------|
| GET the list         | 200, 403 hidden step, 404 no such step                                        |
| POST to the list     | 201 linked, 200 linked already, 403 hidden step or incident or no IncidentId, |
|                      | 404 no such step or incident                                                  |
| GET one              | 200, 403 hidden step or incident, 404 no such step or link                    |
| DELETE one           | 200, 403 hidden step or incident, 404 no such step or (Assumed) link          |
"""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.tester.calls import Call, JsonAnswer, Route
from syncer.sandbox.tester.drafts import parse_guid
from syncer.sandbox.tester.errors import Missing, Refused
from syncer.sandbox.tester.query import run_words, select
from syncer.sandbox.tester.views_runs import link_view, links_view, run_view, step_view


def _runs(call: Call) -> Response:
    found = select(call.param("tql"), call.model.indexed_runs(), run_words(call.model.catalogue))
    items = [run_view(call.model, run, call.expand) for run in call.page.cut(found)]
    return JsonAnswer(call.page.envelope(items, len(found), counted=True))


def _run(call: Call) -> Response:
    run = call.model.runs.run(call.part("id"))
    call.model.check_project(call.model.catalogue.project_id)
    return JsonAnswer(run_view(call.model, run, call.expand))


def _step(call: Call) -> Response:
    return JsonAnswer(step_view(call.model, call.model.runs.step(_step_id(call)), call.expand))


def _links(call: Call) -> Response:
    return call.odata(links_view(call.model, _step_id(call), call.expand))


def _link(call: Call) -> Response:
    step_id, incident_id = _step_id(call), _incident_id(call.body)
    created = call.model.link_step(step_id, incident_id)
    return JsonAnswer(link_view(call.model, step_id, incident_id, call.expand), 201 if created else 200)


def _incident_id(body: Any) -> str:
    incident_id = parse_guid(body.get("IncidentId")) if isinstance(body, dict) else None
    if incident_id is None:
        raise Refused("You must specify the IncidentId of the incident to link, a GUID.")
    return incident_id


def _read_link(call: Call) -> Response:
    return JsonAnswer(link_view(call.model, _step_id(call), _linked(call), call.expand))


def _unlink(call: Call) -> Response:
    call.model.unlink_step(_step_id(call), _linked(call))
    return Response(headers={"content-type": JsonAnswer.media_type})


def _step_id(call: Call) -> str:
    """The id of the step in the path. Raises Missing, and Refused where it may not be seen."""
    step = call.model.runs.step(call.part("id"))
    call.model.check_project(call.model.catalogue.project_id)
    if not call.model.can_see(step.id):
        raise Refused("You do not have permission to view this step result.")
    return step.id


def _linked(call: Call) -> str:
    """The id of the linked incident in the path. Raises Missing, and Refused where it may not be seen."""
    step_id, incident_id = _step_id(call), call.part("incident")
    if incident_id not in call.model.runs.incidents_of(step_id):
        raise Missing(f"The incident {incident_id} is not linked with the step result {step_id}.")
    return call.model.incident(incident_id).id


ROUTES: tuple[Route, ...] = (
    ("GET", "/api/scriptruns", _runs),
    ("GET", "/api/scriptrun/{id}", _run),
    ("GET", "/api/stepresult/{id}", _step),
    ("GET", "/api/stepresult/{id}/incidents", _links),
    ("POST", "/api/stepresult/{id}/incidents", _link),
    ("GET", "/api/stepresult/{id}/incident/{incident}", _read_link),
    ("DELETE", "/api/stepresult/{id}/incident/{incident}", _unlink),
)
