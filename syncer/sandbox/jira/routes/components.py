"""Components of a project."""

from starlette.responses import Response

from syncer.sandbox.jira.call import Call, answer, member, nothing
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.project_writes import component_name, create_component, remove_component
from syncer.sandbox.jira.records import Component
from syncer.sandbox.jira.routes.endpoint import Endpoint
from syncer.sandbox.jira.routes.versions import project_of
from syncer.sandbox.jira.views import catalogue


def _component(call: Call, component_id: str) -> Component:
    component = call.store.components.get(component_id)
    if component is None or not call.store.shows_project(call.store.projects[component.project_id]):
        raise JiraError(404, f"The component with id {component_id} does not exist.")
    return component


def read(call: Call) -> Response:
    return answer(catalogue.component(call.viewer, _component(call, call.path["component"])))


def create(call: Call) -> Response:
    body = call.body()
    component = create_component(call.store, project_of(call, body), member(body, "name", str, ""))
    component.description = member(body, "description", str, "")
    return answer(catalogue.component(call.viewer, component), 201)


def change(call: Call) -> Response:
    """Only the members that are sent are changed."""
    component, body = _component(call, call.path["component"]), call.body()
    description = member(body, "description", str, component.description)
    if body.get("name") is not None:
        name = member(body, "name", str)
        component.name = component_name(call.store, component.project_id, name, component.id)
    component.description = description
    return answer(catalogue.component(call.viewer, component))


def remove(call: Call) -> Response:
    component = _component(call, call.path["component"])
    instead = call.query.get("moveIssuesTo")
    other = _component(call, instead).id if instead else None
    remove_component(call.store, component, call.login, other)
    return nothing()


ENDPOINTS = (
    Endpoint("POST", "/component", create),
    Endpoint("GET", "/component/{component}", read),
    Endpoint("PUT", "/component/{component}", change),
    Endpoint("DELETE", "/component/{component}", remove),
)
