"""The judge calls an edit lost unless it came between the look at a record and the write that was planned by it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from syncer.core.records import Side
from syncer.updating import FRESH
from tests.simulation.edits import Rules, lost_edits
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.rows import Deed, Happening, Who

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
SLACK = timedelta(seconds=2)
RULES = Rules(frozenset({"ask"}), frozenset(), SLACK)


def history(looked: float, edited: float, looked_again: float | None, written: float) -> Iterator[Deed]:
    """An issue was made for an incident; both titles are edited, and we write the issue's over the incident's."""
    title, other = INCIDENTS.title, ISSUES.title
    again: list[tuple[float, Side, str, Happening, Who, str, str]] = (
        [] if looked_again is None else [(looked_again, Side.INCIDENT, "a", "read", "us", "", "")]
    )
    happened: list[tuple[float, Side, str, Happening, Who, str, str]] = [
        (0, Side.INCIDENT, "a", "field", "person", title, "the first"),
        (1, Side.ISSUE, "1", "born", "us", "a", ""),
        (1, Side.ISSUE, "1", "field", "us", other, "the first"),
        (2, Side.ISSUE, "1", "field", "person", other, "theirs"),
        (looked, Side.INCIDENT, "a", "read", "us", "", ""),
        (edited, Side.INCIDENT, "a", "field", "person", title, "mine"),
        *again,
        (written, Side.INCIDENT, "a", "field", "us", title, "theirs"),
    ]
    for seconds, side, record_id, what, by, item, value in happened:
        yield Deed(BEGUN + timedelta(seconds=seconds), side, record_id, what, by, item, value)


LATE = 60 + (FRESH + SLACK).total_seconds()


@pytest.mark.parametrize(
    ("looked", "edited", "looked_again", "written", "lost"),
    [
        (60, 61, None, 63, False),
        # As a witness for another record that was missing, after all was planned.
        (60, 61, 62, 63, False),
        (60, 61, None, LATE + 1, True),
        (60, 61, LATE, LATE + 1, True),
        (60, 300, 600, 601, True),
    ],
)
def test_only_an_edit_amid_a_cycle_may_be_overwritten_without_a_word(
    looked: float, edited: float, looked_again: float | None, written: float, lost: bool
) -> None:
    losses = lost_edits(list(history(looked, edited, looked_again, written)), RULES)
    assert (len(losses.sentences), losses.raced) == ((1, 0) if lost else (0, 1))
