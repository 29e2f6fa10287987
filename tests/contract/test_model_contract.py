"""The contract suite against the models of the simulation: what they are used to show holds for the adapters too."""

import pytest

from syncer.core.records import Side, StepResult
from tests.contract.model_bench import ModelBench
from tests.contract.suite import (
    BatchContract,
    Bench,
    FaultContract,
    PortContract,
    RemovingContract,
    ResultContract,
)


@pytest.fixture(params=list(Side))
def bench(request: pytest.FixtureRequest) -> Bench:
    return ModelBench(request.param)


@pytest.fixture
def step_result() -> StepResult:
    return StepResult("e7c1", "any", "Log in, step 3: failed", "https://tester.example/stepresult/e7c1")


class TestModelPort(PortContract, BatchContract, RemovingContract, ResultContract):
    """All promises that can be held against answers."""


class TestModelFaults(FaultContract):
    """Lost answers and a stopped server."""
