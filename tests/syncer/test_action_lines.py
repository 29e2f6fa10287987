"""One line of the log for each action after its end: what, of which project link, cycle, incident and issue, and none
of what the record holds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncer import logs
from syncer.core.records import Side
from tests.syncer.mirror_stage import MirrorStage

PRIVATE = "Payroll of Jane Roe"
PLACE = {"cycle", "link", "incident", "issue"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    logs.configure("json", "debug")
    with MirrorStage(tmp_path) as made:
        made.sync()
        yield made


def lines(capture: pytest.CaptureFixture[str], level: str = "") -> list[dict[str, Any]]:
    told = [json.loads(line) for line in capture.readouterr().err.splitlines()]
    return [line for line in told if level in ("", line["level"])]


def refuse(stage: MirrorStage, status: int) -> None:
    """One cycle in which Jira quotes the record that it doesn't take."""
    body = json.dumps({"errorMessages": [f"'{PRIVATE}' is wrong."]})
    answer = {"effect": "status", "method": "POST", "path": "/issue$", "status": status, "body": body}
    with stage.fault(Side.ISSUE, headers={"Content-Type": "application/json"}, **answer):
        stage.sync()


def test_what_was_made_is_told_with_both_ids(stage: MirrorStage, capsys: pytest.CaptureFixture[str]) -> None:
    incident = stage.log(Summary=PRIVATE)
    stage.sync()
    told = lines(capsys)
    (made,) = [line for line in told if line["event"].startswith("create an issue")]
    assert (made["link"], made["incident"], made["issue"]) == (stage.link.name, incident.id, stage.twin(incident.id))
    assert made["cycle"] == stage.store.last_cycles(stage.link.name)[0].cycle
    assert all(line.keys() >= PLACE for line in told if line["level"] == "info")
    assert PRIVATE not in json.dumps(told)


@pytest.mark.parametrize(("status", "outcome"), [(400, "refused"), (500, "in doubt")])
def test_what_was_not_done_is_a_warning_and_the_servers_words_are_told_on_request_only(
    stage: MirrorStage, capsys: pytest.CaptureFixture[str], status: int, outcome: str
) -> None:
    incident = stage.log(Summary=PRIVATE)
    refuse(stage, status)
    told = lines(capsys)
    (warned,) = [line for line in told if line["level"] == "warning"]
    assert warned["event"] == f"{outcome}: create an issue for incident #{incident.number}"
    assert (warned["incident"], warned["status"]) == (incident.id, status)
    assert warned.keys() >= PLACE
    assert PRIVATE not in json.dumps([line for line in told if line["level"] != "debug"])
    assert PRIVATE in json.dumps([line for line in told if line["level"] == "debug"])
    assert PRIVATE in stage.store.history(stage.link.name)[0].detail


def test_what_turns_out_to_have_been_done_is_told_with_both_ids(
    stage: MirrorStage, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = stage.log(Summary=PRIVATE)
    with stage.fault(Side.ISSUE, effect="drop_after", method="POST", path="/issue$"):
        stage.sync()
    capsys.readouterr()
    stage.sync()
    (found,) = [line for line in lines(capsys) if line["event"].startswith("found done")]
    assert (found["link"], found["incident"], found["issue"]) == (stage.link.name, incident.id, stage.twin(incident.id))
