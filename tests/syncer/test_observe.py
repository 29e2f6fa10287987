"""Where a cycle looks: nothing that was listed is passed over, and what waits is looked at again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from state import Store, effects
from state.rows import Baseline
from syncer.candidates import Lines, candidates
from syncer.context import NoProgress, Pace, ProjectLink
from syncer.core.records import Listed, Observation, Present, Record, Side
from syncer.core.situation import Situation
from syncer.observe import list_both, situations
from syncer.ports import Port
from tests.fresh_state import lay
from tests.syncer.core.builders import INCIDENT_ID, INSTALLATION, ISSUE_ID, NOW, incident, issue, mapping

OVERLAP = timedelta(minutes=3)


class Reading:
    """A side that lists the given pages, and remembers since when it was asked to; all its records can be read.

    `time` is its clock's, and goes on by a minute with each page; by default it tells none."""

    def __init__(self, record: Record, *pages: list[Listed]) -> None:
        self._record, self._pages = record, pages
        self.since: datetime | None = None
        self.time: datetime | None = None

    def clock(self) -> datetime | None:
        return self.time

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        self.since = since
        for page in self._pages:
            yield page
            self.time = self.time and self.time + timedelta(minutes=1)

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        yield from ((each, Present(self._record)) for each in ids)


def line(number: int, minutes: float) -> Listed:
    """A record that was updated so many minutes ago by its server's clock."""
    return Listed(str(number), f"SHOP-{number}", NOW - timedelta(minutes=minutes), f"r{number}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(lay(tmp_path / "state.db"))
    yield made
    made.close()


def link(store: Store, *pages: list[Listed]) -> tuple[ProjectLink, Reading]:
    issues = Reading(issue(), *pages)
    ports: Any = {Side.INCIDENT: Reading(incident()), Side.ISSUE: issues}
    pace = Pace(dict.fromkeys(Side, OVERLAP), dict.fromkeys(Side, OVERLAP), OVERLAP, OVERLAP)
    made = ProjectLink(mapping(), INSTALLATION, cast(dict[Side, Port], ports), store, pace, lambda: NOW)
    return made, issues


def looked_at(made: ProjectLink, listed: Lines) -> list[Situation]:
    """What a poll makes of such listings."""
    return situations(made, candidates(made, listed, census=False), NoProgress(), census=False)


class TestListing:
    def test_of_all_pages_no_line_is_lost(self, store: Store) -> None:
        made, _ = link(store, [line(1, 9), line(2, 8)], [line(3, 7)], [])
        assert set(list_both(made, False, NoProgress()).records[Side.ISSUE]) == {"1", "2", "3"}

    def test_the_watermark_is_the_newest_time_that_the_server_gave_and_not_our_own(self, store: Store) -> None:
        made, _ = link(store, [line(1, 9), line(2, 7)], [line(3, 8)])
        marks = list_both(made, False, NoProgress()).watermarks
        assert marks == {Side.INCIDENT: None, Side.ISSUE: NOW - timedelta(minutes=7)}

    def test_a_listing_begins_behind_the_watermark_because_an_index_shows_things_late(self, store: Store) -> None:
        made, asked = link(store)
        store.set_watermark("shop", "issue", NOW)
        list_both(made, False, NoProgress())
        assert asked.since == NOW - OVERLAP

    def test_a_watermark_never_moves_back(self, store: Store) -> None:
        made, _ = link(store, [line(1, 9)])
        store.set_watermark("shop", "issue", NOW)
        assert list_both(made, False, NoProgress()).watermarks[Side.ISSUE] == NOW

    def test_a_census_asks_for_everything(self, store: Store) -> None:
        made, asked = link(store)
        store.set_watermark("shop", "issue", NOW)
        list_both(made, True, NoProgress())
        assert asked.since is None


class TestTheServersClock:
    """It tells how far a complete listing reached, also where nothing changes."""

    @staticmethod
    def polled(store: Store, time: datetime, *pages: list[Listed]) -> tuple[datetime | None, datetime | None]:
        """Since when is listed at that time of the server, and the watermark then."""
        made, asked = link(store, *pages)
        asked.time = time
        mark = list_both(made, False, NoProgress()).watermarks[Side.ISSUE]
        if mark is not None:
            store.set_watermark("shop", "issue", mark)
        return asked.since, mark

    @pytest.mark.parametrize("skew", [timedelta(minutes=-10), timedelta(), timedelta(minutes=10)])
    def test_what_was_shown_once_is_not_listed_for_good(self, store: Store, skew: timedelta) -> None:
        """However wrong our own clock is."""
        then = NOW + skew
        self.polled(store, then, [line(1, 0)])
        self.polled(store, then + timedelta(hours=1))
        since, _ = self.polled(store, then + timedelta(hours=2))
        assert since == then + timedelta(hours=1) - 2 * OVERLAP

    def test_a_project_without_records_has_a_watermark_too(self, store: Store) -> None:
        assert self.polled(store, NOW) == (None, NOW - OVERLAP)

    def test_what_the_index_could_not_show_yet_is_asked_for_again(self, store: Store) -> None:
        """Anything that is younger than the overlap when the listing begins."""
        _, mark = self.polled(store, NOW, [line(1, 60)])
        assert mark is not None
        since, _ = self.polled(store, NOW + timedelta(hours=1))
        assert since is not None
        assert since <= NOW - OVERLAP

    @pytest.mark.parametrize("newest", [timedelta(hours=1), timedelta(minutes=-1)])
    def test_what_is_saved_while_pages_are_read_is_asked_for_again(self, store: Store, newest: timedelta) -> None:
        """Although some of it is listed, and although the pages take long."""
        pages = [[line(1, 90)] for _ in range(20)]
        _, mark = self.polled(store, NOW, *pages, [line(2, newest / timedelta(minutes=-1))])
        assert mark is not None
        assert mark <= NOW

    def test_a_server_whose_clock_is_set_back_is_followed(self, store: Store) -> None:
        self.polled(store, NOW, [line(1, 0)])
        back = NOW - timedelta(hours=1)
        since, mark = self.polled(store, back)
        assert (since, mark) == (back - OVERLAP, back)

    def test_where_it_tells_none_the_newest_record_does(self, store: Store) -> None:
        made, _ = link(store, [line(1, 9)])
        assert list_both(made, False, NoProgress()).watermarks[Side.ISSUE] == NOW - timedelta(minutes=9)


class TestWhatWaits:
    """It is looked at again when its time has come, although no listing shows it."""

    @staticmethod
    def looked_at(store: Store, due: datetime, *, linked: bool) -> int:
        if linked:
            both = {side.word: Baseline() for side in Side}
            store.settle(
                None,
                [effects.NewLink("shop", INCIDENT_ID, ISSUE_ID, "INC-7", "SHOP-1", frozenset(), NOW, both)],
            )
        item = "Priority" if linked else "record"
        park = effects.Park("shop", "incident", INCIDENT_ID, "INC-7", item, "refused", "refused", NOW, due)
        store.settle(None, [park])
        made, _ = link(store)
        return len(looked_at(made, {side: {} for side in Side}))

    @pytest.mark.parametrize("linked", [True, False])
    def test_when_its_time_has_come(self, store: Store, linked: bool) -> None:
        assert self.looked_at(store, NOW, linked=linked) == 1

    @pytest.mark.parametrize("linked", [True, False])
    def test_and_not_before(self, store: Store, linked: bool) -> None:
        assert self.looked_at(store, NOW + timedelta(seconds=1), linked=linked) == 0


def test_a_record_whose_link_was_dissolved_gets_no_twin_although_nothing_else_remembers(store: Store) -> None:
    """Its own twin may be gone by now, and with it the only record that could tell of the link."""
    (row,) = store.settle(
        None, [effects.NewLink("shop", INCIDENT_ID, ISSUE_ID, "INC-7", "SHOP-1", frozenset(), NOW, {})]
    )
    store.settle(None, [effects.Bury(row.id, "a person parted them", NOW)])
    made, _ = link(store)
    lines: Lines = {Side.INCIDENT: {INCIDENT_ID: Listed(INCIDENT_ID, "INC-7", NOW, "r1")}, Side.ISSUE: {}}
    assert looked_at(made, lines) == []
