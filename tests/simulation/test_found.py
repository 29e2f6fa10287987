"""The shortest histories of the defects that the simulator has found, each of which breaks no promise any more."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from syncer.core.records import Side
from tests.simulation.simulator import Simulator, simulator, told
from tests.simulation.steps import Backup, Cycle, Deal, Doing, Loss, Step, Terms, Upset

TERMS = Terms(
    conflict="newest",
    deletions=("unlink", "unlink"),
    comments="notice",
    at_most=1000,
    normalisers=("none", "none"),
    skews=(400.0, 0.0),
    counts_versions=True,
    secures_single_records=True,
    tick_seconds=0.05,
)
SYNC = Cycle(60, census=True)
LOSS = Loss(restored=False, by_hand=False)


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with simulator() as made:
        yield made


def somebody(doing: Doing, side: Side, pick: int = 0, number: int = 0) -> Deal:
    """`pick` counts the records of the side that are there."""
    return Deal(doing, side, pick, 1, number)


def lost(write: int) -> Cycle:
    """A cycle whose so-many-th write stays without an answer."""
    return Cycle(20, census=True, upsets=(Upset(write, "lost answer", write=True),))


CLOCK_BEHIND = "after a lost answer an edit is nobody's but its author's, though the incidents' clock is behind"
HISTORIES: dict[str, Sequence[Step]] = {
    "a link to an issue that is merely hidden is not dissolved, though its incident was edited": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.ISSUE, number=1),
        SYNC,
        somebody("edit text", Side.INCIDENT, number=2),
        somebody("hide", Side.ISSUE, pick=1),
    ),
    "a clone that is seen together with its original waits, and says why": (
        somebody("create", Side.INCIDENT),
        SYNC,
        somebody("clone", Side.ISSUE),
    ),
    "a clone does not take the place of a record whose link a person dissolved": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.INCIDENT, number=1),
        SYNC,
        somebody("clone", Side.INCIDENT),
        somebody("edit title", Side.ISSUE, number=2),
        somebody("unmark", Side.ISSUE),
    ),
    "a deletion is judged, though an update of the record was in doubt": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.INCIDENT, number=1),
        SYNC,
        somebody("edit text", Side.INCIDENT, number=2),
        lost(1),
        somebody("delete", Side.ISSUE),
    ),
    "a mirrored comment that somebody deleted keeps nothing else of its record from being mirrored": (
        somebody("create", Side.INCIDENT),
        somebody("comment", Side.INCIDENT, number=1),
        somebody("create", Side.INCIDENT, number=4),
        SYNC,
        somebody("delete comment", Side.ISSUE),
        somebody("edit comment", Side.INCIDENT, number=2),
        somebody("comment", Side.INCIDENT, number=3),
    ),
    CLOCK_BEHIND: (
        somebody("create", Side.ISSUE),
        SYNC,
        somebody("edit text", Side.ISSUE, number=1),
        lost(1),
        somebody("edit text", Side.INCIDENT, number=2),
    ),
    "a link that was being dissolved when the state DB was lost does not come back": (
        somebody("create", Side.ISSUE),
        somebody("create", Side.ISSUE, number=1),
        SYNC,
        somebody("delete", Side.ISSUE),
        SYNC,
        Cycle(400, census=True, upsets=(Upset(2, "error before", write=True),)),
        LOSS,
    ),
    "a clone waits by itself, though its original can't be read and the state DB was lost": (
        somebody("create", Side.ISSUE),
        SYNC,
        somebody("clone", Side.ISSUE),
        somebody("archive", Side.ISSUE),
        LOSS,
    ),
    "a clone waits by itself, though its original was deleted and the state DB was lost": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.INCIDENT, number=1),
        SYNC,
        somebody("clone", Side.INCIDENT),
        somebody("delete", Side.INCIDENT),
        SYNC,
        Cycle(400, census=True),
        LOSS,
    ),
    "a link that a person dissolved stays so, though the record that remembers it goes, too": (
        somebody("create", Side.ISSUE),
        somebody("create", Side.ISSUE, number=1),
        SYNC,
        somebody("unmark", Side.ISSUE),
        SYNC,
        Cycle(400, census=True),
        LOSS,
        SYNC,
        somebody("delete", Side.ISSUE),
    ),
    "a closed record is told once of it, though somebody deletes that before the rest is done": (
        somebody("create", Side.ISSUE),
        somebody("create", Side.ISSUE, number=1),
        SYNC,
        somebody("delete", Side.INCIDENT),
        SYNC,
        Cycle(400, census=True, upsets=(Upset(4, "crash before", write=True),)),
        somebody("delete comment", Side.ISSUE),
    ),
    "a record that can be read again keeps the twin that names it, though the state DB was lost": (
        somebody("create", Side.INCIDENT),
        Cycle(60, census=True, upsets=(Upset(1, "crash after journal", write=True),)),
        LOSS,
        somebody("hide", Side.INCIDENT),
        SYNC,
        somebody("bring back", Side.INCIDENT),
        Cycle(1, census=True),
    ),
    "a comment that was edited while the state DB was lost is carried": (
        somebody("create", Side.ISSUE),
        somebody("comment", Side.ISSUE, number=1),
        SYNC,
        somebody("edit comment", Side.ISSUE, number=2),
        LOSS,
    ),
    "an edit of one field does not make a conflict of another one after a lost create": (
        somebody("create", Side.ISSUE),
        lost(1),
        somebody("edit title", Side.ISSUE, number=1),
        somebody("edit text", Side.INCIDENT, number=2),
    ),
    "a record that clones claim gets no other twin in a poll that lists none of them": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.INCIDENT, number=1),
        Cycle(60, census=True, upsets=(Upset(2, "denied", write=True),)),
        LOSS,
        somebody("clone", Side.ISSUE),
        Cycle(400, census=True),
        Cycle(90, census=False),
    ),
    "a clone is not taken for the record whose create was in doubt, though that one was edited since": (
        somebody("create", Side.ISSUE),
        lost(1),
        somebody("clone", Side.INCIDENT),
        somebody("edit priority", Side.INCIDENT, number=1),
        SYNC,
        somebody("edit both", Side.ISSUE, number=2),
        SYNC,
        somebody("edit text", Side.INCIDENT, pick=1, number=3),
    ),
    "an update that was in doubt when the state DB was copied does not hide an edit once the copy is put back": (
        somebody("create", Side.INCIDENT),
        SYNC,
        somebody("edit text", Side.ISSUE, number=1),
        Cycle(20, census=True, upsets=(Upset(1, "lost request", write=True),)),
        Backup(),
        SYNC,
        somebody("edit title", Side.ISSUE, number=2),
        somebody("edit both", Side.ISSUE, number=3),
        Cycle(90, census=True),
        Loss(restored=True, by_hand=False),
    ),
    "a record gets another twin where nothing told the first one from its clone before both went": (
        somebody("create", Side.INCIDENT),
        somebody("create", Side.INCIDENT, number=1),
        Cycle(60, census=True, upsets=(Upset(2, "denied", write=True),)),
        LOSS,
        somebody("clone", Side.ISSUE),
        SYNC,
        somebody("delete", Side.ISSUE),
        somebody("delete", Side.ISSUE, pick=1),
    ),
    "a record gets another twin where the first one went before the record could be read again": (
        somebody("create", Side.ISSUE),
        somebody("create", Side.ISSUE, number=1),
        Cycle(60, census=True, upsets=(Upset(4, "throttled", write=True),)),
        somebody("archive", Side.ISSUE, pick=1),
        LOSS,
        SYNC,
        somebody("bring back", Side.ISSUE),
        somebody("delete", Side.INCIDENT, pick=1),
    ),
}


@pytest.mark.parametrize("promise", HISTORIES)
def test_what_was_broken_once_holds(sim: Simulator, promise: str) -> None:
    steps = HISTORIES[promise]
    for skew, secured, conflict in ((400.0, True, "newest"), (-400.0, False, "ask")):
        deletions = ("unlink", "unlink") if secured else ("close", "close")
        skews = (skew, 0.0)
        terms = replace(TERMS, conflict=conflict, skews=skews, secures_single_records=secured, deletions=deletions)
        outcome = sim.run(terms, steps)
        assert not outcome.violations, told(steps, outcome)
