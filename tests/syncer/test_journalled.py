"""The one way to write: a wish is on disk before its request leaves, and stays until its outcome is known."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from state import Store
from syncer.context import Pace, ProjectLink
from syncer.core.actions import WriteMark
from syncer.core.records import Side
from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.journalled import LEAVE_WITHIN, Ids, Scribe, Write
from tests.fresh_state import lay
from tests.syncer.core.builders import mapping

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NO_TIME = dict.fromkeys(Side, timedelta(0))


class Desk:
    """A journal to write in, and another way into the same file: what a process that starts next would find."""

    def __init__(self, store: Store, url: str) -> None:
        self.now = NOW
        self._store = store
        pace = Pace(NO_TIME, NO_TIME, timedelta(minutes=1), timedelta(hours=1))
        self._scribe = Scribe(ProjectLink(mapping(), "lab", {}, store, pace, lambda: self.now), "c-1", lambda _: None)
        self._url = url

    def write(self, call: Callable[[], object]) -> None:
        self._scribe.write(WriteMark(Side.ISSUE, None), Ids(None, "guid-1", None), {}, call, lambda _: [])

    def write_row(self, *calls: Callable[[], object]) -> tuple[int, SideError | None]:
        mark, ids = WriteMark(Side.ISSUE, None), Ids(None, "guid-1", None)
        return self._scribe.write_row([Write(mark, ids, {}, call, lambda _: []) for call in calls])

    def outcomes(self) -> list[str]:
        return [entry.outcome for entry in self._store.history("shop")]

    def open_intents(self) -> int:
        later = Store.open(self._url)
        try:
            return len(later.open_intents("shop"))
        finally:
            later.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    url = lay(tmp_path / "state.db")
    store = Store.open(url)
    yield Desk(store, url)
    store.close()


def failing(error: BaseException) -> Callable[[], object]:
    def call() -> object:
        raise error

    return call


def test_while_a_request_is_under_way_its_intent_is_on_disk_and_goes_with_the_answer(desk: Desk) -> None:
    meanwhile: list[int] = []
    desk.write(lambda: meanwhile.append(desk.open_intents()))
    assert (meanwhile, desk.open_intents()) == ([1], 0)


def test_a_process_that_ends_amid_a_request_leaves_the_intent(desk: Desk) -> None:
    with pytest.raises(KeyboardInterrupt):
        desk.write(failing(KeyboardInterrupt()))
    assert desk.open_intents() == 1


def test_an_answer_that_was_lost_leaves_the_intent_and_nothing_is_sent_again(desk: Desk) -> None:
    sent: list[int] = []

    def call() -> object:
        sent.append(1)
        raise InDoubt(Side.ISSUE, "no answer in time")

    with pytest.raises(InDoubt):
        desk.write(call)
    assert (len(sent), desk.open_intents()) == (1, 1)


@pytest.mark.parametrize("kind", [Unavailable, Denied, Rejected, Missing])
def test_where_nothing_was_done_nothing_is_left_to_look_for(desk: Desk, kind: type[SideError]) -> None:
    with pytest.raises(kind):
        desk.write(failing(kind(Side.ISSUE, "no")))
    assert desk.open_intents() == 0


def test_while_one_write_of_a_row_is_under_way_the_intents_of_all_are_on_disk(desk: Desk) -> None:
    seen: list[int] = []
    assert desk.write_row(*[lambda: seen.append(desk.open_intents())] * 3) == (3, None)
    assert (seen, desk.open_intents(), desk.outcomes()) == ([3, 3, 3], 0, ["settled"] * 3)


@pytest.mark.parametrize("kind", [Unavailable, Denied, Rejected, Missing])
def test_what_comes_before_a_failure_in_a_row_is_settled_and_what_comes_after_is_not_begun(
    desk: Desk, kind: type[SideError]
) -> None:
    sent: list[int] = []
    error = kind(Side.ISSUE, "no")
    assert desk.write_row(lambda: sent.append(1), failing(error), lambda: sent.append(3)) == (1, error)
    told = ["settled", "refused"] if issubclass(kind, (Rejected, Missing)) else ["settled"]
    assert (sent, desk.open_intents(), sorted(desk.outcomes())) == ([1], 0, sorted(told))


def test_only_the_write_that_is_in_doubt_stays_in_the_journal(desk: Desk) -> None:
    error = InDoubt(Side.ISSUE, "no answer in time")
    assert desk.write_row(lambda: None, failing(error), lambda: None) == (1, error)
    assert (desk.open_intents(), sorted(desk.outcomes())) == (1, ["in doubt", "settled"])


def test_a_process_that_ends_amid_a_row_leaves_the_intents_of_all(desk: Desk) -> None:
    """Of each a successor finds out whether it took place."""
    with pytest.raises(KeyboardInterrupt):
        desk.write_row(lambda: None, failing(KeyboardInterrupt()), lambda: None)
    assert desk.open_intents() == 3


def test_what_grows_old_behind_slow_writes_of_its_row_is_begun_anew_and_counts_as_no_failure(desk: Desk) -> None:
    sent: list[int] = []

    def slow() -> None:
        sent.append(1)
        desk.now += LEAVE_WITHIN * 0.6

    assert desk.write_row(slow, slow, slow) == (2, None)
    assert (len(sent), desk.open_intents(), desk.outcomes()) == (2, 0, ["settled"] * 2)
