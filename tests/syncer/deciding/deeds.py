"""What people do in these tests, and what is then to be seen."""

from state.rows import Conflict, Held, HistoryEntry
from syncer import deciding
from syncer.core.records import Side
from syncer.sandbox.jira.records import Issue
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_removals import linked

WORD = ("Mine", "Theirs")


def conflict_of(stage: MirrorStage) -> Conflict:
    (found,) = stage.store.conflicts(stage.link.name)
    return found


def in_conflict(stage: MirrorStage) -> tuple[str, str]:
    """Two linked records whose title both sides changed."""
    ids = linked(stage)
    edit(stage, ids, *WORD)
    stage.sync()
    return ids


def edit(stage: MirrorStage, ids: tuple[str, str], mine: str | None = None, theirs: str | None = None) -> None:
    if mine is not None:
        stage.sandbox.tester.edit(ids[0], Summary=mine)
    if theirs is not None:
        stage.sandbox.jira.edit(ids[1], by="annak", summary=theirs)


def titles(stage: MirrorStage, ids: tuple[str, str]) -> tuple[str, str]:
    issue = stage.sandbox.jira.issue(ids[1])
    return stage.sandbox.tester.incident(ids[0]).summary, issue.text("summary") or ""


def settle(stage: MirrorStage, choice: Side) -> str:
    return deciding.settle(stage.store, conflict_of(stage), choice.word, "Anna", stage.link.now())


def told(stage: MirrorStage, kind: str) -> HistoryEntry:
    (entry,) = stage.store.history(stage.link.name, kinds=[kind])
    return entry


def is_quiet(stage: MirrorStage) -> bool:
    """Nothing is left to write, by a poll or by looking at everything."""
    before = stage.writes()
    polled = stage.sync().writes
    stage.later(hours=1)
    return (polled, stage.sync(census=True).writes, stage.writes()) == (0, 0, before)


def held_set(stage: MirrorStage) -> Held:
    (found,) = stage.store.held(stage.link.name)
    return found


def discard(stage: MirrorStage) -> str:
    return deciding.discard(stage.store, held_set(stage), "Anna", stage.link.now())


def pumps(stage: MirrorStage) -> list[Issue]:
    return [issue for issue in stage.sandbox.jira.issues.values() if issue.text("summary") == "Pump fails"]


def images(stage: MirrorStage) -> tuple[list[object], list[object]]:
    """What people see of the records that go by one title: ids, status and comments."""
    incidents = [each for each in stage.sandbox.tester.incidents() if each.summary == "Pump fails"]
    return (
        [(each.id, each.status, len(each.comments)) for each in incidents],
        [(each.id, each.text("status"), len(each.comments)) for each in pumps(stage)],
    )


HOLDING = {"at_most": 0, "incident": "delete", "issue": "delete"}


def comments(stage: MirrorStage, ids: tuple[str, str]) -> tuple[int, int]:
    return len(stage.sandbox.tester.incident(ids[0]).comments), len(stage.sandbox.jira.issue(ids[1]).comments)


def shown(issue: Issue) -> list[str]:
    return [str(each.global_id) for each in issue.remote_links.values() if "stepresult" in str(each.global_id)]


def shown_step(stage: MirrorStage) -> tuple[tuple[str, str], str]:
    """Two linked records, and a step result that both show."""
    stage.remap(deletions=HOLDING)
    ids = linked(stage)
    step = next(iter(stage.sandbox.tester.runs.steps))
    stage.sandbox.tester.link_step(step, ids[0])
    stage.sync(census=True)
    return ids, step
