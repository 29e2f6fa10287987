"""A census of many links reads few of them, misses no deletion, and comes to each of them within a day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.context import NoProgress, Stopped
from syncer.core.records import Side
from syncer.cycle import run_cycle
from syncer.sandbox.tester.records import Incident
from tests.syncer.recalling_stage import RecallingStage

LINKS = 12
SHARE = 3


@pytest.fixture(params=["cloud", "datacenter"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecallingStage]:
    """A mirrored project that is in step, of which each census rereads a part only."""
    monkeypatch.setattr("syncer.reviewing.AT_LEAST", SHARE)
    with RecallingStage(tmp_path, deployment=request.param, apart=f"a census rereads {SHARE}") as made:
        made.remap(deletions={"incident": "delete", "issue": "delete", "at_most": 100, "at_most_percent": 100})
        for number in range(LINKS):
            made.log(Summary=f"Incident {number}")
        made.sync()
        # No revision is too young to be trusted, and no poll lists it any more. What was written is looked at again,
        # until its revision counts as its last.
        made.age(hours=1)
        for _ in range(3):
            made.sync()
        yield made


def incidents(stage: RecallingStage) -> list[Incident]:
    return stage.sandbox.tester.incidents()


def read(stage: RecallingStage, *, census: bool = True) -> set[str]:
    """The ids of the incidents that the next cycle reads."""
    stage.sandbox.tester_switchboard.reset_traffic()
    stage.sync(census=census)
    asked = [each.path.rpartition("/api/incident/")[2] for each in stage.sandbox.tester_switchboard.requests]
    return {incident.id for incident in incidents(stage)} & set(asked)


def unmark(stage: RecallingStage, place: int) -> None:
    """A person takes the mark off in Jira, which no listing shows; of the link at that place, 0 for the oldest."""
    (row,) = stage.store.links_of([stage.store.link_ids(stage.link.name)[place]])
    stage.sandbox.jira.remove_remote_link(row.issue_id, f"syncer:lab:incident:{row.incident_id}")


def links(stage: RecallingStage) -> int:
    return len(stage.store.link_ids(stage.link.name))


def test_it_reads_a_share_and_comes_to_each_link_within_its_round(stage: RecallingStage) -> None:
    seen: set[str] = set()
    for _ in range(LINKS // SHARE):
        stage.later(minutes=5)
        now = read(stage)
        assert len(now) == SHARE
        seen |= now
    assert len(seen) == LINKS


def test_a_census_after_a_day_reads_everything(stage: RecallingStage) -> None:
    """However seldom there is one, a link doesn't wait for its turn much longer than that."""
    stage.later(hours=12)
    assert LINKS // 2 <= len(read(stage)) < LINKS
    stage.later(hours=24)
    assert len(read(stage)) == LINKS


def test_a_poll_reads_nothing_and_takes_nobodys_turn(stage: RecallingStage) -> None:
    before = stage.store.review(stage.link.name)
    assert read(stage, census=False) == set()
    assert stage.store.review(stage.link.name) == before


@pytest.mark.parametrize("side", Side)
def test_a_deletion_is_noticed_at_once_whosever_turn_it_is(stage: RecallingStage, side: Side) -> None:
    """Both are found where they aren't listed, and confirmed by the next census."""
    last = incidents(stage)[-1]
    if side is Side.INCIDENT:
        twin = stage.twin(last.id)
        stage.sandbox.tester.delete(last.id)
    else:
        stage.sandbox.jira.delete(stage.twin(last.id))
    stage.sync(census=True)
    assert links(stage) == LINKS, "not at first sight"
    stage.later(minutes=10)
    stage.sync(census=True)
    assert links(stage) == LINKS - 1
    if side is Side.INCIDENT:
        assert twin not in stage.sandbox.jira.issues
    else:
        assert last.id not in {incident.id for incident in incidents(stage)}


def test_what_a_lagging_index_does_not_list_is_read_and_stays(stage: RecallingStage) -> None:
    """All of it is read by its ids, since nothing else tells whether it is there."""
    stage.sandbox.tester.behaviour.index_rebuilding = 0.5
    for _ in range(3):
        stage.later(minutes=10)
        assert len(read(stage)) > SHARE
    assert (links(stage), len(incidents(stage))) == (LINKS, LINKS)


def test_a_mark_that_was_taken_off_is_found_when_its_turn_comes(stage: RecallingStage) -> None:
    unmark(stage, -1)
    for _ in range(LINKS // SHARE + 1):
        stage.sync(census=True)
        stage.later(minutes=10)
    assert links(stage) == LINKS - 1


def test_what_was_missing_once_is_looked_at_by_the_very_next_census(stage: RecallingStage) -> None:
    unmark(stage, 0)
    stage.sync(census=True)
    stage.later(minutes=10)
    stage.sync(census=True)
    assert links(stage) == LINKS - 1


def test_more_than_a_few_missing_marks_in_a_share_have_everything_looked_at(stage: RecallingStage) -> None:
    """Share by share they would slip through the cap, which all of them together are over."""
    stage.remap(deletions={"at_most": 100, "at_most_percent": 50, "exempt": 2})
    # One mark that is left tells that marks can be seen at all.
    for place in range(LINKS - 1):
        unmark(stage, place)
    for _ in range(3):
        stage.sync(census=True)
        stage.later(minutes=10)
    assert links(stage) == LINKS
    (held,) = stage.store.held(stage.link.name)
    assert len(held.lines) == LINKS - 1


def test_a_step_result_link_is_shown_whosever_turn_it_is(stage: RecallingStage) -> None:
    tester, last = stage.sandbox.tester, incidents(stage)[-1]
    step = next(each.id for run in tester.runs.runs.values() for each in tester.runs.steps_of(run.id))
    tester.link_step(step, last.id)
    stage.sync(census=True)
    shown = stage.sandbox.jira.issue(stage.twin(last.id)).remote_links.values()
    assert any(str(each.global_id).endswith(step) for each in shown)


def test_a_record_that_no_poll_showed_gets_its_twin(stage: RecallingStage) -> None:
    """As when the index took longer to list it than a poll reaches back."""
    issue = stage.sandbox.jira.create(by="annak", summary="Late")
    stage.age(hours=1)
    stage.store.set_watermark(stage.link.name, "issue", stage.sandbox.jira.now())
    assert stage.sync().writes == 0
    stage.sync(census=True)
    assert stage.store.link_of(stage.link.name, issue_id=issue.id) is not None


def test_a_census_of_everything_that_was_interrupted_is_made_up_for(stage: RecallingStage) -> None:
    """After a change of the mapping that was approved, nothing else would show which records it concerns."""

    class Stopping(NoProgress):
        def begin(self, step: str, total: int | None) -> None:
            if step == "read":
                stage.link.stopping.set()

    with pytest.raises(Stopped):
        run_cycle(stage.link, Stopping(), whole=True)
    stage.link.stopping.clear()
    assert len(read(stage)) == LINKS
    assert len(read(stage)) == SHARE


def test_a_census_that_a_person_asks_for_reads_everything(stage: RecallingStage) -> None:
    stage.sandbox.tester_switchboard.reset_traffic()
    run_cycle(stage.link, NoProgress(), whole=True)
    asked = {each.path for each in stage.sandbox.tester_switchboard.requests if "/api/incident/" in each.path}
    assert len(asked) == LINKS
