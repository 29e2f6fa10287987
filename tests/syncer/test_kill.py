"""A process that is killed at any moment, again and again: no duplicate, nothing missing.

The servers live in this process, the synchronizer in processes of its own that get a real SIGKILL.
"""

import random
import time
from collections import Counter
from pathlib import Path

from tests.syncer.forked import Forked, syncer
from tests.syncer.mirror_stage import FULL, MirrorStage

KILLS = 20
INCIDENTS = 80
SEED = 20


def run(stage: MirrorStage, folder: Path) -> Forked:
    environment = {
        **stage.environment(),
        "SYNCER_STATE__URL": f"sqlite:///{folder}/killed.db",
        "SYNCER_MAPPINGS": str(FULL.resolve()),
    }
    return syncer(["sync"], folder, environment)


def run_to_its_end(stage: MirrorStage, folder: Path) -> None:
    process = run(stage, folder)
    said = process.communicate(120)
    assert process.returncode == 0, said


def test_twenty_kills_during_the_first_mirror_leave_no_duplicate_and_nothing_missing(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    killed_amid_writes = 0
    with MirrorStage(tmp_path, incidents=INCIDENTS, issues=True) as stage:
        for _ in range(KILLS):
            process, before = run(stage, tmp_path), stage.writes()
            writes_to_wait_for = before + dice.randrange(1, 12)
            while stage.writes() < writes_to_wait_for and process.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.random() * 0.02)
            killed_amid_writes += process.poll() is None
            process.kill()
            process.communicate()
        for _ in range(2):
            run_to_its_end(stage, tmp_path)
        assert killed_amid_writes == KILLS

        issues = [i for i in stage.sandbox.jira.issues.values() if i.key.startswith("TEST-")]
        incidents = stage.sandbox.tester.incidents()
        assert len(incidents) == len(issues) == INCIDENTS + 6
        told = Counter(incident.summary for incident in incidents)
        assert told == Counter(issue.fields["summary"] for issue in issues)
        comments = {incident.summary: len(incident.comments) for incident in incidents if told[incident.summary] == 1}
        mirrored = {issue.fields["summary"]: len(issue.comments) for issue in issues}
        assert {summary: mirrored[summary] for summary in comments} == comments
        quiet = stage.writes()
        run_to_its_end(stage, tmp_path)
        assert stage.writes() == quiet
