"""The JSON of script runs, step results and their links with incidents."""

from collections.abc import Callable, Mapping
from typing import Any

from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import ScriptRun, StepResult
from syncer.sandbox.tester.views import incident_url, incident_view, moment

Json = dict[str, Any]
Names = frozenset[str]


def run_view(model: TesterModel, run: ScriptRun, expand: Names = frozenset()) -> Json:
    """One script run, with those of its steps that may be seen where StepResults is expanded."""
    visible = [step for step in model.runs.steps_of(run.id) if model.can_see(step.id)]
    steps = [step_view(model, step) for step in visible] if "StepResults" in expand else None
    return {
        "Id": run.id,
        "Number": run.number,
        "Name": run.name,
        "Status": run.status,
        "AssignedToId": run.assigned_to,
        "AssignedTo": model.catalogue.login(run.assigned_to),
        "CreatedAt": moment(run.created_at),
        "LastUpdatedAt": moment(run.updated_at),
        "ProjectId": model.catalogue.project_id,
        "ProjectName": model.catalogue.project_name,
        "Expands": ["StepResults"] if steps is None else [],
        **({} if steps is None else {"StepResults": steps}),
        "Self": f"{model.base_url}/api/scriptrun/{run.id}",
        "Links": [],
    }


def step_view(model: TesterModel, step: StepResult, expand: Names = frozenset()) -> Json:
    """One step result."""
    return {
        "RunId": step.run_id,
        "Id": step.id,
        "Description": step.description,
        "Data": None,
        "Notes": step.notes,
        "ExpectedResult": step.expected,
        "ActualResult": step.actual,
        "Outcome": step.outcome,
        "HasIncidents": bool(model.runs.incidents_of(step.id)),
        "HasAttachments": False,
        "Expands": [name for name in _EXPANSIONS if name not in expand],
        **{name: make(model, step) for name, make in _EXPANSIONS.items() if name in expand},
        "Self": _step_url(model, step.id),
        "Links": [
            {"Href": f"{model.base_url}/api/scriptrun/{step.run_id}", "Rel": "Run"},
            {"Href": f"{_step_url(model, step.id)}/incidents", "Rel": "Incidents"},
        ],
    }


def link_view(model: TesterModel, step_id: str, incident_id: str, expand: Names = frozenset()) -> Json:
    """One link between a step result and an incident (vendor's page Step Result Incident).

    That page's example shows both ids the wrong way round; the request's order is followed here.
    """
    parts: Mapping[str, Callable[[], Json]] = {
        "Incident": lambda: incident_view(model, model.incident(incident_id)),
        "StepResult": lambda: step_view(model, model.runs.step(step_id)),
    }
    return {
        "StepResultId": step_id,
        "IncidentId": incident_id,
        "Expands": [name for name in parts if name not in expand],
        **{name: make() for name, make in parts.items() if name in expand},
        "Self": f"{_step_url(model, step_id)}/incident/{incident_id}",
        "Links": [{"Href": incident_url(model, incident_id), "Rel": "Incident"}],
    }


def links_view(model: TesterModel, step_id: str, expand: Names = frozenset()) -> list[Json]:
    """All links of a step with incidents that may be seen."""
    visible = [one for one in model.runs.incidents_of(step_id) if model.can_see(one)]
    return [link_view(model, step_id, incident_id, expand) for incident_id in visible]


def _step_url(model: TesterModel, step_id: str) -> str:
    return f"{model.base_url}/api/stepresult/{step_id}"


_EXPANSIONS: Mapping[str, Callable[[TesterModel, StepResult], Any]] = {
    "Run": lambda model, step: run_view(model, model.runs.run(step.run_id)),
    "Attachments": lambda _model, _step: [],
    "Incidents": lambda model, step: links_view(model, step.id),
}
