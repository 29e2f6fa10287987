"""Which project links workers take up next: each at its own interval, the longest overdue first."""

from datetime import timedelta

from mappings.model import Mapping
from state.turns import Turn
from syncer.runner import Rhythm
from syncer.workers.due import due
from tests.syncer.mirror_stage import full_mapping

RHYTHM = Rhythm(timedelta(seconds=60), timedelta(hours=1))


def mapping(name: str, every: int | None = None) -> Mapping:
    schedule = {} if every is None else {"every_seconds": every}
    return Mapping.model_validate({**full_mapping().model_dump(mode="json"), "name": name, "schedule": schedule})


def began(seconds: float, rest: timedelta = timedelta()) -> Turn:
    return Turn(since_began=timedelta(seconds=seconds), rest=rest)


def test_a_link_is_due_when_its_interval_is_over() -> None:
    links = [mapping("a"), mapping("b"), mapping("c", 300), mapping("d", 5)]
    turns = {"a": began(59), "b": began(60), "c": began(299), "d": began(6)}
    assert due(links, turns, RHYTHM) == ["d", "b"]


def test_the_longest_overdue_comes_first_and_a_new_one_before_all() -> None:
    links = [mapping("a"), mapping("b"), mapping("new"), mapping("c")]
    turns = {"a": began(61), "b": began(90), "c": began(70)}
    assert due(links, turns, RHYTHM) == ["new", "b", "c", "a"]


def test_a_link_whose_credentials_were_refused_is_left_alone_for_a_while() -> None:
    turns = {"a": began(3600, rest=timedelta(seconds=1)), "b": began(3600)}
    assert due([mapping("a"), mapping("b")], turns, RHYTHM) == ["b"]


def test_a_link_without_a_mapping_is_nobodys() -> None:
    assert due([mapping("a")], {"gone": began(3600)}, RHYTHM) == ["a"]
