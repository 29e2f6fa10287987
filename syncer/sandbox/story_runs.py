"""The test runs of the story, and which incidents were found in them."""

import random
import uuid
from datetime import datetime, timedelta

from syncer.sandbox.story_vendor import INCIDENT_ID, LINKED_INCIDENT_ID, STEP_RESULT_ID
from syncer.sandbox.story_words import PROBLEMS
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import ScriptRun, StepResult

RUNS = 15
LINKS = 30
TESTERS = ("joeb", "mariag", "samw", "testeronly")


def add_runs(model: TesterModel, rng: random.Random, ending: datetime) -> None:
    """Add the runs and link some of their failed steps with incidents that the model holds."""
    failed: list[str] = []
    for number in range(1, RUNS + 1):
        run, steps = _run(model, rng, number, ending - timedelta(days=45 * (RUNS - number) + 1))
        model.runs.add(run, steps)
        failed += [step.id for step in steps if step.outcome == "Fail"]
    known = [incident.id for incident in model.incidents()]
    if LINKED_INCIDENT_ID in known:
        model.runs.link(STEP_RESULT_ID, LINKED_INCIDENT_ID)
    others = [one for one in known if one not in (INCIDENT_ID, LINKED_INCIDENT_ID)]
    pairs = [(step_id, one) for step_id in failed if step_id != STEP_RESULT_ID for one in others]
    for step_id, incident_id in rng.sample(pairs, min(LINKS - 1, len(others))):
        model.runs.link(step_id, incident_id)


def _run(model: TesterModel, rng: random.Random, number: int, begun: datetime) -> tuple[ScriptRun, list[StepResult]]:
    def new_id() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    problem = rng.choice(PROBLEMS)
    run_id = new_id()
    steps = [
        StepResult(
            id=STEP_RESULT_ID if (number, position) == (1, 1) else new_id(),
            run_id=run_id,
            number=position,
            description=text,
            expected=problem.expected,
            actual=problem.actual if position == len(problem.steps) else "As expected",
            outcome="Fail" if position == len(problem.steps) or (number, position) == (1, 1) else "Pass",
        )
        for position, text in enumerate(problem.steps, start=1)
    ]
    finished = begun + timedelta(minutes=rng.randint(5, 90))
    run = ScriptRun(
        id=run_id,
        number=number,
        name=f"{problem.component}: {problem.place.split(' > ')[-1].lower()}, run {number}",
        status="Failed",
        assigned_to=model.catalogue.user_named(rng.choice(TESTERS)).id,
        created_at=begun,
        updated_at=finished,
    )
    return run, steps
