"""Every planted fault still fits the source, so that a run of `script/mutants` means what it says."""

from pathlib import Path

import pytest

from tests.mutants.fault import Fault
from tests.mutants.planted import FAULTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_once_in_the_source_and_compiles(fault: Fault) -> None:
    assert fault.applied(ROOT) != (ROOT / fault.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_names_suites_that_are_there(fault: Fault) -> None:
    assert fault.suites
    assert all((ROOT / suite.partition("::")[0]).is_file() for suite in fault.suites)


def test_at_least_twenty_faults_are_planted_and_no_two_go_by_the_same_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20
