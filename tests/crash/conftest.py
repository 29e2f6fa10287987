"""The stages of the sweep: both servers are started once, and given another world for each run."""

from collections.abc import Iterator

import pytest
import structlog

from tests.crash.instance import keep_silent
from tests.crash.sweep import Theatre


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    before = structlog.get_config()
    keep_silent()
    made = Theatre(tmp_path_factory.mktemp("theatre"))
    yield made
    made.close()
    structlog.configure(**before)
