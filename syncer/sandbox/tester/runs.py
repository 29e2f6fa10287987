"""Script runs, their step results, and which incidents were found in which step.

A link between a step result and an incident has no id of its own (vendor's page Step Result Incident).
"""

from syncer.sandbox.tester.errors import Missing
from syncer.sandbox.tester.records import ScriptRun, StepResult


class Runs:
    """All runs and steps by id; the links by step, in the order in which they were made."""

    def __init__(self) -> None:
        self.runs: dict[str, ScriptRun] = {}
        self.steps: dict[str, StepResult] = {}
        self._links: dict[str, list[str]] = {}

    def add(self, run: ScriptRun, steps: list[StepResult]) -> None:
        """Add one run with its steps."""
        self.runs[run.id] = run
        for step in steps:
            self.steps[step.id] = step
            self._links[step.id] = []

    def run(self, run_id: str) -> ScriptRun:
        """The run with this id. Raises Missing."""
        if run_id not in self.runs:
            raise Missing(f"There is no script run with the id {run_id}.")
        return self.runs[run_id]

    def step(self, step_id: str) -> StepResult:
        """The step result with this id. Raises Missing."""
        if step_id not in self.steps:
            raise Missing(f"There is no step result with the id {step_id}.")
        return self.steps[step_id]

    def steps_of(self, run_id: str) -> list[StepResult]:
        """The steps of one run in their order."""
        return sorted((s for s in self.steps.values() if s.run_id == run_id), key=lambda step: step.number)

    def incidents_of(self, step_id: str) -> list[str]:
        """The ids of the incidents linked with a step. Raises Missing for an unknown step."""
        return list(self._links[self.step(step_id).id])

    def steps_with(self, incident_id: str) -> list[str]:
        """The ids of the steps in which an incident was found."""
        return [step_id for step_id, incidents in self._links.items() if incident_id in incidents]

    def link(self, step_id: str, incident_id: str) -> bool:
        """Link both; False if they were linked already. Raises Missing for an unknown step."""
        linked = self._links[self.step(step_id).id]
        if incident_id in linked:
            return False
        linked.append(incident_id)
        return True

    def unlink(self, step_id: str, incident_id: str) -> None:
        """Remove one link. Raises Missing for an unknown step and, Assumed, for a missing link."""
        linked = self._links[self.step(step_id).id]
        if incident_id not in linked:
            raise Missing(f"The incident {incident_id} is not linked with the step result {step_id}.")
        linked.remove(incident_id)

    def forget(self, incident_id: str) -> None:
        """Remove all links of a deleted incident. Assumed: they go with it."""
        for step_id in self.steps_with(incident_id):
            self._links[step_id].remove(incident_id)
