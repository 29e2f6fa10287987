"""Who has lost its turn sends no request that writes: not the first of a step, and not the next of one under way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from state import StateError, Store
from syncer.core.records import CommentDraft, Draft, Mark, Present, Record, Side, Twin
from syncer.ports import Port
from tests.state.processes import lose_lock
from tests.syncer.mirror_stage import MirrorStage

TWIN = Twin(Mark("lab", "1"), "X-1", "http://x.example/1", "A title")
DRAFT = CommentDraft("Jane Doe", "Late", Mark("lab", "1"))
TITLES = {Side.INCIDENT: "Summary", Side.ISSUE: "summary"}
WRITES: dict[str, Callable[[Port, str], object]] = {
    "create": lambda port, _: port.create(Draft({TITLES[port.side]: "Late", **some_type(port)}, TWIN)),
    "update": lambda port, one: port.update(one, {TITLES[port.side]: "Late"}),
    "add comment": lambda port, one: port.add_comment(one, DRAFT),
    "mark": lambda port, one: port.write_mark(seen(port, one), TWIN),
    "delete": lambda port, one: port.delete(one),
}


def seen(port: Port, record_id: str) -> Record:
    """The record as it is now."""
    [(_, observation)] = port.read([record_id])
    assert isinstance(observation, Present)
    return observation.record


def some_type(port: Port) -> dict[str, str]:
    """Jira wants one for a new issue."""
    return {"issuetype": port.catalogue().options["type"][0].id} if port.side is Side.ISSUE else {}


@contextmanager
def taken_over(stage: MirrorStage) -> Iterator[None]:
    """Another process writes now, and this one hasn't noticed yet."""
    url = f"sqlite:///{stage.folder}/state.db"
    lose_lock(url)
    successor = Store.open(url)
    with successor.single_writer():
        yield
    successor.close()


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("write", WRITES)
def test_no_request_leaves_after_another_process_has_taken_over(tmp_path: Path, side: Side, write: str) -> None:
    with MirrorStage(tmp_path, incidents=1) as stage:
        stage.sync()
        one = stage.store.links(stage.link.name)[0]
        record_id = one.incident_id if side is Side.INCIDENT else one.issue_id
        quiet = stage.writes()
        with stage.store.single_writer(), taken_over(stage), pytest.raises(StateError, match="has taken over"):
            WRITES[write](stage.link.ports[side], record_id)
        assert stage.writes() == quiet


def test_a_step_of_several_requests_ends_with_the_one_that_had_left(tmp_path: Path) -> None:
    with MirrorStage(tmp_path) as stage:
        incident = stage.log(Summary="New")
        stage.sync()
        issue_id = stage.twin(incident.id)
        issue = stage.link.ports[Side.ISSUE]
        closed = next(option.id for option in issue.catalogue().options["status"] if option.name == "Done")
        raised: list[BaseException] = []

        def update() -> None:
            try:
                issue.update(issue_id, {"summary": "Left before", "status": closed})
            except StateError as error:
                raised.append(error)

        quiet, board = stage.writes(), stage.sandbox.jira_switchboard
        with stage.store.single_writer(), stage.fault(Side.ISSUE, effect="delay", method="PUT", seconds=1.0):
            step = threading.Thread(target=update)
            step.start()
            while not any(seen.method == "PUT" and seen.status is None for seen in board.requests):
                time.sleep(0.01)
            with taken_over(stage):
                step.join()
        assert stage.writes() == quiet + 1
        assert stage.sandbox.jira.issues[issue_id].text("summary") == "Left before"
        assert "has taken over" in str(raised[0])
