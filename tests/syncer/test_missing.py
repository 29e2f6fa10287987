"""Missing is not deleted: thirty ways in which a record isn't there although nobody deleted it, and no deletion.

The mapping says `delete` both ways and the guard is wide open, so that nothing but the evidence stands between a
record and its end. Each cause is looked at twice, far enough apart to confirm what there is to confirm: a true
deletion is carried by then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syncer.core.records import Side
from syncer.errors import SyncerError
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.recalling_stage import RecallingStage

UNGUARDED = {
    "incident": "delete",
    "issue": "delete",
    "at_most": 1000,
    "at_most_percent": 100,
    "exempt": 1000,
}
RECORDS = 6
INCIDENTS, ISSUES = r"/incident/", r"/issue/"


@dataclass(frozen=True)
class Scene:
    """A mirrored project, and one of its links to do something to."""

    stage: MirrorStage
    incident_id: str
    issue_id: str


@contextmanager
def mirrored(folder: Path, **settings: Any) -> Iterator[Scene]:
    with RecallingStage(folder, **settings) as stage:
        stage.remap(deletions=UNGUARDED)
        incidents = [stage.log(Summary=f"Incident {number}") for number in range(RECORDS)]
        stage.sync()
        stage.sync(census=True)
        yield Scene(stage, incidents[0].id, stage.twin(incidents[0].id))


def look_twice(stage: MirrorStage) -> None:
    for _ in range(2):
        # A cycle that ends early is one of the right answers here; what counts is what it left.
        with suppress(SyncerError):
            stage.sync(census=True)
        stage.later(minutes=10)


def incidents_server(scene: Scene) -> Any:
    return scene.stage.sandbox.tester.behaviour


def issues_server(scene: Scene) -> Any:
    return scene.stage.sandbox.jira.behaviour


def fault(side: Side, **what: Any) -> Callable[[Scene], None]:
    def set_up(scene: Scene) -> None:
        sandbox = scene.stage.sandbox
        board = sandbox.tester_switchboard if side is Side.INCIDENT else sandbox.jira_switchboard
        board.add_fault(type(scene.stage).make_fault(times=None, **what))

    return set_up


def broken(side: Side, status: int, path: str = "", **what: Any) -> Callable[[Scene], None]:
    return fault(side, effect="status", status=status, path=path, **what)


def switched(side: Side, **switches: Any) -> Callable[[Scene], None]:
    def set_up(scene: Scene) -> None:
        behaviour = incidents_server(scene) if side is Side.INCIDENT else issues_server(scene)
        for name, value in switches.items():
            assert hasattr(behaviour, name)
            setattr(behaviour, name, value)

    return set_up


def secured(scene: Scene) -> None:
    """The answer is that of a deleted issue, while its siblings can be read: only a person can tell."""
    switched(Side.ISSUE, security_levels=["Staff only"])(scene)
    issues_server(scene).hidden_issues.add(scene.issue_id)


def incidents_of(scene: Scene) -> list[str]:
    return [incident.id for incident in scene.stage.sandbox.tester.incidents()]


def issues_of(scene: Scene) -> list[str]:
    return [issue.id for issue in scene.stage.sandbox.jira.issues.values()]


NOT_DELETED: dict[str, Callable[[Scene], Any]] = {
    "one incident is secured": lambda s: incidents_server(s).hidden_incidents.append(s.incident_id),
    "all incidents are secured": lambda s: incidents_server(s).hidden_incidents.extend(incidents_of(s)),
    "the incident project is hidden": switched(Side.INCIDENT, hidden_project=True),
    "another site answers under the testers' address": switched(Side.INCIDENT, wrong_site=True),
    "the testers' credentials expired": switched(Side.INCIDENT, credentials_expired=True),
    "the testers' index is being rebuilt": switched(Side.INCIDENT, index_rebuilding=0.6),
    "the testers' index lags": switched(Side.INCIDENT, index_lag_seconds=3600.0),
    "the testers' pages are cut": switched(Side.INCIDENT, page_cap=3, cut_pages="empty"),
    "the testers' server answers 404 to every incident": broken(Side.INCIDENT, 404, INCIDENTS),
    "the testers' server answers 404 to everything": broken(Side.INCIDENT, 404),
    "the testers' server answers 403 to every incident": broken(Side.INCIDENT, 403, INCIDENTS),
    "the testers' server answers 401 now and then": broken(Side.INCIDENT, 401, INCIDENTS, skip=3),
    "the testers' server fails": broken(Side.INCIDENT, 500, INCIDENTS),
    "the testers' server answers with a login page": broken(Side.INCIDENT, 200, INCIDENTS, body="<html>Log in</html>"),
    "the testers' server drops connections": fault(Side.INCIDENT, effect="drop_before", path=INCIDENTS),
    "one issue is secured, in a project with security levels": secured,
    "all issues are hidden": lambda s: issues_server(s).hidden_issues.update(issues_of(s)),
    "the Jira project is hidden": switched(Side.ISSUE, hidden_project="TEST"),
    "Jira's credentials expired": switched(Side.ISSUE, credentials_expired=True),
    "Jira's index is being rebuilt": switched(Side.ISSUE, index_rebuilding=0.6),
    "Jira's index lags": switched(Side.ISSUE, search_lag_seconds=3600.0),
    "Jira's pages are cut": switched(Side.ISSUE, page_cap=3, cut_pages=True),
    "Jira repeats its page token": switched(Side.ISSUE, page_cap=3, repeated_token=True),
    "Jira answers 404 to every issue": broken(Side.ISSUE, 404, ISSUES),
    "Jira answers 404 to everything": broken(Side.ISSUE, 404),
    "Jira answers 403 to every issue": broken(Side.ISSUE, 403, ISSUES),
    "Jira is rate limited": broken(Side.ISSUE, 429, ISSUES, headers={"Retry-After": "0"}),
    "Jira's remote links can't be read": switched(Side.ISSUE, link_issues_forbidden=True),
    "the issue was moved to another project": lambda s: s.stage.sandbox.jira.move(s.issue_id, "OTHER", by="annak"),
    "the issue was archived": lambda s: s.stage.sandbox.jira.archive(s.issue_id),
    "the issue was cloned": lambda s: s.stage.sandbox.jira.clone(s.issue_id, by="annak"),
    "the incidents' filter was edited": lambda s: s.stage.remap(
        incidents={"project": "Test Project", "mark_field": "Jira key", "only": "Status = Closed"}
    ),
    "the issues' filter was edited": lambda s: s.stage.remap(issues={"project": "TEST", "only": "status = Done"}),
}


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
@pytest.mark.parametrize("cause", NOT_DELETED)
def test_what_is_missing_but_not_deleted_deletes_nothing(tmp_path: Path, cause: str, deployment: Any) -> None:
    profile: Any = "6.x" if deployment == "cloud" else "4.6"
    with mirrored(tmp_path, deployment=deployment, profile=profile) as scene:
        stage = scene.stage
        before = {i.id for i in stage.sandbox.tester.incidents()}, set(issues_of(scene))
        links = stage.store.count_links(stage.link.name)
        NOT_DELETED[cause](scene)
        look_twice(stage)
        assert before[0] <= {i.id for i in stage.sandbox.tester.incidents()}
        assert before[1] <= set(issues_of(scene))
        assert stage.store.count_links(stage.link.name) == links
        assert stage.store.tombstones(stage.link.name) == []


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
@pytest.mark.parametrize("side", Side)
def test_a_true_deletion_is_carried_after_two_looks_and_not_before(tmp_path: Path, side: Side, deployment: Any) -> None:
    profile: Any = "6.x" if deployment == "cloud" else "4.6"
    with mirrored(tmp_path, deployment=deployment, profile=profile) as scene:
        stage = scene.stage
        if side is Side.INCIDENT:
            stage.sandbox.tester.delete(scene.incident_id)
        else:
            stage.sandbox.jira.delete(scene.issue_id)
        stage.sync(census=True)
        assert stage.store.tombstones(stage.link.name) == []
        stage.later(minutes=10)
        stage.sync()
        assert scene.incident_id not in {i.id for i in stage.sandbox.tester.incidents()}
        assert scene.issue_id not in issues_of(scene)
        assert [grave.issue_id for grave in stage.store.tombstones(stage.link.name)] == [scene.issue_id]
        stage.later(minutes=10)
        assert stage.sync(census=True).writes == 0
        assert stage.waiting() == []


def test_when_the_cause_goes_the_record_is_mirrored_again(tmp_path: Path) -> None:
    with mirrored(tmp_path) as scene:
        stage = scene.stage
        incidents_server(scene).hidden_incidents.append(scene.incident_id)
        stage.sandbox.jira.edit(scene.issue_id, by="annak", summary="Edited meanwhile")
        look_twice(stage)
        assert [item for item, _ in stage.waiting()] == ["record"]
        incidents_server(scene).hidden_incidents.clear()
        stage.later(hours=2)
        stage.sync()
        assert stage.sandbox.tester.incident(scene.incident_id).summary == "Edited meanwhile"
        assert stage.waiting() == []


def test_a_clone_that_carries_our_mark_is_left_alone_and_the_original_keeps_its_twin(tmp_path: Path) -> None:
    with mirrored(tmp_path) as scene:
        stage = scene.stage
        stage.sandbox.jira.clone(scene.issue_id, by="annak")
        stage.sync(census=True)
        assert len(stage.sandbox.tester.incidents()) == RECORDS
        assert stage.twin(scene.incident_id) == scene.issue_id
        assert any("mark" in reason for _, reason in stage.waiting())
