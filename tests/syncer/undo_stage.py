"""What the tests of undo share: finding an entry, taking it back, and seeing that nothing is left to do."""

from state.rows import HistoryEntry
from syncer.sandbox.jira.records import Issue
from syncer.undo import undo
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_mirror import quiet


def newest(stage: MirrorStage, kind: str) -> HistoryEntry:
    return stage.store.history(stage.link.name, kinds=(kind,), limit=1)[0]


def take_back(stage: MirrorStage, kind: str) -> str:
    """Undo the newest entry of a kind."""
    return undo(stage.link, newest(stage, kind))


def issues(stage: MirrorStage, summary: str) -> list[Issue]:
    return [issue for issue in stage.sandbox.jira.issues.values() if issue.fields["summary"] == summary]


def calm(stage: MirrorStage) -> None:
    """Once what was undone has travelled nothing is written any more, by a second look that could confirm something."""
    stage.sync(census=True)
    stage.later(minutes=10)
    quiet(stage)
