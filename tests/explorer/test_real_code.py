"""The program walks the counterexamples of the model's broken programs, and leaves each before it goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from config.settings import load_settings
from state import StateError, Store
from syncer.context import NoProgress
from syncer.core.records import Draft, Mark, Observation, Record, Side
from syncer.cycle import run_cycle
from syncer.errors import InDoubt
from syncer.ports import Port
from syncer.wiring import open_links
from tests.state.processes import lose_lock
from tests.syncer.mirror_stage import MirrorStage

SETTLE_AFTER = 60.0
LONG = timedelta(hours=1)


class Killed(BaseException):
    """The process ends here."""


class Between:
    """Stands between the program and one side, in the place of some of its port's methods."""

    def __init__(self, port: Port, **methods: Callable[..., Any]) -> None:
        self._port = port
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._port, name)


class Walk:
    """A stage with one incident that has no issue yet. `passed` is the time since, by the synchronizer's clock."""

    def __init__(self, stage: MirrorStage) -> None:
        self.stage = stage
        self.passed = timedelta()
        now = stage.link.now
        stage.link = replace(stage.link, now=lambda: now() + self.passed)
        stage.sync()
        self.incident_id = stage.log(Summary="Pump fails").id
        self.port = stage.link.ports[Side.ISSUE]
        self.incident_port = stage.link.ports[Side.INCIDENT]
        self.sent: list[Draft] = []

    def between(self, side: Side = Side.ISSUE, **methods: Callable[..., Any]) -> None:
        """From now on these stand in for the methods of that name; none gives back the port itself."""
        port = self.port if side is Side.ISSUE else self.incident_port
        between = cast(Port, Between(port, **methods)) if methods else port
        self.stage.link = replace(self.stage.link, ports={**self.stage.link.ports, side: between})

    def send(self, draft: Draft) -> Record:
        self.sent.append(draft)
        return self.port.create(draft)

    def lose(self, draft: Draft) -> Record:
        """No answer comes, and the request is under way for as long as the test likes."""
        self.sent.append(draft)
        raise InDoubt(Side.ISSUE, "no answer came back")

    def issues(self) -> int:
        return sum(i.fields["summary"] == "Pump fails" for i in self.stage.sandbox.jira.issues.values())

    def linked(self) -> bool:
        return self.stage.store.link_of(self.stage.link.name, incident_id=self.incident_id) is not None

    def ends_well(self) -> bool:
        """One issue, linked, and nothing in doubt or left to do."""
        quiet = self.stage.sync(census=True)
        return (self.issues(), self.linked(), quiet.in_doubt, quiet.writes) == (1, True, 0, 0)


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with MirrorStage(tmp_path, settle_after=SETTLE_AFTER, issues=True) as stage:
        yield Walk(stage)


def test_the_intent_is_committed_before_the_request_leaves_and_the_mark_leaves_with_it(walk: Walk) -> None:
    """Killed once the issue was made: another process knows that it may be there, and finds it by its mark."""

    def killed_afterwards(draft: Draft) -> Record:
        seen_by_others = Store.open_readonly(f"sqlite:///{walk.stage.folder}/state.db")
        twins = [intent.payload["twin"] for intent in seen_by_others.open_intents(walk.stage.link.name)]
        seen_by_others.close()
        assert twins == [walk.incident_id]
        walk.send(draft)
        raise Killed

    walk.between(create=killed_afterwards)
    with pytest.raises(Killed):
        walk.stage.sync()
    walk.between(create=walk.send)
    walk.stage.sync()
    assert len(walk.sent) == 1
    assert walk.ends_well()


def test_a_lost_create_is_not_sent_again_while_it_may_still_arrive(walk: Walk) -> None:
    """Nor does it count as carried out."""
    walk.between(create=walk.lose)
    for _ in range(3):
        assert walk.stage.sync().in_doubt == 1
    walk.passed = timedelta(seconds=SETTLE_AFTER / 2)
    assert walk.stage.sync().in_doubt == 1
    assert not walk.linked()
    (draft,) = walk.sent
    walk.between()
    walk.port.create(draft)
    walk.stage.sync()
    assert walk.ends_well()


def test_a_create_that_never_arrived_is_given_up_in_the_end(walk: Walk) -> None:
    walk.between(create=walk.lose)
    walk.stage.sync()
    walk.passed = timedelta(seconds=SETTLE_AFTER + 1)
    walk.between()
    walk.stage.sync()
    assert walk.ends_well()


def test_looking_in_time_and_judging_late_gives_nothing_up(walk: Walk) -> None:
    """The search lags, and the process stands still between the look and the decision on what it showed."""
    walk.between(create=walk.lose)
    walk.stage.sync()
    (draft,) = walk.sent
    walk.stage.sandbox.jira.behaviour.search_lag_seconds = SETTLE_AFTER
    walk.port.create(draft)

    def stands_still_afterwards(mark: Mark, since: datetime) -> Record | None:
        found = walk.port.find(mark, since)
        walk.passed = LONG
        return found

    walk.between(create=walk.send, find=stands_still_afterwards)
    walk.stage.sync()
    assert len(walk.sent) == 1, "the issue was made twice"
    walk.stage.sandbox.jira.behaviour.search_lag_seconds = 0
    walk.between()
    walk.stage.sync()
    assert walk.ends_well()


def test_a_request_does_not_leave_long_after_it_was_intended(walk: Walk) -> None:
    """The process stands still after the commit: by now a successor may have given the intent up and begun anew."""
    now = walk.stage.link.now

    def still_after_the_commit() -> datetime:
        stood = LONG if walk.stage.store.open_intents(walk.stage.link.name) else timedelta()
        return now() + stood

    walk.stage.link = replace(walk.stage.link, now=still_after_the_commit)
    walk.between(create=walk.send)
    walk.stage.sync()
    assert walk.sent == []
    walk.stage.link = replace(walk.stage.link, now=now)
    walk.passed = LONG
    walk.stage.sync()
    assert len(walk.sent) == 1
    assert walk.ends_well()


def test_who_was_fenced_off_while_planning_may_not_intend(walk: Walk) -> None:
    """It has seen neither link nor intent; then its successor makes the issue."""
    url = f"sqlite:///{walk.stage.folder}/state.db"
    successor = Store.open(url)
    settings = load_settings(walk.stage.environment(), env_file=None)
    (others,) = open_links(settings, [walk.stage.link.mapping], successor)

    def overtaken(ids: list[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        walk.between(Side.INCIDENT)
        lose_lock(url)
        with successor.single_writer():
            run_cycle(others, NoProgress())
        return walk.incident_port.read(ids, whole=whole)

    walk.between(create=walk.send)
    walk.between(Side.INCIDENT, read=overtaken)
    with pytest.raises(StateError, match="has taken over"), walk.stage.store.single_writer():
        walk.stage.sync()
    others.close()
    successor.close()
    assert walk.sent == []
    assert walk.ends_well()
