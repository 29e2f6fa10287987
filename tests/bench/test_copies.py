"""Copies of mirrored records are as good as records that were mirrored one by one."""

import json

import pytest

from bench.copies import Pair, Renaming
from bench.measuring import Lab

PATTERN = Pair("018467b9-fa22-4c4d-bc52-ff709a9b3fd2", "20109", "#12", "TEST-7")


def test_names_are_given_on_wherever_they_stand_and_nothing_else_is_touched() -> None:
    copy = PATTERN.copied(3)
    rename = Renaming.of(PATTERN, copy)
    said = {
        "mark": f"TEST-7 [syncer:lab:{PATTERN.issue_id}]",
        "labels": ("syncer-lab-018467b9fa224c4dbc52ff709a9b3fd2", "TEST-77"),
    }
    assert rename(said) == {
        "mark": f"{copy.issue_key} [syncer:lab:{copy.issue_id}]",
        "labels": (f"syncer-lab-{copy.incident_id.replace('-', '')}", "TEST-77"),
    }


def test_a_project_of_copies_is_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A census that reads everything finds all of them, and nothing to do."""
    monkeypatch.setattr("bench.measuring.PATTERNS", 3)
    with Lab(connections=2).mirrored(7) as (_, product):
        (report,) = json.loads(product.sync("--census").out)
        assert (report["writes"], report["waiting"], len(product.links())) == (0, 0, 7)
