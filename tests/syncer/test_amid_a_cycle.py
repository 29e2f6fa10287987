"""What people do, and what becomes of the process, between a cycle's look and its writes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from syncer.core.records import Draft, Observation, Record, Side
from syncer.ports import Port
from tests.syncer.mirror_stage import MirrorStage

FREELY = {"incident": "delete", "at_most": 1000, "at_most_percent": 100, "exempt": 1000}


class Meanwhile:
    """A port whose first read is followed by something that happens; in all else the port that it stands for."""

    def __init__(self, port: Port, happens: Callable[[], object]) -> None:
        self._port = port
        self._happens: Callable[[], object] | None = happens

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        yield from self._port.read(ids, whole=whole)
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


class Ending:
    """A port at whose first create the process ends."""

    def __init__(self, port: Port) -> None:
        self._port = port

    def create(self, draft: Draft) -> Record:
        raise KeyboardInterrupt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    with MirrorStage(tmp_path) as made:
        made.log(Summary="A sibling")
        made.sync()
        yield made


def after_the_look(stage: MirrorStage, happens: Callable[[], object]) -> None:
    """Let it happen once the next cycle has looked at the issues, and a minute pass with it."""
    clock, passed = stage.link.now, [timedelta(0)]

    def all_of_it() -> None:
        happens()
        passed[0] = timedelta(minutes=1)

    port = cast(Port, Meanwhile(stage.link.ports[Side.ISSUE], all_of_it))
    ports = {**stage.link.ports, Side.ISSUE: port}
    stage.link = replace(stage.link, ports=ports, now=lambda: clock() + passed[0])


def test_an_edit_is_not_overwritten_by_what_was_planned_before_it(stage: MirrorStage) -> None:
    incident = stage.log(Summary="Pump fails")
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.edit(incident.id, Summary="Pump fails at night")
    after_the_look(stage, lambda: stage.sandbox.jira.edit(issue_id, by="annak", summary="Pump leaks"))
    stage.sync()
    assert stage.sandbox.jira.issue(issue_id).fields["summary"] == "Pump leaks"


def test_a_record_is_not_deleted_with_an_edit_that_nobody_has_seen(stage: MirrorStage) -> None:
    stage.remap(deletions=FREELY)
    incident = stage.log(Summary="Pump fails")
    stage.sync()
    issue_id = stage.twin(incident.id)
    stage.sandbox.tester.delete(incident.id)
    stage.sync(census=True)
    stage.later(minutes=10)
    after_the_look(stage, lambda: stage.sandbox.jira.edit(issue_id, by="annak", summary="Keep this"))
    stage.sync(census=True)
    assert issue_id in stage.sandbox.jira.issues


def test_a_process_that_ends_leaves_the_watermarks_where_they_were(stage: MirrorStage) -> None:
    """So that its successor looks again at all that it had not come to."""
    stage.log(Summary="Pump fails")
    stage.sandbox.jira.create(by="annak", summary="Basket is slow")
    before = {side: stage.store.watermark(stage.link.name, side.word) for side in Side}
    ports = {side: cast(Port, Ending(port)) for side, port in stage.link.ports.items()}
    stage.link = replace(stage.link, ports=ports)
    with pytest.raises(KeyboardInterrupt):
        stage.sync()
    assert {side: stage.store.watermark(stage.link.name, side.word) for side in Side} == before


def test_a_record_that_a_server_refuses_waits_and_says_so(stage: MirrorStage) -> None:
    stage.log(Summary="Pump fails")
    with stage.fault(Side.ISSUE, effect="status", status=400, method="POST", path=r"/issue$"):
        stage.sync()
    ((item, reason),) = stage.waiting()
    assert item == "record"
    assert "400" in reason
