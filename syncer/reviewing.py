"""Which links a census reads by their ids: those that give reason to, and a share of all the others.

| a link | is read |
|---|---|
| of which a record isn't listed, or not with the revision that was last looked at in full | by each census |
| of which something was missing, waits, or was decided by a person | by each census |
| whose step-result links aren't those that are listed | by each census |
| any other | in its turn: within a day or so |

No listing shows that a remote link or a comment was deleted where the server doesn't count that as a change, nor that a
record was saved twice within its clock's resolution: that is what the turn is for (ADR 12).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from state.reviewing import Review
from syncer.context import ProjectLink
from syncer.core.records import Side
from syncer.reading import Swept
from syncer.roll import Roll

ROUND = timedelta(days=1)
"""Within about this time the turn comes to every link."""

AT_LEAST = 500
"""A share is no smaller: what doesn't hold more links than that is reread as a whole each time."""

CAUTION = 2
"""What a share misses is held against this part of the guard's cap."""


@dataclass(frozen=True, slots=True)
class Share:
    """The ids of links whose turn it is, and how far the rereading has come once they were looked at."""

    links: frozenset[int]
    then: Review


def share(link: ProjectLink, review: Review) -> Share:
    """The links whose turn it is, oldest first from where the last share ended: as many as the time since asks for."""
    everything = link.store.link_ids(link.name)
    since = max(link.now() - review.at, timedelta())
    count = max(AT_LEAST, math.ceil(len(everything) * (since / ROUND)))
    turn = [each for each in everything if each > review.to][:count]
    if len(turn) < count:
        turn += [each for each in everything if each <= review.to][: count - len(turn)]
    return Share(frozenset(turn), Review(turn[-1] if turn else 0, link.now()))


def suspects(link: ProjectLink, roll: Roll, swept: Swept) -> set[int]:
    """The ids of links that a census reads whosever turn it is, but for those whose revision has changed."""
    there = roll.linked
    found = {each for each in link.store.link_ids(link.name) if any(each not in there[side] for side in Side)}
    found.update(decision.link_id for decision in link.store.decisions(link.name))
    waiting = [(row.side, row.record_id) for row in link.store.parked(link.name)]
    waiting += [(row.side, row.record_id) for row in link.store.absences(link.name)]
    ids = {side: {record_id for where, record_id in waiting if where == side.word} for side in Side}
    ids[Side.INCIDENT].update(_relinked(link, swept))
    for side in Side:
        found.update(each.link_id for each in link.store.standings(link.name, side.word, ids[side]).values())
    return found


def too_much_missing(link: ProjectLink, missed: int, looked_at: int) -> bool:
    """Whether so many things that were newly missed among so many links make it likely that the guard would hold them
    if all links were looked at. Then they are, so that it sees all removals at once and not share by share."""
    deletions = link.mapping.deletions
    share_of_cap = deletions.at_most_percent / 100 / CAUTION
    return missed > min(deletions.exempt, looked_at * share_of_cap)


def _relinked(link: ProjectLink, swept: Swept) -> Iterator[str]:
    """Ids of incidents whose step-result links aren't those that the state DB knows."""
    known = link.store.shown_results(link.name)
    travels = link.mapping.direction.carries(Side.ISSUE.word)
    for incident_id in {*known, *swept}:
        now = {result.id for result in swept.get(incident_id, ())}
        before = known.get(incident_id, set())
        if before - now or (travels and now - before):
            yield incident_id
