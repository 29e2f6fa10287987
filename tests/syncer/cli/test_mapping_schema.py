"""`syncer mapping schema` gives an editor what it needs, anywhere and before there are any settings."""

import json
from pathlib import Path

import pytest

from syncer.cli.entry import run
from tests.syncer.cli.terminal import ROOT


def test_it_prints_the_schema_that_is_shipped_without_any_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["mapping", "schema"]) == 0
    said = capsys.readouterr()
    assert said.out == (ROOT / "mappings" / "schema.json").read_text(encoding="utf-8")
    assert not said.err
    schema = json.loads(said.out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"incidents", "issues", "fields"} <= set(schema["properties"])
