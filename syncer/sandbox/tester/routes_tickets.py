"""Routes of the server's own synchronizer: tickets, and the background task that makes an incident of one."""

from typing import Any

from starlette.responses import Response

from syncer.sandbox.tester.calls import Call, JsonAnswer, Route
from syncer.sandbox.tester.errors import Missing, Refused
from syncer.sandbox.tester.tickets import Ticket
from syncer.sandbox.tester.views import moment


def _tickets(call: Call) -> Response:
    call.model.check_project(call.part("id"))
    wanted = call.param("q").lower()
    found = [one for one in call.model.tickets.all.values() if wanted in f"{one.key} {one.summary}".lower()]
    return call.odata([_ticket_view(call, one) for one in found])


def _ticket(call: Call) -> Response:
    _check_link(call)
    return JsonAnswer(_ticket_view(call, call.model.tickets.ticket(call.part("ticket"))))


def _link_ticket(call: Call) -> Response:
    _check_link(call)
    ticket = call.model.tickets.ticket(call.part("ticket"))
    if ticket.incident_id is not None:
        raise Refused(f"The ticket {ticket.key} is linked with an incident already.")
    body = {"ProjectId": call.model.catalogue.project_id, "Summary": ticket.summary}
    incident, _ = call.model.create({**body, "ExternalSystemLinkIds": [call.part("link")]}, call.caller)
    task_id = f"ticketlinking_{call.model.new_id()}"
    call.model.tickets.link(ticket.id, incident.id, task_id)
    task = _task_view(call, task_id, complete=False)
    return JsonAnswer(task, 202, {"location": task["Self"]})


def _background_task(call: Call) -> Response:
    incident_id = call.model.tickets.flush(call.part("id"))
    return JsonAnswer({**_task_view(call, call.part("id"), complete=True), "IncidentId": incident_id})


def _task_view(call: Call, task_id: str, *, complete: bool) -> dict[str, Any]:
    now = moment(call.model.now())
    return {
        "Complete": complete,
        "Error": None,
        "StartedAt": now,
        "FinishedAt": now if complete else None,
        "ProgressInPercent": 1.0 if complete else 0.0,
        "Id": task_id,
        "Message": None,
        "Self": f"{call.model.base_url}/api/backgroundtask/{task_id}",
    }


def _ticket_view(call: Call, ticket: Ticket) -> dict[str, Any]:
    link = next(iter(call.model.catalogue.external_links.values()))
    own = f"{call.model.base_url}/api/externalsystemlink/{link.id}/ticket/{ticket.id}"
    return {
        "Key": ticket.key,
        "Summary": ticket.summary,
        "Id": ticket.id,
        "Type": "Bug",
        "ExternalSystemId": link.id,
        "ExternalSystemName": link.system_name,
        "IncidentId": ticket.incident_id,
        "Status": "To Do",
        "InternalKey": None,
        "Self": own,
        "Links": [{"Href": f"{own}/link", "Rel": "StartCreateIncident"}],
    }


def _check_link(call: Call) -> None:
    if call.part("link") not in call.model.catalogue.external_links:
        raise Missing(f"There is no external system link with the id {call.part('link')}.")


ROUTES: tuple[Route, ...] = (
    ("GET", "/api/project/{id}/tickets", _tickets),
    ("GET", "/api/externalsystemlink/{link}/ticket/{ticket}", _ticket),
    ("POST", "/api/externalsystemlink/{link}/ticket/{ticket}/link", _link_ticket),
    ("GET", "/api/backgroundtask/{id}", _background_task),
)
