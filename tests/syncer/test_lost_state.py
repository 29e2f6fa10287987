"""The state DB is lost, or put back from a backup of any earlier moment: nothing twice, and nothing comes back."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from state import Store
from syncer.core.records import Side
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage

SERVERS: list[tuple[Any, Any]] = [("6.x", "cloud"), ("4.6", "datacenter")]


def play(stage: MirrorStage, keep: Callable[[], None]) -> None:
    """A run with all that leaves traces; `keep` is called at each of its moments."""
    jira, tester = stage.sandbox.jira, stage.sandbox.tester
    stage.remap(deletions={"incident": "close", "close_issue_as": "Done", "issue": "unlink"})
    keep()
    incidents = [stage.log(Summary=f"Incident {number}") for number in range(6)]
    issue = jira.create(by="annak", summary="An issue")
    stage.sync()
    keep()
    tester.comment(incidents[0].id, body="Seen it too")
    jira.comment(stage.twin(incidents[1].id), by="annak", body="On it")
    tester.edit(incidents[2].id, Summary="Incident 2, again")
    stage.sync()
    keep()
    tester.delete(incidents[3].id)
    jira.delete(stage.twin(incidents[4].id))
    jira.remove_remote_link(stage.twin(incidents[5].id), f"syncer:lab:incident:{incidents[5].id}")
    look_twice(stage)
    keep()
    jira.edit(issue.id, by="annak", summary="An issue, again")
    stage.log(Summary="A late incident")
    stage.sync()
    keep()


def look_twice(stage: MirrorStage) -> None:
    for _ in range(2):
        stage.sync(census=True)
        stage.later(minutes=10)


def picture(stage: MirrorStage) -> tuple[Any, ...]:
    """What people see on both servers."""
    incidents = Counter((i.summary, len(i.comments)) for i in stage.sandbox.tester.incidents())
    issues = Counter(
        (i.fields["summary"], len(i.comments), i.text("status")) for i in stage.sandbox.jira.issues.values()
    )
    return incidents, issues


def put_back(stage: MirrorStage, backup: Path | None) -> None:
    """Go on with the state DB as it was then, or with none."""
    stage.store.close()
    live = stage.folder / "state.db"
    for left in stage.folder.glob("state.db*"):
        left.unlink()
    if backup is not None:
        shutil.copy(backup, live)
    stage.store = Store.open(f"sqlite:///{live}")
    stage.reopen()


@pytest.mark.parametrize(("profile", "deployment"), SERVERS)
@pytest.mark.parametrize("moment", [None, 0, 1, 2, 3, 4])
def test_any_earlier_state_db_gives_no_duplicate_and_brings_nothing_back(
    tmp_path: Path, moment: int | None, profile: Any, deployment: Any
) -> None:
    kept: list[Path] = []
    with RecallingStage(tmp_path, profile=profile, deployment=deployment) as stage:

        def keep() -> None:
            path = tmp_path / f"backup-{len(kept)}.db"
            with closing(sqlite3.connect(tmp_path / "state.db")) as live, closing(sqlite3.connect(path)) as copy:
                live.backup(copy)
            kept.append(path)

        play(stage, keep)
        before = picture(stage)
        put_back(stage, None if moment is None else kept[moment])
        look_twice(stage)
        look_twice(stage)
        assert picture(stage) == before
        stage.later(minutes=10)
        assert stage.sync(census=True).writes == 0


@pytest.mark.parametrize("sent", range(3))
def test_a_dissolved_link_stays_dissolved_wherever_its_end_was_cut_off(tmp_path: Path, sent: int) -> None:
    """The issue was deleted. So many requests to the incident get through, then the state DB is lost."""
    with RecallingStage(tmp_path, incidents=3) as stage:
        stage.remap(deletions={"issue": "unlink"})
        incident = stage.log(Summary="Left alone")
        stage.sync()
        stage.sandbox.jira.delete(stage.twin(incident.id))
        stage.sync(census=True)
        stage.later(minutes=10)
        with stage.fault(Side.INCIDENT, effect="drop_before", method="PUT", skip=sent, times=None):
            stage.sync(census=True)
        put_back(stage, None)
        look_twice(stage)
        assert [i.fields["summary"] for i in stage.sandbox.jira.issues.values()].count("Left alone") == 0


def test_a_clone_waits_by_itself_though_its_original_can_not_be_read(tmp_path: Path) -> None:
    with RecallingStage(tmp_path, incidents=3) as stage:
        incident = stage.log(Summary="Cloned")
        stage.sync()
        issue_id = stage.twin(incident.id)
        clone = stage.sandbox.jira.clone(issue_id, by="annak")
        stage.sandbox.jira.behaviour.hidden_issues.add(issue_id)
        put_back(stage, None)
        stage.sync(census=True)
        assert clone.id in {row.record_id for row in stage.store.parked(stage.link.name)}


def test_a_clone_of_a_record_whose_link_was_dissolved_waits_by_itself(tmp_path: Path) -> None:
    with RecallingStage(tmp_path, incidents=3) as stage:
        stage.remap(deletions={"incident": "unlink"})
        incident = stage.log(Summary="Cloned")
        stage.sync()
        clone = stage.log(Summary="A clone", FieldValues=dict(stage.sandbox.tester.incident(incident.id).field_values))
        stage.sandbox.tester.delete(incident.id)
        look_twice(stage)
        put_back(stage, None)
        stage.sync(census=True)
        assert clone.id in {row.record_id for row in stage.store.parked(stage.link.name)}


def test_a_dissolved_link_stays_dissolved_though_only_one_of_its_records_is_looked_at(tmp_path: Path) -> None:
    """Of two records that a person parted the issue remembers it; the incident is edited later, and looked at alone."""
    with RecallingStage(tmp_path, incidents=3) as stage:
        incident = stage.log(Summary="Parted")
        stage.sync()
        issue_id = stage.twin(incident.id)
        stage.sandbox.jira.remove_remote_link(issue_id, f"syncer:lab:incident:{incident.id}")
        look_twice(stage)
        put_back(stage, None)
        look_twice(stage)
        stage.sandbox.jira.delete(issue_id)
        stage.sandbox.tester.edit(incident.id, Summary="Parted, and edited")
        look_twice(stage)
        assert [i.fields["summary"] for i in stage.sandbox.jira.issues.values()].count("Parted, and edited") == 0


@pytest.mark.parametrize("restored", [False, True])
def test_a_one_way_link_whose_incidents_bear_no_marks_finds_their_issues(tmp_path: Path, restored: bool) -> None:
    with RecallingStage(tmp_path) as stage:
        incidents = {**stage.link.mapping.model_dump(mode="json")["incidents"], "mark_field": None}
        stage.remap(direction="to_issue", incidents=incidents)
        stage.log(Summary="Before the copy")
        stage.sync()
        backup = tmp_path / "backup.db"
        with closing(sqlite3.connect(tmp_path / "state.db")) as live, closing(sqlite3.connect(backup)) as copy:
            live.backup(copy)
        stage.log(Summary="After it")
        stage.sync()
        put_back(stage, backup if restored else None)
        look_twice(stage)
        titles = Counter(issue.text("summary") for issue in stage.sandbox.jira.issues.values())
        assert (titles["Before the copy"], titles["After it"]) == (1, 1)
        assert len(stage.store.links(stage.link.name)) == 2


def test_a_record_that_can_be_read_again_keeps_the_twin_that_names_it(tmp_path: Path) -> None:
    """The issue waits for its incident, which bears no mark yet, and isn't due when the incident comes back."""
    with RecallingStage(tmp_path) as stage:
        incident = stage.log(Summary="Hidden for a while")
        stage.sync()
        stage.sandbox.tester.edit(incident.id, FieldValues={"Jira key": ""})
        stage.sandbox.tester.behaviour.hidden_incidents.append(incident.id)
        put_back(stage, None)
        stage.sync()
        stage.sandbox.tester.behaviour.hidden_incidents.clear()
        stage.sync(census=True)
        titles = [issue.text("summary") for issue in stage.sandbox.jira.issues.values()]
        assert titles.count("Hidden for a while") == 1
        assert stage.twin(incident.id)
