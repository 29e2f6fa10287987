"""Large projects are read and mirrored part by part: it begins early, and what belongs together is seen together."""

from pathlib import Path

import pytest

from state import Store
from syncer import observe
from syncer.context import NoProgress
from syncer.cycle import run_cycle
from tests.fresh_state import lay
from tests.syncer.mirror_stage import MirrorStage


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two records, so that few records make several."""
    monkeypatch.setattr(observe, "AT_ONCE", 2)


def of_project(stage: MirrorStage) -> list[str]:
    return [issue.id for issue in stage.sandbox.jira.issues.values() if issue.key.startswith("TEST-")]


def forget(stage: MirrorStage) -> None:
    """The state DB is lost, and a new one takes its place."""
    stage.store.close()
    for file in stage.folder.glob("state.db*"):
        file.unlink()
    stage.store = Store.open(lay(stage.folder / "state.db"))
    stage.reopen()


class Steps(NoProgress):
    """What cycles tell of how far they have come."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def advance(self, step: str, count: int = 1) -> None:
        self.told.append(step)


def test_the_first_issues_are_made_before_the_last_incidents_are_read(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=70) as stage:
        steps = Steps()
        run_cycle(stage.link, steps)
        read = len(steps.told) - steps.told[::-1].index("read")
        assert steps.told.index("mirror") < read
        assert steps.told.count("mirror") == len(of_project(stage)) == 70
        assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("others", [0, 5])
def test_clones_that_are_read_in_different_parts_are_seen_to_be_clones(tmp_path: Path, others: int) -> None:
    with MirrorStage(tmp_path) as stage:
        incident = stage.log(Summary="Cloned")
        stage.sync()
        for number in range(others):
            stage.log(Summary=f"In between {number}")
        mark = dict(stage.sandbox.tester.incident(incident.id).field_values)
        clone = stage.log(Summary="The clone", FieldValues=mark)
        forget(stage)
        stage.sync()
        parked = {row.record_id for row in stage.store.parked(stage.link.name)}
        assert clone.id in parked
        assert len(of_project(stage)) == 1 + others


def test_of_two_clones_neither_takes_an_issue_that_names_none_of_them(tmp_path: Path) -> None:
    with MirrorStage(tmp_path) as stage:
        incident = stage.log(Summary="Cloned")
        stage.sync()
        for number in range(3):
            stage.log(Summary=f"In between {number}")
        mark = dict(stage.sandbox.tester.incident(incident.id).field_values)
        clone = stage.log(Summary="The clone", FieldValues=mark)
        issue = stage.sandbox.jira.issue(stage.twin(incident.id))
        issue.properties.clear()
        issue.remote_links.clear()
        issue.fields["labels"] = ()
        forget(stage)
        stage.sync()
        linked = {row.incident_id for row in stage.store.links(stage.link.name)}
        assert not linked & {incident.id, clone.id}
        assert {incident.id, clone.id} <= {row.record_id for row in stage.store.parked(stage.link.name)}


def test_after_the_loss_of_the_state_db_each_finds_its_twin_whatever_part_it_is_in(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=7) as stage:
        for number in range(4):
            stage.sandbox.call(lambda number=number: stage.sandbox.jira.create(by="annak", summary=f"Issue {number}"))  # type: ignore[misc]
        stage.sync()
        before = {(row.incident_id, row.issue_id) for row in stage.store.links(stage.link.name)}
        assert len(before) == 11
        stage.log(Summary="New meanwhile")
        forget(stage)
        stage.sync()
        after = {(row.incident_id, row.issue_id) for row in stage.store.links(stage.link.name)}
        assert before < after
        assert len(after) == 12
