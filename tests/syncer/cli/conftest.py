"""A terminal in an empty folder, in front of two servers with three incidents and nine issues."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.syncer.cli.terminal import Terminal
from tests.syncer.mirror_stage import MirrorStage


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    for name in list(os.environ):
        if name.startswith("SYNCER_"):
            monkeypatch.delenv(name)
    # A terminal's width and colours are not what these tests are about.
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("COLUMNS", raising=False)
    with MirrorStage(tmp_path, incidents=3, issues=True) as stage:
        monkeypatch.chdir(tmp_path)
        yield Terminal(tmp_path, stage, capsys)
