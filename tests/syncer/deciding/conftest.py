"""The servers on which people decide."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage
from tests.syncer.test_mirror import BOTH


@pytest.fixture(params=BOTH, ids=[f"{profile}-{deployment}" for profile, deployment in BOTH])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MirrorStage]:
    profile, deployment = request.param
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as made:
        made.log(Summary="A sibling")
        yield made


@pytest.fixture
def any_stage(tmp_path: Path) -> Iterator[MirrorStage]:
    """For what doesn't hang on the servers' kinds."""
    with RecallingStage(tmp_path) as made:
        made.log(Summary="A sibling")
        yield made
