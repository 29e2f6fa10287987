"""One running daemon for all tests of a module: each makes records of its own."""

from collections.abc import Iterator

import pytest

from tests.syncer.console.stage import ConsoleStage
from tests.syncer.console.visitor import Visitor


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleStage]:
    with ConsoleStage(tmp_path_factory.mktemp("console"), incidents=3) as made:
        made.until(lambda: made.links() >= 3)
        yield made


@pytest.fixture
def visitor(stage: ConsoleStage) -> Iterator[Visitor]:
    """Somebody who may only read."""
    with Visitor(stage.address) as visitor:
        yield visitor


@pytest.fixture
def ada(stage: ConsoleStage) -> Iterator[Visitor]:
    """Somebody who is signed in."""
    with Visitor(stage.address) as visitor:
        assert visitor.sign_in().status_code == 303
        yield visitor
