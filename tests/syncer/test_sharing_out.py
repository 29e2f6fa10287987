"""A cycle that shares out what is to be mirrored ends as any cycle does, whatever becomes of its portions."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from state import StateError, Store
from syncer import sharing_out
from syncer.context import NoProgress, ProjectLink, Stopped
from syncer.core.records import Side, StepResult
from syncer.cycle import bind_now
from syncer.execute import Tally
from syncer.portion import Portion, split
from syncer.sharing_out import Hands, carry_out
from syncer.workers.portions import Order
from tests.fresh_state import lay
from tests.syncer.mirror_stage import MirrorStage

INCIDENTS = 14


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_out, "MANY", 5)
    monkeypatch.setattr(sharing_out, "PORTION", 4)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    with MirrorStage(tmp_path, incidents=INCIDENTS) as made:
        yield made


class Others:
    """Other workers, for the time of a cycle: each portion whose number is even is `theirs`, the rest is nobody's."""

    def __init__(self, stage: MirrorStage, theirs: Callable[[ProjectLink, Portion], None]) -> None:
        self.offered: list[Portion] = []
        self._link = stage.link
        self._theirs = theirs
        stage.link = replace(stage.link, share_out=self._offer)

    @contextmanager
    def _offer(self, portions: Sequence[Portion]) -> Iterator["Others"]:
        self.offered += portions
        yield self

    def take_back(self, portion: Portion) -> bool:
        if portion.number % 2:
            return True
        self._theirs(self._link, portion)
        return False

    def are_over(self) -> bool:
        return True


def help_with(link: ProjectLink, portion: Portion) -> None:
    carry_out(link, portion, Hands(bind_now(link), NoProgress(), Tally()))


def nothing(link: ProjectLink, portion: Portion) -> None:
    """The worker has another mapping, was stopped, or found the turn over."""


def half(link: ProjectLink, portion: Portion) -> None:
    help_with(link, replace(portion, ids=portion.ids[::2]))


def titles(stage: MirrorStage) -> Counter[str]:
    return Counter(
        issue.text("summary") for issue in stage.sandbox.jira.issues.values() if issue.key.startswith("TEST-")
    )


@pytest.mark.parametrize("theirs", [help_with, half, nothing])
def test_each_record_is_mirrored_once_in_that_cycle_whatever_others_did(
    stage: MirrorStage, theirs: Callable[[ProjectLink, Portion], None]
) -> None:
    others = Others(stage, theirs)
    report = stage.sync()
    assert [len(portion.ids) for portion in others.offered] == [4, 4, 4, 2]
    assert set(titles(stage).values()) == {1}
    assert report.settled["create"] == len(titles(stage)) == INCIDENTS
    assert stage.store.watermark(stage.link.name, "incident") is not None
    assert stage.sync(census=True).writes == 0


def test_what_portions_have_linked_is_not_read_again_in_that_cycle(stage: MirrorStage, tmp_path: Path) -> None:
    Others(stage, help_with)
    (tmp_path / "alone").mkdir()
    with MirrorStage(tmp_path / "alone", incidents=INCIDENTS) as alone:
        assert reads(stage) == reads(alone)


def reads(stage: MirrorStage) -> Counter[str]:
    """How often the first cycle reads each incident, by title."""
    stage.sandbox.tester_switchboard.reset_traffic()
    stage.sync()
    seen = [each for each in stage.sandbox.tester_switchboard.requests if each.method == "GET"]
    asked = Counter(each.path.rpartition("/api/incident/")[2] for each in seen)
    return Counter({incident.summary: asked[incident.id] for incident in stage.sandbox.tester.incidents()})


def test_step_result_links_are_shown_in_that_cycle_too(stage: MirrorStage) -> None:
    Others(stage, help_with)
    tester = stage.sandbox.tester
    step = next(each.id for run in tester.runs.runs.values() for each in tester.runs.steps_of(run.id))
    incident = tester.incidents()[0]
    tester.link_step(step, incident.id)
    stage.sync()
    shown = stage.sandbox.jira.issue(stage.twin(incident.id)).remote_links.values()
    assert any(str(each.global_id).endswith(step) for each in shown)


def test_where_both_sides_have_many_nothing_is_shared_out(stage: MirrorStage) -> None:
    for number in range(6):
        stage.sandbox.jira.create(by="annak", summary=f"Of Jira {number}")
    others = Others(stage, help_with)
    stage.sync()
    assert others.offered == []
    assert set(titles(stage).values()) == {1}


def forget(stage: MirrorStage) -> None:
    """The state DB is lost, and a new one takes its place."""
    stage.store.close()
    for file in stage.folder.glob("state.db*"):
        file.unlink()
    stage.store = Store.open(lay(stage.folder / "state.db"))
    stage.reopen()


def test_records_that_a_mark_of_the_other_side_names_are_not_shared_out(stage: MirrorStage) -> None:
    stage.sync()
    kept, *gone = [issue for issue in stage.sandbox.jira.issues.values() if issue.key.startswith("TEST-")]
    twin = stage.twin(kept.id)
    for issue in gone:
        stage.sandbox.jira.delete(issue.id)
    forget(stage)
    others = Others(stage, help_with)
    stage.sync()
    shared = {record_id for portion in others.offered for record_id in portion.ids}
    assert shared == {incident.id for incident in stage.sandbox.tester.incidents()} - {twin}
    # The others carry marks of ours, and are left to be judged together.
    assert stage.twin(kept.id) == twin
    assert titles(stage) == {kept.text("summary"): 1}


def test_a_portion_leaves_out_what_was_linked_meanwhile_and_what_carries_a_mark(stage: MirrorStage) -> None:
    ids = tuple(incident.id for incident in stage.sandbox.tester.incidents())
    portion = Portion(stage.link.name, "a cycle", 1, stage.link.mapping.fingerprint, Side.INCIDENT, ids)
    help_with(stage.link, replace(portion, ids=ids[:3]))
    help_with(stage.link, portion)
    assert set(titles(stage).values()) == {1}
    forget(stage)
    before = stage.writes()
    help_with(stage.link, portion)
    assert stage.writes() == before
    assert stage.store.links(stage.link.name) == []


@pytest.mark.parametrize("trouble", [StateError("the job queue doesn't answer"), Stopped("a worker is gone")])
def test_a_cycle_ends_where_others_may_still_be_at_work_and_the_next_one_looks_at_all(
    stage: MirrorStage, trouble: Exception
) -> None:
    class Gone(Others):
        def are_over(self) -> bool:
            raise trouble

    Gone(stage, nothing)
    with pytest.raises(type(trouble)):
        stage.sync()
    assert stage.store.watermark(stage.link.name, "incident") is None
    assert 0 < len(titles(stage)) < INCIDENTS
    stage.link = replace(stage.link, share_out=None)
    stage.sync()
    assert set(titles(stage).values()) == {1}
    assert len(titles(stage)) == INCIDENTS


def test_portions_have_all_records_once_and_in_their_order() -> None:
    results = tuple(StepResult(f"result of {each}", each, "Step", "https://et.example.com") for each in "gab")
    whole = Portion("shop", "a cycle", 1, "fingerprint", Side.INCIDENT, tuple("abcdefgh"), results)
    parts = list(split(whole, 3))
    assert [part.ids for part in parts] == [("a", "b", "c"), ("d", "e", "f"), ("g", "h")]
    assert [part.number for part in parts] == [1, 2, 3]
    assert [[each.incident_id for each in part.results or ()] for part in parts] == [["a", "b"], [], ["g"]]
    assert {(part.project_link, part.side) for part in parts} == {("shop", Side.INCIDENT)}
    assert {part.results for part in split(replace(whole, results=None), 3)} == {None}


def test_an_order_comes_out_of_the_queue_as_it_was_put_in() -> None:
    results = (StepResult("r", "a", "Step", "https://et.example.com"),)
    for each in (results, (), None):
        order = Order(Portion("shop", "a cycle", 3, "fingerprint", Side.INCIDENT, ("a", "b"), each), 7)
        assert Order.of_job(json.loads(json.dumps(order.as_job()))) == order
