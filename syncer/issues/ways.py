"""What the issues that there are show of the project's workflows, for an administrator's eyes. Nothing is changed.

Jira tells a workflow to its administrators only. Everybody else sees which transitions an issue offers, so one issue
of each type in each status is looked at. Conditions may hide a transition from it, and where no issue of a type
stands in a status nothing is known of the ways out of it: then nothing is said that a way out could prove wrong.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from syncer.issues.demands import Given, demanded, unmet
from syncer.issues.scope import Scope, Status, status_of
from syncer.issues.search import first
from syncer.issues.workflow import Step, standing_of, steps_of

Json: TypeAlias = Any

SHOWN = "transitions,transitions.fields"


@dataclass(frozen=True, slots=True)
class Flow:
    """The workflow of one issue type: its statuses, and the steps out of each that an issue showed."""

    name: str
    statuses: Mapping[str, Status]
    steps: Mapping[str, Sequence[Step]]

    def leads_to(self, status_id: str) -> bool:
        """Whether a step was seen that leads there from another status."""
        return any(status_id == step.target.id for here in {*self.steps} - {status_id} for step in self.steps[here])

    def is_known_but_for(self, status_id: str) -> bool:
        """Whether the ways out of all other statuses were seen."""
        return all(each in self.steps or each == status_id for each in self.statuses)


class Ways:
    """The workflows of one project, looked at once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._client = scope.client

    def unreachable(self, status_ids: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Those of the statuses into which no issue can be brought, each with issue type and sentence.

        The type is empty for a status that no workflow of the project has."""
        for status_id in dict.fromkeys(status_ids):
            having = [flow for flow in self._flows if status_id in flow.statuses]
            if not having:
                known = ", ".join(f"'{each.name}'" for each in self._scope.statuses.values())
                said = f"no workflow of project {self._scope.key} has the status {status_id}; they have {known}"
                yield "", status_id, f"{said}. Map one of these"
            for flow in having:
                if flow.is_known_but_for(status_id) and not flow.leads_to(status_id):
                    yield flow.name, status_id, self._said(flow, flow.statuses[status_id])

    def demands(self, status_id: str, given: Given) -> Iterator[str]:
        """A sentence for each transition into the status whose screen demands what isn't `given`, each once.

        Where several lead there from the same status, the one that demands the least is what an issue takes."""
        told: dict[str, None] = {}
        for flow in self._flows:
            for here, steps in flow.steps.items():
                into = [step for step in steps if step.target.id == status_id and here != status_id]
                step = min(into, key=lambda each: len(unmet(each.screen, given)), default=None)
                if step is not None and (missing := unmet(step.screen, given)):
                    told[demanded(step.name, step.target.name, missing)] = None
        yield from told

    def _said(self, flow: Flow, status: Status) -> str:
        return (
            f"as far as issues show it, no transition brings an issue of the type '{flow.name}' into '{status.name}' "
            f"in project {self._scope.key}: at most new ones stand there. Map another status, or add a transition"
        )

    @cached_property
    def _flows(self) -> Sequence[Flow]:
        flows = []
        for told in self._client.get("project", self._scope.key, "statuses"):
            statuses = {str(each["id"]): status_of(each) for each in told.get("statuses", ())}
            looked = ((status_id, self._steps(str(told["id"]), status_id)) for status_id in statuses)
            flows.append(Flow(told["name"], statuses, {here: steps for here, steps in looked if steps is not None}))
        return flows

    def _steps(self, type_id: str, status_id: str) -> Sequence[Step] | None:
        """What an issue of the type offers in that status; `None` where none stands there.

        An index may be out of date, and issues move on: status and transitions are read together."""
        jql = self._scope.jql(f"issuetype = {type_id}", f"status = {status_id}", order="updated DESC")
        found = first(self._client, jql, "status")
        if found is None:
            return None
        issue = self._client.get("issue", found["id"], fields="status,issuetype", expand=SHOWN)
        there = standing_of(issue)
        stands = (there.type_id, there.status.id) == (type_id, status_id)
        return steps_of(issue["transitions"]) if stands else None
