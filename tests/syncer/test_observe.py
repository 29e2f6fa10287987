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
from tests.syncer.core.builders import INCIDENT_ID, INSTALLATION, ISSUE_ID, NOW, incident, issue, mapping

OVERLAP = timedelta(minutes=3)


class Reading:
    """A side that lists the given pages, and remembers since when it was asked to; all its records can be read."""

    def __init__(self, record: Record, *pages: list[Listed]) -> None:
        self._record, self._pages = record, pages
        self.since: datetime | None = None

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        self.since = since
        yield from self._pages

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        yield from ((each, Present(self._record)) for each in ids)


def line(number: int, minutes: float) -> Listed:
    """A record that was updated so many minutes ago by its server's clock."""
    return Listed(str(number), f"SHOP-{number}", NOW - timedelta(minutes=minutes), f"r{number}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(f"sqlite:///{tmp_path}/state.db")
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
