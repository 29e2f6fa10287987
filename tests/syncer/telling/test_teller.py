"""Trouble is brought about on real servers and mended again: one message when it begins, one when it is over.

The one who tells is made anew now and then, as after a restart.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from state import Store
from state.told import Told
from syncer import logs
from syncer.activity import Activity
from syncer.core.records import Side
from syncer.holding import approvals_of
from syncer.runner import LinkRunner
from syncer.telling.teller import LOOK_SECONDS, Teller, Watched
from syncer.telling.webhook import Webhook
from tests.syncer.daemon_stage import HOURLY, LINK, Clock
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.telling.receiver import KEY, Receiver

DAY = timedelta(days=1)


class Scene:
    """A daemon without its clock: `cycle` and `look` are what it would do by itself; `events` is what was heard."""

    def __init__(self, stage: MirrorStage, receiver: Receiver) -> None:
        self.stage = stage
        self.receiver = receiver
        self.clock = Clock()
        self.ahead = timedelta()
        self.extra: dict[str, str] = {}
        self._webhook = Webhook(receiver.url)
        self.restart()

    def restart(self) -> None:
        self.activity = Activity(self.clock)
        self._runner = LinkRunner(self.stage.link, HOURLY, self.activity, self.clock)
        environment = {**self.stage.environment(), "SYNCER_WEBHOOK__URL": self.receiver.url, **self.extra}
        settings = load_settings(environment, env_file=None)
        watched = Watched(settings, self.stage.store, self.activity, lambda: [self.stage.link], HOURLY, None)
        self._teller = Teller(watched, self._webhook, lambda: self.now)

    def cycle(self, hours: int = 1) -> None:
        self.clock.seconds += hours * 3600
        self._runner.link = self.stage.link
        self._runner.hurry()
        self._runner()

    def look(self) -> float:
        """Twice, where messages are taken: nothing is told again."""
        pause = self._teller.look()
        if self.receiver.manner == "takes":
            assert self._teller.look() == LOOK_SECONDS
        return pause

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, time: timedelta) -> None:
        self.ahead += time

    def events(self) -> list[tuple[str, str]]:
        return [(message["event"], message["state"]) for message in self.receiver.messages]

    def close(self) -> None:
        self._webhook.__exit__()


@pytest.fixture
def scene(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Scene]:
    logs.configure("json", "info")
    with MirrorStage(tmp_path, issues=True) as stage, Receiver() as receiver:
        made = Scene(stage, receiver)
        yield made
        made.close()
    said = capfd.readouterr()
    assert KEY not in said.err + said.out
    for file in tmp_path.glob("state.db*"):
        assert KEY.encode() not in file.read_bytes()


def disagree(stage: MirrorStage, incident_id: str) -> None:
    """Both sides get another title, and a person has to decide."""
    stage.sandbox.tester.edit(incident_id, Summary="As the tester says")
    stage.sandbox.jira.edit(stage.twin(incident_id), by="annak", summary="As the developer says @channel")


def agree(stage: MirrorStage, incident_id: str) -> None:
    stage.sandbox.tester.edit(incident_id, Summary="As both say")
    stage.sandbox.jira.edit(stage.twin(incident_id), by="annak", summary="As both say")


@pytest.mark.parametrize("restarts", [False, True])
def test_a_conflict_is_told_once_and_once_when_it_is_settled(scene: Scene, restarts: bool) -> None:
    incident = scene.stage.log(Summary="A title")
    scene.cycle()
    scene.look()
    assert scene.events() == []
    disagree(scene.stage, incident.id)
    for _ in range(3):
        scene.cycle()
        scene.look()
        if restarts:
            scene.restart()
    assert scene.events() == [("conflict", "new")]
    (told,) = scene.receiver.messages
    assert told["text"].startswith(f"1 conflict in {LINK}: #{incident.number}, Summary: ")
    assert "says" not in told["text"]
    agree(scene.stage, incident.id)
    for _ in range(3):
        scene.cycle()
        scene.look()
        if restarts:
            scene.restart()
    assert scene.events() == [("conflict", "new"), ("conflict", "over")]
    assert scene.stage.store.told() == []


def test_what_is_held_is_told_once_and_once_when_it_is_approved(scene: Scene) -> None:
    scene.stage.remap(deletions={"incident": "delete", "at_most": 0})
    incidents = [scene.stage.log(Summary=f"Number {number}") for number in range(4)]
    scene.cycle()
    for incident in incidents:
        scene.stage.sandbox.tester.delete(incident.id)
    for _ in range(3):
        scene.cycle()
        scene.stage.later(minutes=10)
    scene.look()
    scene.restart()
    scene.look()
    assert scene.events() == [("held", "new")]
    assert f"Held in {LINK} until a person decides: 4 removals" in scene.receiver.messages[0]["text"]
    for held in scene.stage.store.held():
        for digest in approvals_of(held):
            scene.stage.store.approve(held.project_link, digest, "Ann", scene.now)
    scene.cycle()
    scene.look()
    assert scene.events() == [("held", "new"), ("held", "over")]


def test_refused_credentials_are_told_once_and_once_when_they_are_good_again(scene: Scene) -> None:
    """However often the process is started meanwhile: before a good cycle, nobody knows that it is over."""
    scene.cycle()
    scene.stage.sandbox.tester.behaviour.credentials_expired = True
    scene.cycle()
    scene.look()
    assert scene.events() == []
    for _ in range(8):
        scene.cycle()
        scene.look()
    scene.restart()
    for _ in range(8):
        scene.look()
        scene.cycle()
    assert scene.events() == [("access", "new")]
    assert scene.receiver.messages[0]["severity"] == "critical"
    scene.stage.sandbox.tester.behaviour.credentials_expired = False
    scene.cycle()
    scene.look()
    assert scene.events() == [("access", "new"), ("access", "over")]


def test_a_project_that_is_hidden_from_the_account_is_lost_access_too(scene: Scene) -> None:
    scene.stage.sandbox.tester.behaviour.hidden_project = True
    for _ in range(3):
        scene.cycle()
        scene.look()
    assert scene.events() == [("access", "new")]


def test_silence_is_told_once_and_once_when_it_ends(scene: Scene) -> None:
    scene.cycle()
    scene.stage.sandbox.stop()
    for _ in range(3):
        scene.cycle(hours=3)
        scene.look()
    assert scene.events() == [("silent", "new")]
    scene.restart()
    scene.cycle()
    scene.look()
    scene.stage.sandbox.start()
    scene.cycle()
    scene.look()
    assert scene.events() == [("silent", "new"), ("silent", "over")]


def test_a_token_is_told_of_each_day_until_it_is_renewed(scene: Scene) -> None:
    scene.extra = {"SYNCER_JIRA__TOKEN_EXPIRES": f"{scene.now + 9 * DAY:%Y-%m-%d}"}
    for _ in range(3):
        scene.restart()
        scene.look()
        scene.later(DAY)
    scene.extra = {"SYNCER_JIRA__TOKEN_EXPIRES": f"{scene.now + 99 * DAY:%Y-%m-%d}"}
    scene.restart()
    scene.look()
    assert scene.events() == [("token", "new"), ("token", "still"), ("token", "still"), ("token", "over")]


def test_a_message_that_was_not_taken_is_told_later_after_growing_pauses(scene: Scene) -> None:
    incident = scene.stage.log(Summary="A title")
    scene.cycle()
    disagree(scene.stage, incident.id)
    scene.cycle()
    scene.receiver.manner = "refuses"
    assert [scene.look() for _ in range(4)] == [10.0, 20.0, 40.0, 80.0]
    scene.restart()
    scene.receiver.manner = "takes"
    scene.look()
    assert scene.events() == [("conflict", "new")]


def test_what_is_over_before_it_could_be_told_is_never_told(scene: Scene) -> None:
    incident = scene.stage.log(Summary="A title")
    scene.cycle()
    disagree(scene.stage, incident.id)
    scene.cycle()
    scene.receiver.manner = "hangs up"
    assert scene.look() >= LOOK_SECONDS
    agree(scene.stage, incident.id)
    scene.cycle()
    scene.receiver.manner = "takes"
    scene.look()
    assert scene.events() == []


def test_a_state_db_that_takes_nothing_does_not_make_one_message_many(scene: Scene) -> None:
    incident = scene.stage.log(Summary="A title")
    scene.cycle()
    disagree(scene.stage, incident.id)
    scene.cycle()
    live, url = scene.stage.store, f"sqlite:///{scene.stage.folder}/state.db"
    scene.stage.store = Store.open_readonly(url)
    scene.restart()
    for _ in range(3):
        scene.look()
    assert scene.events() == [("conflict", "new")]
    scene.stage.store.close()
    scene.stage.store = live


def test_what_was_left_to_be_told_of_a_take_over_is_told_once(scene: Scene) -> None:
    scene.cycle()
    scene.look()
    scene.stage.store.note_occurrence("taken over", "pid 1 was replaced by pid 2", scene.now)
    scene.look()
    scene.restart()
    scene.look()
    assert scene.events() == [("taken over", "new")]
    assert scene.stage.store.told() == []


def test_what_a_newer_syncer_told_of_is_left_alone(scene: Scene) -> None:
    row = Told("an event of tomorrow", LINK, "", scene.now, scene.now)
    scene.stage.store.set_told([row])
    scene.look()
    assert scene.stage.store.told() == [row]


def test_a_hundred_fields_that_wait_are_one_message(scene: Scene) -> None:
    for number in range(100):
        scene.stage.log(Summary=f"Number {number}")
    with scene.stage.fault(Side.ISSUE, effect="status", method="POST", path="/issue(/bulk)?$", status=400, times=None):
        scene.cycle()
    scene.look()
    assert [(message["event"], message["count"]) for message in scene.receiver.messages] == [("parked", 100)]
    assert "and 97 more" in scene.receiver.messages[0]["text"]
