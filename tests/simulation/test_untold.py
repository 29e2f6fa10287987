"""The judge excuses a second twin only where nothing could have told of the first one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from syncer.core.records import Side
from tests.simulation.rows import Deed, Happening, Who
from tests.simulation.untold import untold_twins

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def history(read: tuple[str, ...], away: str) -> Iterator[Deed]:
    """A twin and its clone; the state DB is lost; a cycle reads some of them while one is `away`; the twin goes and is
    made anew."""
    happened: list[tuple[str, Happening, Who, str]] = [
        ("twin", "born", "us", "record"),
        ("clone", "clone", "person", "twin"),
        ("", "amnesia", "person", ""),
        (away, "state", "person", "hidden"),
        ("", "look begins", "us", ""),
        *((each, "read", "us", "") for each in read),
        ("", "look ends", "us", ""),
        (away, "state", "person", "present"),
        ("twin", "state", "person", "gone"),
        ("second", "born", "us", "record"),
    ]
    for seconds, (record_id, what, by, item) in enumerate(happened):
        yield Deed(BEGUN + timedelta(seconds=seconds), Side.ISSUE, record_id, what, by, item)


@pytest.mark.parametrize(
    ("read", "away", "excused"),
    [
        ((), "another", True),
        (("twin",), "another", False),
        (("twin",), "record", True),
        (("twin", "clone"), "another", True),
        (("clone",), "another", True),
    ],
)
def test_a_twin_that_could_be_linked_again_after_the_state_db_was_lost_is_told(
    read: tuple[str, ...], away: str, excused: bool
) -> None:
    linked = [(BEGUN + timedelta(milliseconds=1), record_id) for record_id in ("twin", "record")]
    assert untold_twins(history(read, away), linked) == ({"twin"} if excused else set())
