"""Both servers with a state DB, a daemon in this process before them, and one in a process of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer import logs
from tests.syncer.cli.terminal import Terminal
from tests.syncer.mirror_stage import MirrorStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    logs.configure("json", "debug")
    with MirrorStage(tmp_path) as made:
        yield made


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    for name in list(os.environ):
        if name.startswith("SYNCER_"):
            monkeypatch.delenv(name)
    with MirrorStage(tmp_path, incidents=3) as stage:
        monkeypatch.chdir(tmp_path)
        yield Terminal(tmp_path, stage, capsys)
