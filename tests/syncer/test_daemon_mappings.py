"""A running daemon takes changed mapping files over, and whatever is wrong with them disturbs nothing that runs."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from syncer import logs
from syncer.holding import approvals_of
from syncer.reload import reload_requests
from syncer.runner import LinkRunner
from syncer.sandbox.jira.catalogue import NAME_BY_ID
from tests.syncer.daemon_stage import (
    CYCLE,
    GONE,
    HIGH,
    HOURLY,
    LINK,
    MAPPED,
    Files,
    Gate,
    Running,
    assert_apart,
    titles,
    wait_for,
)
from tests.syncer.mirror_stage import MirrorStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    logs.configure("json", "error")
    with MirrorStage(tmp_path) as made:
        yield made


@pytest.fixture
def files(stage: MirrorStage, capsys: pytest.CaptureFixture[str]) -> Iterator[Files]:
    logs.configure("json", "info")
    made = Files(stage, capsys)
    yield made
    made.close()
    logs.configure("json", "error")


class TestChangedMappings:
    """Mapping files are edited while the daemon runs."""

    def test_a_new_file_starts_its_link_at_once_and_a_removed_one_ends_it(
        self, stage: MirrorStage, files: Files
    ) -> None:
        files.write(gone=GONE)
        stage.log(Summary="Waited for its mapping")
        with files.running():
            files.write(full=MAPPED)
            wait_for(lambda: "Waited for its mapping" in titles(stage))
            assert files.said("a new mapping was found, and the project link begins") == [LINK]
            files.remove("full")
            wait_for(lambda: files.said("the mapping is gone, and the project link ends") == [LINK])
            wait_for(lambda: not stage.store.last_cycles(LINK, 1, "running"))
            ended, others = stage.store.last_cycles(LINK), len(stage.store.last_cycles("gone", 999))
            wait_for(lambda: len(stage.store.last_cycles("gone", 999)) > others + 3)
            assert stage.store.last_cycles(LINK) == ended
        assert files.linked == [LINK]

    def test_another_name_ends_one_link_and_starts_another(self, stage: MirrorStage, files: Files) -> None:
        files.write(one=GONE)
        with files.running():
            files.write(one=GONE.replace("name: gone", "name: away"))
            wait_for(lambda: len(stage.store.last_cycles("away", 9, "failed")) >= 2)
        assert files.said("project link ends") == ["gone"]
        assert files.said("project link begins") == ["away"]

    def test_a_changed_mapping_disturbs_no_other_link(self, stage: MirrorStage, files: Files) -> None:
        files.write(full=MAPPED, gone=GONE)
        with files.running():
            files.write(gone=GONE.replace("project: GONE", "project: AWAY"))
            wait_for(lambda: any("AWAY" in row.detail for row in stage.store.last_cycles("gone")))
            stage.log(Summary="Undisturbed")
            wait_for(lambda: "Undisturbed" in titles(stage))
        assert files.linked == ["gone"]
        assert files.said("the mapping file was changed, and the next cycle goes by it") == ["gone"]
        assert stage.store.last_cycles(LINK, 99, "failed") == []

    def test_a_cycle_keeps_to_the_mapping_that_it_began_with(self, stage: MirrorStage, files: Files) -> None:
        gate = Gate()
        files.write(full=MAPPED)
        stage.log(Summary="By the old mapping", FieldValues={"Cycle": "V2"})
        with files.running(gate):
            assert gate.reached.wait(20)
            files.write(full=MAPPED.replace(CYCLE, ""))
            wait_for(lambda: files.linked == [LINK])
            gate.opened.set()
            wait_for(lambda: len(stage.store.last_cycles(LINK, 9, "done")) >= 2)
            stage.log(Summary="By the new mapping", FieldValues={"Cycle": "V2"})
            wait_for(lambda: "By the new mapping" in titles(stage))
        issues = stage.sandbox.jira.issues.values()
        carried = {issue.text("summary"): issue.text("customfield_10011") for issue in issues}
        assert carried["By the old mapping"] == "V2"
        assert not carried["By the new mapping"]

    def test_a_bad_file_leaves_the_good_mapping_running_until_it_is_repaired(
        self, stage: MirrorStage, files: Files
    ) -> None:
        files.write(full=MAPPED)
        with files.running() as daemon:
            files.write(full=MAPPED.replace("kind: table", "kind: tabel", 1))
            daemon.reload()
            wait_for(lambda: files.said("the mappings that were loaded before go on") == [None])
            stage.log(Summary="In spite of it", FieldValues={"Cycle": "V2"})
            wait_for(lambda: "In spite of it" in titles(stage))
            files.write(full=MAPPED.replace(CYCLE, ""))
            wait_for(lambda: files.linked == [LINK])
        assert len(files.said(f"{files.path / 'full.yaml'}:")) == 1
        assert len(files.said("the mappings that were loaded before go on")) == 1

    def test_a_reload_that_is_asked_for_ends_nothing(self, stage: MirrorStage, files: Files) -> None:
        files.write(full=MAPPED)
        with files.running() as daemon, reload_requests(daemon.requests):
            for number in (1, 2, 3):
                os.kill(os.getpid(), signal.SIGHUP)
                wait_for(partial(self._told, files, number))
            stage.log(Summary="Afterwards")
            wait_for(lambda: "Afterwards" in titles(stage))
        assert files.linked == []

    @staticmethod
    def _told(files: Files, times: int) -> bool:
        return len(files.said("nothing in them has changed")) == times

    def test_without_a_watcher_a_reload_is_passed_over(self, stage: MirrorStage) -> None:
        daemon = Running(stage.link)
        daemon.reload()
        stage.log(Summary="Afterwards")
        wait_for(lambda: "Afterwards" in titles(stage))
        assert daemon.stop() is True

    def test_a_link_that_comes_back_never_runs_beside_its_own_last_cycle(
        self, stage: MirrorStage, files: Files
    ) -> None:
        gate = Gate()
        files.write(full=MAPPED, gone=GONE)
        with files.running(gate):
            assert gate.reached.wait(20)
            files.remove("full")
            wait_for(lambda: files.said("project link ends") == [LINK])
            files.write(full=MAPPED)
            wait_for(lambda: files.said("project link begins") == [LINK])
            others = len(stage.store.last_cycles("gone", 999))
            wait_for(lambda: len(stage.store.last_cycles("gone", 999)) > others + 3)
            assert stage.store.last_cycles(LINK) == []
            gate.opened.set()
            wait_for(lambda: len(stage.store.last_cycles(LINK, 9, "done")) >= 3)
        assert_apart(stage.store.last_cycles(LINK, 99))

    def test_a_stop_waits_for_the_last_cycle_of_a_link_that_was_removed(self, stage: MirrorStage, files: Files) -> None:
        gate = Gate()
        files.write(full=MAPPED, gone=GONE)
        with files.running(gate, stop_seconds=0.5, settles=False):
            assert gate.reached.wait(20)
            files.remove("full")
            wait_for(lambda: files.said("project link ends") == [LINK])
        assert files.said("left in doubt") == [None]
        wait_for(lambda: bool(stage.store.last_cycles(LINK, 1, "failed")))

    def test_a_link_that_ended_begins_no_cycle_that_was_due_already(self, stage: MirrorStage) -> None:
        runner = LinkRunner(stage.link, HOURLY)
        runner.dismissed = True
        runner()
        assert stage.store.last_cycles(LINK) == []

    def test_what_a_changed_table_does_to_linked_records_is_held_until_it_is_approved(
        self, stage: MirrorStage, files: Files
    ) -> None:
        table = MAPPED.replace("    issue: priority\n", "    issue: priority\n    conflict: incident\n")
        files.write(full=table.replace(HIGH, ""))
        incidents = [stage.log(Summary=f"Number {number}", Priority="High") for number in range(6)]

        def priorities() -> list[str]:
            twins = [stage.twin(incident.id) for incident in incidents]
            return [NAME_BY_ID[stage.sandbox.jira.issue(twin).text("priority")] for twin in twins]

        with files.running():
            wait_for(lambda: bool(stage.store.last_cycles(LINK, 1, "done")))
            before = priorities()
            assert "High" not in before
            files.write(full=table)
            wait_for(lambda: bool(stage.store.held(LINK)))
            (held,) = stage.store.held(LINK)
            assert held.kind == "mapping"
            keys = {line.partition(" ")[0] for line in held.lines}
            assert {f"#{incident.number}" for incident in incidents} <= keys, held.lines
            stage.log(Summary="New records flow", Priority="High")
            wait_for(lambda: "New records flow" in titles(stage))
            assert priorities() == before
            for digest in approvals_of(held):
                stage.store.approve(LINK, digest, "ops", stage.link.now())
            wait_for(lambda: priorities() == ["High"] * 6)
            wait_for(lambda: stage.store.held(LINK) == [])
