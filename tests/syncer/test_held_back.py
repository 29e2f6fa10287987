"""A side that holds requests back costs time and nothing else: no record fails, and nothing is forgotten."""

from pathlib import Path

import pytest

from syncer.core.records import Side
from syncer.errors import HeldBack
from tests.syncer.mirror_stage import MirrorStage

QUOTA = {"RateLimit-Reason": "jira-quota-tenant-based", "Retry-After": "1800"}
ISSUE = {"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "11"}


def test_a_quota_that_is_used_up_ends_the_cycle_and_counts_no_try(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=3) as stage:
        stage.sync()
        [incident, *_] = stage.sandbox.tester.incidents()
        stage.sandbox.call(lambda: stage.sandbox.tester.edit(incident.id, Summary="Anew"))
        parked = stage.store.parked(stage.link.name)
        with (
            stage.fault(
                Side.ISSUE, effect="status", status=429, headers=QUOTA, method="PUT", path="/issue/", times=None
            ),
            pytest.raises(HeldBack, match="quota"),
        ):
            stage.sync()
        assert stage.store.parked(stage.link.name) == parked
        assert stage.store.open_intents(stage.link.name) == []
        stage._linker.close()
        stage._linker = stage._start()
        stage.link = stage._linker.link(stage.link.mapping)
        stage.sync()
        assert stage.sandbox.jira.issue(stage.twin(incident.id)).text("summary") == "Anew"


def test_a_limit_of_one_issue_that_opens_soon_is_waited_for(tmp_path: Path) -> None:
    with MirrorStage(tmp_path, incidents=1) as stage:
        stage.sync()
        [incident] = stage.sandbox.tester.incidents()
        stage.sandbox.call(lambda: stage.sandbox.tester.edit(incident.id, Summary="Anew"))
        with stage.fault(Side.ISSUE, effect="status", status=429, headers=ISSUE, method="PUT", path="/issue/"):
            stage.sync()
        assert stage.sandbox.jira.issue(stage.twin(incident.id)).text("summary") == "Anew"
