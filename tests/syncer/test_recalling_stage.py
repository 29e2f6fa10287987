"""What the stage promises to tests: a recalled cycle leaves what it left, and no other is taken for it."""

from pathlib import Path

import pytest

from syncer.core.records import Side
from syncer.errors import SyncerError
from tests.syncer.recalling_stage import RecallingStage

Seen = tuple[object, ...]


def linked(folder: Path, *, summary: str = "Pump fails", deletions: str = "ignore", edited: bool = False) -> Seen:
    """What is there after two cycles, and whether the second began by asking the servers anything."""
    folder.mkdir()
    with RecallingStage(folder) as stage:
        stage.remap(deletions={"incident": deletions})
        incident = stage.log(Summary=summary)
        stage.sync()
        if edited:
            stage.sandbox.tester.edit(incident.id, Summary="Edited")
        asked = len(stage.jira_tap.exchanges)
        written = stage.sync(census=True).writes
        ran = len(stage.jira_tap.exchanges) > asked
        issue = stage.sandbox.jira.issue(stage.twin(incident.id))
        rows = stage.store.links(stage.link.name), stage.store.history(stage.link.name)
        return ran, written, issue, incident, stage.writes(), rows, stage.waiting(), stage.link.now()


def test_a_cycle_that_is_recalled_leaves_what_it_left_and_asks_no_server(tmp_path: Path) -> None:
    first, again = linked(tmp_path / "1"), linked(tmp_path / "2")
    assert (first[0], again[0]) == (True, False)
    assert first[1:] == again[1:]


def test_after_another_act_or_by_another_mapping_a_cycle_is_run(tmp_path: Path) -> None:
    linked(tmp_path / "first")
    assert linked(tmp_path / "record", summary="Another")[0]
    assert linked(tmp_path / "mapping", deletions="delete")[0]
    ran, written, *_ = linked(tmp_path / "act", edited=True)
    assert (ran, written) == (True, 1)


@pytest.mark.parametrize("side", Side)
def test_a_server_that_fails_is_asked(tmp_path: Path, side: Side) -> None:
    linked(tmp_path / "first")
    with RecallingStage(tmp_path) as stage:
        stage.remap(deletions={"incident": "ignore"})
        stage.log(Summary="Pump fails")
        with stage.fault(side, effect="status", status=503, times=None), pytest.raises(SyncerError):
            stage.sync()


def test_what_a_test_has_in_its_hands_goes_on_with_the_world(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        with RecallingStage(tmp_path / name) as stage:
            issues, picks = stage.sandbox.jira.issues, stage.sandbox.tester.catalogue.picks
            issue = stage.sandbox.jira.create(by="annak", summary="Theirs")
            stage.sync()
            assert issue.remote_links
            assert issues[issue.id] is issue is stage.sandbox.jira.issue(issue.id)
            assert picks is stage.sandbox.tester.catalogue.picks
